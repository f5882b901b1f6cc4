import factom from 'factom'
import { ed25519 } from '@noble/curves/ed25519.js'
import { fromHex, sha256, utf8 } from '../../src/base/index.ts'
import { chainIdOf, decodeEntry, decodeEntryCommit, encodeEntry, entryHash, formatAddress, type FactomEntry } from '../../src/records/index.ts'
import { indexRows } from './records-index.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const { Entry, Transaction, composeEntryCommit } = factom
const [entries, commits] = [2_000, 100]

/** Factom's items, by ours and by its own library. It has no decoders, so that what it can be held against is how it writes, hashes and checks. */
export const records: Benchmark = {
  id: 'records',
  about: '2,000 entries marshalled and hashed, 100 commits checked, against the factom library; 10,000 filed and found, against a walk of Entry Blocks',
  async run(bench: Bench): Promise<readonly Row[]> {
    const chainId = chainIdOf([utf8('bench')])
    const all: readonly FactomEntry[] = Array.from({ length: entries }, (_, i) => ({ chainId, extIds: [utf8(`entry ${i}`), sha256(utf8(String(i)))], content: new Uint8Array(i % 1000).fill(i) }))
    const theirs = all.map(({ extIds, content }) => Entry.builder().chainId(Buffer.from(fromHex(chainId)!)).extIds(extIds.map(each => Buffer.from(each))).content(Buffer.from(content)).timestamp(1).build())
    const wire = all.map(entry => encodeEntry(entry))
    const es = formatAddress('Es', new Uint8Array(32))
    const paid = theirs.slice(0, commits).map(entry => Uint8Array.from(composeEntryCommit(entry, es)))
    const seals = transactions(paid.length)

    const rows: Row[] = []
    const row = (what: string, count: number, ours: () => void, peer: () => void, against = 'factom', goal: Row['goal'] = { of: 'ratio', is: 'at least', value: 1 }): void => {
      const timed = (work: () => void): number => {
        const begin = performance.now()
        work()
        return count / (performance.now() - begin) * 1000
      }
      for (let warm = 0; warm < 2; warm++) [timed(ours), timed(peer)].forEach(Boolean)
      const samples = Array.from({ length: bench.runs ?? 7 }, () => [timed(ours), timed(peer)] as const)
      bench.log(`  ${what}: ours ${samples.map(([rate]) => rate.toFixed(0)).join(' ')}, ${against} ${samples.map(([, rate]) => rate.toFixed(0)).join(' ')} per second`)
      rows.push({ what, against, unit: 'per second', goal, samples })
    }
    row('entries marshalled', entries, () => { for (const entry of all) encodeEntry(entry) }, () => { for (const entry of theirs) entry.marshalBinary() }, 'factom, into its pool of buffers', null)
    row('entries hashed', entries, () => { for (const bytes of wire) entryHash(bytes) }, () => { for (const entry of theirs) entry.hash() })
    row('entries read', entries, () => { for (const bytes of wire) if (!decodeEntry(bytes).ok) throw new Error('no entry') }, () => { for (const entry of theirs) entry.marshalBinary() }, 'factom, which only writes them', null)
    row('signatures checked', commits, () => { for (const bytes of paid) if (!decodeEntryCommit(bytes).ok) throw new Error('no commit') }, () => { for (const seal of seals) seal() }, 'factom, of transactions')
    return [...rows, ...await indexRows(bench)]
  },
}

/** Each checks one signature: the library does so when a transaction is built from its parts. */
function transactions(count: number): readonly (() => void)[] {
  const seed = new Uint8Array(32)
  const [fs, key] = [formatAddress('Fs', seed), ed25519.getPublicKey(seed)]
  return Array.from({ length: count }, (_, i) => {
    const signed = Transaction.builder().timestamp(i + 1).input(fs, 100_000).output(formatAddress('EC', key), 10).build()
    const [rcd, signature] = [signed.rcds[0]!.toString('hex'), signed.signatures[0]!.toString('hex')]
    const [input, output] = [signed.inputs[0]!, signed.entryCreditOutputs[0]!]
    return () => { Transaction.builder().timestamp(i + 1).input(input.address, input.amount).output(output.address, output.amount).rcdSignature(rcd, signature).build() }
  })
}
