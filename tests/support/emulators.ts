import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import type { Credentials } from '../../src/store/index.ts'
import { installEmulators } from './emulators.mjs'
import { accountSas } from './signature.ts'
import { openStoreFront, type FrontRules, type StoreFront } from './store-front.ts'

/** A store that answers on this machine, and who may use it. `url(prefix, scheme)`: a bucket of its own within it. */
export interface Emulator {
  readonly credentials: Credentials
  url(prefix: string): string
  readonly front: StoreFront
  stop(): Promise<void>
}

/** The well-known account of the emulators of Azure. */
const azure = { account: 'devstoreaccount1', key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==' }
const keys = { keyId: 'TESTKEY', secret: 'test+secret/with=signs' }

/** S3, which checks signatures and conditions and lets pages in as the real one does. `scheme`: as whom the driver takes it. */
export async function startS3(scheme: 's3' | 'gs' = 's3', rules: Partial<FrontRules> = {}): Promise<Emulator> {
  installEmulators()
  const child = start(['tests/emulators/s3.mjs'])
  const port = Number(await firstLine(child))
  const front = await openStoreFront({ target: port, cors: true, keys, conditions: scheme === 's3', ...rules })
  const endpoint = encodeURIComponent(`http://127.0.0.1:${String(front.port)}`)
  return {
    credentials: keys, front,
    url: prefix => scheme === 's3' ? `s3://tests?region=eu-west-1&endpoint=${endpoint}&use_path_style=true&prefix=${prefix}` : `gs://tests?endpoint=${endpoint}&prefix=${prefix}`,
    async stop() { await Promise.all([front.close(), end(child)]) },
  }
}

export async function startAzure(rules: Partial<FrontRules> = {}): Promise<Emulator> {
  installEmulators()
  const port = await freePort()
  const child = start(['tests/emulators/azure.mjs', String(port)])
  const sas = accountSas(azure.account, azure.key, 'rwdlac')
  await answering(`http://127.0.0.1:${String(port)}/${azure.account}/tests?restype=container&${sas}`)
  const front = await openStoreFront({ target: port, cors: true, keys: null, conditions: false, ...rules })
  return {
    credentials: { sas }, front,
    url: prefix => `azblob://tests?storage_account=${azure.account}&domain=127.0.0.1:${String(front.port)}&local_emu=true&prefix=${prefix}`,
    async stop() { await Promise.all([front.close(), end(child)]) },
  }
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }) // its stdin ends with us
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output to read')
  for await (const line of createInterface(child.stdout)) return line
  throw new Error('the emulator ended before it answered')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL') // nothing of it is wanted any more, and one of them waits for its connections
  await once(child, 'exit')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Makes the container as soon as somebody answers. */
async function answering(url: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ;) {
    const status = await fetch(url, { method: 'PUT' }).then(response => response.status, () => 0)
    if (status === 201) return
    if (status !== 0 || Date.now() > deadline) throw new Error(`the emulator of Azure answers ${String(status)}`)
    await new Promise(done => { setTimeout(done, 100) })
  }
}
