import { nullable, struct } from '../../base/index.ts'
import { boxKey, keys } from '../../state/index.ts'
import { jsonText } from '../fields.ts'
import { setProfile } from '../profile.ts'
import type { Op } from './types.ts'

export interface Profile {
  /** JSON text of an object, at most 1,024 bytes. */
  readonly profile: string
  /** X25519 key envelopes may be sealed to, 64 hex digits; null takes it back. */
  readonly box: string | null
}

/** Op 7 says who an account is, whole: what it leaves out is gone. */
export const profile: Op<Profile> = {
  code: 7,
  name: 'profile',
  body: struct({ profile: jsonText, box: nullable(boxKey) }),
  stampable: true,
  lasting: false,
  spends: () => 0,
  judge: async () => null,

  async apply({ profile: text, box }, { state, sender, nonce }) {
    setProfile(state, sender, text, keys.relays(sender, nonce))
    const key = keys.box(sender)
    await state.get(key)
    state.set(key, box)
  },
}
