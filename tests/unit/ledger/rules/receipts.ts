import { encode, sha256, toHex, utf8 } from '../../../../src/base/index.ts'
import { judgeReceiptBytes, receipt, signReceipt, type Receipt, type UnsignedReceipt, type Verdict } from '../../../../src/ledger/index.ts'
import { TestChain, signatures, somebody, type Somebody } from '../../../support/ledger.ts'
import { reshaped, type Case, type Cases } from './case.ts'

const [ann, ben, mia] = [somebody('Ann'), somebody('Ben'), somebody('the miner')]
const start = await TestChain.begin({ people: [ann, ben] })
/** Ann's first transaction is a wiring, her second a message; the miner made two blocks. */
const world = await (await start.extend({ transactions: [await start.wiring(ann, mia, 7), await start.message(ann, { nonce: 2n })] })).extend()
const { time } = (await world.block()).header
const root = toHex(sha256(utf8('an attachment')))

function made(changed: Partial<UnsignedReceipt> = {}, visitor: Somebody = ann): Receipt {
  return signReceipt({ server: mia.address, serverNonce: 3n, visitor: visitor.address, attachment: root, percent: 100, charge: 0n, time, ...changed }, world.network, visitor.secret, signatures)
}

const good = made()
const bytes = encode(receipt, good)
const judged = (value: Uint8Array): Verdict<unknown> => judgeReceiptBytes(value, world.network, signatures)
const shape = (limit: string, bad: Uint8Array): Case => ({ limit, keeps: () => judged(bytes), breaks: () => judged(bad) })
const logged = async (...attachments: readonly Receipt[]): Promise<Verdict<unknown>> => await world.try({ attachments })
const block = (limit: string, keeps: Receipt, breaks: Receipt): Case => ({ limit, keeps: async () => await logged(keeps), breaks: async () => await logged(breaks) })

const other = signReceipt(made(), '0123456789abcdef', ann.secret, signatures)

export const receiptCases = {
  'receipt-encoding': [
    shape('at least 10 percent', reshaped(bytes, { percent: 0 })),
    shape('at most 100 percent', reshaped(bytes, { percent: 110 })),
    shape('rounded to 10 percent', reshaped(bytes, { percent: 55 })),
    shape('a signature of 65 bytes', reshaped(bytes, { signature: new Uint8Array(64) })),
    shape('every member', reshaped(bytes, { charge: undefined })),
    shape('no other member', reshaped(bytes, { network: 1 })),
    shape('its last byte', bytes.subarray(0, -1)),
  ],
  'receipt-signature': [
    shape('by its visitor', encode(receipt, { ...good, visitor: ben.address })),
    shape('of these words', encode(receipt, { ...good, percent: 90 })),
    shape('for this network', encode(receipt, other)),
    block('in a block', good, { ...good, signature: made({}, ben).signature }),
  ],
  'receipt-server': [block('of the miner alone', good, made({ server: ben.address }))],
  'receipt-nonce': [
    block('for a block there was, or this one', made({ serverNonce: 3n }), made({ serverNonce: 4n })),
    block('for the first block or a later one', made({ serverNonce: 1n }), made({ serverNonce: 0n })),
  ],
  'receipt-early': [block('15 s ahead', made({ time: time + 15 }), made({ time: time + 16 }))],
  'receipt-expired': [block('12 hours old', made({ time: time - 43_200 }), made({ time: time - 43_201 }))],
  'receipt-seen': [
    { limit: 'once in a block', keeps: async () => await logged(good, made({ percent: 90 })), breaks: async () => await logged(good, good) },
    { limit: 'once on a chain', keeps: async () => await (await world.extend({ attachments: [good] })).try({ attachments: [made({ time: time + 1 })] }), breaks: async () => await (await world.extend({ attachments: [good] })).try({ attachments: [good] }) },
  ],
  'receipt-charge': [
    block('a wiring of the visitor', made({ charge: 1n }), made({ charge: 2n })),
    block('one that was made', made({ charge: 0n }), made({ charge: 3n })),
    block('not of another', made({ charge: 1n }), made({ charge: 1n }, ben)),
  ],
} satisfies Cases
