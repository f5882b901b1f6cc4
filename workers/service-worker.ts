/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { isContentPath, judgePngHeader } from '../src/content/index.ts'
import { answerContent } from '../src/peer/content-response.ts'
import { heldHere } from '../src/peer/held-file.ts'
import { answerExport } from '../src/peer/export-response.ts'
import { keepOnFirstUse } from '../src/peer/first-use.ts'
import { readExportPath, readSavePath } from '../src/peer/save-path.ts'
import { answerSave } from '../src/peer/save-response.ts'
import { answerShareTarget, shareTargetPath } from '../src/peer/share-target.ts'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string, revision: string | null }[] }

const held = heldHere()
const from = { ...held, safeImage: (head: Uint8Array) => judgePngHeader(head).ok }

/** A URL's path below the app, null outside of it. */
function pathBelow(url: URL): string | null {
  const { origin, pathname } = new URL(self.registration.scope)
  return url.origin === origin && url.pathname.startsWith(pathname) ? url.pathname.slice(pathname.length) : null
}

/** What asks for a relay of our own origin goes past us. */
const isContent = ({ url }: { url: URL }) => isContentPath(pathBelow(url) ?? '') && url.searchParams.get('from') !== 'relay'
const isSave = ({ url }: { url: URL }) => readSavePath(`/${pathBelow(url) ?? ''}`) !== null

const isExport = ({ url }: { url: URL }) => readExportPath(`/${pathBelow(url) ?? ''}`) !== null

for (const method of ['GET', 'HEAD'] as const) {
  registerRoute(isSave, async ({ url }) => await answerSave(method, url.pathname, from), method)
  registerRoute(isExport, async ({ url }) => await answerExport(method, url.pathname), method)
  registerRoute(isContent, async ({ request, url }) => await answerContent(request, pathBelow(url) ?? '', url.searchParams.get('fetch') === '1', from), method)
}
registerRoute(({ url }) => pathBelow(url) === shareTargetPath, async ({ request }) => await answerShareTarget(request, self.registration.scope), 'POST')
registerRoute(({ url }) => /^assets\/ffmpeg-core[\w.-]*\.(?:js|wasm)$/.test(pathBelow(url) ?? ''), async ({ request }) => await keepOnFirstUse('holdfast/ffmpeg', request))
cleanupOutdatedCaches()
precacheAndRoute(self.__WB_MANIFEST)
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html'), { denylist: [/\/(health|metrics|network\.json)$/, /\/(save|content|export)\//] }))

self.addEventListener('message', event => {
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting()
})
self.addEventListener('activate', event => { event.waitUntil(self.clients.claim()) })
