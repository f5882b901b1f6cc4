import { Workbox } from 'workbox-window'
import { HoldfastError, errorCodes, limits, type Cid } from '../base/index.ts'
import { attachedName, contentPath, type Kind } from '../content/index.ts'
import type { Unpacked } from '../media/index.ts'
import type { FolderOptions, SavedFolder } from './item-api.ts'
import { problemHeader } from './problem-response.ts'
import { offer, wrapService } from './rpc.ts'
import { exportPath, savePath } from './save-path.ts'
import type { UnpackService } from './unpack-service.ts'

const script = './service-worker.js'
/** How often a new version is looked for. */
const lookMs = 60 * 60 * 1000

interface PickerWindow {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>
  showDirectoryPicker?: (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>
}

/**
 * The page's side of the service worker: registration, the version that waits, and files on their way out of Holdfast. The worker
 * answers `save/<cid>/<member>` from the local store as a stream, so no byte crosses the page and no copy is made. A link with
 * `download` would not reach the worker (measured in Chromium 156), a navigation does and turns into a download.
 */
export class Saving {
  readonly canPick = 'showSaveFilePicker' in globalThis
  readonly canPickFolder = 'showDirectoryPicker' in globalThis
  private readonly workbox: Workbox | null
  private readonly ready: Promise<ServiceWorkerRegistration | undefined>
  private controlled = navigator.serviceWorker.controller !== null
  private accepted = false
  private replaced = false
  private lookedAt = performance.now()

  /** `onUpdateReady`: a version waits for `update`, or another tab has taken it already. */
  constructor(onUpdateReady: () => void) {
    this.workbox = import.meta.env.PROD ? new Workbox(script) : null
    this.workbox?.addEventListener('waiting', onUpdateReady)
    this.ready = this.workbox?.register() ?? Promise.resolve(undefined)
    this.ready.catch(() => {}) // told to whoever saves
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (this.accepted) location.reload()
      else if (this.controlled) {
        this.replaced = true
        onUpdateReady()
      }
      this.controlled = true
    })
    document.addEventListener('visibilitychange', () => { this.look() })
  }

  /**
   * Starts an ordinary download; resolves with the name it is offered under when it was handed to the browser, null where it has none. Asks first whether there is one to be had, as a navigation that is
   * answered with a reason shows that in place of the app. `onLeave` is called right before the navigation, which asks `beforeunload` like any other.
   */
  async save(cid: Cid, member: number | null, onLeave: () => void = () => {}): Promise<string | null> {
    return await this.navigate(await this.url(cid, member), onLeave)
  }

  /** The same of the bytes as they are stored. */
  async saveStored(cid: Cid, kind: Kind, onLeave: () => void): Promise<string | null> {
    return await this.navigate(await this.address(contentPath(kind, cid)), onLeave)
  }

  /** The same of an export that is ready. */
  async saveExport(id: string, name: string, onLeave: () => void): Promise<string | null> {
    return await this.navigate(await this.address(exportPath(id, name)), onLeave)
  }

  /** Streams into a file the person picks; false where none was picked. */
  async saveAs(cid: Cid, member: number | null, suggestedName: string): Promise<boolean> {
    const handle = await picked((globalThis as PickerWindow).showSaveFilePicker?.({ suggestedName }))
    if (handle === null) return false
    const { body } = await answered(await this.url(cid, member))
    if (body === null) throw new HoldfastError('internal', 'an answer without a body')
    await body.pipeTo(await handle.createWritable())
    return true
  }

  /**
   * Unpacks all members of a finished archive into a fresh folder in one the person picks, on a thread of its own; null where none was picked.
   * Needs a click just before. Failures as `unpackFolder` says, but stopped it tells what was written.
   */
  async saveFolder(cid: Cid, options: FolderOptions): Promise<SavedFolder | null> {
    const parent = await picked((globalThis as PickerWindow).showDirectoryPicker?.({ mode: 'readwrite' }))
    if (parent === null || options.signal.aborted) return null
    try { return await unpackInto(parent, cid, options) } catch (error) {
      const { code, data } = HoldfastError.from(error)
      if (code === 'aborted' && options.signal.aborted) return { folder: String(data['folder'] ?? ''), files: Number(data['files'] ?? 0) }
      throw error
    }
  }

  /** Lets the waiting version take over and loads it. */
  async update(): Promise<void> {
    this.accepted = true
    if (this.replaced) location.reload()
    else this.workbox?.messageSkipWaiting()
  }

  /** A tab that stays open for days asks for a new version by itself, when somebody comes back to it. */
  private look(): void {
    if (document.visibilityState !== 'visible' || performance.now() - this.lookedAt < lookMs) return
    this.lookedAt = performance.now()
    this.workbox?.update().catch(() => {}) // no connection: the next time will do
  }

  private async navigate(url: string, onLeave: () => void): Promise<string | null> {
    const { headers } = await answered(url, { method: 'HEAD' })
    onLeave()
    const link = document.createElement('a')
    link.href = url
    link.click()
    return attachedName(headers.get('content-disposition'))
  }

  private async url(cid: Cid, member: number | null): Promise<string> {
    return await this.address(savePath(cid, member))
  }

  private async address(path: string): Promise<string> {
    await this.ready.catch(() => {}) // begun anew below
    await running()
    await controlled()
    return new URL(path, document.baseURI).href
  }
}

