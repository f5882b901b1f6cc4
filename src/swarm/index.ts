export { salvage } from './salvage.ts'
export { startSwarm } from './swarm.ts'
export type { FetchedFile, Offer, Rates, SeededFile, Swarm, SwarmLinks, SwarmOptions, SwarmReceiver, TorrentPhase, TorrentStatus } from './types.ts'
