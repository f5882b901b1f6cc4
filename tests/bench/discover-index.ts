import { addressOfBytes, encode, limits, sha256, toHex, utf8, type Alarm } from '../../src/base/index.ts'
import type { Publication } from '../../src/content/index.ts'
import { Hamt, MemoryNodeStore, type Change, type NodeRef } from '../../src/hamt/index.ts'
import { keys, type StateKey, type UploadRow } from '../../src/state/index.ts'
import { UploadFollow, type FollowParts } from '../../src/peer/upload-follow.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const uploads = 100_000
/** Uploads written to the state at once. */
const step = 5_000
const root = 'ab'.repeat(32)
const words = ['harbour', 'tide', 'lantern', 'slack', 'water', 'ferry', 'mist', 'pier', 'gull', 'rope', 'bell', 'keel', 'anchor', 'swell', 'cove', 'sand']

const digest = (text: string): string => toHex(sha256(utf8(text)))
const word = (i: number): string => words[i % words.length]!
const titleOf = (i: number): string => `${word(i)} ${word(i >> 4)} ${word(i >> 8)} ${String(i)}`

function rowOf(i: number): { readonly cid: string, readonly owner: string, readonly row: UploadRow } {
  const cid = digest(`upload ${String(i)}`)
  const owner = addressOfBytes(sha256(utf8(`owner ${String(i % 5000)}`)).subarray(0, 20))
  const publication: Publication = {
    kind: 'audio', protected: true, file: { cid, size: 30_000_000 + i, infohash: digest(`torrent ${String(i)}`).slice(0, 40), audit: cid }, images: [], title: titleOf(i), about: `Recorded on the ${word(i >> 2)}, with a ${word(i >> 6)}.`,
    tags: ['field recording', word(i >> 3)], plain: null, maker: 'flac/1', policy: { owner: null }, keyCommit: cid, holders: [], keepers: [], rent: null, until: 13,
  }
  return { cid, owner, row: { publication, block: i >> 4, time: i, index: i, byOwner: 0, holds: [], until: 1_000_000, era: 1n, withdrawn: false, replacedBy: null, kept: [] } }
}

function entry<T>({ name, codec }: StateKey<T>, value: T): Change { return { key: utf8(name), value: encode(codec, value) } }

/** A state with so many uploads, in memory, and the names of the keys of their rows. */
async function stateOf(store: MemoryNodeStore): Promise<{ readonly ref: NodeRef, readonly names: readonly string[] }> {
  const trie = Hamt.empty(store)
  const names: string[] = []
  let packs = 0
  for (let from = 0; from < uploads; from += step) {
    const changes: Change[] = [entry(keys.uploads.total, Math.min(uploads, from + step))]
    for (let i = from; i < Math.min(uploads, from + step); i++) {
      const { cid, owner, row } = rowOf(i)
      names.push(keys.upload(cid, owner).name)
      changes.push(entry(keys.uploads.at(i), [cid, owner] as const), entry(keys.upload(cid, owner), row))
    }
    await trie.update(changes)
    const commit = trie.commit(packs)
    packs += commit.packs.length
    store.keep(commit.packs)
  }
  return { ref: trie.root, names }
}

const alarm: Alarm = { now: () => performance.now(), sleep: async () => { await new Promise(done => { setImmediate(done) }) } }

/** The index behind Discover: read from a state that nothing of was read before, against its rows' bytes alone; searched, against looking for a word in as many texts. */
export const discoverIndex: Benchmark = {
  id: 'discover/index',
  about: 'an index of 100,000 uploads read from a state and searched, against reading the bytes of the same rows and looking through as many texts',
  async run(bench: Bench): Promise<readonly Row[]> {
    const store = new MemoryNodeStore()
    const { ref, names } = await stateOf(store)
    const cold = async (): Promise<Hamt> => await Hamt.open(store, ref)
    const walk = async (): Promise<{ readonly ms: number, readonly follow: UploadFollow }> => {
      const trie = await cold()
      const ledger = { head: { root }, values: async (wanted: readonly string[]) => await trie.getMany(wanted.map(utf8)), changes: () => { throw new Error('one state is all there is') } } as unknown as FollowParts['ledger']
      const follow = new UploadFollow({ ledger, clock: alarm, signal: new AbortController().signal, changed() {} })
      const began = performance.now()
      await follow.follow()
      const ms = performance.now() - began
      if (!follow.isWhole || follow.index.size !== uploads) throw new Error('not all of it was read')
      return { ms, follow }
    }
    const raw = async (): Promise<number> => {
      const trie = await cold()
      const began = performance.now()
      let bytes = 0
      for (let end = uploads; end > 0; end -= limits.uploadsWalked) {
        const some = names.slice(Math.max(0, end - limits.uploadsWalked), end)
        for (const value of await trie.getMany([...some.keys()].map(i => utf8(keys.uploads.at(Math.max(0, end - limits.uploadsWalked) + i).name)))) bytes += value?.length ?? 0
        for (const value of await trie.getMany(some.map(utf8))) bytes += value?.length ?? 0
        await alarm.sleep(0)
      }
      if (bytes < uploads * 100) throw new Error('rows are missing')
      return performance.now() - began
    }
    const texts = Array.from({ length: uploads }, (_, i) => `${titleOf(i)}\nRecorded on the ${word(i >> 2)}, with a ${word(i >> 6)}.\nfield recording\n${word(i >> 3)}`)
    const walks: [number, number][] = []
    const queries: [number, number][] = []
    for (let run = 0; run < (bench.runs ?? 3); run++) {
      const [{ ms, follow }, rows] = [await walk(), await raw()]
      walks.push([ms, rows])
      const query = (): number => {
        const began = performance.now()
        const { total } = follow.index.search({ text: 'Lantern 77', kind: null, owner: null, own: false, from: 0, most: 60 }, null, () => false)
        const took = performance.now() - began
        if (total !== texts.filter(text => text.includes('lantern') && text.includes('77')).length) throw new Error('not what is there')
        return took
      }
      const scan = (): number => {
        const began = performance.now()
        let total = 0
        for (const text of texts) if (text.includes('lantern') && text.includes('77')) total++
        if (total === 0) throw new Error('nothing is there')
        return performance.now() - began
      }
      for (let warm = 0; warm < 3; warm++) [query(), scan()].forEach(Boolean)
      queries.push([query(), scan()])
      bench.log(`  walk ${ms.toFixed(0)} ms, the rows alone ${rows.toFixed(0)} ms; query ${queries.at(-1)![0].toFixed(1)} ms, scan ${queries.at(-1)![1].toFixed(1)} ms`)
    }
    return [
      { what: 'an index of 100,000 uploads, read from a state in memory', against: 'the bytes of the same rows from the same state', unit: 'ms', goal: { of: 'ratio', is: 'at most', value: 4 }, samples: walks },
      { what: 'a search of two words in it', against: 'both words looked for in 100,000 texts', unit: 'ms', goal: { of: 'ratio', is: 'at most', value: 4 }, samples: queries },
    ]
  },
}
