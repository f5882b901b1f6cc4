import { createHash } from 'node:crypto'
import { toBase64, utf8 } from '../../../src/base/index.ts'
import { formatLink } from '../../../src/content/index.ts'
import { judgeBackup, judgeContent } from '../../../src/keys/backup-file.ts'
import { readFactomSecret } from '../../../src/keys/factom-keys.ts'
import { formatAddress } from '../../../src/records/index.ts'
import type { Chance } from '../chance.ts'
import { textOf } from '../text.ts'
import type { Target } from '../types.ts'
import { varyValue } from '../vary-value.ts'

const words = ['{"__proto__":{"a":1}}', '"__proto__":', '[[[[[[[[', '1e999', '-0', '"\\ud800"', 'null', '[]', '"holdfast":', '"check":', '"iterations":', '"files":', '\ufeff']
const odd = [600_000, 599_999, 10_000_001, 'AAAA', 'AAAA=', '=', 'TVnVYpgpw3BXkt4uGh5XL63H1a4EWKGyZv', 'backup', 2, toBase64(new Uint8Array(16)), toBase64(new Uint8Array(17)), 'ab'.repeat(32)]

const file = {
  holdfast: 'backup', version: 1, address: 'TVnVYpgpw3BXkt4uGh5XL63H1a4EWKGyZv', iterations: 600_000, salt: toBase64(new Uint8Array(16).fill(1)), iv: toBase64(new Uint8Array(12).fill(2)), data: toBase64(new Uint8Array(200).fill(3)),
}
const link = formatLink({ cid: 'ab'.repeat(32), infohash: 'cd'.repeat(20), size: 9, kind: 'p', name: 'x & y', key: new Uint8Array(32).fill(7), relays: ['relay.example'] })

/** The value with a field nobody expects, mostly. */
function vary(base: Uint8Array, chance: Chance): unknown {
  let value: unknown = JSON.parse(textOf(base))
  for (let left = chance.pick([1, 1, 2, 4]); left > 0; left--) value = varyValue(value, chance, [...odd, link])
  return value
}

/** With the checksum it should have. */
function summed(value: unknown): Uint8Array {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return utf8(JSON.stringify(value) ?? 'null')
  const { check: _, ...fields } = value as Record<string, unknown>
  return utf8(JSON.stringify({ ...fields, check: createHash('sha256').update(JSON.stringify(Object.values(fields))).digest('hex').slice(0, 16) }))
}

/** A file that somebody says is a backup, as far as it can be read without its passphrase. */
export const backupFile: Target = {
  name: 'backup-file',
  corpus: () => [summed(file), summed({ ...file, data: toBase64(new Uint8Array(17)), iterations: 10_000_000 })],
  dictionary: words,
  vary: (base, chance, mutate) => chance.once(3) ? mutate(base) : summed(vary(base, chance)),
  run(bytes) {
    const judged = judgeBackup(textOf(bytes))
    if (!judged.ok) return judged.code
    const { salt, iv, ct, iterations } = judged.value
    if (salt.length !== 16 || iv.length !== 12 || ct.length <= 16 || iterations < 600_000 || iterations > 10_000_000) throw new Error('accepted with what it cannot be opened by')
    return 'accepted'
  },
}

/** What lies sealed in one: whoever chose its passphrase wrote it. */
export const backupContent: Target = {
  name: 'backup-content',
  corpus: () => [{ entropy: toBase64(new Uint8Array(16)), files: [link, link] }, { entropy: toBase64(new Uint8Array(32)), files: [], factom: [formatAddress('Fs', new Uint8Array(32)), formatAddress('Es', new Uint8Array(32))] }].map(value => utf8(JSON.stringify(value))),
  dictionary: [...words, link],
  vary: (base, chance, mutate) => chance.once(3) ? mutate(base) : utf8(JSON.stringify(vary(base, chance)) ?? 'null'),
  run(bytes) {
    const judged = judgeContent(bytes)
    if (!judged.ok) return judged.code
    for (const each of judged.value.files) formatLink(each) // what came out of a backup goes into the next one
    for (const each of judged.value.factom) readFactomSecret(each)
    return 'accepted'
  },
}
