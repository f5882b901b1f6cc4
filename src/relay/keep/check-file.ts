import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { limits } from '../../base/index.ts'
import { FactsPass, judgePngHeader, type FileFacts, type Kind, type PublishedFile, type RunningCrc32 } from '../../content/index.ts'

/** Of a picture, for its header and the chunks before its pixels. */
const pngLookBytes = 64 * 1024

/**
 * Reads all of a file once, by the rules of whoever keeps one (D2 to D4): what records are compared with; `wrong-bytes` where it is another content than the record names, `bad-file` for a picture that nobody
 * may decode.
 */
export async function checkFile({ cid, size }: PublishedFile, kind: Kind, read: (at: number, length: number) => Promise<Uint8Array<ArrayBuffer>>, signal: AbortSignal): Promise<FileFacts | 'wrong-bytes' | 'bad-file'> {
  if (kind === 'i' && !judgePngHeader(await read(0, Math.min(size, pngLookBytes))).ok) return 'bad-file'
  const sha256 = createHash('sha256')
  const facts = await FactsPass.over(read, size, kind, [runningCrc32(), runningCrc32()])
  for (let at = 0; at < size; at += limits.storeChunkBytes) {
    signal.throwIfAborted()
    const chunk = await read(at, Math.min(limits.storeChunkBytes, size - at))
    sha256.update(chunk)
    facts.push(chunk)
  }
  return sha256.digest('hex') === cid ? facts.end() : 'wrong-bytes'
}

function runningCrc32(): RunningCrc32 {
  let value = 0
  return {
    update(bytes) { value = crc32(bytes, value) },
    digest: () => value,
  }
}
