import { createMinerService } from '../src/peer/miner-service.ts'
import { exposeLiving } from '../src/peer/worker-life.ts'
import { minerWorkerLock } from '../src/peer/worker-locks.ts'

exposeLiving(createMinerService(), minerWorkerLock)
