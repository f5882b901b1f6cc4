import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { samplesOf, wav, type Sound } from '../../contract/support/recordings.ts'

const headBytes = 44

/** Writes a WAV of about `bytes` bytes piece by piece: the same ten seconds over and over, each beginning with its number; SHA-256 of its samples. */
export async function writeRecording(path: string, bytes: number, sound: Omit<Sound, 'seconds'>): Promise<{ readonly size: number, readonly seconds: number, readonly samples: string }> {
  const seconds = 10
  const body = Buffer.from(wav(sound, samplesOf({ ...sound, seconds })).subarray(headBytes))
  const times = Math.max(1, Math.round((bytes - headBytes) / body.length))
  const head = Buffer.from(wav(sound, new Int32Array(0)))
  head.writeUInt32LE(headBytes - 8 + times * body.length, 4)
  head.writeUInt32LE(times * body.length, 40)
  const hash = createHash('sha256')
  const file = await open(path, 'w')
  try {
    await file.writeFile(head)
    for (let i = 0; i < times; i++) {
      body.writeUInt32LE(i) // any bytes are samples; parts in another order are another recording
      hash.update(body)
      await file.writeFile(body)
    }
  } finally { await file.close() }
  return { size: headBytes + times * body.length, seconds: times * seconds, samples: hash.digest('hex') }
}

/** SHA-256 of the samples of a WAV file, however long it is. */
export async function samplesIn(path: string): Promise<string> {
  const file = await open(path)
  let at = 12
  try {
    for (const chunk = Buffer.alloc(8); ; at += 8 + chunk.readUInt32LE(4) + chunk.readUInt32LE(4) % 2) {
      if ((await file.read(chunk, 0, 8, at)).bytesRead < 8) throw new Error(`${path} has no samples`)
      if (chunk.toString('latin1', 0, 4) === 'data') {
        const length = chunk.readUInt32LE(4)
        const hash = createHash('sha256')
        let done = 0
        for await (const part of createReadStream(path, { start: at + 8, end: at + 7 + length }) as AsyncIterable<Buffer>) {
          hash.update(part)
          done += part.length
        }
        if (done !== length) throw new Error(`${path} is cut`)
        return hash.digest('hex')
      }
    }
  } finally { await file.close() }
}
