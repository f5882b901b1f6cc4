import { contentKey, type Kind } from '../../src/content/index.ts'
import { expect, type Page } from './people.ts'

/* Files as they lie on the disk of a browser, whatever the app makes of them. */

const pathOf = (kind: Kind, cid: string): readonly string[] => ['holdfast', 'content', ...contentKey(kind, cid).split('/')]

/** SHA-256 of a stored file, and when it was written; null where there is none, or it is being written. */
export async function storedFile(page: Page, kind: Kind, cid: string): Promise<{ readonly digest: string, readonly written: number } | null> {
  return await page.evaluate(async path => {
    try {
      let folder = await navigator.storage.getDirectory()
      for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name)
      const file = await (await folder.getFileHandle(path.at(-1)!)).getFile()
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
      return { digest: Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join(''), written: file.lastModified }
    } catch { return null }
  }, pathOf(kind, cid))
}

/** A thousand bytes of a stored file are zeros from now on. */
export async function damage(page: Page, kind: Kind, cid: string, position: number): Promise<void> {
  await page.evaluate(async ([path, at]) => {
    let folder = await navigator.storage.getDirectory()
    for (const name of path.slice(0, -1)) folder = await folder.getDirectoryHandle(name)
    const out = await (await folder.getFileHandle(path.at(-1)!)).createWritable({ keepExistingData: true })
    await out.write({ type: 'write', position: at, data: new Uint8Array(1000) })
    await out.close()
  }, [pathOf(kind, cid), position] as const)
  const now = await storedFile(page, kind, cid)
  expect(now).not.toBeNull()
  expect(now?.digest).not.toBe(cid)
}
