import type { Route } from '../route.ts'

/** Places that are loaded when they are first opened, so that the first screen does not wait for them. */
const loaders: Readonly<Partial<Record<Route['place'], () => Promise<unknown>>>> = {
  discover: () => import('./discover.ts'),
  upload: () => import('./upload.ts'),
  threads: () => import('./threads.ts'),
  wallet: () => import('./wallet.ts'),
  records: () => import('./records.ts'),
  check: () => import('./check.ts'),
  invite: () => import('./invite.ts'),
  network: () => import('./network.ts'),
}

/** Resolves when the element of a place is there. */
export async function load(place: Route['place']): Promise<void> {
  await loaders[place]?.()
}
