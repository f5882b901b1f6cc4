import { createHash } from 'node:crypto'
import { formatLink, parseLink } from '../../../src/content/index.ts'
import { utf8 } from '../../../src/base/index.ts'
import { textOf } from '../text.ts'
import type { Target } from '../types.ts'

const cid = 'ab'.repeat(32)
const link = { cid, infohash: 'cd'.repeat(20), size: 123_456, kind: 'z', name: 'Summer & sea (ü).zip', key: null, relays: [] } as const

/** Links as text, mostly with the checksum they should have, since any other ends there. */
export const links: Target = {
  name: 'links',
  corpus: () => [
    formatLink(link), formatLink({ ...link, name: '', kind: 'a', size: Number.MAX_SAFE_INTEGER }), formatLink({ ...link, kind: 'p', key: new Uint8Array(32).fill(7) }), formatLink({ ...link, relays: ['relay.example', 'south.example:8443'] }), formatLink({ ...link, name: '\u202egpj.exe\u200b'.repeat(9) }), `https://a.example/p?q#x${formatLink(link)}`, `web+holdfast:${formatLink(link).slice(2)}`,
    cid, `bafkrei${'a2'.repeat(26)}`, sealed(`${formatLink(link).slice(0, -11)}&k=${'A'.repeat(43)}&o=x&r=relay.example`),
  ].map(utf8),
  dictionary: ['#/get/', '?i=', '&s=', '&t=', '&n=', '&c=', '&k=', '&', '=', '%', '%00', '%ff', '%C3', '%ED%A0%80', '%E2%80%AE', 'web+holdfast:', '__proto__', '\u0000', '\ufeff', 'a\u0301\u0316'],
  vary: (base, chance, mutate) => chance.once(4) ? mutate(base) : utf8(sealed(textOf(mutate(base)))),
  run(bytes) {
    const judged = parseLink(textOf(bytes))
    if (!judged.ok) return judged.code
    const again = parseLink(judged.value.infohash === null ? judged.value.cid : formatLink(judged.value))
    if (!again.ok || JSON.stringify(again.value) !== JSON.stringify(judged.value)) throw new Error('a link that is another one once it is written')
    return 'accepted'
  },
}

function sealed(text: string): string {
  const fragment = text.slice(Math.max(0, text.indexOf('#')))
  const end = fragment.lastIndexOf('&c=')
  const words = end < 0 ? fragment : fragment.slice(0, end)
  return `${words}&c=${createHash('sha256').update(words).digest('hex').slice(0, 8)}`
}
