import { expect } from 'vitest'
import { HoldfastError } from '../../src/base/index.ts'
import type { Reading, RecordFault } from '../../src/records/index.ts'

/** The value that was read; fails the test where it was refused. */
export function read<T>(judged: Reading<T>): T {
  if (!judged.ok) throw new Error(`refused as ${judged.code}: ${judged.reason}`)
  return judged.value
}

/** Why it was refused; null where it was taken. */
export function faultOf(judged: Reading<unknown>): RecordFault | null { return judged.ok ? null : judged.code }

/** That an encoder refuses, for this reason, or for one that is no decoder's. */
export function expectUnsayable(encode: () => unknown, fault: RecordFault | null): void {
  let thrown: unknown = null
  try { encode() } catch (error) { thrown = error }
  expect(thrown).toBeInstanceOf(HoldfastError)
  expect(thrown).toMatchObject({ code: 'bad-input', ...fault === null ? {} : { data: { fault } } })
}
