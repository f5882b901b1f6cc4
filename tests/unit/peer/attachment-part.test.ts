import { beforeEach, expect, test } from 'vitest'
import { encode, type Cid } from '../../../src/base/index.ts'
import type { IdentityState } from '../../../src/keys/index.ts'
import { encodeReceipt, judgeReceiptBytes, receiptDigest, signReceipt, type Receipt, type UnsignedReceipt } from '../../../src/ledger/index.ts'
import { AttachmentPart, type AttachmentLine } from '../../../src/peer/attachment-part.ts'
import type { DeskParts } from '../../../src/peer/desk-parts.ts'
import type { ReceiptWish } from '../../../src/peer/receipt-desk.ts'
import { account, attachmentLog, keys, noAccount, type Visit } from '../../../src/state/index.ts'
import { signatures, somebody } from '../../support/ledger.ts'

const network = '00112233445566ff'
const [ann, ben, cleo, dan] = ['Ann', 'Ben', 'Cleo', 'Dan'].map(somebody) as [ReturnType<typeof somebody>, ReturnType<typeof somebody>, ReturnType<typeof somebody>, ReturnType<typeof somebody>]
const root: Cid = 'ab'.repeat(32)
const identityOf = (address: string, locked = false): IdentityState => ({ address, backedUp: null, passphrase: locked, locked })

let now = 0
let due: number | null = 5
let whose: IdentityState | null = null
let wishes: ReceiptWish[] = []
let replies: Uint8Array[] = []
let logged: Receipt[] = []
let asked: number[] = []
let rows = new Map<string, Uint8Array>()
let handlers: Parameters<AttachmentLine['serve']>[0] = null
let part: AttachmentPart

const settled = async () => { await new Promise(done => { setTimeout(done, 2) }) }
const receiptFor = (server: string, changed: Partial<UnsignedReceipt> = {}): Uint8Array =>
  encodeReceipt(signReceipt({ server, serverNonce: 8n, visitor: ben.address, attachment: root, percent: 50, charge: 0n, time: 9, ...changed }, network, ben.secret, signatures))

beforeEach(() => {
  [now, due, whose, wishes, replies, logged, asked, rows] = [60_000, 5, identityOf(ann.address), [], [], [], [], new Map()]
  const parts = {
    network, identity: () => whose,
    ledger: { signatures, account: async () => await Promise.resolve({ ...noAccount, mined: 7n }) },
    sync: {
      get status() { return { due } },
      log: (receipt: Receipt) => { logged.push(receipt) },
      async read(names: readonly string[]) {
        asked.push(names.length)
        return await Promise.resolve({ root, values: names.map(name => rows.get(name) ?? null) })
      },
    },
    keys: { sign: async (kind: string, of: string, value: UnsignedReceipt) => await Promise.resolve(kind === 'receipt' && of === network ? signatures.sign(receiptDigest(value, network), ben.secret) : new Uint8Array(65)) },
  } as unknown as DeskParts
  part = new AttachmentPart(parts, {
    serve(served) { handlers = served },
    async receipts(wish) {
      wishes.push(wish)
      return await Promise.resolve(replies)
    },
  }, { now: () => now })
})

test('receipts for the own account, and its next block, go to the peer; others, and what is none, do not', async () => {
  replies = [receiptFor(ann.address), receiptFor(cleo.address), receiptFor(ann.address).slice(1), encodeReceipt({ ...signReceipt({ server: ann.address, serverNonce: 8n, visitor: ben.address, attachment: root, percent: 50, charge: 0n, time: 9 }, network, cleo.secret, signatures) })]
  part.onHead()
  await settled()
  expect(wishes).toEqual([{ server: ann.address, serverNonce: 8n, time: 60 }])
  expect(logged.map(({ visitor, server }) => [visitor, server])).toEqual([[ben.address, ann.address]])
  part.onHead()
  part.onStatus()
  await settled()
  expect(wishes.length).toBe(1) // a moment ago
  now += 5000
  part.onStatus()
  await settled()
  expect(wishes.length).toBe(2)
})

test.each([['no block is due', () => { due = null }], ['nobody is known', () => { whose = null }], ['the key is locked', () => { whose = identityOf(ann.address, true) }]])('nobody is asked while %s', async (_, change) => {
  change()
  part.onHead()
  await settled()
  expect(wishes).toEqual([])
})

test('a receipt is signed as the person of this device, for anybody but oneself', async () => {
  const words = { server: cleo.address, serverNonce: 3n, attachment: root, percent: 100, charge: 0n, time: 9 }
  whose = identityOf(ben.address)
  const signed = await handlers!.receipt(words)
  expect(signed.ok && judgeReceiptBytes(signed.value, network, signatures)).toMatchObject({ ok: true, value: { ...words, visitor: ben.address } })
  expect(await handlers!.receipt({ ...words, server: ben.address })).toMatchObject({ ok: false })
  whose = identityOf(ben.address, true)
  expect(await handlers!.receipt(words)).toMatchObject({ ok: false })
  whose = null
  expect(await handlers!.receipt(words)).toMatchObject({ ok: false })
})

test('who holds an attachment: its author, those its newest blocks tell of, and those they gave it to', async () => {
  const log = (server: string, mined: bigint, visits: readonly Visit[]) => { rows.set(keys.minedAttachments(server, mined).name, encode(attachmentLog, visits)) }
  const visit = (visitor: string, attachment = root): Visit => ({ visitor, attachment, percent: 100, charge: 0n })
  for (const [{ address }, mined] of [[ann, 100n], [ben, 2n]] as const) rows.set(keys.account(address).name, encode(account, { ...noAccount, mined }))
  log(ann.address, 100n, [visit(ben.address), visit(dan.address, 'cd'.repeat(32))])
  log(ann.address, 52n, [visit(dan.address)]) // too long ago
  log(ben.address, 1n, [visit(cleo.address), visit(ann.address)])
  expect(await handlers!.visitors({ root, from: `${ann.address}/4` })).toEqual([ann.address, ben.address, cleo.address])
  expect(Math.max(...asked)).toBe(48)
  expect(await handlers!.visitors({ root, from: 'nobody' })).toEqual([])
  part.close()
  expect(handlers).toBeNull()
})
