import { addressBytes, decode, encode, equalBytes, fromHex, type Codec } from '../../../src/base/index.ts'
import { assignment, envelopeScope, isCanonicalText, openEnvelope, publication, publicationFault, stampedFault, type Assignment, type Publication } from '../../../src/content/index.ts'
import { ops, transaction, type OpContext, type Transaction } from '../../../src/ledger/index.ts'
import { StateView, keys, noAccount } from '../../../src/state/index.ts'
import { TestChain, somebody, type Somebody } from '../../support/ledger.ts'
import { boxOfSomebody, fileOf, holderOf, keeperOpened, noChange, plainRecord, sealedOn, secretOf, songRecord } from '../../support/uploads.ts'
import type { Target, Verdict } from '../types.ts'
import { varyCbor, words } from './ledger.ts'

const [ann, ben, cleo] = ['Ann', 'Ben', 'Cleo'].map(somebody) as [Somebody, Somebody, Somebody]
const song = songRecord('song', { pay: { price: 7, share: 100 } }, { images: [fileOf('cover')], tags: ['sea', 'Grüße'], about: '海' })
const letter = songRecord('letter', { list: [cleo.address] })
const lent = plainRecord('lent', { rent: { each: 1, periods: 1, wanted: 2 }, until: 2 })
const named = { cid: song.file.cid, owner: ann.address }
const odd = [...[ann, ben, cleo].map(({ address }) => addressBytes(address)), ...[song, letter, lent].map(({ file }) => fromHex(file.cid)), 'u\u0308', 'a\u202eb', '\u0000', 0, 1, 53, 2 ** 36, 2 ** 40 - 1, true, null, new Uint8Array(32), []]

/** A state with uploads, keepers and a purchase, and what people may want of it. */
async function world(): Promise<{ readonly chain: TestChain, readonly wishes: readonly Transaction[] }> {
  let chain = await TestChain.begin({ people: [ann, ben, cleo], keeperPeriod: 2, ops: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] })
  chain = await chain.extend({ transactions: [await keeperOpened(chain, ben)] })
  const holders = [await holderOf(chain, song.file.cid, ann, ben)]
  chain = await chain.extend({ transactions: await Promise.all([{ ...song, holders }, letter, lent].map(async (record, i) => await chain.transaction(3, ann, record, { nonce: BigInt(i + 1) }))) })
  const box = boxOfSomebody(cleo, 'once')
  const sealed = await sealedOn(chain, { cid: song.file.cid, owner: ann.address, to: cleo, box })
  const bought = await chain.transaction(8, cleo, { ...named, price: 7, box })
  chain = await chain.extend({ transactions: [bought, await chain.transaction(5, ben, { accept: { uploads: [[lent.file.cid, ann.address]] } })] })
  const wishes = [
    await chain.transaction(3, ben, song), await chain.transaction(3, cleo, { ...lent, keepers: [ben.address], rent: { each: 1, periods: 1, wanted: 1 } }),
    await chain.transaction(4, ann, noChange(song.file.cid, { policy: { list: [cleo.address] }, allow: [ben.address], holders: [], until: 3 })),
    await chain.transaction(4, ann, noChange(lent.file.cid, { withdrawn: true, replacedBy: song.file.cid })), await chain.transaction(4, ann, noChange(lent.file.cid, { keepers: [ben.address], rent: { each: 2, periods: 1, wanted: 1 } })),
    await chain.transaction(5, cleo, { open: { bond: 3, pledged: 2000, price: 1, box, public: true } }), await chain.transaction(5, ben, { release: { uploads: [[lent.file.cid, ann.address]], reason: 'lost' } }),
    await chain.transaction(8, ben, { ...named, price: 7, box }), await chain.transaction(9, ben, { ...named, buyer: cleo.address, ...sealed }), await chain.transaction(10, cleo, { ...named, buyer: cleo.address, secret: null }),
    await chain.transaction(10, cleo, { ...named, buyer: cleo.address, secret: secretOf(cleo, 'once') }),
  ]
  return { chain, wishes }
}

let made: ReturnType<typeof world> | null = null
const theWorld = async (): ReturnType<typeof world> => await (made ??= world())

