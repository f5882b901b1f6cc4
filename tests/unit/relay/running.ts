import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import '../../../src/relay/node20.ts'
import { defaultOptions } from '../../../src/relay/options.ts'
import { startRelay, type Relay, type RelayParts } from '../../../src/relay/relay.ts'

export const script = 'console.log("holdfast")\n'.repeat(200)

/** A folder that goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-relay-'))
  onTestFinished(async () => { await rm(folder, { recursive: true, force: true }) })
  return folder
}

/** A small built app: a page, a script with its `.br`, and beside the folder a secret nobody may read. */
export async function builtApp(): Promise<string> {
  const folder = await temporaryFolder()
  const root = join(folder, 'app')
  await mkdir(join(root, 'assets'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(root, 'index.html'), '<!doctype html><title>Holdfast</title>')
  await writeFile(join(root, 'assets', 'main-abc.js'), script)
  await writeFile(join(root, 'assets', 'main-abc.js.br'), brotliCompressSync(script))
  await writeFile(join(root, 'my file.txt'), 'spaced')
  return root
}

/** A relay on a free port that stops when the test ends, with what it logged. */
export async function runningRelay(options: Partial<RelayParts> = {}): Promise<Relay & { logged: string[] }> {
  const logged: string[] = []
  const note = (event: string) => { logged.push(event) }
  const relay = await startRelay({
    ...defaultOptions, port: 0, root: await builtApp(), data: await temporaryFolder(), log: { info: note, warn: note, error: note }, ...options,
  })
  onTestFinished(async () => { await relay.stop() })
  return { ...relay, logged }
}
