/** Headers of an answer that is to be saved and never opened on our origin. `name`: fit for a file. */
export function attachment(name: string): Readonly<Record<string, string>> {
  return { ...inert, 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, char => `%${char.charCodeAt(0).toString(16)}`)}` }
}

/** The name that those headers say; null where they say none. */
export function attachedName(disposition: string | null): string | null {
  const [, name] = /^attachment; filename\*=UTF-8''(\S+)$/.exec(disposition ?? '') ?? []
  try { return name === undefined ? null : decodeURIComponent(name) } catch { return null }
}

/** Headers of bytes from others: nothing in them runs, nobody guesses what they are, and no other site embeds them. */
export const inert: Readonly<Record<string, string>> = {
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
}
