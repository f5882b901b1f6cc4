import { attachment, safeFileName } from '../content/index.ts'
import { openStoredFile } from '../store/index.ts'
import { problemResponse } from './problem-response.ts'
import { exportChannel, readExportPath } from './save-path.ts'
import { exportedPath } from './scratch-paths.ts'

/** Where Staging lies. */
const stagingRoot = 'holdfast'

/**
 * Answers `export/<id>/<name>` with what was converted, as an attachment. While it is given out it holds the lock of its scratch, so that nobody takes it for left over; when it is out, or
 * is wanted no more, the tab hears of it and removes it.
 */
export async function answerExport(method: string, pathname: string): Promise<Response> {
  const wanted = readExportPath(pathname)
  try {
    const file = await openStoredFile(exportedPath(wanted?.id ?? ''), stagingRoot)
    const body = method === 'HEAD' || wanted === null ? null : watched(file.stream(), wanted.id)
    return new Response(body, {
      headers: { ...attachment(safeFileName(wanted?.name ?? '')), 'content-type': 'application/octet-stream', 'content-length': String(file.size), 'cache-control': 'no-store' },
    })
  } catch (error) { return problemResponse(error) }
}

function watched(bytes: ReadableStream<Uint8Array<ArrayBuffer>>, id: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = bytes.getReader()
  const over = Promise.withResolvers<void>()
  void navigator.locks.request(`job/${id}`, { mode: 'shared' }, async () => { await over.promise })
  const end = () => {
    over.resolve()
    const channel = new BroadcastChannel(exportChannel(id))
    channel.postMessage('saved')
    channel.close()
  }
  return new ReadableStream({
    async pull(out) {
      try {
        const { done, value } = await reader.read()
        if (!done) { out.enqueue(value); return }
        out.close()
        end()
      } catch (error) {
        end()
        throw error
      }
    },
    async cancel(reason) {
      end()
      await reader.cancel(reason)
    },
  }, { highWaterMark: 0 })
}
