const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes as text where they are UTF-8 that a page can show; null for others, and where control characters would show as nothing. */
export function asText(bytes: Uint8Array): string | null {
  let text: string
  try { text = utf8.decode(bytes) } catch { return null }
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/.test(text) ? null : text
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Hexadecimal digits, with or without `0x` before them and spaces among them; null for anything else. */
export function fromHex(text: string): Uint8Array | null {
  const digits = text.trim().replace(/^0x/i, '').replaceAll(/\s/g, '')
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return null
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16))
}

/** What somebody looks for: text, or bytes in hex after `0x`; null where those are none. */
export function readSearched(text: string): Uint8Array | null {
  return /^\s*0x/i.test(text) ? fromHex(text) : new TextEncoder().encode(text)
}

/** Bytes as somebody can read and search them: their text, else their hex after `0x`. */
export function readable(bytes: Uint8Array): string {
  const text = asText(bytes)
  return text === null || /^\s*0x/i.test(text) ? `0x${toHex(bytes)}` : text
}
