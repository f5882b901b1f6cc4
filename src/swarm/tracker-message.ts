import { accept, fromHex, reject, toHex, type Infohash, type Judged } from '../base/index.ts'
import type { Description } from './rtc.ts'

/**
 * The JSON that WebTorrent trackers speak: hashes and ids are strings whose characters are bytes. One socket carries all
 * infohashes of a client.
 */
export type TrackerMessage =
  | { readonly kind: 'counts', readonly infohash: Infohash, readonly complete: number, readonly incomplete: number, readonly intervalMs: number }
  | { readonly kind: 'offer' | 'answer', readonly infohash: Infohash, readonly peerId: string, readonly offerId: string, readonly description: Description }
  | { readonly kind: 'failure', readonly infohash: Infohash | null, readonly reason: string }

export interface Announcement {
  readonly infohash: Infohash
  readonly peerId: string
  readonly event?: 'started' | 'completed' | 'stopped'
  readonly left: number
  readonly uploaded: number
  readonly downloaded: number
  readonly offers: readonly { readonly id: string, readonly description: Description }[]
}

const mostChars = 64 * 1024
const mostSdpChars = 16 * 1024
const defaultIntervalMs = 120_000

export function announcement({ infohash, peerId, event, left, uploaded, downloaded, offers }: Announcement): string {
  return JSON.stringify({
    action: 'announce', info_hash: binary(infohash), peer_id: binary(peerId), event, left, uploaded, downloaded,
    numwant: offers.length, offers: offers.map(({ id, description }) => ({ offer_id: binary(id), offer: description })),
  })
}

export function answerMessage(infohash: Infohash, peerId: string, toPeerId: string, offerId: string, answer: Description): string {
  return JSON.stringify({
    action: 'announce', info_hash: binary(infohash), peer_id: binary(peerId), to_peer_id: binary(toPeerId), offer_id: binary(offerId), answer,
  })
}

export function readTrackerMessage(text: unknown): Judged<TrackerMessage> {
  if (typeof text !== 'string' || text.length > mostChars) return bad('no text, or too long')
  let fields: Readonly<Record<string, unknown>>
  try { fields = Object(JSON.parse(text)) as typeof fields } catch { return bad('no JSON') }
  const infohash = hexOf(fields['info_hash'])
  const failure = fields['failure reason']
  if (typeof failure === 'string') return accept({ kind: 'failure', infohash, reason: failure.slice(0, 200) })
  if (fields['action'] !== 'announce' || infohash === null) return bad('not about an infohash')
  for (const kind of ['offer', 'answer'] as const) {
    if (fields[kind] === undefined) continue
    const [peerId, offerId, description] = [hexOf(fields['peer_id']), hexOf(fields['offer_id']), descriptionOf(kind, fields[kind])]
    return peerId === null || offerId === null || description === null ? bad(`not an ${kind}`) : accept({ kind, infohash, peerId, offerId, description })
  }
  const interval = countOf(fields['interval']) ?? countOf(fields['min interval'])
  return accept({
    kind: 'counts', infohash, complete: countOf(fields['complete']) ?? 0, incomplete: countOf(fields['incomplete']) ?? 0,
    intervalMs: interval === null ? defaultIntervalMs : interval * 1000,
  })
}

function descriptionOf(type: Description['type'], value: unknown): Description | null {
  const { type: given, sdp } = Object(value) as { type?: unknown, sdp?: unknown }
  return given === type && typeof sdp === 'string' && sdp.length <= mostSdpChars ? { type, sdp } : null
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** 20 characters of one byte each as hexadecimal digits. */
function hexOf(value: unknown): string | null {
  // oxlint-disable-next-line no-control-regex -- any byte may stand there
  return typeof value === 'string' && /^[\u0000-\u00ff]{20}$/.test(value) ? toHex(Uint8Array.from(value, char => char.charCodeAt(0))) : null
}

function binary(hex: string): string {
  return String.fromCharCode(...fromHex(hex) ?? [])
}

function bad(reason: string): Judged<never> {
  return reject('bad-reply', reason)
}
