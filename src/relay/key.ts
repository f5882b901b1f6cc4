import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { HoldfastError } from '../base/index.ts'

/**
 * The relay's identity in `folder`/relay.key, made at the first start. It is written beside and moved into place, so a relay
 * that is killed leaves either a whole key or none. `storage-lost` where the file holds something else: a new identity in its
 * place would cut off everybody who knows this one.
 */
export async function relayKey(folder: string): Promise<Ed25519PrivateKey> {
  const path = join(folder, 'relay.key')
  const stored = await readFile(path).catch(absent)
  if (stored !== null) return judgedKey(stored, path)
  const key = await generateKeyPair('Ed25519')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(`${path}.new`, privateKeyToProtobuf(key), { mode: 0o600 })
  await chmod(`${path}.new`, 0o600) // the mode above counts for a new file only
  await rename(`${path}.new`, path)
  return key
}

function judgedKey(bytes: Uint8Array, path: string): Ed25519PrivateKey {
  try {
    const key = privateKeyFromProtobuf(bytes)
    if (key.type === 'Ed25519') return key
  } catch { /* said below, the same as for a key of another kind */ }
  throw new HoldfastError('storage-lost', `${path} is not a relay key. Move it away to start with a new identity`)
}

function absent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
  throw error
}
