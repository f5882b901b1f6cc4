import { HoldfastError, limits } from '../base/index.ts'
import { networkPlaces, type NetworkPlaces } from './network-file.ts'
import { relayIdOf } from './peer-record.ts'

const most = 16

/**
 * The places of the relay that a link names: `host` is a name or an address, with a port where it is not the usual one. Its network file is
 * read over https, over plain http on this machine alone; no redirect is followed and nothing of ours is sent along. Whoever made the
 * link chose the host and, if it is his, what its file says: so of other hosts only those with a public name count, and of their relays and
 * trackers only those over TLS. Nobody makes this browser knock on doors inside somebody's network that way.
 *
 * Rejects with a `HoldfastError`: `bad-input` where `host` is none, `relay-unreachable`, `network-file`, `too-large`.
 */
export async function placesOfHost(host: string, signal: AbortSignal = new AbortController().signal): Promise<NetworkPlaces> {
  const url = fileUrl(host)
  const text = await readText(url, AbortSignal.any([signal, AbortSignal.timeout(limits.networkFileMs)]))
  let file: unknown
  try { file = JSON.parse(text) } catch (error) { throw new HoldfastError('network-file', 'network.json is not JSON', {}, { cause: error }) }
  const { name, relays, trackers, stun } = networkPlaces(file, url.href)
  return {
    name,
    relays: relays.filter(address => mayName(hostOfRelay(address), /\/tls\/ws\/p2p\//.test(address), url)),
    trackers: trackers.filter(address => mayName(new URL(address).hostname, address.startsWith('wss:'), url)),
    stun: stun.filter(address => mayName(address.replace(/^stun:|:\d+$/g, ''), true, url)),
  }
}

/** Our own places and then those of others, each once, at most 16 of a kind. The name of the network stays our own. */
export function mergePlaces(own: NetworkPlaces, others: NetworkPlaces): NetworkPlaces {
  return {
    name: own.name,
    relays: merged(own.relays, others.relays, relayIdOf),
    trackers: merged(own.trackers, others.trackers, url => url),
    stun: merged(own.stun, others.stun, url => url),
    ...own.content === undefined ? {} : { content: own.content }, // who fetches what is told to relays of the network alone
  }
}

function merged(own: readonly string[], others: readonly string[], keyOf: (place: string) => string): readonly string[] {
  const places = new Map<string, string>()
  for (const place of [...own, ...others]) if (!places.has(keyOf(place))) places.set(keyOf(place), place)
  return [...places.values()].slice(0, most)
}

function fileUrl(host: string): URL {
  const proper = /^([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?$/i.test(host) && URL.canParse(`https://${host}/`)
  if (!proper) throw new HoldfastError('bad-input', 'not the name of a host')
  const { hostname } = new URL(`https://${host}/`) // in its one form: 127.1 is 127.0.0.1
  return new URL(`${isLoopback(hostname) ? 'http' : 'https'}://${host}/network.json`)
}

/** Whether a file read from `from` may name a place at `hostname`. `secure`: over TLS, or of a kind that has none. */
function mayName(hostname: string, secure: boolean, from: URL): boolean {
  return sameHost(hostname, from.hostname) || (secure && isPublicName(hostname))
}

/** `localhost` in a network file becomes 127.0.0.1 for STUN. */
function sameHost(a: string, b: string): boolean {
  return a === b || (isLoopback(a) && isLoopback(b))
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

/** A name below a domain, and none of the domains of RFC 6761, 6762 and 8375 or of what routers give out. */
function isPublicName(hostname: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/i.test(hostname) && !/\.(local|localhost|internal|lan|home|corp|test|invalid|home\.arpa)$/i.test(hostname)
}

function hostOfRelay(address: string): string {
  const [, kind = '', host = ''] = address.split('/')
  return kind === 'ip6' ? `[${host}]` : host
}

/** The text of an answer of at most `networkFileBytes`. */
async function readText(url: URL, signal: AbortSignal): Promise<string> {
  const unreachable = (error: unknown) => { throw new HoldfastError('relay-unreachable', 'the relay of the link does not answer', { host: url.host }, { cause: error }) }
  const response = await fetch(url, { cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', signal }).catch(unreachable)
  if (!response.ok || response.body === null) throw new HoldfastError('network-file', `the relay of the link answered ${String(response.status)}`)
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let read = 0; ;) {
    const { done, value } = await reader.read().catch(unreachable)
    if (done) return text + decoder.decode()
    read += value.length
    if (read > limits.networkFileBytes) {
      await reader.cancel()
      throw new HoldfastError('too-large', 'a network file of more than 64 KiB')
    }
    text += decoder.decode(value, { stream: true })
  }
}
