import { message, type Message } from './message.ts'
import { profile, type Profile } from './profile.ts'
import type { Op } from './types.ts'
import { wiring, type Wiring } from './wiring.ts'

/** The bodies of the operations there are, by code. Others have their numbers in `docs/PROTOCOL.md` and are refused as `unknown-op`. */
export interface Bodies { 1: Wiring, 2: Message, 7: Profile }

export type OpCode = keyof Bodies

export const ops: { readonly [C in OpCode]: Op<Bodies[C]> } = { 1: wiring, 2: message, 7: profile }

export function isOpCode(code: number): code is OpCode { return Object.hasOwn(ops, code) }

export type { Attachment, Message } from './message.ts'
export type { Profile } from './profile.ts'
export type { OpContext } from './types.ts'
export type { Receiver, Wiring } from './wiring.ts'
