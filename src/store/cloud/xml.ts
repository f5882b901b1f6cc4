const entities: ReadonlyMap<string, string> = new Map([['amp', '&'], ['lt', '<'], ['gt', '>'], ['quot', '"'], ['apos', '\'']])

/** An element as the answers of stores have them: its attributes as they stand, and what is between its tags. */
export interface Element { readonly attributes: string, readonly inner: string }

/**
 * The elements of a name in an answer of a store, outermost first in their order. Workers and Node have no parser of XML; these answers have neither
 * CDATA nor comments nor an element within one of its own name.
 */
export function elements(xml: string, name: string): readonly Element[] {
  return [...xml.matchAll(new RegExp(`<${name}((?:\\s[^<>]*)?)(?:/>|>([^]*?)</${name}\\s*>)`, 'g'))].map(([, attributes = '', inner = '']) => ({ attributes, inner }))
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
