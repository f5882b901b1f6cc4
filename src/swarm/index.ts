export { salvage } from './salvage.ts'
export { startSwarm } from './swarm.ts'
export type { FetchedFile, SeededFile, Swarm, SwarmOptions, SwarmReceiver, TorrentPhase, TorrentStatus } from './types.ts'
