import { HoldfastError, KeyedLock, limits } from '../base/index.ts'
import { SwitchedBucket, absentBucket, clearFiles, copyFiles, openBucket, ownBucketUrl, tryBucket, type Bucket, type Credentials, type Database, type Driver, type MovedFile, type SealedKey, type Staging, type StoreChoice, type StorePlace } from '../store/index.ts'
import type { StoreService, StoreState } from './store-api.ts'

export interface StoreParts {
  /** This browser's own. */
  readonly stores: { readonly bucket: Bucket, readonly staging: Staging, readonly driver: Driver }
  readonly open?: (url: string, credentials?: Credentials) => Promise<Bucket>
  readonly database: Database
  /** Opens what was sealed to this device. */
  readonly openSecret: (sealed: SealedKey) => Promise<string>
  readonly changed: (state: StoreState) => void
}

/** Rows whose files lie in the bucket, or may. */
const placed: ReadonlySet<string> = new Set(['SEEDING', 'TRASHED', 'PLACING'])
/** What says that a store that was left will not be entered again. */
const closed: ReadonlySet<string> = new Set(['not-found', 'bad-input', 'storage-lost', 'store-refused', 'store-missing'])
const firstPauseMs = 2000

/**
 * Where finished files are kept, and how they move elsewhere. The choice is written down before each step, so that a kill leaves a step that can be done again:
 * all is copied (reads go on from the old bucket, what is deleted is deleted in both), then the bucket changes while nothing is written, then the
 * old one is cleared. A bucket that cannot be opened at the start is an absent one, and everything that needs no stored file goes on without.
 */
export class StoreDesk implements StoreService {
  private choice: StoreChoice = { at: null, left: [] }
  private moving: StoreState['moving'] = null
  private problem: HoldfastError | null = null
  private ending = new AbortController()
  private run: Promise<void> = Promise.resolve()
  private wake = Promise.withResolvers<void>()
  private readonly lock = new KeyedLock()

  readonly driver: Driver
  readonly bucket: SwitchedBucket

  private constructor(private readonly parts: StoreParts) {
    this.driver = parts.stores.driver
    this.bucket = new SwitchedBucket(parts.stores.bucket)
  }

  static async open(parts: StoreParts): Promise<StoreDesk> {
    const desk = new StoreDesk(parts)
    desk.choice = await parts.database.setting('store') ?? desk.choice
    await desk.reopen()
    return desk
  }

  get state(): StoreState {
    const url = this.urlOf(this.choice.at)
    return { url, driver: url.slice(0, url.indexOf(':')) as StoreState['driver'], moving: this.moving, problem: this.problem?.toObject() ?? null }
  }

  /** Whether files lie where every thread of this browser finds them by itself. */
  get isOwn(): boolean {
    return this.choice.at === null
  }

  /** Goes on with what was under way; once everything else has begun. */
  begin(): void {
    this.tell()
    if ('next' in this.choice || this.choice.left.length > 0) this.start()
  }

  async chooseStore(url: string | null, sealed: SealedKey | null): Promise<void> {
    const place = url === null || url === ownBucketUrl(this.driver) ? null : { url, sealed }
    if (this.isOnWay(place)) return // asked twice
    const bucket = await this.openPlace(place)
    await tryBucket(bucket)
    await this.lock.run('', async () => {
      if (this.isOnWay(place)) return // another answered sooner
      await this.halt() // clearing goes on after
      try {
        const { at, left } = this.choice
        if (same(at, place)) {
          await this.save({ ...this.choice, at: place })
          await this.bucket.switch(async () => bucket)
          this.problem = null
        } else await this.save({ at, next: place, left: left.filter(each => !same(each, place)) })
      } finally { this.begin() }
    })
  }

  async stopMoving(): Promise<void> {
    await this.lock.run('', async () => {
      if (this.choice.next === undefined) return
      await this.halt()
      this.moving = null
      this.problem = null
      try {
        const { next, at, left } = this.choice // it may have come to its end
        if (next !== undefined) await this.save({ at, left: [...left, next] }) // what was copied is taken away as from a store that was left
      } finally { this.begin() }
    })
  }

  async retryStore(): Promise<void> {
    await this.reopen()
    this.wake.resolve()
    this.tell()
  }

