import { noise } from './bytes.ts'

const words = `the of a to in is you that it he was for on are as with his they at be this have from or one had by word but not what
all were we when your can said there use an each which she do how their if will up other about out many then them these so some her
would make like him into time has look two more write go see number no way could people my than first water been call who oil its
now find long down day did get come made may part kelp tide rock shore stone anchor current drift float storm harbour vessel`.split(/\s+/)

/** `length` bytes that compress about as prose does: common words drawn at random, the same for the same `seed`. */
export function text(length: number, seed: string): Buffer {
  const draws = noise(length / 2 | 0, seed)
  const out = Buffer.alloc(length, '\n')
  for (let i = 0, at = 0; at < length; i++) {
    const [high, low] = [draws[2 * i % draws.length] ?? 0, draws[(2 * i + 1) % draws.length] ?? 0]
    // The square makes the first words much more common than the last, as in a language.
    const word = words[Math.floor(((high * 256 + low) / 65536) ** 2 * words.length)] ?? ''
    at += out.write(`${word} `, at)
  }
  return out
}
