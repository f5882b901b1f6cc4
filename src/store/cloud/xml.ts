const entities: ReadonlyMap<string, string> = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', '\'']])

/** An element as the answers of stores have them: its attributes as they stand, and what is between its tags. */
export interface Element { readonly attributes: string, readonly inner: string }

/**
 * The elements of a name in an answer of a store, in their order. Workers and Node have no parser of XML; these answers have neither CDATA nor comments nor
 * an element within one of its own name. One pass, whatever a store sends: the rest of what is not closed is left.
 */
export function elements(xml: string, name: string): readonly Element[] {
  const [begin, close] = [`<${name}`, `</${name}>`]
  const found: Element[] = []
  for (let at = xml.indexOf(begin); at >= 0;) {
    const after = at + begin.length
    const tagEnd = xml.indexOf('>', after)
    if (tagEnd < 0) break
    if (!/[\s/>]/.test(xml.charAt(after))) { // a longer name
      at = xml.indexOf(begin, after)
      continue
    }
    const empty = xml.charAt(tagEnd - 1) === '/'
    const end = empty ? tagEnd : xml.indexOf(close, tagEnd)
    if (end < 0) break
    found.push({ attributes: xml.slice(after, empty ? tagEnd - 1 : tagEnd), inner: empty ? '' : xml.slice(tagEnd + 1, end) })
    at = xml.indexOf(begin, empty ? tagEnd + 1 : end + close.length)
  }
  return found
}

/** The text of the first element of a name, null where there is none. */
export function textOf(xml: string, name: string): string | null {
  const [first] = elements(xml, name)
  return first === undefined ? null : unescape(first.inner)
}

export function unescape(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,4}));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return entities.get(name) ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** Text to stand between tags. */
export function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
}
