export { keyBytes, keys, type KeyList, type StateKey } from './keys.ts'
export { append, remove, swapOut } from './lists.ts'
export { account, attachmentLog, boxKey, coinbaseOutput, noAccount, output, stateRoot, threadId, type Account, type CoinbaseOutput, type Output, type StateRoot, type ThreadId, type Visit } from './types.ts'
export {
  type ChainRow, type DirectoryRow, type EntryCopy, type OpenCommit, type PaidCursor, type PaidRow, type Reservation,
} from './record-rows.ts'
export { StateView, readState, type StateReader } from './view.ts'
export { addPeer, addRelay, peerAt, peerIdAt, peerTotal, relayAt, relayTotal } from './local-lists.ts'
export {
  access, mostPicks, noAccess, pledge, uploadName, type AccessRow, type Duty, type Keeper, type KeeperNow, type KeeperStatus, type NamedUpload, type Pick, type Purchase, type UploadRow,
} from './upload-rows.ts'
