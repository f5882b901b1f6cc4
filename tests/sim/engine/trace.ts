/** A number of all that was noted, in its order: two runs are the same where theirs is. */
export class Trace {
  #a = 0x12345678
  #b = 0x2545f491

  note(...parts: readonly (number | string)[]): void {
    for (const part of parts) {
      if (typeof part === 'number') this.#mix(part | 0, Math.floor(part / 2 ** 32) | 0)
      else for (let i = 0; i < part.length; i++) this.#mix(part.charCodeAt(i), i)
    }
  }

  get hash(): string { return [this.#a, this.#b].map(word => (word >>> 0).toString(16).padStart(8, '0')).join('') }

  #mix(low: number, high: number): void {
    this.#a = Math.imul(this.#a ^ low, 0x85ebca6b)
    this.#a ^= this.#a >>> 13
    this.#b = Math.imul(this.#b + this.#a ^ high, 0xc2b2ae35)
    this.#b ^= this.#b >>> 16
  }
}
