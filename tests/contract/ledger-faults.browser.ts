import { deleteDB, openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { encodeCbor, toHex, utf8, type HoldfastError } from '../../src/base/index.ts'
import { Hamt } from '../../src/hamt/index.ts'
import { ledgerName, openLedgerStore, type LedgerStore, type NewBlock } from '../../src/store/index.ts'
import { ledgerVersion } from '../../src/store/ledger/idb-records.ts'
import { ChainWriter, reachable, readWhole, stateOf, statesAfter } from '../support/ledger-chain.ts'
import { stateOfHead, storyRange } from './support/ledger-story.ts'

interface Values { readonly last: string }
type Store = LedgerStore<Values>

let id: Uint8Array
const open = async (onClosed?: (reason: HoldfastError) => void): Promise<Store> => await openLedgerStore<Values>(id, { range: storyRange, ...onClosed === undefined ? {} : { onClosed } })
beforeEach(() => { id = crypto.getRandomValues(new Uint8Array(8)) })
afterEach(async () => { await deleteDB(ledgerName(id)) })

async function addBlock(store: Store, name: string, parent: NewBlock | null, { isHead = true, body = new Uint8Array(10) } = {}): Promise<NewBlock> {
  const { block } = await new ChainWriter(store).make(name, parent)
  await store.commit({ blocks: [{ ...block, body: { ...block.body, bytes: body } }], ...isHead ? { head: block.root } : {}, values: { last: name } })
  return block
}

/** Every state of the store and its local trie, each node checked. */
async function everything(store: Store): Promise<void> {
  if (store.base !== null) await reachable(store)
  if (store.local.root !== null) await readWhole(store.local.nodes, store.local.root)
}

describe('one writer', () => {
  test('a second one is told so, and begins once the first is gone', async () => {
    const first = await open()
    await addBlock(first, 'a', null)
    await expect(open()).rejects.toMatchObject({ code: 'storage-busy', data: { name: ledgerName(id) } })
    await addBlock(first, 'b', null).catch(() => undefined) // refused, as it has no parent; but not for want of a database
    await first.close()
    const second = await open()
    expect(second.head?.number).toBe(0)
    await second.close()
  })

  test('a newer version of the app takes it over, an older one stays away', async () => {
    const reasons: HoldfastError[] = []
    const old = await open(reason => reasons.push(reason))
    const newer = await openDB(ledgerName(id), ledgerVersion + 1)
    expect(reasons.map(({ code }) => code)).toEqual(['storage-newer'])
    await expect(addBlock(old, 'a', null)).rejects.toMatchObject({ code: 'storage-newer' })
    expect((await navigator.locks.query()).held?.filter(({ name }) => name === ledgerName(id))).toEqual([])
    newer.close()
    await expect(open()).rejects.toMatchObject({ code: 'storage-newer' })
  })
})

describe('a write that fails', () => {
  const methods = ['put', 'delete', 'clear'] as const
  const real = { put: IDBObjectStore.prototype.put, delete: IDBObjectStore.prototype.delete, clear: IDBObjectStore.prototype.clear }
  let writes = 0
  let most = Number.POSITIVE_INFINITY
  beforeEach(() => {
    for (const method of methods) {
      Object.assign(IDBObjectStore.prototype, {
        [method](this: IDBObjectStore, ...args: unknown[]) {
          const request = Reflect.apply(real[method], this, args) as IDBRequest
          if (++writes > most) request.addEventListener('success', () => { this.transaction.abort() }) // those before it are done, others on their way
          return request
        },
      })
    }
  })
  afterEach(() => {
    most = Number.POSITIVE_INFINITY
    Object.assign(IDBObjectStore.prototype, real)
  })

  const blocks = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  /** What is done, one after the other, each again after it failed. */
  const acts: readonly ((store: Store, made: Map<string, NewBlock>) => Promise<void>)[] = [
    ...blocks.flatMap((name, i) => [
      async (store: Store, made: Map<string, NewBlock>) => { made.set(name, await addBlock(store, name, made.get(blocks[i - 1] ?? '') ?? null)) },
      ...i === 1 ? [async (store: Store, made: Map<string, NewBlock>) => { made.set('side', await addBlock(store, 'side', made.get('a')!, { isHead: false })) }] : [],
      ...i === 2 || i === 5 ? [async (store: Store) => {
        const trie = store.local.root === null ? Hamt.empty(store.local.nodes) : await Hamt.open(store.local.nodes, store.local.root)
        await trie.update(Array.from({ length: 20 }, (_, n) => ({ key: utf8(`peer/${n}`), value: encodeCbor(`at ${i}`) })))
        await store.local.commit(trie.commit(store.local.nextPack))
      }] : [],
    ]),
    async store => { while (await store.pruneStep()); },
    async store => { await store.setValues({ last: 'end' }) },
  ]

  test('whichever it is, leaves what was there, and all goes on', { timeout: 120_000 }, async () => {
    const states = await statesAfter(blocks)
    const tell = async (failing: number): Promise<{ writes: number, end: unknown }> => {
      id = crypto.getRandomValues(new Uint8Array(8))
      writes = 0
      most = failing
      const made = new Map<string, NewBlock>()
      let store = await open()
      let last: string | null = null
      for (const [i, act] of acts.entries()) {
        const before = [store.head?.root, store.base?.root, store.nextPack, store.local.root?.digest]
        try {
          await act(store, made)
        } catch (error) {
          expect(error).toMatchObject({ code: 'storage-full' })
          if (i !== acts.length - 2) expect([store.head?.root, store.base?.root, store.nextPack, store.local.root?.digest]).toEqual(before)
          await everything(store)
          await store.close()
          most = Number.POSITIVE_INFINITY
          store = await open()
          expect(store.head?.root).toBe(before[0])
          expect(await store.value('last')).toBe(last)
          await everything(store)
          await act(store, made)
        }
        last = await store.value('last')
        expect(stateOfHead(store)).toBe(states[store.head!.number])
      }
      await everything(store)
      const end = [[...(await reachable(store)).keys()].toSorted((a, b) => a - b), store.base?.number, await store.value('last'), store.childrenOf(made.get('a')!.root).length]
      await store.close()
      await deleteDB(ledgerName(id))
      return { writes, end }
    }
    const whole = await tell(Number.POSITIVE_INFINITY)
    expect(whole.writes).toBeGreaterThan(60)
    for (let failing = 0; failing < whole.writes; failing++) expect((await tell(failing)).end).toEqual(whole.end)
  })
})

test('a worker that is killed at any moment leaves its last block, or the one it was at', { timeout: 120_000 }, async () => {
  const states: string[] = []
  const expected = async (number: number): Promise<string | undefined> => {
    if (number >= states.length) states.splice(0, states.length, ...await statesAfter(Array.from({ length: 2 * number + 50 }, (_, i) => `block ${i}`)))
    return states[number]
  }
  const failures: string[] = []
  let number = -1
  for (let round = 0; round < 40; round++) {
    const worker = new Worker(new URL('./support/ledger.worker.ts', import.meta.url), { type: 'module', name: toHex(id) })
    const told = Promise.withResolvers<null>()
    let wait = Math.floor(4 * Math.random()) // blocks, so that it comes on however slow the machine is
    worker.onerror = event => {
      failures.push(event.message)
      told.resolve(null)
    }
    worker.onmessage = ({ data }: MessageEvent<number>) => {
      number = data
      worker.postMessage('on')
      if (wait-- <= 0) told.resolve(null)
    }
    await told.promise
    await new Promise(resolve => { setTimeout(resolve, 20 * Math.random()) })
    worker.terminate()
    worker.onmessage = null
    expect(failures).toEqual([])
    const store = await open()
    expect([number, number + 1]).toContain(store.head?.number ?? -1)
    if (store.head !== null) expect(stateOfHead(store)).toBe(await expected(store.head.number))
    await everything(store)
    if (round % 8 === 7) {
      while (await store.pruneStep());
      await everything(store)
    }
    await store.close()
  }
  expect(number).toBeGreaterThan(20)
})

test('a full disk is said, nothing of the block is there, and a smaller one still fits', { timeout: 60_000 }, async () => {
  const noise = (bytes: number) => {
    const all = new Uint8Array(bytes)
    for (let at = 0; at < bytes; at += 65_536) crypto.getRandomValues(all.subarray(at, Math.min(bytes, at + 65_536)))
    return all
  }
  // A bucket of its own, with its own limit: of the one all other tests use, Chromium remembers for a while how much room it found.
  const { storageBuckets } = navigator as unknown as { storageBuckets: { open(name: string, options: { quota: number }): Promise<{ readonly indexedDB: IDBFactory }>, delete(name: string): Promise<void> } }
  const bucket = `small-${toHex(id)}`
  const { indexedDB } = await storageBuckets.open(bucket, { quota: 4_000_000 })
  vi.stubGlobal('indexedDB', indexedDB)
  onTestFinished(async () => {
    vi.unstubAllGlobals()
    await storageBuckets.delete(bucket)
  })
  const store = await open()
  const a = await addBlock(store, 'a', null)
  await expect(addBlock(store, 'b', a, { body: noise(12_000_000) })).rejects.toMatchObject({ code: 'storage-full' })
  expect([store.head?.root, await store.value('last')]).toEqual([a.root, 'a'])
  // What Chromium had written of the large one counts until it has deleted it, which takes longer on a busy machine.
  await expect.poll(async () => await addBlock(store, 'b', a).then(() => 'fits', (error: unknown) => (error as HoldfastError).code)).toBe('fits')
  expect([store.head?.number, await store.value('last')]).toEqual([1, 'b'])
  const [b] = store.blocksAt(1)
  expect(stateOfHead(store)).toBe((await statesAfter(['a', 'b']))[1])
  await everything(store)
  await store.close()
  const again = await open()
  expect(again.head?.root).toBe(b!.root)
  await readWhole(again.nodes, stateOf(again.head!))
  await again.close()
})
