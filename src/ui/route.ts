/** Places of the app and what each shows; one hash is one view, so Back, reload and bookmarks work. */
export type Route =
  | { readonly place: 'share' | 'library' | 'discover' | 'wallet' | 'check' | 'network' | 'settings' }
  /** `chain` is its id, `entry` the place of an entry in it or the entry's hash, `fresh` the form for a new chain. */
  | { readonly place: 'records', readonly chain: string | null, readonly entry: number | string | null, readonly fresh: boolean }
  /** `thread` is its name, `fresh` the form for a new one. */
  | { readonly place: 'threads', readonly thread: string | null, readonly fresh: boolean }
  /** `link` is the text from `#` on. */
  | { readonly place: 'invite', readonly link: string }
  /** `link` is the text from `#` on of the link that was opened, `cid` a content id that stands there alone; both null for the place itself. */
  | { readonly place: 'get', readonly link: string | null, readonly cid: string | null }
  | { readonly place: 'item', readonly cid: string }
  /** `owner` is the address of who published it. */
  | { readonly place: 'upload', readonly cid: string, readonly owner: string }

export const share: Route = { place: 'share' }

/** The route of a `location.hash`; anything unknown is Share. */
export function readRoute(hash: string): Route {
  const [, launched] = /^#\/get\?u=(.*)$/s.exec(hash) ?? []
  if (launched !== undefined) return readGet(launchHash(launched))
  const [, place = '', rest = ''] = /^#\/([a-z]+)(?:\/(.+))?$/s.exec(hash) ?? []
  switch (place) {
    case 'library': case 'discover': case 'wallet': case 'check': case 'network': case 'settings': return { place }
    case 'records': return readRecords(rest)
    case 'threads': return { place, thread: null, fresh: rest === 'new' }
    case 'thread': return { place: 'threads', thread: rest === '' ? null : rest, fresh: false }
    case 'invite': return { place, link: hash }
    case 'get': return rest === '' ? { place, link: null, cid: null } : readGet(hash)
    case 'item': return rest === '' ? share : { place, cid: rest }
    case 'upload': {
      const [, cid, owner] = /^([0-9a-f]{64})\/(T[1-9A-HJ-NP-Za-km-z]{25,34})$/i.exec(rest) ?? []
      return cid === undefined || owner === undefined ? { place: 'discover' } : { place: 'upload', cid: cid.toLowerCase(), owner }
    }
    default: return share
  }
}

function readGet(hash: string): Route {
  const [, cid] = /^#\/get\/([0-9a-f]{64})$/i.exec(hash) ?? []
  return cid === undefined ? { place: 'get', link: hash, cid: null } : { place: 'get', link: null, cid: cid.toLowerCase() }
}

function readRecords(rest: string): Route {
  const [, chain, , entry] = /^([0-9a-f]{64})(\/(\d{1,10}|[0-9a-f]{64}))?$/i.exec(rest) ?? []
  if (chain === undefined) return { place: 'records', chain: null, entry: null, fresh: rest === 'new' }
  return { place: 'records', chain: chain.toLowerCase(), entry: entry === undefined ? null : entry.length === 64 ? entry.toLowerCase() : Number(entry), fresh: false }
}

/** What the system opened the app with (`web+holdfast:get/..`, percent-encoded), as a hash; anything else stays as it is, to be judged as a link. */
function launchHash(encoded: string): string {
  let text = encoded
  try { text = decodeURIComponent(encoded) } catch { /* it is judged as it stands */ }
  return linkHash(text) ?? text
}

export function itemHash(cid: string): string {
  return `#/item/${cid}`
}

export function uploadHash({ cid, owner }: { readonly cid: string, readonly owner: string }): string {
  return `#/upload/${cid}/${owner}`
}

/** Where a chain is shown, or an entry of it. */
export function recordHash(chain: string, entry: number | string | null = null): string {
  return `#/records/${chain}${entry === null ? '' : `/${entry}`}`
}

export function threadHash(name: string): string {
  return `#/thread/${name}`
}

/** The part of a pasted invite that is a route of ours, null where there is none. */
export function inviteHash(text: string): string | null {
  const start = text.indexOf('#/invite/')
  return start < 0 ? null : text.slice(start).trim()
}

/** Where what was opened or is looked for is shown, with nothing else in the address. */
export function getHash(cid: string): string {
  return `#/get/${cid}`
}

/** The part of a pasted link that is a route of ours, null where there is none. */
export function linkHash(text: string): string | null {
  const [, foreign] = /^web\+holdfast:(?:\/\/)?\/?(get\/.*)$/is.exec(text.trim()) ?? []
  if (foreign !== undefined) return `#/${foreign.trim()}`
  const start = text.indexOf('#/get/')
  return start < 0 ? null : text.slice(start).trim()
}
