import { beforeEach, expect, test } from 'vitest'
import { limits, type Address, type Cid, type ErrorCode } from '../../../src/base/index.ts'
import type { AttachmentName } from '../../../src/peer/attachment-name.ts'
import { Attachments } from '../../../src/peer/attachments.ts'
import type { ContentRow } from '../../../src/store/index.ts'

const [cid, root] = ['a'.repeat(64), 'b'.repeat(64)]
let now = 0
let row: ContentRow
let lies: readonly string[] = []
let truth: Cid | null = root
let people: readonly Address[] | null = []
let sought: string[] = []
let asked: AttachmentName[] = []
let attachments: Attachments

const settled = async () => { await new Promise(done => { setTimeout(done, 2) }) }
const look = async () => {
  await attachments.tick()
  await settled()
}
const failed = (code: ErrorCode) => { row = { ...row, status: 'FAILED', problem: { code, message: '', data: {} } } }

beforeEach(() => {
  [now, lies, truth, people, sought, asked] = [1000, [], root, [], [], []]
  row = {
    cid, kind: 'z', infohash: '0'.repeat(40), size: 100, title: '', origin: 'got', status: 'PENDING', path: 'p', staging: 's', info: null, members: null, paused: false, giving: true, given: 0, addedAt: 0,
    problem: null, reasons: ['attachment'], sealed: null, findable: false, trashedAt: null, relays: [], attachment: { root, from: 'T/1', tries: 0, nextAt: 0, checked: false },
  }
  attachments = new Attachments({
    clock: { now: () => now }, rows: () => [row], received: () => 0,
    async change(_, edit) { row = await Promise.resolve(edit(row)) },
    async engage() { await Promise.resolve() },
    async root() {
      if (truth === null) throw new Error('not now')
      return await Promise.resolve(truth)
    },
    falseOnes: () => lies,
    async setFalse(refs) { lies = await Promise.resolve(refs) },
    async visitors(name) {
      asked.push(name)
      if (people === null) throw new Error('no ledger')
      return await Promise.resolve(people)
    },
    seek(all) { sought.push(all.join()) },
  })
})

test.each(['attachment-false', 'wrong-bytes', 'wrong-info'] as const)('%s: the message is false, and the file is never fetched for it again', async code => {
  failed(code)
  await look()
  expect(lies).toEqual(['T/1'])
  expect(attachments.mayCome(row)).toBe(false)
  expect(() => { attachments.refuseFalse(row.attachment) }).toThrow(expect.objectContaining({ code: 'attachment-false' }))
  now += 10 * limits.attachmentPauseMs
  await look()
  expect(row.status).toBe('FAILED')
  expect(lies).toEqual(['T/1'])
})

test('any other failure is no verdict', async () => {
  failed('storage-full')
  await look()
  expect(lies).toEqual([])
  expect(() => { attachments.refuseFalse(row.attachment) }).not.toThrow()
})

test('what is whole is compared with the root that its message says, once', async () => {
  row = { ...row, status: 'SEEDING' }
  truth = null
  await look()
  expect([lies, row.attachment?.checked]).toEqual([[], false])
  truth = root
  await look()
  expect([lies, row.attachment?.checked]).toEqual([[], true])
  truth = cid
  await look()
  expect(lies).toEqual([])
})

test('a root of another file makes the message false; the file stays', async () => {
  row = { ...row, status: 'SEEDING' }
  truth = cid
  await look()
  expect([lies, row.status, row.attachment?.checked]).toEqual([['T/1'], 'SEEDING', true])
})

test('of very many the oldest is forgotten', async () => {
  lies = Array.from({ length: limits.falseAttachments }, (_, i) => `T/${i + 10}`)
  failed('wrong-info')
  await look()
  expect([lies.length, lies[0], lies.at(-1)]).toEqual([limits.falseAttachments, 'T/11', 'T/1'])
})

test('people whom the ledger names are asked first while it comes, looked up again with each try, and then no more', async () => {
  people = null
  await look()
  people = ['T b', 'T a']
  await look()
  await look()
  expect(sought).toEqual(['T a,T b'])
  const before = asked.length
  await look()
  expect(asked.length).toBe(before)
  now += limits.attachmentTryMs
  await look()
  now += 2000
  await look()
  await look()
  expect(asked.length).toBe(before + 1)
  expect(asked[0]).toMatchObject({ root, from: 'T/1' })
  row = { ...row, status: 'SEEDING' }
  await look()
  expect(sought).toEqual(['T a,T b', '', 'T a,T b', ''])
})
