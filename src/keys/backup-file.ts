import {
  HoldfastError, accept, fromBase64, fromUtf8, isAddress, isMap, limits, reject, sha256, toBase64, toHex, utf8, type Address, type Judged, type Random,
} from '../base/index.ts'
import { formatLink, parseLink, type Link } from '../content/index.ts'
import { parseAddress } from '../records/index.ts'
import { freshStretching, ivBytes, keyOfPassphrase, openBytes, saltBytes, sealBytes, type Sealed, type Stretching } from './passphrase.ts'

/*
 * A backup file, JSON:
 *
 *   { "holdfast": "backup", "version": 1, "address": "T..", "iterations": 600000, "salt": "..", "iv": "..", "data": "..", "check": ".." }
 *
 * `salt` (16 bytes), `iv` (12) and `data` are base64. `data` is AES-256-GCM by the key that PBKDF2-SHA256 makes of the passphrase, with "holdfast/backup/1 "
 * and the address as additional data. In it lies JSON again: { "entropy": base64 of what is behind the phrase, "files": [links with their keys], and where there
 * are any "factom": [Fs.. and Es.. keys that were made elsewhere] }. `check`
 * is the first 8 bytes of SHA-256, in hex, over the other values as one JSON list: so a damaged file is told from a wrong passphrase.
 */

export interface BackupFile extends Stretching, Sealed { readonly address: Address }

/** What is worth keeping. `files`: links with the keys of protected files; `factom`: texts of Factom's secret keys that were made elsewhere. */
export interface BackupContent { readonly entropy: Uint8Array<ArrayBuffer>, readonly files: readonly Link[], readonly factom: readonly string[] }

const format = 'backup'
const version = 1
const tagBytes = 16
const entropyLengths = new Set([16, 20, 24, 28, 32])

export async function writeBackup({ entropy, files, factom }: BackupContent, address: Address, passphrase: string, random: Random): Promise<string> {
  const stretching = freshStretching(random)
  const content = utf8(JSON.stringify({ entropy: toBase64(entropy), files: files.map(formatLink), ...factom.length === 0 ? {} : { factom } }))
  const sealed = await sealBytes(await keyOfPassphrase(passphrase, stretching), content, purposeOf(address), random)
  content.fill(0)
  return `${JSON.stringify(fieldsOf({ ...stretching, ...sealed, address }), null, 2)}\n`
}

/** What a backup file says without its passphrase. `backup-newer`: of a later version; `backup-damaged`: anything else that is not whole and ours. */
export function judgeBackup(text: string): Judged<BackupFile> {
  if (text.length > limits.backupFileBytes) return damaged('larger than a backup can be')
  let value: unknown
  try { value = JSON.parse(text) } catch { return damaged('not JSON') }
  if (!isMap(value) || value['holdfast'] !== format) return damaged('not a backup of Holdfast')
  if (Number.isSafeInteger(value['version']) && (value['version'] as number) > version) return reject('backup-newer', 'made by a later version')
  const { address, iterations } = value
  const [salt, iv, data] = [bytesOf(value['salt']), bytesOf(value['iv']), bytesOf(value['data'])]
  if (value['version'] !== version || !isAddress(address)) return damaged('no address')
  if (!Number.isSafeInteger(iterations) || (iterations as number) < limits.passphraseIterations || (iterations as number) > limits.passphraseIterationsMost) return damaged('no proper number of iterations')
  if (salt?.length !== saltBytes || iv?.length !== ivBytes || data === null || data.length <= tagBytes) return damaged('salt, iv or data are not what they should be')
  const file: BackupFile = { address, iterations: iterations as number, salt, iv, ct: data }
  return value['check'] === fieldsOf(file).check ? accept(file) : damaged('the checksum does not fit')
}

/** Opens a backup: `wrong-passphrase`, or as `judgeContent` refuses. */
export async function openBackup(file: BackupFile, passphrase: string): Promise<Judged<BackupContent>> {
  const bytes = await openBytes(await keyOfPassphrase(passphrase, file), file, purposeOf(file.address))
  return bytes === null ? reject('wrong-passphrase', 'the passphrase does not open the backup') : judgeContent(bytes)
}

/** What lay sealed in a backup; whoever knows a passphrase can make one with anything in it. */
export function judgeContent(bytes: Uint8Array): Judged<BackupContent> {
  let value: unknown
  try { value = JSON.parse(fromUtf8(bytes) ?? '') } catch { return damaged('no JSON inside') }
  if (!isMap(value)) return damaged('no map inside')
  const [entropy, texts, factom] = [bytesOf(value['entropy']), value['files'], value['factom'] ?? []]
  if (entropy === null || !entropyLengths.has(entropy.length)) return damaged('no phrase inside')
  if (!Array.isArray(texts) || texts.length > limits.backupKeys) return damaged('no proper list of files')
  const files: Link[] = []
  for (const text of texts as unknown[]) {
    const judged = typeof text === 'string' ? parseLink(text) : null
    if (judged?.ok !== true || judged.value.infohash === null || judged.value.key === null) return damaged('a file without a key')
    files.push(judged.value)
  }
  if (!Array.isArray(factom) || factom.length > limits.factomKeys || !factom.every(isFactomSecret)) return damaged('no proper list of Factom keys')
  return accept({ entropy, files, factom })
}

function isFactomSecret(text: unknown): text is string {
  const read = typeof text === 'string' ? parseAddress(text) : null
  return read?.ok === true && (read.value.kind === 'Fs' || read.value.kind === 'Es')
}

/** The name under which a backup is saved. */
export function backupName(address: Address): string {
  return `holdfast-backup-${address.slice(0, 6)}.json`
}

function fieldsOf({ address, iterations, salt, iv, ct }: BackupFile) {
  const values = { holdfast: format, version, address, iterations, salt: toBase64(salt), iv: toBase64(iv), data: toBase64(ct) }
  return { ...values, check: toHex(sha256(utf8(JSON.stringify(Object.values(values)))).subarray(0, 8)) }
}

function purposeOf(address: Address): string {
  return `holdfast/backup/1 ${address}`
}

function bytesOf(text: unknown): Uint8Array<ArrayBuffer> | null {
  return typeof text === 'string' ? fromBase64(text) : null
}

function damaged(reason: string): Judged<never> {
  return reject('backup-damaged', reason)
}

/** What was judged, or the refusal thrown. */
export function valueOf<T>(judged: Judged<T>): T {
  if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
  return judged.value
}
