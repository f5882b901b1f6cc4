import { HoldfastError } from '../base/index.ts'
import type { AccessDesk } from './upload-desk.ts'

/** Access as the record alone tells it, on a device that keeps no keys of uploads. */
export const recordAccess: AccessDesk = {
  accessOf: (_, { publication: { policy, holders } }) => ({
    state: 'open' in policy ? 'open' : 'owner' in policy ? 'denied' : 'pay' in policy ? 'pay' : 'may', reason: null, holders: holders.map(({ address }) => ({ address, seen: null })),
  }),
  sealedOf: async () => await Promise.resolve(null),
  ask: async () => await Promise.reject(new HoldfastError('unsupported', 'this device keeps no keys')),
  stopAsking: async () => { await Promise.resolve() },
}
