import { accept, isMap, reject, toHex, type Judged } from '../base/index.ts'

/**
 * What a browser sends a WebTorrent tracker. `text`: rebuilt from the fields we know. `infohash` and `peerId` are lower-case
 * hexadecimal, `infoHash` is the same as it came, a character a byte.
 */
export type TrackerMessage =
  | { readonly action: 'announce', readonly infohash: string, readonly infoHash: string, readonly peerId: string, readonly stopped: boolean, readonly text: string }
  | { readonly action: 'scrape', readonly text: string }

/** bittorrent-tracker hands out no more (MAX_ANNOUNCE_PEERS). */
const mostOffers = 82
const mostScraped = 64
const events = new Set(['', 'empty', 'update', 'started', 'stopped', 'completed', 'paused'])

/**
 * Judges one message. The tracker behind is only ever shown what passes here: it reads `offers[i].offer` of a null, takes
 * `peers` of a scrape with offers, and answers a scrape of nothing with everything it knows.
 */
export function judgeTrackerMessage(message: string): Judged<TrackerMessage> {
  let value: unknown
  try { value = JSON.parse(message) } catch { return reject('bad-frame', 'not JSON') }
  if (!isMap(value)) return reject('bad-frame', 'not a message')
  if (value['action'] === 'announce') return judgeAnnounce(value)
  if (value['action'] === 'scrape') return judgeScrape(value)
  return reject('bad-frame', 'invalid action')
}

function judgeAnnounce(value: Record<string, unknown>): Judged<TrackerMessage> {
  const { info_hash, peer_id, event = '', left, numwant, uploaded, downloaded, offers, answer, to_peer_id, offer_id } = value as Record<keyof AnnounceFields, unknown>
  const [infohash, peerId] = [twentyBytes(info_hash), twentyBytes(peer_id)]
  if (infohash === null) return reject('bad-frame', 'invalid info_hash')
  if (peerId === null) return reject('bad-frame', 'invalid peer_id')
  if (typeof event !== 'string' || !events.has(event)) return reject('bad-frame', 'invalid event')
  const offered = offers === undefined || offers === null ? [] : judgeOffers(offers)
  if (offered === null) return reject('bad-frame', 'invalid offers')
  const answered = answer === undefined || answer === null ? null : judgeDescription(answer)
  if (answered === null && answer !== undefined && answer !== null) return reject('bad-frame', 'invalid answer')
  if (answered !== null && (twentyBytes(to_peer_id) === null || !isOfferId(offer_id))) return reject('bad-frame', 'invalid to_peer_id or offer_id')
  const fields: AnnounceFields = {
    action: 'announce',
    info_hash: info_hash as string,
    peer_id: peer_id as string,
    ...event !== '' && { event },
    ...numbers({ left, numwant, uploaded, downloaded }),
    ...offered.length > 0 && { offers: offered },
    ...answered !== null && { answer: answered, to_peer_id: to_peer_id as string, offer_id: offer_id as string },
  }
  return accept({ action: 'announce', infohash, infoHash: fields.info_hash, peerId, stopped: event === 'stopped', text: JSON.stringify(fields) })
}

function judgeScrape(value: Record<string, unknown>): Judged<TrackerMessage> {
  const asked = value['info_hash']
  const list: readonly unknown[] = Array.isArray(asked) ? asked : [asked]
  if (list.length === 0 || list.length > mostScraped || list.some(hash => twentyBytes(hash) === null)) return reject('bad-frame', 'invalid info_hash')
  return accept({ action: 'scrape', text: JSON.stringify({ action: 'scrape', info_hash: list }) })
}

interface Description { readonly type: string, readonly sdp: string }
interface Offer { readonly offer: Description, readonly offer_id: string }
interface AnnounceFields {
  action: 'announce', info_hash: string, peer_id: string, event?: string
  left?: number, numwant?: number, uploaded?: number, downloaded?: number
  offers?: readonly Offer[], answer?: Description, to_peer_id?: string, offer_id?: string
}

function judgeOffers(value: unknown): readonly Offer[] | null {
  if (!Array.isArray(value) || value.length > mostOffers) return null
  const offers = value.map((entry: unknown) => {
    if (!isMap(entry) || !isOfferId(entry['offer_id'])) return null
    const offer = judgeDescription(entry['offer'])
    return offer && { offer, offer_id: entry['offer_id'] }
  })
  return offers.every(offer => offer !== null) ? offers : null
}

function judgeDescription(value: unknown): Description | null {
  if (!isMap(value)) return null
  const { type, sdp } = value as Partial<Record<keyof Description, unknown>>
  return typeof type === 'string' && typeof sdp === 'string' ? { type, sdp } : null
}

function isOfferId(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 64
}

/** JSON writes no infinity: a client that does not know what is left says null, which is not the same as nothing. It reads one, though, from `1e999`. */
function numbers(values: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => Number.isFinite(entry[1])))
}

/** Twenty bytes as the tracker protocol writes them, one character each, in hexadecimal. */
function twentyBytes(value: unknown): string | null {
  if (typeof value !== 'string' || value.length !== 20) return null
  const codes = Array.from(value, char => char.charCodeAt(0))
  return codes.length === 20 && codes.every(code => code < 256) ? toHex(Uint8Array.from(codes)) : null
}
