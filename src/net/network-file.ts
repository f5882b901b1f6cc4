import { HoldfastError } from '../base/index.ts'
import { parametersFromJson, type Parameters } from '../ledger/index.ts'
import { isPeerId } from './peer-record.ts'

/**
 * `/network.json`: where a network's relays, trackers and STUN servers are. The URLs may be relative to the file itself, so a
 * relay behind TLS needs to know nothing of its public name.
 */
export interface NetworkFile {
  readonly name: string
  readonly version: string
  readonly relays: readonly { readonly url: string, readonly peerId: string }[]
  readonly trackers: readonly string[]
  readonly stun: readonly string[]
  /** Where relays give content over HTTP (`content/..` below these); left out where none does. */
  readonly content?: readonly string[]
  /** Parameters of the ledger as JSON; left out where the network has none. */
  readonly ledger?: Readonly<Record<string, unknown>>
}

/** The same with everything composed: WebSocket multiaddrs with peer ids, ws(s) tracker URLs, `stun:host:port`. */
export interface NetworkPlaces {
  readonly name: string
  readonly relays: readonly string[]
  readonly trackers: readonly string[]
  readonly stun: readonly string[]
  readonly content?: readonly string[]
}

const most = 16

/** Composes the places of a network file read from `base`; `network-file` where it is not one. */
export function networkPlaces(file: unknown, base: string): NetworkPlaces {
  const { name, relays, trackers, stun, content } = (file ?? {}) as Partial<Record<keyof NetworkFile, unknown>>
  if (typeof name !== 'string' || !/^[a-z0-9-]{1,32}$/.test(name)) throw new HoldfastError('network-file', 'the network has no proper name')
  return {
    name,
    relays: list(relays).map(entry => relayAddress(entry, base)),
    trackers: list(trackers).map(url => socketUrl(url, base).href),
    stun: list(stun).map(url => stunAddress(url, base)),
    ...content === undefined ? {} : { content: list(content).map(url => contentUrl(url, base)) },
  }
}

/** The parameters of a network file's ledger, null where it names none; `network-file` where they are not such. */
export function ledgerOf(file: unknown): Parameters | null {
  const { ledger } = (file ?? {}) as Partial<NetworkFile>
  if (ledger === undefined) return null
  const judged = parametersFromJson(ledger)
  if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
  return judged.value
}

function relayAddress(entry: unknown, base: string): string {
  const { url, peerId } = (entry ?? {}) as { url?: unknown, peerId?: unknown }
  if (!isPeerId(peerId)) throw new HoldfastError('network-file', 'a relay without a peer id')
  const { hostname, port, protocol } = socketUrl(url, base)
  const host = hostname.startsWith('[') ? `ip6/${hostname.slice(1, -1)}` : /^\d+(\.\d+){3}$/.test(hostname) ? `ip4/${hostname}` : `dns/${hostname}`
  return `/${host}/tcp/${port || defaultPort(protocol)}/${protocol === 'wss:' ? 'tls/ws' : 'ws'}/p2p/${peerId}`
}

function contentUrl(url: unknown, base: string): string {
  const parsed = typeof url === 'string' && URL.canParse(url, base) ? new URL(url, base) : null
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || !parsed.pathname.endsWith('/')) throw new HoldfastError('network-file', 'content lies at no such URL')
  return parsed.href
}

function stunAddress(url: unknown, base: string): string {
  const { hostname, port, protocol } = socketUrl(url, base)
  // Browsers look for `localhost` at ::1 first, where a relay on 127.0.0.1 hears no UDP, and every offer would wait in vain.
  return `stun:${hostname === 'localhost' ? '127.0.0.1' : hostname}:${port || defaultPort(protocol)}`
}

function socketUrl(url: unknown, base: string): URL {
  let resolved: URL
  try { resolved = new URL(typeof url === 'string' ? url : '\0:', base) } catch { throw new HoldfastError('network-file', 'an address that is no URL') }
  resolved.protocol = resolved.protocol.replace('http', 'ws')
  if (!/^wss?:$/.test(resolved.protocol)) throw new HoldfastError('network-file', 'an address that is not ws or wss')
  return resolved
}

function defaultPort(protocol: string): string {
  return protocol === 'wss:' ? '443' : '80'
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new HoldfastError('network-file', 'a list is missing')
  return value.slice(0, most)
}
