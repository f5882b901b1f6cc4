import { Workbox } from 'workbox-window'
import { HoldfastError, type Cid } from '../base/index.ts'
import { savePath } from './save-path.ts'

interface PickerWindow { showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle> }

/**
 * The page's side of the service worker: registration, the version that waits, and files on their way out of Holdfast. The worker
 * answers `save/<cid>/<member>` from the local store as a stream, so no byte crosses the page and no copy is made. A link with
 * `download` would not reach the worker (measured in Chromium 156), a navigation does and turns into a download.
 */
export class Saving {
  readonly canPick = 'showSaveFilePicker' in globalThis
  private readonly workbox: Workbox | null
  private readonly ready: Promise<ServiceWorkerRegistration | undefined>

  constructor(onUpdateReady: () => void) {
    this.workbox = import.meta.env.PROD ? new Workbox('./service-worker.js') : null
    this.workbox?.addEventListener('waiting', onUpdateReady)
    this.ready = this.workbox?.register() ?? Promise.resolve(undefined)
    this.ready.catch(() => {}) // told to whoever saves
  }

  /** Starts an ordinary download; resolves when it was handed to the browser. */
  async save(cid: Cid, member: number | null): Promise<void> {
    const url = await this.url(cid, member)
    const link = document.createElement('a')
    link.href = url
    link.click()
  }

  /** Streams into a file the person picks; false where none was picked. */
  async saveAs(cid: Cid, member: number | null, suggestedName: string): Promise<boolean> {
    let handle: FileSystemFileHandle | undefined
    try {
      handle = await (globalThis as PickerWindow).showSaveFilePicker?.({ suggestedName })
    } catch (error) {
      if ((error as Error).name === 'AbortError') return false
      throw error
    }
    if (handle === undefined) throw new HoldfastError('unsupported', 'this browser has no save picker')
    const response = await fetch(await this.url(cid, member))
    if (!response.ok || response.body === null) throw new HoldfastError('not-found', 'the file is no longer here')
    await response.body.pipeTo(await handle.createWritable())
    return true
  }

  /** Lets the waiting version take over and loads it. */
  async update(): Promise<void> {
    if (this.workbox === null) return
    this.workbox.addEventListener('controlling', () => { location.reload() })
    this.workbox.messageSkipWaiting()
    await this.workbox.controlling
  }

  private async url(cid: Cid, member: number | null): Promise<string> {
    await this.ready
    const registration = await navigator.serviceWorker.ready
    if (registration.active === null) throw new HoldfastError('unsupported', 'no service worker')
    return new URL(savePath(cid, member), document.baseURI).href
  }
}
