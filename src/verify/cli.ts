import { main } from './main.ts'

/* What a file that stands alone begins with. */
process.exitCode = await main(process.argv.slice(2))
