import { fileRecords } from '../../../src/relay/anchor/file-records.ts'
import { batch, written } from './log-story.ts'

/** Writes one batch after the other into a folder, says which are written, and never ends. */
const records = await fileRecords(process.argv[2]!, 40_000)
for (let n = await written(records) + 1; ; n++) {
  await records.write(batch(n), n % 5 === 0 ? 'strict' : 'relaxed')
  process.stdout.write(`${String(n)}\n`)
}
