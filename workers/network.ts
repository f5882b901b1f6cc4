import { createNetworkService } from '../src/peer/network-service.ts'
import { exposeService } from '../src/peer/rpc.ts'

exposeService(createNetworkService())
