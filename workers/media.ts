import { createMediaService } from '../src/media/service.ts'
import { exposeService } from '../src/peer/rpc.ts'

exposeService(createMediaService())
