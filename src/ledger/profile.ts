import { isText, type Address } from '../base/index.ts'
import { keys, type StateKey, type StateView } from '../state/index.ts'
import { jsonObject } from './fields.ts'

const mostRelays = 8
const mostRelayBytes = 256

/** Writes an account's profile, and beside it the relays it names, under the key of the transaction or block that said so. */
export function setProfile(state: StateView, address: Address, profile: string, log: StateKey<readonly string[]>): void {
  state.put(keys.profile(address), profile)
  const relays = relaysOf(profile)
  if (relays.length > 0) state.put(log, relays)
}

/** What a profile's `relay` names, as far as it is a list: the first 8 texts of 1 to 256 bytes that a row can hold. Anything else is the person's own affair. */
export function relaysOf(profile: string): readonly string[] {
  const relays = jsonObject(profile)?.['relay']
  return Array.isArray(relays) ? relays.filter(isRelay).slice(0, mostRelays) : []
}

function isRelay(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && isText(value, mostRelayBytes)
}
