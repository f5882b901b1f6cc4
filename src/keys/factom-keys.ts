import { ed25519 } from '@noble/curves/ed25519.js'
import { HoldfastError, limits, toHex, type Random } from '../base/index.ts'
import { formatAddress, parseAddress, rcdHashOf } from '../records/index.ts'
import type { FactomKeyRow } from '../store/index.ts'
import { wrappingKey, type KeyPair } from './derivation.ts'
import type { IdentityBook } from './identity-book.ts'
import { openBytes, sealBytes } from './passphrase.ts'

/*
 * Secret keys that were made elsewhere, by Factom's wallets (`Fs..`, `Es..`). Unlike the person's own they are the same on every network, and Factom's items carry none: whatever they sign here
 * can be repeated wherever the key has anything. So nobody signs with one unasked: a request names it, and pages ask before.
 *
 * Each lies in the row of the identity, sealed by a key that comes of the phrase; so it is as locked as that is, and stays sealed through changes of the passphrase.
 */

/** One by what anybody may know of it. `address`: as text, FA of coins, EC of entry credits. */
export interface ImportedKey { readonly kind: 'FA' | 'EC', readonly address: string }

export interface FactomKeyService {
  /**
   * Takes in an `Fs..` or `Es..` text. `bad-input` where it is none, with `data.fault`: a code of `parseAddress`, or `address-public` where it is an address that anybody may know;
   * `already-exists`, `too-many`, `locked`.
   */
  importFactomKey(text: string): Promise<ImportedKey>
  /** The secret text of one. `not-found` for others. */
  exportFactomKey(address: string): Promise<string>
  /** Forgets it for good. */
  removeFactomKey(address: string): Promise<void>
}

const secretKinds = { Fs: 'FA', Es: 'EC' } as const

/** The secret behind a text. `bad-input` as above. */
export function readFactomSecret(text: string): { readonly kind: ImportedKey['kind'], readonly secret: Uint8Array<ArrayBuffer> } {
  const read = parseAddress(text.trim())
  if (!read.ok) throw new HoldfastError('bad-input', read.reason, { fault: read.code })
  const { kind, payload } = read.value
  if (kind === 'FA' || kind === 'EC') throw new HoldfastError('bad-input', 'an address, which has no secret in it', { fault: 'address-public' })
  return { kind: secretKinds[kind], secret: payload }
}

export function writeFactomSecret(kind: ImportedKey['kind'], secret: Uint8Array): string { return formatAddress(kind === 'FA' ? 'Fs' : 'Es', secret) }

/** 32 bytes by which the ledger knows the key of a row: hash of its RCD, or itself. */
function payloadOf({ kind, public: key }: Pick<FactomKeyRow, 'kind' | 'public'>): Uint8Array<ArrayBuffer> { return kind === 'FA' ? rcdHashOf(key) : key }

export function shownKey(row: Pick<FactomKeyRow, 'kind' | 'public'>): ImportedKey { return { kind: row.kind, address: formatAddress(row.kind, payloadOf(row)) } }

/** So that one that was put in the place of another does not open. */
function purposeOf(row: Pick<FactomKeyRow, 'kind' | 'public'>): string { return `holdfast/factom-key/1 ${shownKey(row).address}` }

async function sealFactomKey(text: string, seed: Uint8Array, random: Random): Promise<FactomKeyRow> {
  const { kind, secret } = readFactomSecret(text)
  const row = { kind, public: new Uint8Array(ed25519.getPublicKey(secret)) }
  return { ...row, secret: await sealBytes(await wrappingKey(seed), secret, purposeOf(row), random) }
}

export async function openFactomKey(row: FactomKeyRow, seed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const secret = await openBytes(await wrappingKey(seed), row.secret, purposeOf(row))
  if (secret === null) throw new HoldfastError('storage-lost', 'sealed by another phrase')
  return secret
}

/** Those of a row of the identity, with what was not among them. */
export async function withFactomKeys(rows: readonly FactomKeyRow[], texts: readonly string[], seed: Uint8Array, random: Random): Promise<readonly FactomKeyRow[]> {
  const all = [...rows]
  for (const text of texts) {
    const row = await sealFactomKey(text, seed, random)
    if (!all.some(each => shownKey(each).address === shownKey(row).address)) all.push(row)
  }
  return all.slice(0, limits.factomKeys)
}

/** By kind and the 32 bytes of its address in hex. `not-own` where there is no such key here. */
export type ImportedPair = (kind: ImportedKey['kind'], payload: string) => Promise<KeyPair>

export function importedPair(book: Pick<IdentityBook, 'ensure' | 'secrets'>): ImportedPair {
  return async (kind, payload) => {
    const row = (await book.ensure()).factom?.find(each => each.kind === kind && toHex(payloadOf(each)) === payload)
    if (row === undefined) throw new HoldfastError('not-own', 'this key is not here')
    return { secret: await openFactomKey(row, (await book.secrets()).seed), public: row.public }
  }
}

export function createFactomKeys(book: IdentityBook, random: Random): FactomKeyService {
  return {
    async importFactomKey(text) {
      readFactomSecret(text) // what is wrong with it is told before anything is asked of the person
      const { seed } = await book.secrets()
      const row = await sealFactomKey(text, seed, random)
      const shown = shownKey(row)
      await book.edit(standing => {
        const rows = standing.factom ?? []
        if (rows.some(each => shownKey(each).address === shown.address)) throw new HoldfastError('already-exists', 'this key is here already')
        if (rows.length >= limits.factomKeys) throw new HoldfastError('too-many', `${limits.factomKeys} keys of elsewhere at most`)
        return { ...standing, factom: [...rows, row] }
      })
      return shown
    },

    async exportFactomKey(address) {
      const row = (await book.ensure()).factom?.find(each => shownKey(each).address === address)
      if (row === undefined) throw new HoldfastError('not-found', 'there is no such key here')
      return writeFactomSecret(row.kind, await openFactomKey(row, (await book.secrets()).seed))
    },

    async removeFactomKey(address) {
      await book.edit(({ factom = [], ...standing }) => {
        const left = factom.filter(each => shownKey(each).address !== address)
        return left.length === 0 ? standing : { ...standing, factom: left }
      })
    },
  }
}
