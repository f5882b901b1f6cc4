const gigabyte = 1e9
/** What a keeper record can say, and more than any device has. */
export const mostBytes = 2 ** 40 - 1

/** Bytes as somebody reads them in a field of gigabytes: `1.1`. */
export function gigabytes(bytes: number): string {
  return String(Math.round(bytes / gigabyte * 10) / 10)
}

/** Bytes of a number of gigabytes as somebody types it; null where it is no such number, or too large. */
export function readGigabytes(text: string): number | null {
  const bytes = Math.round(Number(text.trim() === '' ? Number.NaN : text.replace(',', '.')) * gigabyte)
  return bytes > 0 && bytes <= mostBytes ? bytes : null
}