/** One that is cut off while it fetches what it keeps is gone for good, as when the site goes away during a first visit: it is begun anew, so many times. */
const installTries = 3

/** Until a worker runs; `relay-unreachable` where it cannot be fetched. */
async function running(): Promise<void> {
  const { serviceWorker } = navigator
  for (let tries = installTries; ;) {
    const registration = await serviceWorker.getRegistration()
    if (registration !== undefined && registration.active !== null) return
    if (registration === undefined || (registration.installing === null && registration.waiting === null)) {
      if (tries-- === 0) throw new HoldfastError('relay-unreachable', 'the service worker cannot be kept')
      try { await serviceWorker.register(script) } catch (error) { throw new HoldfastError('relay-unreachable', 'the service worker cannot be fetched', {}, { cause: error }) }
    }
    await Promise.race([serviceWorker.ready, new Promise(done => { setTimeout(done, limits.claimMs) })])
  }
}

/** A worker that has only just begun takes over this page a moment later; until then what is asked goes to the site. */
async function controlled(): Promise<void> {
  const { serviceWorker } = navigator
  if (serviceWorker.controller !== null) return
  await new Promise<void>(done => {
    serviceWorker.addEventListener('controllerchange', () => { done() }, { once: true })
    setTimeout(done, limits.claimMs)
  })
}

/** The same into a folder that was picked already. */
export async function unpackInto(parent: FileSystemDirectoryHandle, cid: Cid, { signal, onProgress }: Partial<FolderOptions> = {}): Promise<Unpacked> {
  const worker = new Worker(new URL('../../workers/unpack.ts', import.meta.url), { type: 'module', name: 'unpack' })
  const service = wrapService<UnpackService>(worker)
  const stop = () => { void service.stop() }
  signal?.addEventListener('abort', stop)
  try {
    return await service.unpack(cid, parent, ...onProgress === undefined ? [] : [offer(onProgress)] as const)
  } finally {
    signal?.removeEventListener('abort', stop)
    worker.terminate()
  }
}

/** What a picker gave; null where the person chose nothing. */
async function picked<T>(picking: Promise<T> | undefined): Promise<T | null> {
  if (picking === undefined) throw new HoldfastError('unsupported', 'this browser has no such picker')
  try { return await picking } catch (error) {
    if ((error as Error).name === 'AbortError') return null
    throw error
  }
}

/** The service worker's answer, or the reason it gives for having none. */
async function answered(url: string, options: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, options)
  if (response.ok) return response
  const code = errorCodes.find(each => each === response.headers.get(problemHeader))
  throw new HoldfastError(code ?? 'not-found', 'the file cannot be had')
}
