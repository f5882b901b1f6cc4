import { sha1 } from '@noble/hashes/legacy.js'
import { concat, limits, toHex, utf8, type Cid, type Infohash } from '../base/index.ts'
import { contentPath, infoOfTorrentFile, type Kind } from '../content/index.ts'

/** A file as a relay may hold it. */
export interface SeededContent { readonly cid: Cid, readonly kind: Kind, readonly size: number }

/**
 * Relays of the network that give content over HTTP, as web seeds (BEP 19). Each is asked whether it has a file before it counts, since one that has it not would
 * be asked for every piece; and for what describes the pieces, where nobody else says it. Only relays the network names are asked: whoever is, learns who fetches what.
 */
export class WebSeeds {
  private bases: readonly string[] = []

  /** URLs that `content/..` is below. */
  setBases(bases: readonly string[]): void {
    this.bases = bases
  }

  /** The URLs of this file at relays that have all of it. */
  async find({ cid, kind, size }: SeededContent, signal: AbortSignal): Promise<readonly string[]> {
    const urls = this.bases.map(base => new URL(`${contentPath(kind, cid)}?${seedMark}`, base).href)
    const has = await Promise.all(urls.map(async url => await answers(url, size, signal)))
    return urls.filter((_, i) => has[i])
  }

  /** The info dictionary of this file, from the first relay that has the file; null where none has. That it has this infohash is all that is known of it. */
  async info({ cid, kind, infohash }: Pick<SeededContent, 'cid' | 'kind'> & { readonly infohash: Infohash }, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    for (const base of this.bases) {
      const file = await fetched(new URL(`${contentPath(kind, cid)}.torrent?${seedMark}`, base).href, signal)
      const info = file === null ? null : infoOfTorrentFile(file)
      if (info !== null && toHex(sha1(info)) === infohash) return info
    }
    return null
  }
}

/** Tells the service worker of our own origin that the relay is meant and not what it holds itself. */
const seedMark = 'from=relay'

/** How WebTorrent names the peer that a web seed is to it. */
export function seedPeerId(url: string): string {
  return toHex(sha1(utf8(url)))
}

const asked = { cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' } as const

/** A `.torrent` has little beside its info dictionary. */
const torrentFileBytes = limits.infoBytes + 64 * 1024

async function answers(url: string, size: number, signal: AbortSignal): Promise<boolean> {
  try {
    const { ok, headers } = await fetch(url, { ...asked, method: 'HEAD', signal: AbortSignal.any([signal, AbortSignal.timeout(limits.networkFileMs)]) })
    return ok && headers.get('content-length') === String(size)
  } catch { return false } // a relay that is away gives nothing
}

async function fetched(url: string, signal: AbortSignal): Promise<Uint8Array | null> {
  try {
    const { ok, headers, body } = await fetch(url, { ...asked, signal: AbortSignal.any([signal, AbortSignal.timeout(limits.requestMs)]) })
    if (!ok || body === null || Number(headers.get('content-length') ?? 0) > torrentFileBytes) {
      await body?.cancel()
      return null
    }
    const parts: Uint8Array[] = []
    let length = 0
    for (const reader = body.getReader(); ;) {
      const { done, value } = await reader.read()
      if (done) return concat(...parts)
      parts.push(value)
      length += value.length
      if (length <= torrentFileBytes) continue
      await reader.cancel()
      return null
    }
  } catch { return null }
}
