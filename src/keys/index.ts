// Types alone: what is behind them runs in the keys worker and nowhere else, with its list of words and its curves.
export type { AccessKeyService } from './access-keys.ts'
export type { PublicKeys } from './derivation.ts'
export type { FileKeyService, NewFileKey } from './file-keys.ts'
export type { Backup, IdentityService, IdentityState, JudgedWords, NetworkKeys, Restored } from './identity.ts'
export type { FactoidOutput, RecordKeyService, RecordRequest } from './record-keys.ts'
export type { SecretService } from './secrets.ts'
export type { KeyService } from './service.ts'
export type { DeviceBinding, SignRequests } from './signing.ts'
