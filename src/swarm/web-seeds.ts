import { sha1 } from '@noble/hashes/legacy.js'
import { limits, toHex, utf8, type Cid } from '../base/index.ts'
import { contentPath, type Kind } from '../content/index.ts'

/** A file as a relay may hold it. */
export interface SeededContent { readonly cid: Cid, readonly kind: Kind, readonly size: number }

/**
 * Relays of the network that give content over HTTP, as web seeds (BEP 19). Each is asked whether it has a file before it counts, since one that has it not would
 * be asked for every piece. Only relays the network names are asked: whoever is, learns who fetches what.
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
}

/** Tells the service worker of our own origin that the relay is meant and not what it holds itself. */
export const seedMark = 'from=relay'

/** How WebTorrent names the peer that a web seed is to it. */
export function seedPeerId(url: string): string {
  return toHex(sha1(utf8(url)))
}

async function answers(url: string, size: number, signal: AbortSignal): Promise<boolean> {
  try {
    const { ok, headers } = await fetch(url, { method: 'HEAD', cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', signal: AbortSignal.any([signal, AbortSignal.timeout(limits.networkFileMs)]) })
    return ok && headers.get('content-length') === String(size)
  } catch { return false } // a relay that is away gives nothing
}
