import { beforeEach, expect, test } from 'vitest'
import { HoldfastError, limits } from '../../../src/base/index.ts'
import type { BookService } from '../../../src/peer/book-api.ts'
import { AttachmentStarts, type NamedFile } from '../../../src/peer/attachment-starts.ts'
import type { Served } from '../../../src/peer/tab-rpc.ts'
import { threadActs } from '../../../src/peer/thread-acts.ts'
import type { ThreadMessage } from '../../../src/peer/thread-api.ts'
import { formatLink } from '../../../src/content/index.ts'
import { mara, said } from '../../support/ui-states.ts'

const cid = (digit: string): string => digit.repeat(64)
const named = (digit: string, size = 1000, from = `${mara}/${digit}`): NamedFile => ({ link: { cid: cid(digit), infohash: digit.repeat(40), kind: 'z', size, name: digit, sealed: null, relays: [] }, attachment: { root: cid('c'), from } })

let [may, left, here, got]: [boolean, readonly string[], Set<string>, string[]] = [true, [], new Set(), []]
let failing = ''
const starts = new AttachmentStarts({
  may: () => may,
  row: each => here.has(each) ? { status: 'SEEDING' } : undefined,
  isFalse: from => from.endsWith('/f'),
  left: () => left,
  setLeft: async refs => { left = await Promise.resolve(refs) },
  async get({ link }) {
    await Promise.resolve()
    if (link.cid === failing) throw new HoldfastError('blocked')
    got.push(link.name)
  },
})
beforeEach(() => { [may, left, here, got, failing] = [true, [], new Set(), [], ''] })

test('small ones begin; large, false, known and once refused ones do not', async () => {
  here.add(cid('2'))
  failing = cid('3')
  left = [`${mara}/4`]
  await starts.begin([named('1'), named('2'), named('3'), named('4'), named('f'), named('5', limits.attachmentUnaskedBytes + 1), named('6', limits.attachmentUnaskedBytes)])
  expect(got).toEqual(['1', '6'])
})

test('nothing begins on a metered line, or while all giving is stopped; and never more than so many', async () => {
  may = false
  await starts.begin([named('1')])
  expect(got).toEqual([])
  may = true
  await starts.begin(Array.from({ length: limits.attachmentsUnasked + 9 }, () => named('1')))
  expect(got).toHaveLength(limits.attachmentsUnasked)
})

test('what the person takes off is remembered by its message, the oldest for so long', async () => {
  await starts.leave({})
  expect(left).toEqual([])
  await starts.leave({ attachment: { root: cid('c'), from: `${mara}/1`, tries: 0, nextAt: 0, checked: false } })
  await starts.begin([named('1')])
  expect([left, got]).toEqual([[`${mara}/1`], []])
})

test('of what is on show the files of others come, the newest first, as their messages say', async () => {
  const asked: (readonly NamedFile[])[] = []
  const acts = threadActs({
    ledger: () => ({}) as Served<BookService>, state: () => ({ items: [], sharing: true }),
    network: () => ({ sections: async () => await Promise.reject(new Error('not asked')), beginAttachments: async files => { await Promise.resolve(asked.push(files)) } }),
  })
  const message = (digit: string, change: Partial<ThreadMessage> = {}, ready = true): ThreadMessage => ({
    ...said[2]!, id: cid(digit), own: false, ...change,
    attachment: { cid: cid(digit), infohash: digit.repeat(40), size: 5, title: null, said: ready ? { root: cid('c'), from: `${mara}/${digit}` } : null, link: `https://x.example/${formatLink({ cid: cid(digit), infohash: digit.repeat(40), size: 5, kind: 'z', name: '', key: null, relays: [] })}` },
  })
  await acts.beginSmall([message('1'), message('2', { own: true }), message('3', {}, false), { ...said[0]!, attachment: null }, message('4')])
  expect(asked).toMatchObject([[{ link: { cid: cid('4'), size: 5, sealed: null }, attachment: { from: `${mara}/4` } }, { link: { cid: cid('1') } }]])
  await acts.beginSmall([message('2', { own: true })])
  expect(asked).toHaveLength(1)
})
