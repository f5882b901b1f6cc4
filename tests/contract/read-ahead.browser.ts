import { expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import { readAhead } from '../../src/media/read-ahead.ts'

test('a file is read to its end, however often what nobody uses is collected meanwhile', async () => {
  const root = await navigator.storage.getDirectory()
  const handle = await root.getFileHandle('long.bin', { create: true })
  const out = await handle.createWritable()
  const part = new Uint8Array(16 * 1024 * 1024)
  for (let i = 0; i < 12; i++) await out.write(part)
  await out.close()
  const reading = new AbortController()
  const collecting = (async () => { while (!reading.signal.aborted) await cdp().send('HeapProfiler.collectGarbage') })()
  try {
    let bytes = 0
    for await (const chunk of readAhead([{ path: 'long.bin', file: await handle.getFile() }])) bytes += chunk.length
    expect(bytes).toBe(12 * part.length)
  } finally {
    reading.abort()
    await collecting
    await root.removeEntry('long.bin')
  }
}, 20_000)
