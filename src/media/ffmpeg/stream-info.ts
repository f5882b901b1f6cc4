/** What a FLAC file says of itself at its beginning (RFC 9639, 8.2). */
export interface StreamInfo { readonly rate: number, readonly channels: number, readonly bits: number, readonly samples: number }

export const streamInfoBytes = 42

/** Null where these are not the first `streamInfoBytes` of a FLAC file. */
export function readStreamInfo(first: Uint8Array): StreamInfo | null {
  if (first.length < streamInfoBytes || String.fromCharCode(...first.subarray(0, 4)) !== 'fLaC' || (first[4]! & 0x7f) !== 0) return null
  const view = new DataView(first.buffer, first.byteOffset + 18, 8)
  const [high, low] = [view.getUint32(0), view.getUint32(4)]
  return { rate: high >>> 12, channels: 1 + (high >>> 9 & 7), bits: 1 + (high >>> 4 & 31), samples: (high & 15) * 2 ** 32 + low }
}
