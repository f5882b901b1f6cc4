import { expect, test } from 'vitest'
import { sha256, toHex, utf8, type Cid } from '../../../src/base/index.ts'
import { encodeBody, bodyId, emptyBody, judgeBodyBytes, signReceipt, type Receipt, type UnsignedReceipt } from '../../../src/ledger/index.ts'
import { composeBody } from '../../../src/ledger/compose.ts'
import { keys } from '../../../src/state/index.ts'
import { TestChain, crowd, must, signatures, somebody, type Somebody } from '../../support/ledger.ts'

const mia = somebody('the miner')
const rootOf = (name: string): Cid => toHex(sha256(utf8(name)))

function receiptFrom(chain: TestChain, visitor: Somebody, changed: Partial<UnsignedReceipt> = {}): Receipt {
  return signReceipt({ server: mia.address, serverNonce: 1n, visitor: visitor.address, attachment: rootOf('a film'), percent: 100, charge: 0n, time: chain.tip.header.time, ...changed }, chain.network, visitor.secret, signatures)
}

const seen = (chain: TestChain): string[] => [...chain.state.rows.keys()].filter(name => name.startsWith('seen/'))

test('stands under the number of its miner’s block, in the order of the block, and changes nothing else', async () => {
  const [ann, ben] = crowd('visitor', 2) as [Somebody, Somebody]
  const begun = await (await TestChain.begin()).extend()
  const attachments = [receiptFrom(begun, ben, { percent: 30 }), receiptFrom(begun, ann, { attachment: rootOf('a song') })]
  const [plain, chain] = [await begun.extend(), await begun.extend({ attachments })]
  expect(await chain.state.read(keys.minedAttachments(mia.address, 2n))).toEqual([
    { visitor: ben.address, attachment: rootOf('a film'), percent: 30, charge: 0n }, { visitor: ann.address, attachment: rootOf('a song'), percent: 100, charge: 0n },
  ])
  expect(await chain.state.read(keys.minedAttachments(mia.address, 1n))).toBeNull()
  expect(await chain.state.account(mia)).toEqual(await plain.state.account(mia))
  expect(chain.state.coins()).toBe(plain.state.coins())
  expect(seen(chain)).toHaveLength(5) // two receipts, two rows, where they begin and end
})

test('at most 32 in a block', async () => {
  const begun = await (await TestChain.begin()).extend()
  const many = crowd('visitor', 33).map(visitor => receiptFrom(begun, visitor))
  const body = (attachments: readonly Receipt[]) => encodeBody({ ...emptyBody, attachments })
  expect(judgeBodyBytes(body(many.slice(1)), bodyId(body(many.slice(1))))).toMatchObject({ ok: true })
  expect(() => body(many)).toThrow('more than 32')
  expect(await begun.try({ attachments: many.slice(1) })).toMatchObject({ ok: true })
})

test('what no block can log any more is forgotten, and the state is as if nothing had ever been', async () => {
  const begun = await (await TestChain.begin()).extend()
  let chain = await begun.extend({ attachments: crowd('visitor', 32).map(visitor => receiptFrom(begun, visitor)) })
  const { time } = begun.tip.header
  expect(seen(await chain.extend({ time: Math.ceil(time / 3600) * 3600 + 43_199 }))).toHaveLength(65)
  chain = await chain.extend({ time: Math.ceil(time / 3600) * 3600 + 43_200 })
  expect(seen(chain)).toEqual([])
  expect(await chain.state.read(keys.minedAttachments(mia.address, 2n))).toHaveLength(32)
})

test('a body takes of the receipts those that can be logged', async () => {
  const [ann, ben, cleo] = crowd('visitor', 3) as [Somebody, Somebody, Somebody]
  const begun = await (await TestChain.begin()).extend()
  const known = receiptFrom(begun, ann)
  const chain = await begun.extend({ attachments: [known] })
  const header = (await chain.block()).header
  const [good, early] = [receiptFrom(chain, ben), receiptFrom(chain, cleo, { serverNonce: 9n })]
  const body = await composeBody(chain.state, { ...chain.rulebook, block: rootOf('none'), header, parentTime: chain.tip.header.time, isWitness: () => false }, { transactions: [], receipts: [known, early, good, good], records: [] })
  expect(body.attachments).toEqual([good])
  expect(await chain.try({ attachments: body.attachments })).toMatchObject({ ok: true })
})

test('a body without receipts is the bytes it always was', () => {
  expect(bodyId(encodeBody(emptyBody))).toBe('39084cacfbd517b20d1416d71ea657b152c860435aa680e044e8e483a878b6a2')
  expect(must(judgeBodyBytes(encodeBody(emptyBody), bodyId(encodeBody(emptyBody))))).toEqual(emptyBody)
})
