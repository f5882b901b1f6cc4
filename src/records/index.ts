export { noEffects, type MadeDirectoryBlock, type MadeEntryBlock, type PaidCommit, type PlacedEntry, type RecordEffects } from './rules/effects.ts'
export { recordRules, waitingRules, type RecordRefusal, type RecordRule } from './rules/verdict.ts'
