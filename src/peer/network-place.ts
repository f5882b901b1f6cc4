import { HoldfastError } from '../base/index.ts'

/** Who follows the network file: what of it is wanted, and where that is kept for starts without a connection. It is JSON. */
export interface NetworkFollower<T> {
  /** Address of the app. */
  readonly base: string
  /** Throws `network-file` where a file from `url` has it not. */
  readonly read: (file: unknown, url: string) => T
  readonly memory: { load(): Promise<T | null>, save(value: T): Promise<void> }
  readonly onProblem: (problem: HoldfastError) => void
  readonly signal: AbortSignal
}

const firstPauseMs = 1000
const longestPauseMs = 30_000
const requestMs = 10_000

/**
 * Reads `/network.json` of the site the app came from. Without it the last one read serves, and it is asked for again until it
 * answers: `onValue` is called with what is remembered, if anything, and then with what the site says, if that differs.
 */
export async function followNetworkFile<T>({ base, read, memory, onProblem, signal }: NetworkFollower<T>, onValue: (value: T) => void): Promise<void> {
  let known = await memory.load()
  if (known !== null) onValue(known)
  for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(longestPauseMs, pause * 2)) {
    try {
      const value = await readNetworkFile(base, read, signal)
      if (JSON.stringify(value) !== JSON.stringify(known)) {
        known = value
        onValue(value)
        await memory.save(value)
      }
      return
    } catch (error) {
      onProblem(HoldfastError.from(error))
      await new Promise(done => { setTimeout(done, pause) })
    }
  }
}

async function readNetworkFile<T>(base: string, read: NetworkFollower<T>['read'], signal: AbortSignal): Promise<T> {
  const url = new URL('network.json', base)
  const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]) })
    .catch((error: unknown) => { throw new HoldfastError('relay-unreachable', 'the site does not answer', {}, { cause: error }) })
  if (!response.ok) throw new HoldfastError('network-file', `the site answered ${String(response.status)}`)
  const file: unknown = await response.json().catch((error: unknown) => { throw new HoldfastError('network-file', 'network.json is not JSON', {}, { cause: error }) })
  return read(file, url.href)
}
