import { noise, sha256Hex } from '../support/bytes.ts'
import { downloaded, expect, test, type Page } from '../support/people.ts'
import { archiveOf } from '../unit/content/archive-help.ts'

interface Got { status: number, headers: Record<string, string>, bytes: string }

/** What the page gets from its service worker, the bytes as Latin-1 text. */
async function get(page: Page, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  return await page.evaluate(async ([url, options]) => {
    const response = await fetch(url, options)
    const bytes = new Uint8Array(await response.arrayBuffer())
    let text = ''
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return { status: response.status, headers: Object.fromEntries(response.headers), bytes: text }
  }, [path, { method, headers }] as const)
}

async function controlled(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
}

test('what is held is at /content: whole, in ranges, on conditions, and nothing else is', async ({ person }) => {
  const { page, ...ada } = await person()
  const link = await ada.share([{ name: 'tide.bin', bytes: noise(700_000, 'content') }])
  const [, cid = ''] = /#\/get\/([0-9a-f]{64})/.exec(link) ?? []
  await controlled(page)
  const path = `./content/archives/${cid}`
  const whole = await get(page, path)
  expect(whole.status).toBe(200)
  expect(whole.headers).toMatchObject({ 'etag': `"${cid}"`, 'accept-ranges': 'bytes', 'content-length': String(whole.bytes.length), 'x-content-type-options': 'nosniff' })
  expect(whole.headers['content-disposition']).toMatch(/^attachment/)
  expect(whole.headers['content-security-policy']).toContain('sandbox')
  for (const [range, at, end] of [['bytes=0-0', 0, 1], ['bytes=262143-524289', 262_143, 524_290], ['bytes=-1000', whole.bytes.length - 1000, whole.bytes.length]] as const) {
    const part = await get(page, path, { range })
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes ${at}-${end - 1}/${whole.bytes.length}`])
    expect(part.bytes === whole.bytes.slice(at, end)).toBe(true)
  }
  expect(await get(page, path, { range: `bytes=${whole.bytes.length}-` })).toMatchObject({ status: 416, bytes: '' })
  expect(await get(page, path, { 'if-none-match': `"${cid}"` })).toMatchObject({ status: 304, bytes: '' })
  expect(await get(page, path, {}, 'HEAD')).toMatchObject({ status: 200, bytes: '', headers: { 'content-length': String(whole.bytes.length) } })
  for (const wrong of [`./content/images/${cid}`, `./content/archives/${'0'.repeat(64)}`, './content/archives/x', './content/']) {
    const none = await get(page, wrong)
    expect([wrong, none.status, none.headers['content-type']]).toEqual([wrong, 404, 'text/plain; charset=utf-8'])
  }
})

test('opened as a page, content is saved and never shown', async ({ person }) => {
  const { page, ...ada } = await person()
  const link = await ada.share([{ name: 'page.html', bytes: Buffer.from('<script>document.title = "ran"</script>') }], { title: 'A page' })
  const [, cid = ''] = /#\/get\/([0-9a-f]{64})/.exec(link) ?? []
  await controlled(page)
  const waiting = page.waitForEvent('download')
  await page.evaluate(url => { location.href = url }, `./content/archives/${cid}`)
  expect((await waiting).suggestedFilename()).toBe('A page.tgz')
  await page.goto(`./content/archives/${'0'.repeat(64)}`)
  await expect(page.locator('body')).toHaveText('This file is not on this device.')
})

test('an archive that still comes: its first file is saved, the rest is streamed as it comes', async ({ person }) => {
  const { page, context } = await person()
  await controlled(page)
  await page.close() // from here on the test is the tab that leads
  const files = [{ path: 'a.bin', bytes: noise(600_000, 'a') }, { path: 'b.bin', bytes: noise(600_000, 'b') }]
  const archive = Buffer.from(archiveOf(files))
  const cid = sha256Hex(archive)
  const leader = await context.newPage()
  await leader.goto('./network.json')
  await leader.evaluate(async ({ id, base64 }) => {
    const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
    const members = ['a.bin', 'b.bin'].map((path, i) => ({ path, size: 600_000, offset: 512 + i * 600_576 }))
    const database = await new Promise<IDBDatabase>((done, fail) => {
      const opening = indexedDB.open('holdfast')
      opening.onsuccess = () => { done(opening.result) }
      opening.onerror = () => { fail(opening.error ?? new Error()) }
    })
    const transaction = database.transaction('content', 'readwrite')
    transaction.objectStore('content').put({ cid: id, kind: 'z', status: 'DOWNLOADING', title: 'Coming', size: bytes.length, path: 'none yet', members: null })
    await new Promise(done => { transaction.oncomplete = done })
    database.close()
    let here = 786_432
    let came = () => {}
    const rest = new Promise<void>(done => { came = done })
    Object.assign(globalThis, { release() { here = bytes.length; came() } })
    new BroadcastChannel('holdfast/network').onmessage = ({ data }: MessageEvent<{ method?: string, from: string, id: number, args: [string, number, number] }>) => {
      const { method, from, id: question, args: [, at, length] } = data
      if (method === undefined) return
      const reply = new BroadcastChannel(from)
      reply.postMessage({ id: question, taken: true })
      void (async () => {
        if (method === 'read' && at + length > here) await rest
        reply.postMessage({ id: question, server: 'test', before: 0, after: 0, value: method === 'read' ? bytes.slice(at, at + length)
          : { cid: id, kind: 'z', size: bytes.length, title: 'Coming', path: null, sealed: null, members, readable: 700_000 } })
        reply.close()
      })()
    }
  }, { id: cid, base64: archive.toString('base64') })

  const saved = leader.waitForEvent('download')
  await leader.evaluate(url => { location.href = url }, `./save/${cid}/0`)
  expect(await downloaded(await saved)).toEqual({ name: 'a.bin', bytes: files[0]?.bytes })
  expect((await get(leader, `./save/${cid}/1`)).status).toBe(404)
  expect((await get(leader, `./content/archives/${cid}`)).status).toBe(404)
  const streaming = leader.evaluate(async url => {
    const response = await fetch(url)
    const reader = response.body?.getReader()
    const first = await reader?.read()
    ;(globalThis as unknown as { release(): void }).release()
    let length = first?.value?.length ?? 0
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) length += read.value.length
    return { status: response.status, said: response.headers.get('content-length'), length }
  }, `./content/archives/${cid}?fetch=1`)
  expect(await streaming).toEqual({ status: 200, said: String(archive.length), length: archive.length })
})

/** Posts what a share dialog would, as a navigation from outside: the app's own policy lets none of its pages post forms. */
async function shareInto(page: Page, url: string, fields: Record<string, string>, files: readonly { name: string, mimeType: string, buffer: Buffer }[]): Promise<void> {
  await page.setContent(`<form action="${url}" method="post" enctype="multipart/form-data">
    ${Object.keys(fields).map(name => `<input name="${name}">`).join('')}<input type="file" name="files" multiple><button>Share</button></form>`)
  for (const [name, value] of Object.entries(fields)) await page.locator(`input[name=${name}]`).fill(value)
  if (files.length > 0) await page.locator('input[type=file]').setInputFiles([...files])
  await page.getByRole('button', { name: 'Share' }).click()
}

test('what the system shares to the app is kept for the page that it opens', async ({ person, relay }) => {
  const { page, context } = await person()
  await controlled(page)
  await page.close()
  const opened = await context.newPage()
  const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  await shareInto(opened, `${relay.url}share-target`, { title: 'from elsewhere' }, [file('a.txt', 'first'), file('c?.txt', 'second')])
  await expect(opened).toHaveURL(`${relay.url}#/share`)
  const kept = await opened.evaluate(async () => {
    let folder = await navigator.storage.getDirectory()
    for (const name of ['holdfast', 'incoming']) folder = await folder.getDirectoryHandle(name)
    const found: string[] = []
    for await (const batch of folder.values()) {
      for await (const place of (batch as FileSystemDirectoryHandle).values()) {
        for await (const each of (place as FileSystemDirectoryHandle).values()) found.push(`${place.name}/${each.name}: ${await (await (each as FileSystemFileHandle).getFile()).text()}`)
      }
    }
    return found.sort()
  })
  expect(kept).toEqual(['0/a.txt: first', '1/c_.txt: second'])
})

test('a link that is shared to the app is opened', async ({ person, relay }) => {
  const { page, context } = await person()
  await controlled(page)
  const opened = await context.newPage()
  await shareInto(opened, `${relay.url}share-target`, { text: 'Look: https://elsewhere.example/app/#/get/abc?c=1 and more' }, [])
  await expect(opened).toHaveURL(`${relay.url}#/get/abc?c=1`)
})
