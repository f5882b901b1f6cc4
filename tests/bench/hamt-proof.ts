import { LibraryTrie, OurTrie } from './support/trie-turns.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const [keys, asked] = [100_000, 500]

/** Bytes that prove the value of a key. */
export const hamtProof: Benchmark = {
  id: 'hamt/proof',
  about: 'bytes of the proof of one key of 100,000, against the nodes ipld-hashmap reads with its own shape',
  async run(bench: Bench): Promise<readonly Row[]> {
    const samples: [number, number][] = []
    for (let seed = 0; seed < (bench.runs ?? 5); seed++) {
      const [ours, library] = [await OurTrie.make(seed, keys), await LibraryTrie.make(seed, keys, { bitWidth: 5, bucketSize: 3 })]
      samples.push([await ours.proofBytes(asked), await library.readBytes(asked)])
      bench.log(`  ${samples.at(-1)!.map(bytes => bytes.toFixed(0)).join(' and ')} bytes`)
    }
    return [{ what: 'proof of one key of 100,000', against: 'ipld-hashmap, 5 bits a level', unit: 'bytes', goal: { of: 'ratio', is: 'at most', value: 0.55 }, samples }]
  },
}
