import { HoldfastError, concat, equalBytes, limits, toBase64, utf8, type Random } from '../../../src/base/index.ts'
import { TdfPass, TdfSums, bindPolicy, makePolicy, openTdf, type UnlockedTdf } from '../../../src/content/index.ts'
import { PlainCrc32 } from '../../../src/content/crc32.ts'
import { findEntries } from '../../../src/content/tdf/find-entries.ts'
import { judgeManifest } from '../../../src/content/tdf/judge-manifest.ts'
import { gathered, keysOf, readerOf, tdfOf, type AllKeys } from '../../support/tdf.ts'
import { zipOf, type ZipEntry } from '../../support/zip.ts'
import { noisy } from '../../unit/content/archive-help.ts'
import { Chance, pieces } from '../chance.ts'
import { textOf } from '../text.ts'
import type { Target, Verdict } from '../types.ts'
import { varyValue } from '../vary-value.ts'

/** A protected file of ours, its key, and the only plaintext that key may ever give. */
interface Case {
  readonly keys: AllKeys
  readonly plain: Uint8Array
  readonly file: Uint8Array<ArrayBuffer>
  readonly payload: Uint8Array<ArrayBuffer>
  readonly manifest: Uint8Array<ArrayBuffer>
}

interface Line { hash: string, segmentSize: number, encryptedSegmentSize: number }

const segmentExtra = 28
const names = { payload: '0.payload', manifest: '0.manifest.json' } as const

const cases = await Promise.all([
  caseOf(1, 90, { segmentBytes: 200 }),
  caseOf(2, 0, { segmentBytes: 200 }),
  caseOf(3, 200, { segmentBytes: 200 }),
  caseOf(4, 730, { segmentBytes: 200 }),
  caseOf(5, 600, { segmentBytes: 200, legacy: true }),
  caseOf(6, 450, { maxBytes: 2 ** 33 }),
  caseOf(7, 500, { segmentBytes: 250 }, true),
])

/** Strings that mean something where another of them stands: hashes, bindings, policies, roots. */
const strings = [...new Set(cases.flatMap(({ manifest }) => [...textOf(manifest).matchAll(/"([A-Za-z0-9+/]{22,}=*)"/g)].map(([, text = '']) => text)))]
const odd = [...strings, 'GMAC', 'HS256', 'hs256', '4.3.0', '4.2.2', 'AES-256-GCM', 0, 28, 200, 228, 4 * 2 ** 20, 4 * 2 ** 20 + segmentExtra, -28]

/** The whole way: container, manifest, root signature, then the plaintext at once, in passing and in parts. */
export const tdf: Target = {
  name: 'tdf',
  cost: 4,
  corpus: () => cases.map(({ file }) => file),
  dictionary: [...strings, 'PK\u0001\u0002', 'PK\u0003\u0004', 'PK\u0005\u0006', 'PK\u0006\u0006', 'PK\u0006\u0007', 'PK\u0007\b', ...Object.values(names), '"segmentSize":0', '"encryptedSegmentSize":28', Uint8Array.of(1, 0, 24, 0), new Uint8Array(4).fill(255), new Uint8Array(8).fill(255)],
  maxBytes: 32 * 1024,
  vary: (base, chance, mutate) => chance.once(3) ? mutate(base) : rebuilt(cases.find(({ file }) => file === base) ?? cases[0], chance, mutate),
  async run(bytes): Promise<Verdict> {
    const read = readerOf(bytes)
    const opened = await openTdf(read, bytes.length)
    if (!opened.ok) return opened.code
    const [whole, inPieces] = [bytes.length, 7].map(length => {
      const sums = new TdfSums(opened.value, () => new PlainCrc32())
      for (let at = 0; at < bytes.length; at += length) sums.push(bytes.subarray(at, at + length))
      return sums.end()
    })
    // The last case was put together without sums.
    if (whole !== inPieces) throw new Error('its sums depend on how its bytes come')
    if (whole === false && cases.slice(0, -1).some(({ file }) => equalBytes(file, bytes))) throw new Error('a file of ours is not sound')
    let verdict: Verdict = 'wrong-key'
    for (const { keys, plain } of cases) {
      const judged = await opened.value.unlock(keys)
      if (!judged.ok && judged.code === 'wrong-key') continue
      if (verdict !== 'wrong-key') throw new Error('two keys open it')
      verdict = judged.ok ? await readAll(judged.value, plain, bytes) : judged.code
    }
    return verdict
  },
}

