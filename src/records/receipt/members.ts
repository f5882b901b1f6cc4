import { fromHex, isMap } from '../../base/index.ts'

/** Members of a JSON object, read with care; null is what is not there or not what it should be. */
export class Members {
  readonly #raw: Readonly<Record<string, unknown>>

  constructor(raw: Readonly<Record<string, unknown>>) { this.#raw = raw }

  static of(value: unknown): Members | null { return isMap(value) ? new Members(value) : null }

  has(name: string): boolean { return Object.hasOwn(this.#raw, name) && this.#raw[name] !== null && this.#raw[name] !== undefined }
  raw(name: string): unknown { return this.has(name) ? this.#raw[name] : null }
  part(name: string): Members | null { return Members.of(this.raw(name)) }

  list(name: string): readonly unknown[] | null {
    const value = this.raw(name)
    return Array.isArray(value) ? value : null
  }

  text(name: string): string | null {
    const value = this.raw(name)
    return typeof value === 'string' ? value : null
  }

  /** The first of these that is there. */
  textOf(...names: readonly string[]): string | null { return names.map(name => this.text(name)).find(text => text !== null) ?? null }

  number(name: string): number | null {
    const value = this.raw(name)
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
  }

  /** 32 bytes as lower-case hex. Factom's own programs write it so; capitals are read. */
  hash(...names: readonly string[]): string | null {
    const text = this.textOf(...names)?.toLowerCase() ?? ''
    return /^[0-9a-f]{64}$/.test(text) ? text : null
  }

  bytes(...names: readonly string[]): Uint8Array<ArrayBuffer> | null {
    const text = this.textOf(...names)
    return text === null ? null : fromHex(text)
  }
}
