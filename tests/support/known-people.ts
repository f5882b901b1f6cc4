import { sha256, utf8, type Address } from '../../src/base/index.ts'
import { publicKeys } from '../../src/keys/derivation.ts'
import { phraseWords, seedOf } from '../../src/keys/phrase.ts'
import type { Allocation } from '../../src/ledger/index.ts'
import type { App } from './on-ledger.ts'
import type { Page } from './people.ts'

/* People whose words are known before their browsers are there, so that a network can begin with coins of theirs: nobody waits for the first block of somebody to be safe. */

export interface Known { readonly words: string, readonly address: Address }

/** Anybody, made from a name. */
export async function knownPerson(name: string): Promise<Known> {
  const entropy = sha256(utf8(`somebody called ${name}`)).slice(0, 16)
  return { words: phraseWords(entropy).join(' '), address: publicKeys(await seedOf(entropy)).address }
}

/** Coins a network begins with. */
export function coinsFor(people: readonly Known[], balance: number): readonly Allocation[] {
  return people.map(({ address }) => ({ address, balance, power: 0n }))
}

/** The person on this page is this one from now on. */
export async function become(page: Page, { words }: Known): Promise<void> {
  await page.waitForFunction(() => (document.querySelector<App>('holdfast-app') as Partial<App> | null)?.peer?.state.phase === 'running')
  await page.evaluate(async phrase => { await document.querySelector<App>('holdfast-app')!.peer.identity.restore({ words: phrase }) }, words)
}

/** In Settings, as a person does who has them on paper: these words in place of who is here now. */
export async function enterWords(page: Page, words: string): Promise<void> {
  await page.getByRole('button', { name: 'Restore…', exact: true }).click()
  await page.getByLabel('Your words, in order').fill(words)
  await page.getByRole('button', { name: 'Look whose it is', exact: true }).click()
  await page.getByRole('button', { name: 'Replace', exact: true }).click()
}
