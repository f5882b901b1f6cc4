import { encode } from '../../../../src/base/index.ts'
import { judgeStatementBytes, signStatement, statement, type UnsignedStatement, type Verdict } from '../../../../src/ledger/index.ts'
import { signatures, somebody } from '../../../support/ledger.ts'
import { reshaped, type Case, type Cases } from './case.ts'

const [ann, ben] = [somebody('Ann'), somebody('Ben')]
const network = '0123456789abcdef'
const unsigned: UnsignedStatement = { network, miner: ann.address, root: 'ab'.repeat(32), number: 5, safe: 'cd'.repeat(32), time: 1_800_000_000 }
const said = signStatement(unsigned, ann.secret, signatures)
const bytes = encode(statement, said)

const judged = (value: Uint8Array): Verdict<unknown> => judgeStatementBytes(value, network, signatures)

const instead = (limit: string, bad: Uint8Array): Case => ({ limit, keeps: () => judged(bytes), breaks: () => judged(bad) })

export const statementCases = {
  'statement-encoding': [
    instead('a number of 32 bits', reshaped(bytes, { number: 2 ** 32 })),
    instead('a safety root', reshaped(bytes, { safe: null })),
    instead('a signature of 65 bytes', reshaped(bytes, { signature: new Uint8Array(64) })),
    instead('every member', reshaped(bytes, { time: undefined })),
    instead('no other member', reshaped(bytes, { version: 1 })),
    instead('its last byte', bytes.subarray(0, -1)),
  ],
  'statement-network': [instead('its own network', encode(statement, signStatement({ ...unsigned, network: 'fedcba9876543210' }, ann.secret, signatures)))],
  'statement-signature': [
    instead('of its miner', encode(statement, { ...said, miner: ben.address })),
    instead('by its miner', encode(statement, signStatement(unsigned, ben.secret, signatures))),
    instead('of these words', encode(statement, { ...said, number: 6 })),
    instead('v of 0 or 1', encode(statement, { ...said, signature: said.signature.with(64, 2) })),
  ],
} satisfies Cases
