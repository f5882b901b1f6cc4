/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { readSavePath } from '../src/peer/save-path.ts'
import { answerSave } from '../src/peer/save-response.ts'

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string, revision: string | null }[] }

registerRoute(({ url, sameOrigin }) => sameOrigin && readSavePath(url.pathname) !== null, async ({ url }) => await answerSave(url.pathname))
cleanupOutdatedCaches()
precacheAndRoute(self.__WB_MANIFEST)
registerRoute(new NavigationRoute(createHandlerBoundToURL('index.html'), { denylist: [/\/(health|metrics|network\.json)$/] }))

self.addEventListener('message', event => {
  if ((event.data as { type?: unknown } | null)?.type === 'SKIP_WAITING') void self.skipWaiting()
})
self.addEventListener('activate', event => { event.waitUntil(self.clients.claim()) })
