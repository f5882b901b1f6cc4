import { createConvertService } from '../src/media/convert-service.ts'
import { createExportService } from '../src/peer/export-service.ts'
import { heldHere } from '../src/peer/held-file.ts'
import { exposeService } from '../src/peer/rpc.ts'
import { trustOwnScripts } from '../src/peer/trusted-urls.ts'

trustOwnScripts() // ffmpeg starts a worker of its own
exposeService(createExportService(heldHere(), createConvertService()))