/** What the manifest says of payloads of every length there is in the corpus. */
export const tdfManifest: Target = {
  name: 'tdf-manifest',
  corpus: () => cases.map(({ manifest }) => manifest),
  dictionary: [...strings, '"__proto__":', '"segments":', '"sid":"a",', '"segmentSize":', '1e999', '-0', '0.5', 'null', '[]', '{}', '[[[[[[[[', '\\u0000', 'GMAC', 'HS256', ',"schemaVersion":"4.3.0"'],
  vary: (base, chance, mutate) => chance.once(2) ? mutate(base) : jsonOf(variedManifest(base, chance), mutate(base)),
  run(bytes) {
    const judgements = cases.map(({ payload }) => ({ payload, judged: judgeManifest(bytes, payload.length) }))
    for (const { payload, judged } of judgements) {
      if (!judged.ok) continue
      const { segments, plainBytes, root, keyAccess, segmentHash } = judged.value
      const [hash, sealedEnd] = [segmentHash === 'GMAC' ? 16 : 32, segments.reduce((at, { sealedAt, sealed }) => at === sealedAt ? at + sealed : Number.NaN, 0)]
      const plainEnd = segments.reduce((at, { plainAt, plain }) => at === plainAt ? at + plain : Number.NaN, 0)
      if (sealedEnd !== payload.length || plainEnd !== plainBytes) throw new Error('segments that are not the payload')
      if (!segments.every(each => each.sealed === each.plain + segmentExtra && each.plain <= limits.tdfSegmentBytesMost && each.hash.length === hash)) throw new Error('a segment that cannot be')
      if (root.length !== 32 || keyAccess.length > limits.tdfKeyAccess || !keyAccess.every(({ binding }) => binding.length === 32)) throw new Error('a signature that cannot be')
    }
    const [{ judged } = { judged: null }] = judgements.toSorted((one, other) => Number(other.judged.ok) - Number(one.judged.ok))
    return judged?.ok === false ? judged.code : 'accepted'
  },
}

/** Whatever way it is read, it is `plain` or it is refused; and one way as the other. */
async function readAll(unlocked: UnlockedTdf, plain: Uint8Array, file: Uint8Array): Promise<Verdict> {
  const whole = await plainOf(async () => await gathered(unlocked.range(0, unlocked.size)))
  const passed = await plainOf(async () => await passedBy(unlocked, file))
  if ((whole === null) !== (passed === null)) throw new Error('read and in passing it is not the same')
  for (const found of [whole, passed]) if (found !== null && !equalBytes(found, plain)) throw new Error(`a forgery: ${String(found.length)} bytes of plaintext that nobody wrote`)
  const chance = Chance.from(file)
  const [at, length] = [chance.below(unlocked.size + 2), chance.below(unlocked.size + 2)]
  const [begin, part] = [await plainOf(async () => await gathered(unlocked.range(0, length))), await plainOf(async () => await gathered(unlocked.range(at, length)))]
  if (begin !== null && !equalBytes(begin, plain.subarray(0, length))) throw new Error('a forgery: it does not begin so')
  if (whole !== null && (part === null || !equalBytes(part, plain.subarray(at, at + length)))) throw new Error('a part is not that of the whole')
  return whole === null ? 'tdf-damaged' : 'accepted'
}

async function passedBy(unlocked: UnlockedTdf, file: Uint8Array): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  const pass = new TdfPass(unlocked, part => { parts.push(part) })
  for (const piece of pieces(file)) {
    pass.push(piece)
    await pass.drain()
  }
  await pass.finish()
  return concat(...parts)
}

/** Null where it is refused as damaged. */
async function plainOf(reading: () => Promise<Uint8Array>): Promise<Uint8Array | null> {
  try { return await reading() } catch (error) {
    if (error instanceof HoldfastError && error.code === 'tdf-damaged') return null
    throw error
  }
}

/** Another payload and another manifest in a container that fits them. */
function rebuilt({ payload, manifest }: Case, chance: Chance, mutate: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  let parts = { payload: payload as Uint8Array, manifest: manifest as Uint8Array }
  switch (chance.below(5)) {
    case 0: parts = { ...parts, payload: mutate(payload) }; break
    case 1: parts = { ...parts, manifest: jsonOf(variedManifest(manifest, chance), manifest) }; break
    case 2: parts = { ...parts, manifest: mutate(manifest) }; break
    default: parts = reshaped(parts.payload, manifest, chance)
  }
  return container(parts, chance)
}

