import { HoldfastError } from '../base/index.ts'
import { networkPlaces, type NetworkPlaces } from '../net/index.ts'

/** Where the last network file read is kept, for starts without a connection. */
export interface PlacesMemory {
  load(): Promise<NetworkPlaces | null>
  save(places: NetworkPlaces): Promise<void>
}

const firstPauseMs = 1000
const longestPauseMs = 30_000
const requestMs = 10_000

/**
 * Reads `/network.json` of the site the app came from. Without it the last one read serves, and it is asked for again until it
 * answers: `onPlaces` is called with what is remembered, if anything, and then with what the site says, if that differs.
 */
export async function followNetworkFile(base: string, memory: PlacesMemory, onPlaces: (places: NetworkPlaces) => void, onProblem: (problem: HoldfastError) => void, signal: AbortSignal): Promise<void> {
  let known = await memory.load()
  if (known !== null) onPlaces(known)
  for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(longestPauseMs, pause * 2)) {
    try {
      const places = await readNetworkFile(base, signal)
      if (JSON.stringify(places) !== JSON.stringify(known)) {
        known = places
        onPlaces(places)
        await memory.save(places)
      }
      return
    } catch (error) {
      onProblem(HoldfastError.from(error))
      await new Promise(done => { setTimeout(done, pause) })
    }
  }
}

async function readNetworkFile(base: string, signal: AbortSignal): Promise<NetworkPlaces> {
  const url = new URL('network.json', base)
  const response = await fetch(url, { cache: 'no-store', signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs)]) })
    .catch((error: unknown) => { throw new HoldfastError('relay-unreachable', 'the site does not answer', {}, { cause: error }) })
  if (!response.ok) throw new HoldfastError('network-file', `the site answered ${String(response.status)}`)
  const file: unknown = await response.json().catch((error: unknown) => { throw new HoldfastError('network-file', 'network.json is not JSON', {}, { cause: error }) })
  return networkPlaces(file, url.href)
}
