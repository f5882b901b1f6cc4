import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { HoldfastError } from '../base/index.ts'
import { judgeExport, type RecordFinding } from '../records/index.ts'
import { rootHex } from './root.ts'

export const usage = `npm run verify -- FILE [--root ROOT ..] [--json]
  Checks a receipt of Holdfast or of Factom, or JSON as Factom's programs export it, with nothing but the file; "-" reads it from the input.
  ROOT: a state root or the KeyMR of a Directory Block that you trust, as 64 hexadecimal digits or as bafyr.. ; may be given several times.
  0 where all that is claimed holds and, where roots are given, ends in one of them; else 1.
`

/** Checks a file and prints a line for each claim; the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals: [file, ...more] } = parseArgs({ args: [...args], allowPositionals: true, options: { root: { type: 'string', multiple: true, default: [] }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } })
    if (values.help) {
      process.stdout.write(usage)
      return 0
    }
    if (file === undefined || more.length > 0) throw new HoldfastError('bad-input', 'one file is needed')
    const judged = judgeExport(await contentOf(file), values.root.map(rootHex))
    if (!judged.ok) throw new HoldfastError(judged.code, `${file}: ${judged.reason}`)
    process.stdout.write(values.json ? `${JSON.stringify(judged.value, null, 2)}\n` : report(judged.value, values.root.length > 0))
    return judged.value.some(({ holds }) => holds === false) || values.root.length > 0 && !isTrusted(judged.value) ? 1 : 0
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`)
    return 1
  }
}

/** A path is meant from where the person is: npm goes to the project's folder, and says where it came from. */
async function contentOf(file: string): Promise<string> {
  return file === '-' ? await text(process.stdin) : await readFile(resolve(process.env['INIT_CWD'] ?? '.', file), 'utf8')
}

/** A line for each claim, and one for all. */
export function report(findings: readonly RecordFinding[], isRooted: boolean): string {
  const lines = findings.map(({ claim, holds, says }) => `${holds === true ? 'holds' : holds === false ? 'FAILS' : 'open '}  ${claim.padEnd(15)}  ${says}`)
  const failed = findings.filter(({ holds }) => holds === false).length
  const all = failed > 0 ? `It does not hold: ${failed} of ${findings.length} claims ${failed === 1 ? 'fails' : 'fail'}.`
    : isTrusted(findings) ? 'It holds, and ends in a root that you trust.'
    : isRooted ? 'Nothing in it is wrong, and it ends in no root that you trust.'
    : 'Nothing in it is wrong. Whether to trust it, only a root can tell that you trust: give one with --root.'
  return `${[...lines, '', all].join('\n')}\n`
}

function isTrusted(findings: readonly RecordFinding[]): boolean { return findings.some(({ claim, holds }) => claim === 'trust' && holds === true) }
