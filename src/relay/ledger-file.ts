import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HoldfastError, isMap, type Clock } from '../base/index.ts'
import { localNetwork, parametersFromJson, parametersToJson, type Parameters } from '../ledger/index.ts'

/** Where a relay takes the parameters of its network's ledger from. */
export interface LedgerFileOptions {
  /** The folder the relay keeps its own in. */
  readonly data: string
  readonly name: string
  /** A file with others' parameters: theirs alone, or a whole `/network.json`. */
  readonly network: string | null
}

/**
 * The parameters a relay tells everybody: those of the file it was given, else its own, which begin at its first start and stay in its folder.
 * `bad-input` for a file that is none, `storage-lost` where its own is damaged: another in its place would be another network.
 */
export async function ledgerParameters({ data, name, network }: LedgerFileOptions, clock: Clock): Promise<Parameters> {
  if (network !== null) {
    const text = await readFile(network, 'utf8').catch((error: unknown) => { throw new HoldfastError('bad-input', `--network: ${(error as Error).message}`, {}, { cause: error }) })
    const value = parse(text)
    const judged = parametersFromJson(isMap(value) && 'ledger' in value ? value['ledger'] : value)
    if (!judged.ok) throw new HoldfastError('bad-input', `--network: ${network}: ${judged.reason}`)
    return judged.value
  }
  const path = join(data, `ledger-${name}.json`)
  const stored = await readFile(path, 'utf8').catch(absent)
  if (stored !== null) {
    const judged = parametersFromJson(parse(stored))
    if (!judged.ok) throw new HoldfastError('storage-lost', `${path} is not a network (${judged.reason}). Move it away to begin a new one`)
    return judged.value
  }
  const made: Parameters = { ...localNetwork(Math.floor(clock.now() / 1000)), name }
  await mkdir(data, { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, `${JSON.stringify(parametersToJson(made), null, 2)}\n`)
  await rename(`${path}.new`, path)
  return made
}

function parse(text: string): unknown {
  try { return JSON.parse(text) as unknown } catch { return null }
}

function absent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
  throw error
}
