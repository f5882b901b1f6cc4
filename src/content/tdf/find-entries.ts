import { accept, fromUtf8, limits, reject, type Judged } from '../../base/index.ts'
import { headerBytes, manifestName, payloadName, saturated, signatures } from './container.ts'

/** Reads `length` bytes of a file from byte `at`: exactly so many, or throws. May wait for bytes that are still on their way. */
export type ReadAt = (at: number, length: number) => Promise<Uint8Array<ArrayBuffer>>

/** Bytes of a file: where they begin, and how many. */
export interface Span { readonly at: number, readonly length: number }

/** Where an entry is, and the CRC-32 that the directory has of it. */
export interface EntrySpan extends Span { readonly crc: number }

interface Found {
  readonly name: string
  readonly crc: number
  readonly size: number
  /** Of its local header. */
  readonly at: number
}

/** Flags of encryption and patches: what is stored is then not what the entry holds. */
const refusedFlags = 1 | 1 << 5 | 1 << 6 | 1 << 13

/**
 * Finds the two entries of a TDF of `size` bytes by its directory, whatever mixture of zip, zip64, descriptors and extra fields the writer chose.
 * `tdf-damaged` where there are others, one is compressed, or anything lies outside of the file or over another. Check sums are not looked at (`TdfSums` does): the
 * content id and the signature say more. Reads some hundred bytes at the end and beside each entry.
 */
export async function findEntries(read: ReadAt, size: number): Promise<Judged<{ readonly payload: EntrySpan, readonly manifest: EntrySpan }>> {
  const where = await findDirectory(read, size)
  if (!where.ok) return where
  const listed = listEntries(viewOf(await read(where.value.at, where.value.length)))
  if (!listed.ok) return listed
  const [payload, manifest] = [payloadName, manifestName].map(name => listed.value.filter(entry => entry.name === name))
  const [first, second] = [payload?.[0], manifest?.[0]]
  if (first === undefined || second === undefined) return damaged('not exactly a payload and a manifest')
  const spans = [await locate(read, first, where.value.at), await locate(read, second, where.value.at)] as const
  if (!spans[0].ok) return spans[0]
  if (!spans[1].ok) return spans[1]
  const [one, other] = [spans[0].value, spans[1].value]
  if (one.at + one.length > second.at && other.at + other.length > first.at) return damaged('its entries overlap')
  return accept({ payload: one, manifest: other })
}

/** The manifest alone, which lies at the end with the directory: no byte before it is read. */
export async function findManifest(read: ReadAt, size: number): Promise<Judged<Span>> {
  const where = await findDirectory(read, size)
  if (!where.ok) return where
  const listed = listEntries(viewOf(await read(where.value.at, where.value.length)))
  if (!listed.ok) return listed
  const found = listed.value.find(({ name }) => name === manifestName)
  return found === undefined ? damaged('no manifest') : await locate(read, found, where.value.at)
}

export function damaged(reason: string): ReturnType<typeof reject> {
  return reject('tdf-damaged', reason)
}

/** The end is the last 22 bytes: no comment, which OpenTDF's readers would not find their way around either. */
async function findDirectory(read: ReadAt, size: number): Promise<Judged<Span>> {
  if (size < headerBytes.end) return damaged('too short')
  const endAt = size - headerBytes.end
  const end = viewOf(await read(endAt, headerBytes.end))
  if (end.getUint32(0, true) !== signatures.end || end.getUint16(20, true) !== 0) return damaged('no end of a zip')
  const narrow = { entries: end.getUint16(10, true), length: end.getUint32(12, true), at: end.getUint32(16, true) }
  if (narrow.entries !== 0xffff && narrow.length !== saturated && narrow.at !== saturated) return judgeDirectory(narrow, endAt)
  const locatorAt = endAt - headerBytes.locator
  if (locatorAt < 0) return damaged('too short')
  const locator = viewOf(await read(locatorAt, headerBytes.locator))
  const at = wide(locator, 8)
  if (locator.getUint32(0, true) !== signatures.locator || at + headerBytes.end64 > locatorAt) return damaged('no end of a zip64')
  const end64 = viewOf(await read(at, headerBytes.end64))
  if (end64.getUint32(0, true) !== signatures.end64) return damaged('no end of a zip64')
  return judgeDirectory({ entries: wide(end64, 32), length: wide(end64, 40), at: wide(end64, 48) }, at)
}

function judgeDirectory({ entries, length, at }: Span & { readonly entries: number }, end: number): Judged<Span> {
  if (entries !== 2) return damaged('not two entries')
  if (length > limits.tdfDirectoryBytes || at + length > end) return damaged('its directory lies elsewhere')
  return accept({ at, length })
}

function listEntries(view: DataView): Judged<readonly Found[]> {
  const found: Found[] = []
  for (let at = 0; found.length < 2;) {
    if (at + headerBytes.entry > view.byteLength || view.getUint32(at, true) !== signatures.entry) return damaged('its directory is damaged')
    const [name, extra, comment] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)]
    const next = at + headerBytes.entry + name + extra + comment
    if (next > view.byteLength) return damaged('its directory is damaged')
    if ((view.getUint16(at + 8, true) & refusedFlags) !== 0 || view.getUint16(at + 10, true) !== 0) return damaged('an entry is compressed or encrypted')
    const nameAt = at + headerBytes.entry
    const [plain, stored, place] = wideFields(view, nameAt + name, extra, [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)])
    if (plain !== stored) return damaged('an entry has two sizes')
    found.push({ name: textOf(view, nameAt, name), crc: view.getUint32(at + 16, true), size: plain, at: place })
    at = next
  }
  return accept(found)
}

/** `fields` (plain size, stored size, place), those that are saturated from the zip64 extra field, where there is one. */
function wideFields(view: DataView, from: number, length: number, fields: readonly [number, number, number]): readonly [number, number, number] {
  for (let at = from; at + 4 <= from + length;) {
    const [id, end] = [view.getUint16(at, true), Math.min(at + 4 + view.getUint16(at + 2, true), from + length)]
    let next = at + 4
    const take = (field: number): number => {
      if (field !== saturated || next + 8 > end) return field
      next += 8
      return wide(view, next - 8)
    }
    if (id === 1) return [take(fields[0]), take(fields[1]), take(fields[2])]
    at = end
  }
  return fields
}

/** Where the bytes of an entry are: its local header has a name and extra fields of its own. `end`: where the directory begins. */
async function locate(read: ReadAt, { name, crc, size, at }: Found, end: number): Promise<Judged<EntrySpan>> {
  const head = headerBytes.local + name.length
  if (at + head > end) return damaged('an entry lies outside of the file')
  const view = viewOf(await read(at, head))
  const nameBytes = view.getUint16(26, true)
  if (view.getUint32(0, true) !== signatures.local || nameBytes !== name.length || textOf(view, headerBytes.local, nameBytes) !== name) return damaged('an entry is not where the directory says')
  if (view.getUint16(8, true) !== 0) return damaged('an entry is compressed')
  const from = at + head + view.getUint16(28, true)
  return from + size > end ? damaged('an entry is longer than the file') : accept({ at: from, length: size, crc })
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView<ArrayBuffer> {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** 64 bits as a number; beyond exact ones it is larger than every file, which is all that counts. */
function wide(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true))
}

/** Text that is not UTF-8 is no name we look for. */
function textOf(view: DataView, at: number, length: number): string {
  return fromUtf8(new Uint8Array(view.buffer, view.byteOffset + at, length)) ?? ''
}
