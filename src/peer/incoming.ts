import { cleanIncoming, takeIncoming, type Taken } from './incoming-store.ts'
import type { SourceFile } from './share-api.ts'

interface LaunchParams { readonly targetURL?: string, readonly files?: readonly FileSystemHandle[] }
interface LaunchWindow { launchQueue?: { setConsumer(consumer: (params: LaunchParams) => void): void } }

/**
 * What the system hands to the app beside links that are opened: files of its share dialog, which the service worker kept; files it opens with the
 * app; addresses of `web+holdfast:`. Each only where the browser has it. `changed` is called when there are files; they are told until taken.
 */
export class Incoming {
  private waiting: readonly SourceFile[] = []
  private readonly kept: Taken[] = []
  /** The address this page was loaded from, which its first launch tells once more. */
  private loaded: string | null = location.href

  constructor(private readonly changed: (files: readonly SourceFile[]) => void) {
    openHanded(location.hash)
    const { launchQueue } = globalThis as LaunchWindow
    launchQueue?.setConsumer(params => { void this.launch(params) })
  }

  /** Looks for what the service worker kept, and removes what nobody wanted for a day. */
  async look(): Promise<void> {
    await cleanIncoming()
    const taken = await takeIncoming()
    this.kept.push(...taken)
    this.add(taken.flatMap(({ files }) => files))
  }

  /** The files that wait; none wait afterwards. They can be read until `release`, or until the page is gone and a day is over. */
  take(): readonly SourceFile[] {
    const files = this.waiting
    this.waiting = []
    if (files.length > 0) this.changed(this.waiting)
    return files
  }

  /** Whether the service worker kept any of these. */
  holds(files: readonly SourceFile[]): boolean {
    return this.kept.some(batch => batch.files.some(({ file }) => files.some(each => each.file === file)))
  }

  /** `files` are shared, or nobody wants to: what was kept of them is deleted. Others of the same batch keep it. */
  async release(files: readonly SourceFile[]): Promise<void> {
    const gone = new Set(files.map(({ file }) => file))
    for (const batch of this.kept.slice()) {
      if (!batch.files.some(({ file }) => gone.has(file))) continue
      this.kept.splice(this.kept.indexOf(batch), 1)
      const rest = batch.files.filter(({ file }) => !gone.has(file))
      if (rest.length > 0) this.kept.push({ ...batch, files: rest })
      else await batch.remove()
    }
  }

  private async launch({ targetURL, files = [] }: LaunchParams): Promise<void> {
    // With `focus-existing` the browser leaves it to the page to go there.
    if (targetURL !== undefined && targetURL !== this.loaded && URL.canParse(targetURL)) openHanded(new URL(targetURL).hash)
    this.loaded = null
    const opened = await Promise.all(files.filter(handle => handle.kind === 'file').map(async handle => {
      const file = await (handle as FileSystemFileHandle).getFile()
      return { file, path: file.name }
    }))
    this.add(opened)
    if (opened.length > 0) location.hash = '#/share'
  }

  private add(files: readonly SourceFile[]): void {
    if (files.length === 0) return
    this.waiting = [...this.waiting, ...files]
    this.changed(this.waiting)
  }
}

/** The route in an address that the system was asked to open: `#/get?u=web%2Bholdfast%3Aget%2F..` is what the manifest makes of `web+holdfast:get/..`. */
export function handedRoute(hash: string): string | null {
  const [, value] = /^#\/get\?u=(.+)$/s.exec(hash) ?? []
  if (value === undefined) return null
  try {
    const [, link] = /^web\+holdfast:(?:\/\/)?\/?get\/(.*)$/is.exec(decodeURIComponent(value)) ?? []
    return link === undefined ? '#/get' : `#/get/${link}`
  } catch { return '#/get' } // a broken percent-encoding: nothing to open
}

/** Goes where such an address leads; the one it came in is forgotten, as it may hold a key. */
function openHanded(hash: string): void {
  const route = handedRoute(hash) ?? (hash.startsWith('#/get/') ? hash : null)
  if (route === null || route === location.hash) return
  history.replaceState(history.state, '', route)
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}
