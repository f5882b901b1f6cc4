import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deleting, putting, type Change, type ContentRow, type Database, type JobRow } from '../../src/store/index.ts'

export const contentRow = (cid: string, more: Partial<ContentRow> = {}): ContentRow => ({
  cid, kind: 'z', infohash: 'ab'.repeat(20), size: 3, title: 'Title', origin: 'shared', status: 'SEEDING', path: `archives/${cid}.tgz`, staging: null,
  info: Uint8Array.of(1, 2, 3), members: [{ path: 'a/b', size: 1, offset: 512 }], paused: false, giving: true, given: 0, addedAt: 1000, problem: null, reasons: ['own'], sealed: null, findable: false, trashedAt: null, relays: [], ...more,
})

export const jobRow = (id: string, more: Partial<JobRow> = {}): JobRow => ({
  id, title: 'Title', files: 1, bytes: 5, state: 'PREPARING', staging: `tmp/jobs/${id}/archive.tgz`, problem: null, startedAt: 1000, options: { protect: false, findable: false }, ...more,
})

const failing = (code: string): unknown => expect.objectContaining({ name: 'HoldfastError', code })

/** What every driver of `Database` does. */
export function databaseSuite(name: string, open: () => Promise<{ readonly database: Database, readonly end: () => Promise<void> }>): void {
  describe(`Database: ${name}`, () => {
    let database: Database
    let end: () => Promise<void>
    beforeEach(async () => { ({ database, end } = await open()) })
    afterEach(async () => { await end() })

    test('an empty one has nothing', async () => {
      expect(await database.get('content', 'a')).toBeNull()
      expect(await database.getAll('jobs')).toEqual([])
      expect(await database.setting('consent')).toBeNull()
    })

    test('rows of every store come back as they were, by their keys', async () => {
      const progress = { cid: 'a', bitfield: Uint8Array.of(255, 128), received: 9 }
      const peer = { peerId: 'p', record: Uint8Array.of(7), seen: 5 }
      const blocked = { hash: 'ab'.repeat(32), addedAt: 7 }
      const opened = { cid: 'o', infohash: 'cd'.repeat(20), size: 9, kind: 'z' as const, name: 'n', sealed: { iv: Uint8Array.of(1), ct: Uint8Array.of(2, 3) }, relays: ['relay.example'], openedAt: 8 }
      await database.put('content', contentRow('a'))
      await database.put('progress', progress)
      await database.put('jobs', jobRow('j', { problem: { code: 'storage-full', message: 'full', data: { size: 5 } } }))
      await database.put('peers', peer)
      await database.put('blocked', blocked)
      await database.put('opened', opened)
      expect(await database.get('content', 'a')).toEqual(contentRow('a'))
      expect(await database.get('progress', 'a')).toEqual(progress)
      expect(await database.get('jobs', 'j')).toEqual(jobRow('j', { problem: { code: 'storage-full', message: 'full', data: { size: 5 } } }))
      expect(await database.get('peers', 'p')).toEqual(peer)
      expect(await database.get('blocked', blocked.hash)).toEqual(blocked)
      expect(await database.get('opened', 'o')).toEqual(opened)
      expect(await database.get('jobs', 'a')).toBeNull()
    })

    test('all rows in the order of their keys', async () => {
      for (const cid of ['b', 'c', 'a', 'B']) await database.put('content', contentRow(cid))
      expect((await database.getAll('content')).map(({ cid }) => cid)).toEqual(['B', 'a', 'b', 'c'])
    })

    test('a row is replaced, deleted, and deleted again', async () => {
      await database.put('content', contentRow('a'))
      await database.put('content', contentRow('a', { title: 'New' }))
      expect((await database.getAll('content')).map(({ title }) => title)).toEqual(['New'])
      await database.delete('content', 'a')
      await database.delete('content', 'a')
      expect(await database.getAll('content')).toEqual([])
    })

    test('what goes in and comes out is a copy', async () => {
      const bitfield = Uint8Array.of(1)
      await database.put('progress', { cid: 'a', bitfield, received: 0 })
      bitfield[0] = 9
      const read = await database.get('progress', 'a')
      read?.bitfield.fill(5)
      expect((await database.get('progress', 'a'))?.bitfield).toEqual(Uint8Array.of(1))
    })

    test('settings keep their types', async () => {
      await database.set('device-key', new Uint8Array(32).fill(3))
      await database.set('consent', 'agreed')
      await database.set('sharing', false)
      await database.set('seq', 12)
      await database.set('network', { name: 'n', relays: ['/dns/x'], trackers: [], stun: [] })
      await database.set('consent', 'declined')
      await database.set('rates', { up: 500_000, down: null })
      await database.set('metered', 'give')
      await database.set('extra-relays', ['relay.example'])
      expect(await database.setting('device-key')).toEqual(new Uint8Array(32).fill(3))
      expect(await database.setting('consent')).toBe('declined')
      expect(await database.setting('sharing')).toBe(false)
      expect(await database.setting('seq')).toBe(12)
      expect((await database.setting('network'))?.relays).toEqual(['/dns/x'])
      expect(await database.setting('rates')).toEqual({ up: 500_000, down: null })
      expect(await database.setting('metered')).toBe('give')
      expect(await database.setting('extra-relays')).toEqual(['relay.example'])
    })

    test('a setting is settled once, by whoever is first', async () => {
      const settled = await Promise.all([7, 8, 9].map(async seq => await database.settle('seq', seq)))
      expect(settled).toEqual([7, 7, 7])
      expect(await database.setting('seq')).toBe(7)
      await database.set('seq', 12)
      expect(await database.settle('seq', 13)).toBe(12)
    })

    test('keys are kept as keys', async () => {
      const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt'])
      await database.settle('seal-key', key)
      expect(await database.setting('seal-key')).toMatchObject({ type: 'secret', extractable: false, usages: ['encrypt'] })
    })

    test('changes over several stores are made together, in their order', async () => {
      await database.put('jobs', jobRow('j'))
      await database.write([putting('content', contentRow('a', { title: 'First' })), deleting('jobs', 'j'), putting('content', contentRow('a')), deleting('progress', 'none')])
      await database.write([])
      expect(await database.getAll('jobs')).toEqual([])
      expect(await database.get('content', 'a')).toEqual(contentRow('a'))
    })

    test('a change that cannot be made undoes the others', async () => {
      await database.put('jobs', jobRow('j'))
      const impossible: Change = { store: 'content', key: 'b', row: { ...contentRow('b'), title: (() => 'no text') as unknown as string } }
      await expect(database.write([putting('content', contentRow('a')), deleting('jobs', 'j'), impossible])).rejects.toEqual(failing('internal'))
      expect(await database.getAll('content')).toEqual([])
      expect(await database.getAll('jobs')).toEqual([jobRow('j')])
      await database.put('content', contentRow('a'))
    })

    test('many at once', async () => {
      await Promise.all(Array.from({ length: 200 }, async (_, i) => { await database.put('progress', { cid: String(i), bitfield: new Uint8Array(100), received: i }) }))
      expect((await database.getAll('progress')).length).toBe(200)
    })

    test('closed, it says so', async () => {
      await database.close()
      await database.close()
      await expect(database.get('content', 'a')).rejects.toEqual(failing('storage-lost'))
      await expect(database.getAll('content')).rejects.toEqual(failing('storage-lost'))
      await expect(database.put('content', contentRow('a'))).rejects.toEqual(failing('storage-lost'))
    })
  })
}
