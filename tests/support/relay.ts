import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface RelayOptions {
  /** 0, the default, takes a free one; the port of an earlier relay brings it back where it was. */
  readonly port?: number
  /** Folder with the relay's identity; a fresh one that goes with the relay where none is given. */
  readonly data?: string
  readonly args?: readonly string[]
  /** Folder with the built app and relay. */
  readonly dist?: string
}

export interface RunningRelay {
  readonly url: string
  readonly port: number
  /** Lines of its log, one JSON object each. */
  readonly log: readonly string[]
  /** Ends it as Ctrl-C does; the exit code. */
  stop(): Promise<number | null>
  /** Sends it a signal: SIGKILL ends it at once, SIGSTOP and SIGCONT make it a black hole for a while. */
  signal(name: NodeJS.Signals): void
}

/** Starts the built relay as users do and waits for the line with its URL. */
export async function startRelay({ port = 0, data, args = [], dist = 'dist' }: RelayOptions = {}): Promise<RunningRelay> {
  const folder = data ?? await mkdtemp(join(tmpdir(), 'holdfast-relay-'))
  const child = spawn(process.execPath, [`${dist}/relay/main.js`, '--port', String(port), '--data', folder, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  const log: string[] = []
  createInterface(child.stderr).on('line', line => log.push(line))
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    const [code] = await ended as [number | null]
    if (data === undefined) await rm(folder, { recursive: true, force: true })
    return code
  }
  for await (const line of createInterface(child.stdout)) {
    const url = /^Holdfast is at (\S+)$/.exec(line)?.[1]
    if (url !== undefined) return { url, port: Number(new URL(url).port), log, stop, signal(name) { child.kill(name) } }
  }
  await stop()
  throw new Error(`the relay ended before it was ready: ${log.join('\n')}`)
}
