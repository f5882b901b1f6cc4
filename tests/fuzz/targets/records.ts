import { ed25519 } from '@noble/curves/ed25519.js'
import { concat, equalBytes, fromHex, limits, sha256, toHex, utf8 } from '../../../src/base/index.ts'
import {
  chainIdOf, decodeAdminBlock, decodeChainCommit, decodeCoinbase, decodeCreditBlock, decodeDirectoryBlock, decodeEntry, decodeEntryBlock, decodeEntryCommit, decodeFactoid, decodeFactoidBlock, decodeFirstEntry,
  decodeVarint, decodeVolume, encodeAdminBlock, encodeChainCommit, encodeCreditBlock, encodeDirectoryBlock, encodeEntry, encodeEntryBlock, encodeEntryCommit, encodeFactoid, encodeFactoidBlock, encodeVarint, encodeVolume, entryHash, formatAddress,
  judgeExport, judgeRecord, makeDirectoryBlock, makeEntryBlock, minuteMarker, parseAddress, systemChains, volumeEntries, writeReceipt, type Reading,
} from '../../../src/records/index.ts'
import { chainEntries, receiptParts } from '../../support/receipts.ts'
import { chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, payment, signer } from '../../support/records.ts'
import { textOf } from '../text.ts'
import type { Target, Verdict } from '../types.ts'
import { varyValue } from '../vary-value.ts'

const [alice, bob] = [signer('alice'), signer('bob')]
const time = 1_700_000_000_123
const none = '0'.repeat(64)
const hash = toHex(sha256(utf8('entry')))
const entries = [firstEntryOf('test', { content: 'hello' }), entryOf(chainNamed('test'), { extIds: ['tag', 'tags'], content: 'text' }), entryOf(chainNamed('test'), { payload: 101 })]
const commits = [commitTo(entries[1]!, alice, { time }), commitTo(entries[2]!, bob, { time: 1 })]
const chainCommits = [commitToChain(entries[0]!, alice, { time })]
const factoids = [payment({ time, from: [[1000, alice]], to: [[900, bob.address]], buy: [[50, bob.publicKey]] }), payment({ time, from: [[2 ** 40, alice], [5, bob]], to: [[1, alice.address]] })]
const coinbase = encodeFactoid({ timestamp: time, inputs: [], outputs: [{ amount: 5n, address: bob.address }], purchases: [], seals: [] })
const entryBlock = encodeEntryBlock(makeEntryBlock({ chainId: chainNamed('test'), prevKeyMR: none, prevFullHash: none, sequence: 0, height: 1 }, [hash, hash, minuteMarker(1), hash, minuteMarker(10)]))
const directoryBlock = encodeDirectoryBlock(makeDirectoryBlock({ networkId: 'fa92e5a4', prevKeyMR: none, prevFullHash: none, minutes: 1, height: 1 }, [...Object.values(systemChains), chainNamed('test')].map(chainId => ({ chainId, keyMR: hash }))))
const objects = concat(Uint8Array.of(0, 0, 1, 1, 3), commits[0]!, Uint8Array.of(2), chainCommits[0]!, Uint8Array.of(4), new Uint8Array(64), encodeVarint(200n), encodeVarint(1n), Uint8Array.of(1, 10))
const creditBlock = concat(fromHex(systemChains.entryCredit)!, sha256(objects), new Uint8Array(64), Uint8Array.of(0, 0, 0, 1, 1, 7), new Uint8Array(7), Uint8Array.of(6), new Uint8Array(6), Uint8Array.of(objects.length >> 8, objects.length & 255), objects)
const adminBody = concat(Uint8Array.of(0, 1, 4, 1, 11, 3, 1, 2, 3))
const adminBlock = concat(fromHex(systemChains.admin)!, new Uint8Array(32), Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, 0, adminBody.length), adminBody)

/** A decoder that takes what its encoder writes, and nothing else. Signatures are mended where `ledger` says what they are of, so that they do not stop all damage at the door. */
function codec<T>(name: string, corpus: readonly Uint8Array[], decode: (bytes: Uint8Array) => Reading<T>, encode: (value: T) => Uint8Array, more: Partial<Target> = {}): Target {
  return {
    name: `records-${name}`, corpus: () => corpus, maxBytes: limits.recordBytes + 1, dictionary, ...more,
    run(bytes): Verdict {
      const judged = decode(bytes)
      if (!judged.ok) return judged.code
      if (!equalBytes(encode(judged.value), bytes)) throw new Error('accepted in another form than its own')
      return 'accepted'
    },
  }
}

const dictionary = [Uint8Array.of(0x80), Uint8Array.of(0x81, 0), new Uint8Array(10).fill(255), Uint8Array.of(0, 1, 0x61), Uint8Array.of(255, 255), fromHex(hash)!, fromHex(minuteMarker(1))!, fromHex(alice.publicKey)!, ...Object.values(systemChains).map(chain => fromHex(chain)!)]

/** Signs anew what was damaged, three times of four, where it has its length still. */
function resigned(ledger: number): NonNullable<Target['vary']> {
  return (base, chance, mutate) => {
    const bytes = mutate(base)
    if (bytes.length !== ledger + 96 || chance.once(4)) return bytes
    const signed = bytes.subarray(0, ledger)
    return concat(signed, fromHex(alice.publicKey)!, ed25519.sign(signed, alice.secret))
  }
}

const emptyToo = { emptyExtIds: true }

