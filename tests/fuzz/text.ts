const decoder = new TextDecoder()

/** The text of bytes that may be anything. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}
