/* Recordings that tests are about: made here, WAV by hand, all else by the core itself. */

export interface Sound { readonly rate: number, readonly channels: number, readonly bits: 16 | 24, readonly seconds: number }

/** Samples of a chord with noise on it, the same each time; every bit of them counts. */
export function samplesOf({ rate, channels, bits, seconds }: Sound): Int32Array<ArrayBuffer> {
  const most = 2 ** (bits - 1) - 1
  let state = 12_345
  const noise = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) / 2 ** 32 - 0.5
  return Int32Array.from({ length: Math.round(rate * seconds) * channels }, (_, i) => {
    const t = Math.floor(i / channels) / rate
    return Math.round(most * (0.3 * Math.sin(2 * Math.PI * 220 * t) + 0.2 * Math.sin(2 * Math.PI * 554.37 * t + i % channels) + 0.05 * noise()))
  })
}

/** A WAV file of samples. */
export function wav({ rate, channels, bits }: Pick<Sound, 'rate' | 'channels' | 'bits'>, samples: Int32Array): Uint8Array<ArrayBuffer> {
  const width = bits / 8
  const bytes = new Uint8Array(44 + samples.length * width)
  const view = new DataView(bytes.buffer)
  const text = (at: number, words: string) => { for (let i = 0; i < words.length; i++) view.setUint8(at + i, words.charCodeAt(i)) }
  text(0, 'RIFF'); view.setUint32(4, bytes.length - 8, true); text(8, 'WAVEfmt '); view.setUint32(16, 16, true)
  view.setUint16(20, 1, true); view.setUint16(22, channels, true); view.setUint32(24, rate, true); view.setUint32(28, rate * channels * width, true)
  view.setUint16(32, channels * width, true); view.setUint16(34, bits, true); text(36, 'data'); view.setUint32(40, samples.length * width, true)
  samples.forEach((sample, i) => { for (let byte = 0; byte < width; byte++) view.setUint8(44 + i * width + byte, sample >> 8 * byte & 0xff) })
  return bytes
}

/** The samples of a WAV file as ffmpeg writes them. */
export function samplesOfWav(bytes: Uint8Array<ArrayBuffer>): { readonly bits: number, readonly samples: Int32Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let [at, bits] = [12, 0]
  for (; ; at += 8 + view.getUint32(at + 4, true)) {
    const kind = String.fromCharCode(...bytes.subarray(at, at + 4))
    if (kind === 'fmt ') bits = view.getUint16(at + 22, true)
    if (kind === 'data') break
  }
  const width = bits / 8
  const count = view.getUint32(at + 4, true) / width
  return { bits, samples: Int32Array.from({ length: count }, (_, i) => width === 2 ? view.getInt16(at + 8 + 2 * i, true) : view.getUint16(at + 8 + 3 * i, true) | view.getInt8(at + 10 + 3 * i) << 16) }
}

/** What a worker of the core makes of `input` with `args`; throws what it said where it fails. */
export async function coreMake(args: readonly string[], input: Uint8Array | null = null, run = false): Promise<Uint8Array<ArrayBuffer>> {
  const worker = new Worker(new URL('./core.worker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise((done, fail) => {
      worker.onerror = event => { fail(new Error(event.message)) }
      worker.onmessage = ({ data }: MessageEvent<{ bytes: Uint8Array<ArrayBuffer> } | { problem: string }>) => {
        if ('bytes' in data) done(data.bytes)
        else fail(new Error(data.problem))
      }
      worker.postMessage({ args, input, run })
    })
  } finally { worker.terminate() }
}

