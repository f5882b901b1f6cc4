import type { Assignment, Publication } from '../../content/index.ts'
import { assign } from './assign.ts'
import { audit, type Audit } from './audit.ts'
import { buy, type Buy } from './buy.ts'
import { grant, type Grant } from './grant.ts'
import { keep, type Keep } from './keep.ts'
import { message, type Message } from './message.ts'
import { profile, type Profile } from './profile.ts'
import { publish } from './publish.ts'
import { settle, type Settle } from './settle.ts'
import type { Op } from './types.ts'
import { wiring, type Wiring } from './wiring.ts'

/** Named by networks whose blocks may carry records; no transaction has it. */
export const recordsOp = 11

/** The bodies of the operations there are, by code. Others have their numbers in `docs/PROTOCOL.md` and are refused as `unknown-op`. */
export interface Bodies { 1: Wiring, 2: Message, 3: Publication, 4: Assignment, 5: Keep, 6: Audit, 7: Profile, 8: Buy, 9: Grant, 10: Settle }

export type OpCode = keyof Bodies

export const ops: { readonly [C in OpCode]: Op<Bodies[C]> } = { 1: wiring, 2: message, 3: publish, 4: assign, 5: keep, 6: audit, 7: profile, 8: buy, 9: grant, 10: settle }

export function isOpCode(code: number): code is OpCode { return Object.hasOwn(ops, code) }

export type { Audit } from './audit.ts'
export type { Buy } from './buy.ts'
export type { Grant } from './grant.ts'
export { releaseReasons, type Keep, type ReleaseReason } from './keep.ts'
export type { Attachment, Message } from './message.ts'
export type { Profile } from './profile.ts'
export type { Settle } from './settle.ts'
export type { OpContext } from './types.ts'
export { accountMeant, type Receiver, type Wiring } from './wiring.ts'