/** Segments dropped, doubled, swapped or of another size, and the payload with them, so that both agree. */
function reshaped(payload: Uint8Array, manifest: Uint8Array, chance: Chance): { readonly payload: Uint8Array, readonly manifest: Uint8Array } {
  const all = JSON.parse(textOf(manifest)) as { encryptionInformation: { integrityInformation: { segments: Line[] } } }
  const { integrityInformation } = all.encryptionInformation
  let at = 0
  let segments = integrityInformation.segments.map(line => ({ line, sealed: payload.subarray(at, at += line.encryptedSegmentSize) }))
  for (let left = chance.pick([1, 1, 2, 3]); left > 0 && segments.length > 0; left--) {
    const [index, other] = [chance.below(segments.length), chance.below(segments.length)]
    const { line, sealed } = segments[index]!
    const sized = (size: number): typeof segments[number] => ({ line: { ...line, segmentSize: size, encryptedSegmentSize: size + segmentExtra }, sealed: concat(sealed, new Uint8Array(size + segmentExtra)).subarray(0, size + segmentExtra) })
    switch (chance.below(6)) {
      case 0: segments = segments.toSpliced(index, 1); break
      case 1: segments = segments.toSpliced(index, 0, segments[other]!); break
      case 2: segments = segments.with(index, { ...segments[other]!, line }); break
      case 3: segments = segments.toSpliced(index, 0, sized(0)); break
      default: segments = segments.with(index, sized(chance.pick([0, 0, 1, line.segmentSize - 1, line.segmentSize + 1, 200].map(size => Math.max(0, size)))))
    }
  }
  integrityInformation.segments = segments.map(({ line }) => line)
  return { payload: concat(...segments.map(({ sealed }) => sealed)), manifest: utf8(JSON.stringify(all)) }
}

function container({ payload, manifest }: { readonly payload: Uint8Array, readonly manifest: Uint8Array }, chance: Chance): Uint8Array<ArrayBuffer> {
  const zip64 = chance.once(3)
  const first: ZipEntry = { name: names.payload, bytes: payload, ...zip64 ? { wide: ['size', 'stored', 'at'] } : {}, ...chance.once(2) ? { flags: 8, descriptor: new Uint8Array(zip64 ? 24 : 16) } : {} }
  const second: ZipEntry = { name: names.manifest, bytes: manifest, ...zip64 ? { wide: ['size', 'stored', 'at'] } : {} }
  return zipOf(chance.once(6) ? [second, first] : [first, second], { wide: zip64 })
}

function variedManifest(bytes: Uint8Array, chance: Chance): unknown {
  let value: unknown = JSON.parse(textOf(bytes))
  for (let left = chance.pick([1, 1, 2, 4]); left > 0; left--) value = varyValue(value, chance, odd)
  return value
}

function jsonOf(value: unknown, other: Uint8Array): Uint8Array {
  const text = JSON.stringify(value) as string | undefined
  return text === undefined ? other : utf8(text)
}

/** The same on every machine: nothing in it is left to chance. `zip64`: in a container of another writer. */
async function caseOf(number: number, size: number, more: { readonly segmentBytes?: number, readonly legacy?: boolean, readonly maxBytes?: number }, zip64 = false): Promise<Case> {
  const keys = await keysOf(new Uint8Array(32).fill(number))
  const policy = makePolicy(`00000000-0000-4000-8000-00000000000${String(number)}`)
  const keyAccess = { type: 'wrapped', url: 'https://x.invalid/', protocol: 'kas', wrappedKey: toBase64(new Uint8Array(60)), policyBinding: await bindPolicy(keys.mac, policy), schemaVersion: '1.0' }
  let ivs = 0
  const random: Random = { bytes: length => new Uint8Array(length).fill(++ivs) }
  const plain = noisy(size)
  const file = await tdfOf(plain, { ...keys, policy, keyAccess, random, mimeType: 'application/gzip', maxBytes: size, ...more })
  const [payload, manifest] = await partsOf(file)
  return { keys, plain, payload, manifest, file: zip64 ? zipOf([{ name: names.payload, bytes: payload, wide: ['size', 'stored', 'at'] }, { name: names.manifest, bytes: manifest, wide: ['at'] }], { wide: true }) : file }
}

async function partsOf(file: Uint8Array<ArrayBuffer>): Promise<readonly [payload: Uint8Array<ArrayBuffer>, manifest: Uint8Array<ArrayBuffer>]> {
  const entries = await findEntries(readerOf(file), file.length)
  if (!entries.ok) throw new Error(entries.reason)
  const { payload, manifest } = entries.value
  return [file.slice(payload.at, payload.at + payload.length), file.slice(manifest.at, manifest.at + manifest.length)]
}
