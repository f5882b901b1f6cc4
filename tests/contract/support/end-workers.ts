import { expect } from 'vitest'

/** Ends workers and removes what they left in a folder of Staging: one that is in the midst of decoding holds its file a moment longer. */
export async function endWorkers(workers: Worker[], folder: string): Promise<void> {
  for (const worker of workers.splice(0)) worker.terminate()
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast', { create: true })
  const tmp = await root.getDirectoryHandle('tmp', { create: true })
  await expect.poll(async () => {
    try { await tmp.removeEntry(folder.slice('tmp/'.length), { recursive: true }) } catch (error) { return (error as Error).name }
    return 'NotFoundError'
  }).toBe('NotFoundError')
}
