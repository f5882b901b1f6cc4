import { createKeyService } from '../src/keys/service.ts'
import { keysChannel } from '../src/peer/network-api.ts'
import { serveTabs, type TabServer } from '../src/peer/tab-rpc.ts'
import { exposeLiving } from '../src/peer/worker-life.ts'
import { keysWorkerLock } from '../src/peer/worker-locks.ts'

exposeLiving({}, keysWorkerLock)
const tabs: TabServer = serveTabs(keysChannel, createKeyService({ changed: state => { tabs.tell(state) } }))
