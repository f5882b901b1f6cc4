import { decodeCbor, encodeCbor, isMap } from '../../../../src/base/index.ts'
import type { Rule, Verdict } from '../../../../src/ledger/index.ts'
import { must } from '../../../support/ledger.ts'

type Judgement = () => Promise<Verdict<unknown>> | Verdict<unknown>

/** Both sides of a limit: what just keeps a rule, and what just breaks it. */
export interface Case { readonly limit: string, readonly keeps: Judgement, readonly breaks: Judgement }

export type Cases = Partial<Record<Rule, readonly Case[]>>

/** The same value in DAG-CBOR with members replaced, where undefined leaves one out; whether it has the right shape nobody asks. */
export function reshaped(bytes: Uint8Array, members: Readonly<Record<string, unknown>>): Uint8Array<ArrayBuffer> {
  const value = must(decodeCbor(bytes))
  if (!isMap(value)) throw new Error('not a map')
  return encodeCbor(Object.fromEntries(Object.entries({ ...value, ...members }).filter(([, member]) => member !== undefined)))
}

/** JSON of an object in so many bytes. */
export function jsonOf(bytes: number): string { return `{"a":"${'x'.repeat(bytes - 8)}"}` }
