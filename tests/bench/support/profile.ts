import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type BrowserContext } from 'playwright'
import { launchOptions, permissions } from '../../support/launch.ts'

/** A browser with a profile on disk: `newContext()` would be a private window, whose files live in memory. */
export interface Profile {
  readonly context: BrowserContext
  /** Resident memory of all processes of the browser, in MB; null where the system does not tell. */
  memory(): Promise<number | null>
  /** Processor time of all its processes so far, in seconds. */
  cpu(): Promise<number>
  close(): Promise<void>
}

export async function openProfile(scratch: string): Promise<Profile> {
  const folder = await mkdtemp(join(scratch, 'profile-'))
  const profile = await profileIn(folder)
  return {
    ...profile,
    async close() {
      await profile.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The same in a folder that stays, so that another browser can go on with what is there. */
export async function profileIn(folder: string): Promise<Profile> {
  const context = await chromium.launchPersistentContext(folder, { ...launchOptions, permissions, acceptDownloads: true })
  const cdp = await context.browser()?.newBrowserCDPSession()
  if (cdp === undefined) throw new Error('the browser of a profile has no session of its own')
  return {
    context,
    async memory() {
      if (process.platform === 'win32') return null
      // Chromium starts this one some minutes after its own start, whatever the page does.
      const processInfo = (await cdp.send('SystemInfo.getProcessInfo')).processInfo.filter(({ type }) => !type.startsWith('on_device_model'))
      const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', processInfo.map(({ id }) => String(id)).join(',')])
      return stdout.trim().split(/\s+/).reduce((sum, kib) => sum + Number(kib) * 1024 / 1e6, 0)
    },
    async cpu() {
      const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
      return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0)
    },
    async close() { await context.close() },
  }
}

/** The most memory above what it was before, in MB, for each stage. */
export type Peaks = ReadonlyMap<string, number>

/** Samples memory twice a second until `ended`, each time for what `stage` says is going on; stages without a name count for nothing. No stage is there where memory cannot be read. */
export async function watchMemory(profile: Profile, stage: () => Promise<string>): Promise<{ readonly peaks: Peaks, readonly ended: () => Promise<void> }> {
  const before = await profile.memory()
  const peaks = new Map<string, number>()
  const done = new AbortController()
  const sampling = (async () => {
    if (before === null) return
    while (!done.signal.aborted) {
      const [now, name] = await Promise.all([profile.memory(), stage().catch(() => '')]) // a page that is going somewhere says nothing
      if (name !== '' && now !== null) peaks.set(name, Math.max(peaks.get(name) ?? 0, now - before))
      await new Promise(resolve => { setTimeout(resolve, 500) })
    }
  })()
  return {
    peaks,
    async ended() {
      done.abort()
      await sampling
    },
  }
}

/** How far memory rises above what it was before `work`, in MB, sampled twice a second; null where it cannot be read. */
export async function memoryGrowth(profile: Profile, work: () => Promise<unknown>): Promise<number | null> {
  const before = await profile.memory()
  if (before === null) {
    await work()
    return null
  }
  let peak = before
  const done = new AbortController()
  const sampling = (async () => {
    while (!done.signal.aborted) {
      peak = Math.max(peak, await profile.memory() ?? 0)
      await new Promise(resolve => { setTimeout(resolve, 500) })
    }
  })()
  try { await work() } finally { done.abort() }
  await sampling
  return peak - before
}