  /** Whether files are on their way to this store; `storage-busy` where they are to another. */
  private isOnWay(place: StorePlace | null): boolean {
    const { next } = this.choice
    if (next !== undefined && !same(next, place)) throw new HoldfastError('storage-busy', 'files are on their way to another store')
    return next !== undefined
  }

  private start(): void {
    const { signal } = this.ending = new AbortController()
    this.run = this.work(signal).catch((error: unknown) => { if (!signal.aborted) this.fail(HoldfastError.from(error)) })
  }

  /** Ends what is under way and waits for its end. */
  private async halt(): Promise<void> {
    this.ending.abort()
    this.wake.resolve()
    await this.run
  }

  private async work(signal: AbortSignal): Promise<void> {
    for (let pause = firstPauseMs; ; pause = Math.min(2 * pause, limits.moveRetryMs)) {
      try {
        if ('next' in this.choice) await this.move(this.choice.next ?? null, signal)
        for (const left of this.choice.left) await this.clear(left, signal)
        return
      } catch (error) {
        if (signal.aborted) return
        this.fail(HoldfastError.from(error))
      }
      this.wake = Promise.withResolvers<void>()
      let timer: ReturnType<typeof setTimeout> | undefined
      await Promise.race([this.wake.promise, new Promise(done => { timer = setTimeout(done, pause) })])
      clearTimeout(timer)
      if (signal.aborted) return
    }
  }

  private async move(next: StorePlace | null, signal: AbortSignal): Promise<void> {
    const to = await this.openPlace(next)
    const url = this.urlOf(next)
    const onProgress = (done: number, total: number): void => {
      this.moving = { url, done, total }
      this.problem = null
      this.tell()
    }
    const options = { signal, onProgress, alone: async <T>(key: string, task: () => Promise<T>) => await this.bucket.alone(key, task) }
    this.bucket.setBeside(to)
    try {
      await copyFiles(this.bucket, to, await this.files(), options)
      await this.bucket.switch(async from => {
        // What was placed while the rest was copied; nothing is written now, so this is all.
        await copyFiles(from, to, await this.files(), { ...options, alone: async (_, task) => await task() })
        signal.throwIfAborted()
        await this.save({ at: next, left: [...this.choice.left, this.choice.at] })
        return to
      })
    } finally { this.bucket.setBeside(null) }
    this.moving = null
    this.problem = null
    this.tell()
  }

  private async clear(left: StorePlace | null, signal: AbortSignal): Promise<void> {
    try {
      const bucket = await this.openPlace(left)
      this.bucket.setBeside(bucket)
      await clearFiles(bucket, this.bucket, await this.files(), signal)
    } catch (error) {
      if (!closed.has(HoldfastError.from(error).code)) throw error // what no longer lets us in keeps what it has
    } finally { this.bucket.setBeside(null) }
    await this.save({ ...this.choice, left: this.choice.left.filter(each => !same(each, left)) })
  }

  private async files(): Promise<readonly MovedFile[]> {
    return (await this.parts.database.getAll('content')).filter(({ status }) => placed.has(status))
  }

  /** The bucket that was chosen, or why it cannot be used. */
  private async reopen(): Promise<void> {
    const { at } = this.choice
    let problem: HoldfastError | null = null
    const bucket = await this.openPlace(at).catch((error: unknown) => absentBucket(problem = HoldfastError.from(error)))
    await this.bucket.switch(async from => {
      if (this.choice.at !== at) return from // moved meanwhile
      this.problem = problem
      return bucket
    })
  }

  private async openPlace(place: StorePlace | null): Promise<Bucket> {
    if (place === null) return this.parts.stores.bucket
    return await (this.parts.open ?? openBucket)(place.url, place.sealed === null ? undefined : JSON.parse(await this.parts.openSecret(place.sealed)) as Credentials)
  }

  private urlOf(place: StorePlace | null): string {
    return place?.url ?? ownBucketUrl(this.driver)
  }

  private async save(choice: StoreChoice): Promise<void> {
    await this.parts.database.set('store', choice)
    this.choice = choice
  }

  private fail(problem: HoldfastError): void {
    this.problem = problem
    this.tell()
  }

  private tell(): void {
    this.parts.changed(this.state)
  }
}

function same(a: StorePlace | null, b: StorePlace | null): boolean {
  return a?.url === b?.url
}
