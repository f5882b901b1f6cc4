import type { Upload } from '../../src/peer/index.ts'
import { sha256Hex } from './bytes.ts'
import type { App } from './on-ledger.ts'
import { downloaded, expect, type Page } from './people.ts'

/* Publishing, and saving what was published, as people do both. */

/** Presses Publish; the content id of what was made. */
export async function publish(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(page).toHaveURL(/#\/upload\/[0-9a-f]{64}\/T/, { timeout: 90_000 })
  return /upload\/([0-9a-f]{64})/.exec(page.url())?.[1] ?? ''
}

/** What this button saves, in this format where it asks for one. */
export async function savedBy(page: Page, button: string, format: string | null = null): Promise<{ readonly name: string, readonly bytes: Buffer }> {
  const waiting = page.waitForEvent('download', { timeout: 60_000 })
  await page.getByRole('button', { name: button, exact: true }).click()
  if (format !== null) {
    await page.getByRole('radio', { name: format, exact: true }).check()
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  }
  return await downloaded(await waiting)
}

/** Presses Fetch, and agrees to give it on. */
export async function fetchIt(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fetch', exact: true }).click()
  await page.getByRole('button', { name: 'Agree', exact: true }).click()
}

/** What was published, the newest first: by the person on this page alone where `own`. */
export async function publishedOn(page: Page, own: boolean): Promise<readonly Upload[]> {
  return await page.evaluate(async mine => (await document.querySelector<App>('holdfast-app')!.peer.publishing.search({ text: '', kind: null, owner: null, own: mine, from: 0, most: 9 })).uploads, own)
}

/** Pictures of an upload, as the app gives them to anybody. */
export async function picturesOf(page: Page, { images }: Pick<Upload, 'images'>): Promise<readonly Buffer[]> {
  const files: Buffer[] = []
  for (const { cid } of images) {
    const bytes = Buffer.from(await page.evaluate(async id => Array.from(new Uint8Array(await (await fetch(new URL(`content/images/${id}`, document.baseURI))).arrayBuffer())), cid))
    expect([sha256Hex(bytes), bytes.subarray(1, 4).toString()]).toEqual([cid, 'PNG'])
    files.push(bytes)
  }
  return files
}
