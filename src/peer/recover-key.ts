import { readWrappedKeys, type KeyName } from '../content/index.ts'
import type { KeyService } from '../keys/index.ts'
import { keys } from '../state/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { NetworkLine } from './network-line.ts'
import { tailReader } from './tail-reader.ts'
import { readRow, type ReadValues } from './upload-state.ts'
import type { Served } from './tab-rpc.ts'

export interface RecoverParts {
  readonly read: ReadValues
  readonly line: Pick<NetworkLine, 'readFile'>
  readonly keys: Pick<Served<KeyService>, 'recoverKey'>
  readonly signal: AbortSignal
}

/** The key of an own file, out of its manifest, of which only the end of the file is fetched: with the phrase alone, whoever else is gone. Null where it is not there. */
export async function recoverKey({ cid, owner }: KeyName, keyCommit: string, { read, line, keys: service, signal }: RecoverParts): Promise<SealedKey | null> {
  const row = await readRow(read, keys.upload(cid, owner))
  if (row === null) return null
  const { kind, protected: locked, file: { infohash, size } } = row.publication
  const tail = tailReader(async (at, length) => await line.readFile({ cid, infohash, size, kind, protected: locked }, at, length, signal), size)
  const wraps = await readWrappedKeys(tail, size)
  return wraps.ok ? await service.recoverKey(wraps.value, cid, keyCommit) : null
}
