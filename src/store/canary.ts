import { equalBytes, toHex, utf8 } from '../base/index.ts'
import type { Database } from './database.ts'
import type { Staging } from './staging.ts'

const path = 'canary'

/**
 * Whether rows and files are still those that belong together. A browser that clears storage may take IndexedDB and OPFS apart, so
 * the same random id lies in both: `kept` when both have it, `new` when there was never one (or all is gone, which cannot be
 * told from new; then it is planted), `lost` when one side is gone or another. After `lost`, once what is missing is dealt with,
 * call `plantCanary`.
 */
export async function checkCanary(database: Database, staging: Staging): Promise<'new' | 'kept' | 'lost'> {
  const row = await database.setting('canary')
  const file = await readCanary(staging)
  // A row not marked as planted is a first start that was killed between the two.
  if (row === null ? file === null : !row.planted) {
    await plantCanary(database, staging)
    return 'new'
  }
  return row !== null && file !== null && equalBytes(file, utf8(row.id)) ? 'kept' : 'lost'
}

/** Puts a new id in both places; killed in between, the next `checkCanary` says `new` and does it again. */
export async function plantCanary(database: Database, staging: Staging): Promise<void> {
  const id = toHex(crypto.getRandomValues(new Uint8Array(16)))
  await database.set('canary', { id, planted: false })
  const file = await staging.open(path, { create: true })
  try {
    await file.resize(0)
    await file.write(0, utf8(id))
    await file.flush()
  } finally {
    await file.close()
  }
  await database.set('canary', { id, planted: true })
}

async function readCanary(staging: Staging): Promise<Uint8Array | null> {
  if (!await staging.exists(path)) return null
  const file = await staging.open(path)
  try {
    return await file.read(0, await file.size())
  } finally {
    await file.close()
  }
}
