import { expect, test } from 'vitest'
import { limits, utf8, type Random } from '../../../src/base/index.ts'
import type { Link } from '../../../src/content/index.ts'
import { judgeBackup, judgeContent, openBackup, writeBackup } from '../../../src/keys/backup-file.ts'
import { publicKeys } from '../../../src/keys/derivation.ts'
import { seedOf } from '../../../src/keys/phrase.ts'
import { formatAddress } from '../../../src/records/index.ts'

const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }
const entropy = new Uint8Array(16).fill(9)
const { address } = publicKeys(await seedOf(entropy))
const passphrase = 'tide and moon'
const files: readonly Link[] = [
  { cid: 'ab'.repeat(32), infohash: 'cd'.repeat(20), size: 385, kind: 'p', name: 'Notes (ü) & more', key: new Uint8Array(32).fill(3), relays: ['north.example'] },
  { cid: 'ef'.repeat(32), infohash: '01'.repeat(20), size: 12, kind: 'a', name: '', key: new Uint8Array(32).fill(4), relays: [] },
]
const factom = [formatAddress('Fs', new Uint8Array(32).fill(5)), formatAddress('Es', new Uint8Array(32).fill(6))]
const text = await writeBackup({ entropy, files, factom }, address, passphrase, random)
type Fields = Record<string, unknown>
const fields = JSON.parse(text) as Fields
const changed = (change: Fields): string => JSON.stringify({ ...fields, ...change })

test('what was written is read with the same passphrase, in any Unicode form, and with no other', async () => {
  const judged = judgeBackup(text)
  if (!judged.ok) throw new Error(judged.reason)
  expect(judged.value.address).toBe(address)
  expect(await openBackup(judged.value, passphrase)).toEqual({ ok: true, value: { entropy, files, factom } })
  expect(await openBackup(judged.value, 'tide and moo')).toMatchObject({ ok: false, code: 'wrong-passphrase' })
  const composed = judgeBackup(await writeBackup({ entropy, files: [], factom: [] }, address, 'caf\u00e9 \ufb01sh', random))
  expect(composed.ok && await openBackup(composed.value, 'cafe\u0301 fish')).toMatchObject({ ok: true })
}, 20_000)

test('it says whose it is and how it was made, and nothing of what is in it', () => {
  expect(fields).toMatchObject({ holdfast: 'backup', version: 1, address, iterations: limits.passphraseIterations })
  expect(Object.keys(fields)).toEqual(['holdfast', 'version', 'address', 'iterations', 'salt', 'iv', 'data', 'check'])
  for (const secret of ['Notes', 'north', 'ab'.repeat(8)]) expect(text).not.toContain(secret)
})

test('any digit that changed, and any end that is missing, is noticed before a passphrase is asked for', () => {
  for (let at = 0; at < text.length; at += 7) {
    expect(judgeBackup(text.slice(0, at))).toMatchObject({ ok: false, code: 'backup-damaged' })
    const digit = text[at] ?? ''
    if (!/[0-9a-zA-Z]/.test(digit)) continue
    const judged = judgeBackup(`${text.slice(0, at)}${digit === 'e' ? 'E' : 'e'}${text.slice(at + 1)}`)
    expect(judged.ok).toBe(false)
  }
})

test('each field is what it should be', () => {
  for (const key of Object.keys(fields)) {
    const { [key]: _, ...rest } = fields
    expect([key, judgeBackup(JSON.stringify(rest))]).toMatchObject([key, { ok: false, code: 'backup-damaged' }])
    for (const odd of [null, 7, '', 'x', [], {}]) expect([key, odd, judgeBackup(changed({ [key]: odd }))]).toMatchObject([key, odd, { ok: false }])
  }
  for (const other of ['', 'null', '[]', '"x"', '7', '{}', '{"__proto__":1}', text.slice(0, -4), `\ufeff${text}`]) expect(judgeBackup(other)).toMatchObject({ ok: false, code: 'backup-damaged' })
  expect(judgeBackup(changed({ version: 2 }))).toMatchObject({ code: 'backup-newer' })
  expect(judgeBackup(changed({ version: 0 }))).toMatchObject({ code: 'backup-damaged' })
  expect(judgeBackup(changed({ iterations: limits.passphraseIterations - 1 }))).toMatchObject({ reason: 'no proper number of iterations' })
  expect(judgeBackup(changed({ iterations: limits.passphraseIterationsMost + 1 }))).toMatchObject({ reason: 'no proper number of iterations' })
  expect(judgeBackup(' '.repeat(limits.backupFileBytes + 1))).toMatchObject({ reason: 'larger than a backup can be' })
})

test('what lay inside is judged, too', () => {
  const inside = (value: unknown) => judgeContent(utf8(typeof value === 'string' ? value : JSON.stringify(value)))
  const good = { entropy: 'CQkJCQkJCQkJCQkJCQkJCQ==', files: [] }
  expect(inside(good)).toEqual({ ok: true, value: { entropy, files: [], factom: [] } })
  expect(inside({ ...good, factom })).toEqual({ ok: true, value: { entropy, files: [], factom } })
  expect(inside({ ...good, more: 1 })).toMatchObject({ ok: true })
  for (const bad of [
    '', 'null', '[]', '{', { ...good, entropy: '' }, { ...good, entropy: 'CQ==' }, { ...good, entropy: 9 }, { entropy: good.entropy }, { ...good, files: {} }, { ...good, files: [7] }, { ...good, files: ['#/get/x'] },
    { ...good, files: ['ab'.repeat(32)] }, // a content id alone
    { ...good, factom: {} }, { ...good, factom: [7] }, { ...good, factom: [''] }, { ...good, factom: [`${factom[0]!.slice(0, -1)}1`] }, { ...good, factom: [formatAddress('FA', new Uint8Array(32))] },
    { ...good, factom: Array(limits.factomKeys + 1).fill(factom[0]) },
    { ...good, files: Array(limits.backupKeys + 1).fill('x') },
  ]) expect([bad, inside(bad)]).toMatchObject([bad, { ok: false, code: 'backup-damaged' }])
  expect(judgeContent(Uint8Array.of(0xff, 0xfe))).toMatchObject({ ok: false, code: 'backup-damaged' })
})
