import { parseArgs } from 'node:util'
import { HoldfastError, limits } from '../base/index.ts'

/** How a relay is run. `publicUrl`: where people reach it when something stands in front of it; `stun`: the same for its UDP port, `host:port`. */
export interface RelayOptions {
  readonly port: number
  readonly host: string
  readonly data: string
  readonly name: string
  readonly relayBytes: number
  readonly relayHourBytes: number
  readonly perAddress: number
  readonly publicUrl: string | null
  readonly stun: string | null
  /** A file with the parameters of the ledger; null for the relay's own. */
  readonly network: string | null
  /** Whether a peer that keeps the ledger runs beside it. */
  readonly anchor: boolean
  /** The folder or bucket whose files are given at `/content`; null for the folder `content` in `data`. */
  readonly contentDir: string | null
  /** A file that names content never given; null for none. */
  readonly blocklist: string | null
  /** Bytes of others' uploads it keeps, at most; null for none. */
  readonly keep: number | null
  readonly relayPeers: readonly { readonly url: string, readonly peerId: string }[]
}

export const defaultOptions: RelayOptions = {
  port: 8080,
  host: '127.0.0.1',
  data: '.holdfast',
  name: 'local',
  relayBytes: limits.circuitBytes,
  relayHourBytes: limits.peerHourBytes,
  perAddress: limits.addressSockets,
  publicUrl: null,
  stun: null,
  network: null,
  anchor: true,
  contentDir: null,
  blocklist: null,
  keep: null,
  relayPeers: [],
}

export const help = `Serves Holdfast: the app, a relay, a tracker and STUN, all on one port.

  --port N            TCP and UDP port (${defaultOptions.port}); 0 takes a free one
  --host HOST         address to listen on (${defaultOptions.host}); 0.0.0.0 for all
  --data DIR          where the relay keeps its key and the ledger (${defaultOptions.data})
  --name NAME         name of the network (${defaultOptions.name}): a-z, 0-9, -
  --relay-bytes N     what one relayed circuit may carry (${limits.circuitBytes / 2 ** 20}MiB): bytes, or with KiB, MiB, GiB
  --relay-hour-bytes N  what all circuits of one peer may carry in an hour (${limits.peerHourBytes / 2 ** 30}GiB)
  --per-address N     sockets one IP address may hold (${limits.addressSockets}); more behind a proxy
  --public-url URL    where people reach this relay, when a proxy with TLS stands in front of it
  --stun HOST:PORT    where people reach its STUN server, when that is not the port of the page
  --network FILE      parameters of the network's ledger, or another relay's network.json; without it the relay begins one of its own
  --no-anchor         keep no ledger; else a peer beside the relay does, so that it outlives the tabs
  --content-dir URL   files given at /content (${defaultOptions.data}/content): a folder, s3://, gs:// or azblob://, or HOLDFAST_CONTENT_DIR; you fill it.
                      Keys come from the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, GS_HMAC_ACCESS_ID and GS_HMAC_SECRET,
                      AZURE_STORAGE_SAS_TOKEN
  --blocklist FILE    content never given, answered with 451: lines of 64 hexadecimal digits, SHA-256 of a content id; read again when it changes
  --keep BYTES        keeps protected uploads of the network, those with the fewest copies first, in ${defaultOptions.data}/kept, and gives them at /content; never more than BYTES
  --relay-peer URL=ID another relay of the network, for its file; may be given again
  --help              this text
`

/** The options of a command line, `'help'` where that is asked for; `bad-input` with the reason for anything else. */
export function parseOptions(args: readonly string[], environment: Readonly<Record<string, string | undefined>> = {}): RelayOptions | 'help' {
  const { values } = parsed(args)
  if (values.help === true) return 'help'
  const given = {
    port: values.port === undefined ? undefined : whole('--port', values.port, 0, 65535),
    host: values.host === undefined ? undefined : text('--host', values.host, /^[a-z0-9.:-]{1,253}$/i),
    data: values.data === undefined ? undefined : text('--data', values.data, /^[^\0]+$/),
    name: values.name === undefined ? undefined : text('--name', values.name, /^[a-z0-9-]{1,32}$/),
    relayBytes: values['relay-bytes'] === undefined ? undefined : bytes('--relay-bytes', values['relay-bytes']),
    relayHourBytes: values['relay-hour-bytes'] === undefined ? undefined : bytes('--relay-hour-bytes', values['relay-hour-bytes']),
    perAddress: values['per-address'] === undefined ? undefined : whole('--per-address', values['per-address'], 1, 1_000_000),
    publicUrl: values['public-url'] === undefined ? undefined : httpUrl('--public-url', values['public-url']),
    stun: values.stun === undefined ? undefined : text('--stun', values.stun, /^([a-z0-9.-]{1,253}|\[[0-9a-f:]{2,45}\]):\d{1,5}$/i),
    network: values.network === undefined ? undefined : text('--network', values.network, /^[^\0]+$/),
    contentDir: contentDir(values['content-dir'] ?? (environment['HOLDFAST_CONTENT_DIR'] === '' ? undefined : environment['HOLDFAST_CONTENT_DIR'])),
    blocklist: values.blocklist === undefined ? undefined : text('--blocklist', values.blocklist, /^[^\0]+$/),
    keep: values.keep === undefined ? undefined : bytes('--keep', values.keep),
    anchor: values['no-anchor'] === true ? false : undefined,
    relayPeers: values['relay-peer']?.map(relayPeer),
  }
  if (given.keep !== undefined && given.anchor === false) throw new HoldfastError('bad-input', '--keep needs the ledger, which says what is to be kept: leave out --no-anchor')
  return { ...defaultOptions, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
}

function parsed(args: readonly string[]) {
  const option = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: option, host: option, data: option, name: option, 'relay-bytes': option, 'relay-hour-bytes': option, 'per-address': option, 'public-url': option, stun: option, network: option, 'content-dir': option, blocklist: option, keep: option,
        'relay-peer': { type: 'string', multiple: true },
        'no-anchor': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new HoldfastError('bad-input', (error instanceof Error ? error.message : String(error)).replace(/\. To specify.*$/s, '').replace(/\. This command.*$/s, ''))
  }
}

function whole(name: string, value: string, least: number, most: number): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= least && number <= most)) throw new HoldfastError('bad-input', `${name} takes a whole number from ${least} to ${most}, not "${value}"`)
  return number
}

function text(name: string, value: string, pattern: RegExp): string {
  if (!pattern.test(value)) throw new HoldfastError('bad-input', `${name} does not take "${value}"`)
  return value
}

function contentDir(value: string | undefined): string | undefined {
  return value === undefined ? undefined : text('--content-dir', value, /^[^\0]+$/)
}

function bytes(name: string, value: string): number {
  const [, digits = '', unit = 'B'] = /^(\d{1,9})(|KiB|MiB|GiB)$/.exec(value) ?? []
  const number = Number(digits) * ({ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }[unit] ?? 1)
  if (number < 2 ** 14 || number > 2 ** 40) throw new HoldfastError('bad-input', `${name} takes 16KiB to 1024GiB, not "${value}"`)
  return number
}

function httpUrl(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/') throw new HoldfastError('bad-input', `${name} takes an http or https address without a path, not "${value}"`)
  return url.href
}

function relayPeer(value: string): { url: string, peerId: string } {
  const [, url = '', peerId = ''] = /^(.*)=([A-Za-z0-9]{10,100})$/.exec(value) ?? []
  return { url: httpUrl('--relay-peer URL=ID', url), peerId }
}
