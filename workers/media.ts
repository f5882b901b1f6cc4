import { createMediaService } from '../src/media/index.ts'
import { exposeService } from '../src/peer/rpc.ts'

exposeService(createMediaService())
