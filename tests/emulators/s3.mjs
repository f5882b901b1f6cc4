// S3 on a free port, its bucket `tests` made; the port is its first line, and it ends with whoever started it.
import { startFauxqs } from 'fauxqs'

process.stdin.resume().on('end', () => { process.exit() })
const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false })
server.createBucket('tests')
process.stdout.write(`${String(server.port)}\n`) // not by console.log, which may colour numbers
