// Azure's blobs on the port given; ends with whoever started it. It asks the registry of Microsoft nothing and tells it nothing.
import { createRequire } from 'node:module'

process.stdin.resume().on('end', () => { process.exit() })
process.argv = [...process.argv.slice(0, 2), '--blobPort', process.argv[2], '--disableTelemetry', '--inMemoryPersistence', '--skipApiVersionCheck', '--silent']
createRequire(import.meta.url)('azurite/dist/src/blob/main.js')
