export type * from './api.ts'
export { startPeer } from './peer.ts'
export { trustOwnScripts } from './trusted-urls.ts'
