import { concat, utf8 } from '../../src/base/index.ts'

/** An entry of a zip written by somebody else, or against the rules. */
export interface ZipEntry {
  readonly name: string
  readonly bytes: Uint8Array
  readonly method?: number
  readonly flags?: number
  /** In the local header, whatever else it holds. */
  readonly localExtra?: Uint8Array
  readonly extra?: Uint8Array
  readonly comment?: string
  readonly descriptor?: Uint8Array
  /** Which fields stand in a zip64 extra field. */
  readonly wide?: readonly ('size' | 'stored' | 'at')[]
  /** Lies of the directory. */
  readonly size?: number
  readonly stored?: number
  readonly at?: number
  readonly localName?: string
  readonly localMethod?: number
}

export interface ZipOptions {
  readonly comment?: string
  /** A zip64 end; its figures, where they lie. */
  readonly wide?: boolean
  readonly entries?: number
  readonly at?: number | bigint
  readonly length?: number
  readonly before?: Uint8Array
}

export function zipOf(entries: readonly ZipEntry[], { comment = '', wide = false, before = new Uint8Array(0), ...lies }: ZipOptions = {}): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [before]
  let place = before.length
  const put = (bytes: Uint8Array) => { parts.push(bytes); place += bytes.length }
  const listed = entries.map(entry => {
    const { name, bytes, method = 0, flags = 0, localExtra = new Uint8Array(0), descriptor = new Uint8Array(0), localName = name, localMethod = method } = entry
    const at = place
    put(concat(numbers([4, 0x04034b50], [2, 20], [2, flags], [2, localMethod], [2, 0], [2, 0x21], [4, 0], [4, bytes.length], [4, bytes.length], [2, localName.length], [2, localExtra.length]), utf8(localName), localExtra))
    put(bytes)
    put(descriptor)
    return { ...entry, at: entry.at ?? at }
  })
  const directoryAt = place
  for (const { name, bytes, method = 0, flags = 0, extra = new Uint8Array(0), comment: remark = '', wide: fields = [], size = bytes.length, stored = bytes.length, at } of listed) {
    const values = { size, stored, at }
    const field = fields.length === 0 ? new Uint8Array(0) : concat(numbers([2, 1], [2, 8 * fields.length]), ...fields.map(each => numbers([8, values[each]])))
    const narrow = (each: keyof typeof values) => fields.includes(each) ? 0xffffffff : values[each]
    put(concat(
      numbers([4, 0x02014b50], [2, 20], [2, 20], [2, flags], [2, method], [2, 0], [2, 0x21], [4, 0], [4, narrow('stored')], [4, narrow('size')], [2, name.length], [2, field.length + extra.length], [2, remark.length], [2, 0], [2, 0], [4, 0], [4, narrow('at')]),
      utf8(name), extra, field, utf8(remark),
    ))
  }
  const { entries: count = entries.length, at = directoryAt, length = place - directoryAt } = lies
  const endAt = place
  if (wide) put(concat(numbers([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count], [8, length], [8, at]), numbers([4, 0x07064b50], [4, 0], [8, endAt], [4, 1])))
  put(concat(numbers([4, 0x06054b50], [2, 0], [2, 0], [2, wide ? 0xffff : count], [2, wide ? 0xffff : count], [4, wide ? 0xffffffff : length], [4, wide ? 0xffffffff : Number(at)], [2, comment.length]), utf8(comment)))
  return concat(...parts)
}

/** Little-endian numbers, each with its bytes. */
export function numbers(...fields: readonly (readonly [bytes: number, value: number | bigint])[]): Uint8Array<ArrayBuffer> {
  return concat(...fields.map(([bytes, value]) => Uint8Array.from({ length: bytes }, (_, i) => Number(BigInt(value) >> BigInt(8 * i) & 255n))))
}
