/**
 * Answers with what was kept of a file whose name never means other bytes, or fetches and keeps it: so that what few people ever need is not loaded by all, and works
 * without a connection afterwards. An older one of the same kind goes.
 */
export async function keepOnFirstUse(cacheName: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const kept = await cache.match(request.url)
  if (kept !== undefined) return kept
  const response = await fetch(request)
  if (!response.ok) return response
  const copy = response.clone()
  const ending = /\.\w+$/.exec(new URL(request.url).pathname)?.[0] ?? ''
  void (async () => {
    await cache.put(request.url, copy)
    for (const { url } of await cache.keys()) if (url !== request.url && new URL(url).pathname.endsWith(ending)) await cache.delete(url)
  })().catch(() => {}) // no room: fetched again the next time
  return response
}
