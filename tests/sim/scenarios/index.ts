import type { Scenario } from '../scenario.ts'
import { dormant } from './dormant.ts'
import { evenPartition } from './even-partition.ts'
import { fewPeers } from './few-peers.ts'
import { month } from './month.ts'
import { partition } from './partition.ts'
import { pause } from './pause.ts'
import { shortFork } from './short-fork.ts'
import { tabs } from './tabs.ts'
import { eclipse } from './eclipse.ts'
import { leavesSafe } from './leaves-safe.ts'
import { local } from './local.ts'
import { five } from './five.ts'
import { late } from './late.ts'

/** Named networks, each with what has to come of it. */
export const scenarios: readonly Scenario[] = [partition, evenPartition, dormant, shortFork, leavesSafe, pause, month, tabs, fewPeers, local, five, eclipse, late]

export { dormant, eclipse, evenPartition, fewPeers, five, late, leavesSafe, local, month, partition, pause, shortFork, tabs }
