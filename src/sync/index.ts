export type { MiningDesk, Neighbour, StateNetwork, SyncMemory, SyncValues, Voter } from './ports.ts'
export { noBlockReasons, stateAnswers, stateQuestion, type AnyQuestion, type NoBlockReason, type Position, type StateAnswer, type StateKind, type StateQuestion } from './wire.ts'
export type { HeadMove, Sync, SyncAlert, SyncFork, SyncMode, SyncPace, SyncParts, SyncStatus } from './api.ts'
export { mineWith, type SignHeader } from './mining-loop.ts'
