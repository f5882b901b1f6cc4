import { heldHere } from '../src/peer/held-file.ts'
import { exposeService } from '../src/peer/rpc.ts'
import { createUnpackService } from '../src/peer/unpack-service.ts'

exposeService(createUnpackService(heldHere()))
