/** Web Locks that the workers of the leading tab hold while they live (`worker-life.ts`). */
export const networkWorkerLock = 'holdfast/network-worker'
export const ledgerWorkerLock = 'holdfast/ledger-worker'
export const keysWorkerLock = 'holdfast/keys-worker'
export const minerWorkerLock = 'holdfast/miner-worker'
