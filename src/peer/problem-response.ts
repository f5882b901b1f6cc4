import { HoldfastError, type ErrorCode } from '../base/index.ts'

/** The header that tells a page of ours the code of what went wrong. */
export const problemHeader = 'holdfast-problem'

const statuses: { readonly [Code in ErrorCode]?: number } = { 'not-found': 404, 'blocked': 451, 'timeout': 503, 'storage-busy': 503, 'storage-full': 507 }
const words: { readonly [Code in ErrorCode]?: string } = {
  'not-found': 'This file is not on this device.',
  'storage-full': 'There is no room for this on this device.',
  'timeout': 'Open Holdfast in a tab of this browser: it holds what is needed to read this file.',
}

/** An answer of the service worker that says why there is no file: as text to a person, by its code to the page. */
export function problemResponse(error: unknown): Response {
  const { code, message } = HoldfastError.from(error)
  return new Response(words[code] ?? `This file cannot be read (${code}: ${message}).`, {
    status: statuses[code] ?? 500,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', [problemHeader]: code },
  })
}
