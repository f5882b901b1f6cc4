import { createNetworkService } from '../src/peer/network-service.ts'
import { exposeLiving } from '../src/peer/worker-life.ts'
import { networkWorkerLock } from '../src/peer/worker-locks.ts'

exposeLiving(createNetworkService(), networkWorkerLock)
