/** Places of the app and what each shows; one hash is one view, so Back, reload and bookmarks work. */
export type Route =
  | { readonly place: 'share' | 'library' | 'network' | 'settings' }
  /** `link` is the text from `#` on of the link that was opened, null for the place itself. */
  | { readonly place: 'get', readonly link: string | null }
  | { readonly place: 'item', readonly cid: string }

export const share: Route = { place: 'share' }

/** The route of a `location.hash`; anything unknown is Share. */
export function readRoute(hash: string): Route {
  const [, place = '', rest = ''] = /^#\/([a-z]+)(?:\/(.+))?$/s.exec(hash) ?? []
  switch (place) {
    case 'library': case 'network': case 'settings': return { place }
    case 'get': return { place, link: rest === '' ? null : hash }
    case 'item': return rest === '' ? share : { place, cid: rest }
    default: return share
  }
}

export function itemHash(cid: string): string {
  return `#/item/${cid}`
}

/** The part of a pasted link that is a route of ours, null where there is none. */
export function linkHash(text: string): string | null {
  const start = text.indexOf('#/get/')
  return start < 0 ? null : text.slice(start).trim()
}
