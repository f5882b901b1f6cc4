import { webcrypto } from 'node:crypto'
import { Twins } from './support/trie-block.ts'
import type { Bench, Benchmark, Row } from './types.ts'

/** Bytes that prove the value of a key. */
export const hamtProof: Benchmark = {
  id: 'hamt/proof',
  about: 'bytes of the proof of one key of 100,000, against the nodes ipld-hashmap reads with its own shape',
  async run(bench: Bench): Promise<readonly Row[]> {
    const host = { now: () => performance.now(), random: (bytes: Uint8Array<ArrayBuffer>) => { webcrypto.getRandomValues(bytes) } }
    const [ours, library] = [await Twins.make(host, 100_000), await Twins.make(host, 100_000, { bitWidth: 5, bucketSize: 3 })]
    const samples: [number, number][] = []
    for (let run = 0; run < (bench.runs ?? 5); run++) {
      samples.push([(await ours.proofs(200)).ours, (await library.proofs(200)).peer])
      bench.log(`  ${String(samples.at(-1)?.map(bytes => bytes.toFixed(0)))} bytes`)
    }
    return [{ what: 'proof of one key of 100,000', against: 'ipld-hashmap, 5 bits a level', unit: 'bytes', goal: { of: 'ratio', is: 'at most', value: 0.55 }, samples }]
  },
}
