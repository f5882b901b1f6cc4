import type { Item, Peer, PeerState, SourceFile } from '../../src/peer/index.ts'

type Cid = Item['cid']
type Link = Parameters<Peer['get']>[0]

export const cidOf = (digit: string): Cid => digit.repeat(64)

/** A peer that does nothing but remember what it was asked and show the state it is told to. */
export class ScriptedPeer implements Peer {
  readonly calls: unknown[][] = []
  refusal: ReturnType<Peer['plan']>['refusal'] = null
  links = new Map<string, ReturnType<Peer['readLink']>>()
  readonly #listeners = new Set<(state: PeerState) => void>()

  constructor(public state: PeerState) {}

  /** The next snapshot. */
  set(change: Partial<PeerState>): void {
    this.state = { ...this.state, ...change }
    for (const listener of this.#listeners) listener(this.state)
  }

  subscribe(listener: (state: PeerState) => void): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  #called(...call: unknown[]): Promise<void> {
    this.calls.push(call)
    return Promise.resolve()
  }

  plan(files: readonly SourceFile[]): ReturnType<Peer['plan']> {
    const [first] = files
    return {
      title: files.length === 1 && first !== undefined ? first.path : `${files.length} files`,
      files: files.length,
      bytes: files.reduce((sum, { file }) => sum + file.size, 0),
      refusal: this.refusal,
    }
  }

  async share(files: readonly SourceFile[], title: string): Promise<string> {
    await this.#called('share', files.map(({ path }) => path), title)
    return 'job-1'
  }

  readLink(text: string): ReturnType<Peer['readLink']> {
    return this.links.get(text) ?? { ok: false, code: 'link-invalid', reason: 'not scripted' }
  }

  cancelJob(id: string): Promise<void> { return this.#called('cancelJob', id) }
  dismissJob(id: string): Promise<void> { return this.#called('dismissJob', id) }
  get(link: Link): Promise<void> { return this.#called('get', link.cid) }
  pause(cid: Cid): Promise<void> { return this.#called('pause', cid) }
  resume(cid: Cid): Promise<void> { return this.#called('resume', cid) }
  give(cid: Cid, on: boolean): Promise<void> { return this.#called('give', cid, on) }
  remove(cid: Cid): Promise<void> { return this.#called('remove', cid) }
  save(cid: Cid, member: number | null): Promise<void> { return this.#called('save', cid, member) }
  async saveAs(cid: Cid, member: number | null): Promise<boolean> {
    await this.#called('saveAs', cid, member)
    return true
  }
  consent(agreed: boolean): Promise<void> { return this.#called('consent', agreed) }
  setSharing(on: boolean): Promise<void> { return this.#called('setSharing', on) }
  setTheme(theme: PeerState['theme']): Promise<void> { return this.#called('setTheme', theme) }
  persist(): Promise<void> { return this.#called('persist') }
  update(): Promise<void> { return this.#called('update') }
  install(): Promise<void> { return this.#called('install') }
}