export const recordCodecs: readonly Target[] = [
  codec('varint', [0n, 127n, 128n, 1n << 40n, (1n << 64n) - 1n].map(encodeVarint), decodeVarint, encodeVarint, { maxBytes: 16 }),
  codec('entry', entries, decodeEntry, encodeEntry),
  codec('old-entry', [...entries, encodeEntry({ chainId: chainIdOf([]), extIds: [new Uint8Array(0)], content: new Uint8Array(2) }, emptyToo)], bytes => decodeEntry(bytes, emptyToo), value => encodeEntry(value, emptyToo)),
  codec('first-entry', entries.slice(0, 1), decodeFirstEntry, encodeEntry),
  codec('entry-commit', commits, decodeEntryCommit, encodeEntryCommit, { cost: 10, maxBytes: 200, vary: resigned(40) }),
  codec('chain-commit', chainCommits, decodeChainCommit, encodeChainCommit, { cost: 10, maxBytes: 300, vary: resigned(104) }),
  codec('factoid', factoids, decodeFactoid, encodeFactoid, { cost: 10 }),
  codec('coinbase', [coinbase], decodeCoinbase, encodeFactoid),
  codec('entry-block', [entryBlock], decodeEntryBlock, encodeEntryBlock),
  codec('directory-block', [directoryBlock], decodeDirectoryBlock, encodeDirectoryBlock),
  codec('factoid-block', [factoidBlock()], decodeFactoidBlock, encodeFactoidBlock),
  codec('credit-block', [creditBlock], decodeCreditBlock, encodeCreditBlock),
  codec('volume', [encodeVolume(Array.from({ length: volumeEntries }, (_, i) => entries[i % 3]!))], decodeVolume, encodeVolume, { cost: 10, maxBytes: 200_000 }),
  codec('admin-block', [adminBlock], decodeAdminBlock, encodeAdminBlock),
]

function factoidBlock(): Uint8Array {
  const body = concat(coinbase, ...factoids, new Uint8Array(10))
  const leaves = [coinbase, ...factoids].map(bytes => sha256(bytes))
  let level = [...leaves, ...Array.from({ length: 10 }, () => sha256(Uint8Array.of(0)))]
  while (level.length > 1) level = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => sha256(concat(level[2 * i]!, level[2 * i + 1] ?? level[2 * i]!)))
  return concat(fromHex(systemChains.factoid)!, level[0]!, new Uint8Array(64), new Uint8Array(7), Uint8Array.of(9, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0, 0, body.length >> 8, body.length & 255), body)
}

/** Any bytes of a block's records: told what they are, and the same again when they come again. */
export const recordItems: Target = {
  name: 'records-item', cost: 10, maxBytes: limits.recordBytes + 1, dictionary,
  corpus: () => [...entries, ...commits, ...chainCommits, ...factoids],
  vary: (base, chance, mutate) => resigned(base.length === 200 ? 104 : 40)(base, chance, mutate),
  run(bytes): Verdict {
    const judged = judgeRecord(bytes)
    const again = judgeRecord(bytes.slice())
    if (judged.ok !== again.ok || judged.ok && again.ok && judged.value.kind !== again.value.kind) throw new Error('judged in two ways')
    return judged.ok ? 'accepted' : judged.code
  },
}

export const factomAddresses: Target = {
  name: 'records-address', maxBytes: 64, dictionary: ['FA', 'EC', 'Fs', 'Es', '0', 'O', 'l', '1', 'z'],
  corpus: () => (['FA', 'EC', 'Fs', 'Es'] as const).map(kind => utf8(formatAddress(kind, fromHex(hash)!))),
  run(bytes): Verdict {
    const text = textOf(bytes)
    const judged = parseAddress(text)
    if (!judged.ok) return judged.code
    if (formatAddress(judged.value.kind, judged.value.payload) !== text) throw new Error('accepted in another form than its own')
    return 'accepted'
  },
}

const { roots, ...parts } = await receiptParts({ keys: ['directory'], later: 2 })
const receipt = writeReceipt(parts)
const exported = JSON.stringify([{ jsonrpc: '2.0', result: { extids: ['74657374'], content: '00', chainid: chainNamed('test'), entryhash: hash } }, { rawdata: toHex(directoryBlock), dblock: { keymr: hash } }, { commit: toHex(commits[0]!), reveal: toHex(entries[1]!) }])

/** Receipts and exports as people paste them: whatever is claimed of one that was changed, it never leads to the root that is trusted unless the entry is the one that was proved. */
export const recordReceipts: Target = {
  name: 'records-receipt', cost: 20, maxBytes: 256 * 1024, dictionary: ['"format":', '"proof":null', '"branch":[]', '"headers":[]', '"__proto__":', 'null', '[[[[[[[[', hash, none],
  corpus: () => [utf8(receipt), utf8(exported)],
  vary: (base, chance, mutate) => chance.once(3) ? mutate(base) : utf8(JSON.stringify(varyValue(JSON.parse(textOf(base)), chance, [hash, none, chainNamed('test'), toHex(entries[0]!)])) ?? ''),
  run(bytes): Verdict {
    const judged = judgeExport(textOf(bytes), [roots[0]!])
    if (!judged.ok) return judged.code
    const holdsOf = (claim: string): boolean => judged.value.some(each => each.claim === claim && each.holds === true)
    if (holdsOf('trust') && judged.value.every(({ holds }) => holds !== false) && !sayProved(judged.value.map(({ says }) => says).join('\n'))) throw new Error('another entry ends in the trusted root')
    return judged.value.some(({ holds }) => holds === false) ? 'wrong-bytes' : 'accepted'
  },
}

/** Whether the only thing that the trusted root says of entries is said: which three stand in the chain. */
function sayProved(says: string): boolean {
  const [, index = '', found = ''] = proved.exec(says) ?? []
  return known[Number(index)] === found
}

const known = chainEntries.map(entryHash)
const proved = new RegExp(`entry (\\d+) of chain ${chainNamed('test')} is ([0-9a-f]{64})`)
