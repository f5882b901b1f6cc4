import { expect, test } from 'vitest'
import { rules, type Rule } from '../../../src/ledger/index.ts'
import { bodyCases } from './rules/bodies.ts'
import type { Case } from './rules/case.ts'
import { headerCases } from './rules/headers.ts'
import { receiptCases } from './rules/receipts.ts'
import { recordCases, recordRanges } from './rules/records.ts'
import { statementCases } from './rules/statements.ts'
import { transactionCases } from './rules/transactions.ts'
import { uploadCases, uploadRanges } from './rules/uploads.ts'

/** Every rule there is, each with both sides of its limits: the compiler asks for a new one here. */
const cases: Readonly<Record<Rule, readonly Case[]>> = {
  ...headerCases, ...bodyCases, ...receiptCases, ...recordCases, ...statementCases, ...transactionCases, ...uploadCases, 'unknown-op': [...transactionCases['unknown-op'], ...bodyCases['unknown-op']],
  'amount-range': [...transactionCases['amount-range'], ...uploadRanges, ...recordRanges],
}

test('every rule has a case', () => {
  for (const rule of rules) expect(cases[rule].length, rule).toBeGreaterThan(0)
})

test.each(rules.flatMap(rule => cases[rule].map(each => [rule, each.limit, each] as const)))('%s: %s', async (rule, _, { keeps, breaks }) => {
  expect(await keeps()).toMatchObject({ ok: true })
  expect(await breaks()).toMatchObject({ ok: false, rule })
})
