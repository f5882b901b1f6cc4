import { createMediaService } from '../src/media/service.ts'
import { exposeService } from '../src/peer/rpc.ts'
import { trustOwnScripts } from '../src/peer/trusted-urls.ts'

trustOwnScripts() // it starts a worker of its own
exposeService(createMediaService())
