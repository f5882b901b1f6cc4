import { createKeyService } from '../src/keys/service.ts'
import { exposeService } from '../src/peer/rpc.ts'

exposeService(createKeyService())
