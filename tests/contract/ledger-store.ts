import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fromUtf8, toHex, utf8 } from '../../src/base/index.ts'
import { placeOf, type Place } from '../../src/hamt/index.ts'
import type { LedgerStore, NewBlock, Range } from '../../src/store/index.ts'
import { blockOf, cidOf, packOfTexts, unexecuted } from '../support/ledger-blocks.ts'

/** Values as the ledger sets them. */
export interface TestValues {
  readonly safety: string
  readonly sealed: Uint8Array
  readonly [statement: `statement/${string}`]: { readonly time: number }
}
export type TestStore = LedgerStore<TestValues>

export interface OpenedLedger {
  readonly store: TestStore
  /** Closes it and opens what it left. */
  again(): Promise<TestStore>
  end(): Promise<void>
}

const range: Range = { states: 3, bodies: 2 }
const failing = (code: string): unknown => expect.objectContaining({ name: 'HoldfastError', code })

/** What the ledger's store does, whatever its tables lie in. */
export function ledgerStoreSuite(name: string, open: (range: Range) => Promise<OpenedLedger>): void {
  describe(`LedgerStore: ${name}`, () => {
    let opened: OpenedLedger
    let store: TestStore
    beforeEach(async () => {
      opened = await open(range)
      ;({ store } = opened)
    })
    afterEach(async () => { await opened.end() })

    const text = async (place: Place | null): Promise<string | null> => {
      const [node = null] = await store.nodes.load([{ digest: new Uint8Array(32), place }])
      return node === null ? null : fromUtf8(node.bytes)
    }
    /** One block after another on `parent`, each with one node of its own that takes the place of its parent's. */
    const grow = async (parent: NewBlock | null, ...names: string[]): Promise<NewBlock> => {
      let last = parent
      for (const each of names) {
        last = blockOf(each, last, packOfTexts(store.nextPack, [each], last?.state.root.place === undefined ? [] : [last.state.root.place!]))
        await store.commit({ blocks: [last], head: last.root })
      }
      return last!
    }
    const pruned = async (): Promise<number> => {
      let steps = 0
      while (await store.pruneStep()) steps++
      return steps
    }

    /** Holds now, and of what is read from the tables. */
    const nowAndAgain = async (check: () => Promise<void>): Promise<void> => {
      await check()
      store = await opened.again()
      await check()
    }

    test('an empty one has nothing', async () => {
      expect([store.head, store.base, store.nextPack, store.local.root, store.local.nextPack]).toEqual([null, null, 0, null, 0])
      expect(await store.body(cidOf(utf8('a')))).toBeNull()
      expect(await store.find(cidOf(utf8('a')))).toBeNull()
      expect(await store.value('safety')).toBeNull()
      expect(await text(0)).toBeNull()
      expect(await text(null)).toBeNull()
      expect(await store.pruneStep()).toBe(false)
    })

    test('a block is there with all that belongs to it, and is found by what names it', async () => {
      const block = blockOf('a', null, packOfTexts(0, ['leaf', 'root']))
      await store.commit({ blocks: [block], values: { safety: block.root } })
      await nowAndAgain(async () => {
        expect(store.head).toEqual({ root: block.root, block: block.block, parent: null, number: 0, power: 1n, header: block.header, body: block.body.cid, state: block.state.root.digest, place: placeOf(0, 1), firstPack: 0, packs: 1 })
        expect(store.base).toEqual(store.head)
        expect(store.block(block.root)).toEqual(store.head)
        expect(store.blocksAt(0)).toEqual([store.head])
        expect(store.nextPack).toBe(1)
        expect(await text(placeOf(0, 0))).toBe('leaf')
        expect(await text(placeOf(0, 2))).toBeNull()
        expect(await store.body(block.root)).toEqual(utf8('body of a'))
        expect(await store.find(block.block)).toEqual(block.header)
        expect(await store.find(block.body.cid)).toEqual(utf8('body of a'))
        expect(fromUtf8(await store.find(toHex(block.state.root.digest)) ?? utf8(''))).toBe('root')
        expect(await store.value('safety')).toBe(block.root)
      })
    })

    test('nodes come in the order of the question, from as many packs as it takes', async () => {
      const b = await grow(null, 'a', 'b')
      const refs = [1, 9, null, 0, 1].map(pack => ({ digest: new Uint8Array(32), place: pack === null ? null : placeOf(pack, 0) }))
      await nowAndAgain(async () => {
        expect((await store.nodes.load(refs)).map(node => node === null ? null : fromUtf8(node.bytes))).toEqual(['b', null, null, 'a', 'b'])
        expect((await Promise.all(refs.map(async ref => await store.nodes.load([ref])))).map(([node]) => node?.bytes.length)).toEqual([1, undefined, undefined, 1, 1])
      })
      expect(store.head?.root).toBe(b.root)
    })

    test('branches grow beside each other and the head goes where it is sent', async () => {
      const a = await grow(null, 'a')
      const b = await grow(a, 'b')
      const other = await grow(a, 'other')
      expect(store.childrenOf(a.root).map(({ root }) => root)).toEqual([b.root, other.root])
      expect(store.blocksAt(1).map(({ root }) => root)).toEqual([b.root, other.root])
      await store.commit({ head: b.root })
      store = await opened.again()
      expect(store.head?.root).toBe(b.root)
      expect(store.base?.root).toBe(a.root)
      expect(store.blocksAt(1).map(({ root }) => root).toSorted()).toEqual([b.root, other.root].toSorted())
    })

    test('a block nothing descends from is dropped with its pack, alone or for another', async () => {
      const a = await grow(null, 'a')
      const b = await grow(a, 'b')
      const left = blockOf('left', a, packOfTexts(store.nextPack, ['left']))
      await store.commit({ blocks: [left] })
      for (const root of [a.root, b.root]) await expect(store.commit({ drop: [root] })).rejects.toEqual(failing('bad-input'))
      await expect(store.commit({ drop: [cidOf(utf8('x'))] })).rejects.toEqual(failing('not-found'))
      const right = blockOf('right', a, packOfTexts(store.nextPack, ['right']))
      await store.commit({ blocks: [right], drop: [left.root] })
      await nowAndAgain(async () => {
        expect(store.childrenOf(a.root).map(({ root }) => root)).toEqual([b.root, right.root])
        expect([store.block(left.root), await store.body(left.root), await store.find(left.block), await text(placeOf(2, 0)), await text(placeOf(3, 0))]).toEqual([null, null, null, null, 'right'])
      })
      await expect(store.commit({ drop: [left.root] })).rejects.toEqual(failing('not-found'))
    })

    test('headers come first, many at once, and states follow', async () => {
      const genesis = blockOf('a', null, unexecuted('state of a'), null)
      const second = blockOf('b', genesis, unexecuted('state of b'), null)
      await store.commit({ blocks: [genesis, second], head: second.root })
      expect(store.head).toMatchObject({ root: second.root, place: null, packs: 0 })
      expect(await store.body(second.root)).toBeNull()
      expect(await store.find(toHex(second.state.root.digest))).toBeNull()
      await expect(store.commit({ blocks: [second] })).rejects.toEqual(failing('already-exists'))
      const executed = { ...second, state: { root: { ...second.state.root, place: placeOf(0, 0) }, packs: packOfTexts(0, ['state of b']).packs, replaced: [] } }
      await store.commit({ blocks: [executed] })
      store = await opened.again()
      expect(store.head).toMatchObject({ root: second.root, place: 0, packs: 1 })
      expect(fromUtf8(await store.find(toHex(second.state.root.digest)) ?? utf8(''))).toBe('state of b')
      await expect(store.commit({ blocks: [executed] })).rejects.toEqual(failing('already-exists'))
    })

    test('what does not fit is refused whole, and a number of a pack not used is used again', async () => {
      const a = await grow(null, 'a')
      const stranger = blockOf('x', blockOf('y', a, packOfTexts(1, ['y'])), packOfTexts(1, ['x']))
      const jump = { ...blockOf('b', a, packOfTexts(1, ['b'])), number: 2 }
      const later = blockOf('b', a, packOfTexts(2, ['b']))
      const next = blockOf('b', a, packOfTexts(1, ['b']))
      await expect(store.commit({ blocks: [stranger] })).rejects.toEqual(failing('not-found'))
      await expect(store.commit({ blocks: [blockOf('x', null, packOfTexts(1, ['x']))] })).rejects.toEqual(failing('not-found'))
      await expect(store.commit({ blocks: [jump] })).rejects.toEqual(failing('bad-input'))
      await expect(store.commit({ blocks: [later] })).rejects.toEqual(failing('bad-input'))
      await expect(store.commit({ blocks: [next], head: stranger.root })).rejects.toEqual(failing('not-found'))
      await expect(store.commit({ blocks: [next, a], values: { safety: 'x' } })).rejects.toEqual(failing('already-exists'))
      await nowAndAgain(async () => {
        expect([store.head?.root, store.nextPack, store.blocksAt(1), await store.value('safety'), await text(placeOf(1, 0))]).toEqual([a.root, 1, [], null, null])
      })
      await store.commit({ blocks: [next], head: next.root })
      expect(await text(placeOf(1, 0))).toBe('b')
    })

    test('values are set, listed by prefix and forgotten, alone and with a block', async () => {
      await store.setValues({ 'safety': 'k', 'statement/b': { time: 2 }, 'statement/a': { time: 1 }, 'sealed': Uint8Array.of(1) })
      const a = blockOf('a', null, packOfTexts(0, ['a']))
      await store.commit({ blocks: [a], values: { 'safety': undefined, 'statement/c': { time: 3 } } })
      await nowAndAgain(async () => {
        expect(await store.value('safety')).toBeNull()
        expect(await store.value('sealed')).toEqual(Uint8Array.of(1))
        expect(await store.values('statement/')).toEqual([['statement/a', { time: 1 }], ['statement/b', { time: 2 }], ['statement/c', { time: 3 }]])
      })
      await store.commit({ values: { 'statement/a': undefined } })
      expect(await store.values('statement/')).toHaveLength(2)
    })

    test('objects stay until they are dropped', async () => {
      const cid = cidOf(utf8('message'))
      await store.keepObject(cid, utf8('a message, ').subarray(2, 9))
      await grow(null, 'a', 'b', 'c', 'd', 'e', 'f')
      await pruned()
      await store.startOver()
      store = await opened.again()
      expect(await store.find(cid)).toEqual(utf8('message'))
      await store.dropObject(cid)
      expect(await store.find(cid)).toBeNull()
    })

    test('entries and rows that find them: all of a write or nothing, in the order of their keys', async () => {
      const { records } = store
      const keys = ['b/0', 'b/1', 'b', 'a/9', 'b0', 'c/', 'B/1']
      await records.write({ entries: new Map([['e1', utf8('an entry, ').subarray(3, 8)], ['e2', utf8('')]]), rows: new Map(keys.map(key => [key, { of: key, bytes: utf8(key) }])) }, 'strict')
      await expect(records.write({ entries: new Map([['e3', utf8('x')]]), rows: new Map([['z', () => 1]]) })).rejects.toThrow()
      await records.write({ entries: new Map([['e2', null]]), rows: new Map<string, unknown>([['b/1', { of: 'another' }], ['c/', null], ['nothing', null]]) })
      await grow(null, 'a', 'b', 'c', 'd', 'e', 'f')
      await pruned()
      await store.startOver()
      await nowAndAgain(async () => {
        expect(await store.records.entries(['e2', 'e1', 'e3', 'e1'])).toEqual([null, utf8('entry'), null, utf8('entry')])
        expect(await store.records.rows(['b', 'c/', 'b/1'])).toEqual([{ of: 'b', bytes: utf8('b') }, null, { of: 'another' }])
        expect(await store.records.keysBetween('', '~')).toEqual(['B/1', 'a/9', 'b', 'b/0', 'b/1', 'b0'])
        expect(await store.records.keysBetween('b/', 'b0')).toEqual(['b/0', 'b/1'])
        expect(await store.records.keysBetween('b', 'b/1', 1)).toEqual(['b'])
        expect(await store.records.between('b/0', 'b/~', 1)).toEqual([['b/0', { of: 'b/0', bytes: utf8('b/0') }]])
        expect(await store.records.between('b/1', 'b0', 9)).toEqual([['b/1', { of: 'another' }]])
        expect([await store.records.countBetween('a', 'c'), await store.records.countBetween('b/', 'b0'), await store.records.countBetween('x', 'a'), await store.records.countBetween('a', 'a')]).toEqual([5, 2, 0, 0])
        expect([await store.records.keysBetween('x', 'a'), await store.records.between('a', 'a')]).toEqual([[], []])
      })
    })

    test('what the blocks in range need stays, and nothing else', async () => {
      const a = await grow(null, 'a')
      const left = await grow(a, 'left 1', 'left 2')
      expect(await store.find(left.block)).toEqual(left.header)
      const f = await grow(a, 'b', 'c', 'd', 'e', 'f')
      expect(await store.find(f.block)).toEqual(f.header)
      expect(await store.body(left.root)).not.toBeNull()
      expect(await pruned()).toBeGreaterThan(3)
      expect(await pruned()).toBe(0)
      await nowAndAgain(async () => {
        expect(store.head?.root).toBe(f.root)
        expect(store.base?.number).toBe(2)
        expect(await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(async pack => await text(placeOf(pack, 0))))).toEqual([null, null, null, null, 'c', 'd', 'e', 'f'])
        expect([0, 1, 2, 3, 4, 5].flatMap(number => store.blocksAt(number)).map(({ number }) => number)).toEqual([2, 3, 4, 5])
        expect(await Promise.all([2, 3, 4, 5].flatMap(number => store.blocksAt(number)).map(async ({ root }) => await store.body(root) !== null))).toEqual([false, true, true, true])
        expect(await store.body(left.root)).toBeNull()
        expect(await store.find(left.block)).toBeNull()
        expect(await store.find(f.block)).toEqual(f.header)
      })
      const late = blockOf('late', left, packOfTexts(store.nextPack, ['late']))
      await expect(store.commit({ blocks: [late] })).rejects.toEqual(failing('not-found'))
    })

    test('a fork in range stays whole with the states it comes from', async () => {
      const c = await grow(null, 'a', 'b', 'c')
      const fork = await grow(c, 'fork 1', 'fork 2')
      await grow(c, 'd', 'e', 'f')
      await pruned()
      expect(store.base?.root).toBe(c.root)
      for (const root of [c.root, fork.root]) expect(await text(store.block(root)!.place)).not.toBeNull()
      const longer = await grow(fork, 'fork 3', 'fork 4')
      await pruned()
      expect(store.head?.root).toBe(longer.root)
      expect(store.blocksAt(4).map(({ parent }) => parent)).toEqual([store.base!.root])
    })

    test('a long branch goes leaves first, a little at a time', async () => {
      const a = await grow(null, 'a')
      let long = a
      for (let i = 0; i < 80; i++) long = await grow(long, `long ${i}`)
      await grow(a, 'b', 'c', 'd', 'e')
      let steps = 0
      for (let length = 80; store.base?.root === a.root; steps++) {
        expect(await store.pruneStep()).toBe(true)
        store = await opened.again()
        const rows = Array.from({ length: 81 }, (_, number) => store.blocksAt(number)).flat()
        expect(rows.every(({ root, parent }) => root === store.base?.root || store.block(parent ?? '') !== null)).toBe(true)
        expect(rows.length).toBeLessThan(length + 5)
        length = rows.length - 5
      }
      expect(steps).toBe(4)
      expect(store.blocksAt(5)).toEqual([])
      expect(await text(placeOf(80, 0))).toBeNull()
    })

    test('a pack goes once half of it is dead, and not before', async () => {
      const texts = ['1', '2', '3', '4', '5', '6'].map(each => each.repeat(100))
      let last = blockOf('a', null, packOfTexts(0, texts))
      await store.commit({ blocks: [last] })
      const replace = async (...indexes: number[]): Promise<readonly (string | undefined)[]> => {
        for (const each of [indexes.map(index => placeOf(0, index)), [], [], []]) {
          last = blockOf(`replace ${store.nextPack}`, last, packOfTexts(store.nextPack, ['new'], each))
          await store.commit({ blocks: [last], head: last.root })
        }
        await pruned()
        store = await opened.again()
        return await Promise.all(texts.map(async (_, index) => (await text(placeOf(0, index)))?.[0]))
      }
      expect(await replace(1, 3)).toEqual(['1', '2', '3', '4', '5', '6'])
      expect(await replace(0)).toEqual([undefined, undefined, '3', undefined, '5', '6'])
      expect(await replace(5)).toEqual([undefined, undefined, '3', undefined, '5', '6'])
      expect(await replace(2)).toEqual([undefined, undefined, undefined, undefined, '5', undefined])
      expect(await replace(4)).toEqual([undefined, undefined, undefined, undefined, undefined, undefined])
    })

    test('states fetched from peers take what was before them along', async () => {
      let last = await grow(null, 'a', 'b')
      for (const each of ['c', 'd', 'e', 'f']) {
        last = blockOf(each, last, unexecuted(each), null)
        await store.commit({ blocks: [last], head: last.root })
      }
      await pruned()
      expect(store.base?.number).toBe(2)
      await nowAndAgain(async () => { expect([await text(placeOf(0, 0)), await text(placeOf(1, 0))]).toEqual([null, null]) })
    })

    test('begun anew it has none of the old, and old places lead nowhere', async () => {
      await store.setValues({ safety: 'k' })
      await grow(null, 'a', 'b', 'c', 'd', 'e')
      await store.startOver()
      await nowAndAgain(async () => {
        expect([store.head, store.base, store.blocksAt(1), store.nextPack, await store.value('safety'), await text(placeOf(4, 0))]).toEqual([null, null, [], 5, 'k', null])
      })
      const checkpoint = { ...blockOf('x', null, packOfTexts(5, ['x'])), number: 900, parent: cidOf(utf8('unknown')) }
      await store.commit({ blocks: [checkpoint] })
      expect(await text(placeOf(5, 0))).toBe('x')
      expect(await pruned()).toBe(0)
    })

    test('it begins from one state and the headers that lead to it at once, in place of all there was', async () => {
      await store.setValues({ safety: 'k' })
      await grow(null, 'a', 'b', 'c')
      const before = store.head
      const header = (called: string, number: number, parent: NewBlock | null): NewBlock => ({ ...blockOf(called, parent, unexecuted(`state of ${called}`), null), number, parent: parent?.root ?? cidOf(utf8('unknown')) })
      const x = header('x', 900, null)
      const y = header('y', 901, x)
      const z: NewBlock = { ...header('z', 902, y), state: packOfTexts(3, ['leaf', 'of z']) }
      for (const bad of [[], [x, y], [x, z], [z, z], [x, { ...y, parent: z.root }, z], [x, y, { ...z, state: packOfTexts(4, ['z']) }]]) await expect(store.startFrom(bad)).rejects.toEqual(failing('bad-input'))
      expect([store.head, await text(placeOf(2, 0))]).toEqual([before, 'c'])
      await store.startFrom([x, y, z])
      await nowAndAgain(async () => {
        expect([store.head?.root, store.base?.root, store.nextPack, store.head?.place]).toEqual([z.root, z.root, 4, placeOf(3, 1)])
        expect([store.block(x.root)?.place, store.block(y.root)?.place, store.childrenOf(x.root).map(({ root }) => root)]).toEqual([null, null, [y.root]])
        expect([await text(placeOf(2, 0)), await text(placeOf(3, 0)), await text(placeOf(3, 1))]).toEqual([null, 'leaf', 'of z'])
        expect([store.block(before!.root), await store.body(before!.root), await store.value('safety'), await store.find(x.block)]).toEqual([null, null, 'k', x.header])
      })
      const late = { ...blockOf('late', x, packOfTexts(4, ['late'])) }
      await expect(store.commit({ blocks: [late] })).rejects.toEqual(failing('not-found'))
      let last: NewBlock = z
      for (const each of ['d', 'e', 'f', 'g', 'h']) last = await grow(last, each)
      await pruned()
      await nowAndAgain(async () => {
        expect([store.head?.root, store.base?.number, store.block(y.root), await text(placeOf(3, 1))]).toEqual([last.root, 904, null, null])
      })
    })

    test('the local trie keeps its latest root', async () => {
      const size = 20
      let before: readonly Place[] = []
      for (let i = 0; i < size; i++) {
        const { nextPack } = store.local
        await store.local.commit(packOfTexts(nextPack, [`old ${i}`, `new ${i}`], before))
        before = [placeOf(nextPack, 0), placeOf(nextPack, 1)]
      }
      await pruned()
      store = await opened.again()
      const { root, nodes, nextPack } = store.local
      expect([root?.place, nextPack]).toEqual([placeOf(size - 1, 1), size])
      const found = await nodes.load(Array.from({ length: size }, (_, pack) => ({ digest: root!.digest, place: placeOf(pack, 0) })))
      expect(found.map(node => node === null ? null : fromUtf8(node.bytes))).toEqual([...Array.from({ length: size - 1 }, () => null), `old ${size - 1}`])
    })

    test('headers stay longer than states where they are wanted', async () => {
      await opened.end()
      opened = await open({ ...range, headers: 6 })
      ;({ store } = opened)
      const names = Array.from({ length: 12 }, (_, i) => `block ${i}`)
      const last = await grow(null, ...names)
      await pruned()
      await nowAndAgain(async () => {
        expect(store.base?.number).toBe(8)
        const kept = names.flatMap((_, number) => store.blocksAt(number))
        expect(kept.map(({ number, place }) => [number, place !== null])).toEqual([[5, false], [6, false], [7, false], [8, true], [9, true], [10, true], [11, true]])
        const [oldest, next] = kept
        expect(fromUtf8(oldest!.header)).toBe('header of block 5')
        expect(store.childrenOf(oldest!.root)).toEqual([next])
        expect([await store.body(next!.root), await store.find(next!.block)]).toEqual([null, next!.header])
      })
      const late = blockOf('late', { ...last, root: store.blocksAt(6)[0]!.root, number: 6 }, packOfTexts(store.nextPack, ['late']))
      await expect(store.commit({ blocks: [late] })).rejects.toEqual(failing('not-found'))
      expect(await pruned()).toBe(0)
    })

    test('blocks are added, states read and the old pruned all at once', async () => {
      let last = await grow(null, 'a')
      const stop = new AbortController()
      const pruning = store.prune(async () => {
        await new Promise(resolve => { setTimeout(resolve) })
        return !stop.signal.aborted
      })
      const reading = (async () => {
        let reads = 0
        for (; !stop.signal.aborted; reads++) {
          const { head } = store
          expect(await text(head!.place)).toBe(fromUtf8(head!.header)?.slice('header of '.length))
          await new Promise(resolve => { setTimeout(resolve) })
        }
        return reads
      })()
      for (let i = 0; i < 30; i++) {
        last = await grow(last, `block ${i}`)
        await new Promise(resolve => { setTimeout(resolve) })
      }
      stop.abort()
      await pruning
      expect(await reading).toBeGreaterThan(5)
      await pruned()
      expect(store.head!.root).toBe(last.root)
      expect(store.base!.number).toBe(27)
      expect(await Promise.all(Array.from({ length: 31 }, async (_, pack) => await text(placeOf(pack, 0)) !== null))).toEqual(Array.from({ length: 31 }, (_, pack) => pack >= 27))
    })

    test('pruning stops when there is no time, and goes on', async () => {
      await grow(null, 'a', 'b', 'c', 'd', 'e', 'f')
      let left = 2
      await store.prune(async () => left-- > 0)
      expect(store.base?.number).toBe(2)
      await store.prune(async () => true)
      expect(await text(placeOf(0, 0))).toBeNull()
    })

    test('closed, it says so', async () => {
      const a = blockOf('a', null, packOfTexts(0, ['a']))
      await store.close()
      await expect(store.commit({ blocks: [a] })).rejects.toEqual(failing('storage-lost'))
      await expect(store.value('safety')).rejects.toEqual(failing('storage-lost'))
      await expect(store.nodes.load([a.state.root])).rejects.toEqual(failing('storage-lost'))
      expect(store.head).toBeNull()
    })
  })
}