/** What somebody wants of uploads there are, done where it may be: no coin appears or gets lost. */
export const uploadOperation: Target = {
  name: 'upload-operation',
  corpus: async () => (await theWorld()).wishes.map(wish => encode(transaction, wish)),
  dictionary: words,
  vary: (base, chance, mutate) => varyCbor(base, chance, mutate, odd),
  async run(bytes): Promise<Verdict> {
    const { chain } = await theWorld()
    const read = decode(transaction, bytes)
    if (!read.ok) return read.code
    const { op, sender, nonce, body } = read.value
    const { judge, apply, spends } = ops[op] as unknown as { judge: (body: unknown, context: OpContext) => ReturnType<typeof ops[1]['judge']>, apply: (body: unknown, context: OpContext) => Promise<void>, spends: (body: unknown) => number }
    const state = new StateView(chain.state)
    const { network, parameters, tip: { header: { number, time } } } = chain
    const context: OpContext = { state, network, parameters, number: number + 1, time: time + 60, sender, nonce, stamped: read.value.stamp !== null }
    const account = await state.get(keys.account(sender)) ?? noAccount
    if (spends(body) > account.balance) return 'tx-balance'
    const refusal = await judge(body, context)
    if (state.changes().length > 0) throw new Error('judged, and something is written')
    if (refusal !== null) return refusal.rule
    state.set(keys.account(sender), { ...account, balance: account.balance - spends(body) })
    await apply(body, context)
    if (state.minted !== 0) throw new Error(`${state.minted} coins came`)
    state.changes()
    return 'accepted'
  },
}

function shape<T>(name: string, codec: Codec<T>, corpus: readonly T[], check: (value: T) => void): Target {
  return {
    name,
    corpus: () => corpus.map(value => encode(codec, value)),
    dictionary: words,
    vary: (base, chance, mutate) => varyCbor(base, chance, mutate, odd),
    run(bytes) {
      const judged = decode(codec, bytes)
      if (!judged.ok) return judged.code
      if (!equalBytes(encode(codec, judged.value), bytes)) throw new Error('accepted in another form than its own')
      check(judged.value)
      return 'accepted'
    },
  }
}

export const uploadRecord: Target = shape<Publication>('upload-record', publication, [song, letter, lent], value => {
  publicationFault(value)
  stampedFault(value)
  if (![value.title, value.about, value.maker, ...value.tags].every(isCanonicalText)) throw new Error('text that is not canonical')
})

export const uploadChange: Target = shape<Assignment>('upload-change', assignment, [noChange(song.file.cid), noChange(song.file.cid, { policy: { public: 'ab'.repeat(32) }, allow: [ann.address], deny: [ben.address], keepers: [], rent: lent.rent, replacedBy: 'cd'.repeat(32) })], () => { /* its shape is all there is */ })

/** An envelope of anybody, opened with a secret as execution does. */
export const envelopes: Target = {
  name: 'envelope',
  async corpus() {
    const { chain } = await theWorld()
    const { enc, ct } = await sealedOn(chain, { cid: song.file.cid, owner: ann.address, to: cleo, box: boxOfSomebody(cleo, 'once') })
    return [Buffer.concat([enc, ct])]
  },
  cost: 4,
  async run(bytes) {
    if (bytes.length !== 80) return 'bad-frame'
    const { chain } = await theWorld()
    const { enc, ct } = await sealedOn(chain, { cid: song.file.cid, owner: ann.address, to: cleo, box: boxOfSomebody(cleo, 'once') })
    const opened = await openEnvelope(secretOf(cleo, 'once'), { enc: new Uint8Array(bytes.subarray(0, 32)), ct: new Uint8Array(bytes.subarray(32)) }, scopeOf(chain))
    if (opened === null) return 'wrong-key'
    if (!equalBytes(Buffer.concat([enc, ct]), bytes)) throw new Error('an envelope nobody sealed')
    return 'accepted'
  },
}

function scopeOf({ network }: TestChain): Uint8Array<ArrayBuffer> {
  return envelopeScope({ network, ...named, purpose: 'access', requester: cleo.address, box: boxOfSomebody(cleo, 'once'), request: null })
}
