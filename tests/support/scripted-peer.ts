import type { ExportFormat, PublishActs, PublishOrder, RecordActs, RecordChain, RecordEntry, RecordFinding, RecordQuote, Upload, UploadName } from '../../src/peer/index.ts'
import type { KeeperQuery, RankedKeeper, Samaritan, UploadKeeping } from '../../src/peer/index.ts'
import type { AttachmentName, FolderOptions, FoundInvite, IdentityActs, Item, MeteredRule, MessagePrice, MiningActs, Peer, PeerState, Rates, SavedFolder, ShareOptions, SourceFile, StoreActs, ThreadActs, ThreadMessage, WalletActs } from '../../src/peer/index.ts'

type Cid = Item['cid']
type Link = Parameters<Peer['get']>[0]

export const phrase = `${'abandon '.repeat(11)}about`
export const restoredAddress = 'TRestoredRestoredRestoredRestored1'
export const inviteText = `https://holdfast.example/#/invite/${'B'.repeat(43)}`
/** A picture as a browser shows it. */
export const drawnPicture = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300"><rect width="300" height="300" fill="#f1e4cf"/><circle cx="214" cy="92" r="40" fill="#d9622f"/><path d="M0 160Q75 110 150 160T300 160V300H0z" fill="#3b7a7a"/></svg>')}`
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

  async share(files: readonly SourceFile[], title: string, options: ShareOptions): Promise<string> {
    await this.#called('share', files.map(({ path }) => path), title, options)
    return 'job-1'
  }

  takeIncoming(): readonly SourceFile[] {
    const { incoming } = this.state
    this.set({ incoming: [] })
    return incoming
  }

  readLink(text: string): ReturnType<Peer['readLink']> {
    if (/^[0-9a-f]{64}$/.test(text)) return { ok: true, value: { cid: text, infohash: null } }
    return this.links.get(text) ?? { ok: false, code: 'link-invalid', reason: 'not scripted' }
  }

  cancelJob(id: string): Promise<void> { return this.#called('cancelJob', id) }
  dismissJob(id: string): Promise<void> { return this.#called('dismissJob', id) }
  open(link: Link): Promise<void> { return this.#called('open', link.cid) }
  search(cid: Cid): Promise<void> { return this.#called('search', cid) }
  endSearch(cid: Cid): Promise<void> { return this.#called('endSearch', cid) }
  /** The relays agreed to stand after the content id, then the message it is wanted for. */
  get(link: Link, relays: readonly string[] = [], attachment: AttachmentName | null = null): Promise<void> { return this.#called('get', link.cid, ...relays, ...attachment === null ? [] : [attachment]) }
  pause(cid: Cid): Promise<void> { return this.#called('pause', cid) }
  resume(cid: Cid): Promise<void> { return this.#called('resume', cid) }
  give(cid: Cid, on: boolean): Promise<void> { return this.#called('give', cid, on) }
  setFindable(cid: Cid, on: boolean): Promise<void> { return this.#called('setFindable', cid, on) }
  verify(cid: Cid): Promise<void> { return this.#called('verify', cid) }
  unpackAnyway(cid: Cid): Promise<void> { return this.#called('unpackAnyway', cid) }
  remove(cid: Cid): Promise<void> { return this.#called('remove', cid) }
  restore(cid: Cid): Promise<void> { return this.#called('restore', cid) }
  discard(cid: Cid | null): Promise<void> { return this.#called('discard', cid) }
  pin(cid: Cid, on: boolean): Promise<void> { return this.#called('pin', cid, on) }
  blockOwner(owner: string): Promise<void> { return this.#called('blockOwner', owner) }
  decideRemoval(take: boolean): Promise<void> { return this.#called('decideRemoval', take) }
  keepHere(on: boolean, now = false): Promise<void> { return this.#called('keepHere', on, ...now ? [now] : []) }
  async setSamaritan(samaritan: Samaritan): Promise<void> {
    this.set({ samaritan })
    await this.#called('setSamaritan', samaritan)
  }
  setReconcile(ms: number): Promise<void> { return this.#called('setReconcile', ms) }
  setRechecks(on: boolean): Promise<void> { return this.#called('setRechecks', on) }
  follow(owner: string, on: boolean): Promise<void> {
    this.set({ follows: [...this.state.follows.filter(each => each !== owner), ...on ? [owner] : []] })
    return this.#called('follow', owner, on)
  }
  block(cid: Cid): Promise<void> { return this.#called('block', cid) }
  async importBlocklist(text: string): Promise<{ added: number, refused: number }> {
    await this.#called('importBlocklist', text)
    const lines = text.trim().split('\n')
    const added = lines.filter(line => /^[0-9a-f]{64}$/.test(line)).length
    return { added, refused: lines.length - added }
  }
  clearBlocklist(): Promise<void> { return this.#called('clearBlocklist') }
  save(cid: Cid, member: number | null): Promise<void> { return this.#called('save', cid, member) }
  async saveAs(cid: Cid, member: number | null): Promise<boolean> {
    await this.#called('saveAs', cid, member)
    return true
  }
  async saveFolder(cid: Cid, _options: FolderOptions): Promise<SavedFolder | null> {
    await this.#called('saveFolder', cid)
    return { folder: 'Slack water', files: 3 }
  }
  consent(agreed: boolean): Promise<void> { return this.#called('consent', agreed) }
  setSharing(on: boolean): Promise<void> { return this.#called('setSharing', on) }
  setRates(rates: Rates): Promise<void> { return this.#called('setRates', rates) }
  setMetered(rule: MeteredRule): Promise<void> { return this.#called('setMetered', rule) }
  setListed(on: boolean): Promise<void> { return this.#called('setListed', on) }
  removeRelay(host: string): Promise<void> { return this.#called('removeRelay', host) }
  setTheme(theme: PeerState['theme']): Promise<void> { return this.#called('setTheme', theme) }
  /** The phrase is that of 16 bytes of zero; files are backups when they say so, opened by `right`. */
  readonly identity: IdentityActs = {
    ensure: async () => { await this.#called('ensure') },
    unlock: async passphrase => { await this.#opened('unlock', passphrase) },
    setPassphrase: async (current, next) => {
      await this.#called('setPassphrase', current, next)
      if (this.state.identity?.passphrase === true && current !== 'right') throw Object.assign(new Error('wrong'), { code: 'wrong-passphrase' })
    },
    words: async () => phrase.split(' '),
    confirmWords: async answers => {
      await this.#called('confirmWords', answers.length)
      return answers.every(({ place, word }) => phrase.split(' ')[place - 1] === word)
    },
    saveFile: async passphrase => {
      await this.#called('saveFile', passphrase)
      return { name: 'holdfast-backup-TVnVYp.json', keys: 2 }
    },
    judgeWords: async text => text.trim() === phrase ? { ok: true, address: restoredAddress }
      : text === '' ? { ok: false, problem: 'count', count: 0 } : text.includes('aboot') ? { ok: false, problem: 'unknown', words: [{ place: 12, word: 'aboot' }] } : { ok: false, problem: 'checksum' },
    judgeFile: async (text, passphrase) => {
      if (text !== 'backup') throw Object.assign(new Error('damaged'), { code: 'backup-damaged' })
      await this.#opened('judgeFile', passphrase)
      return { address: restoredAddress, keys: 2 }
    },
    restore: async backup => {
      await this.#called('restore', backup)
      return { address: restoredAddress, files: 'file' in backup ? 1 : 0 }
    },
    importKey: async text => {
      await this.#called('importKey')
      const fault = this.keyFaults.get(text)
      if (fault !== undefined) throw Object.assign(new Error('no key'), { code: 'bad-input', data: { fault } })
      return { kind: text.startsWith('Fs') ? 'FA' : 'EC', address: text }
    },
    exportKey: async address => {
      await this.#called('exportKey', address)
      return `Fs1${'z'.repeat(49)}`
    },
    removeKey: async address => { await this.#called('removeKey', address) },
  }

  /** What is wrong with secret keys that are brought here; others are right. */
  readonly keyFaults = new Map<string, string>()

  async #opened(name: string, passphrase: string): Promise<void> {
    await this.#called(name, passphrase)
    if (passphrase !== 'right') throw Object.assign(new Error('wrong'), { code: 'wrong-passphrase' })
  }

  /** Messages on show last whose files may begin to come. */
  begun: readonly string[] = []
  /** What the next act of the wallet or of threads fails with. */
  failure: string | null = null
  /** What invites hold; others are none. */
  readonly held = new Map<string, FoundInvite>()
  readonly said = new Map<string, readonly ThreadMessage[]>()
  cost: MessagePrice = { fee: null, seconds: 3 }

  async #acted(...call: unknown[]): Promise<void> {
    await this.#called(...call)
    const { failure } = this
    this.failure = null
    if (failure !== null) throw Object.assign(new Error(failure), { code: failure })
  }

  readonly wallet: WalletActs = {
    send: async (to, amount) => {
      await this.#acted('send', to, amount)
      return cidOf('1')
    },
    cancel: async id => { await this.#acted('cancel', id) },
    prove: async id => {
      await this.#acted('prove', id)
      return { root: cidOf('2'), block: cidOf('3'), number: 48_077, index: 4, nodes: 12, bytes: 3400 }
    },
    invite: async amount => {
      await this.#acted('invite', amount)
      return inviteText
    },
    readInvite: async link => {
      const held = this.held.get(link.slice(link.indexOf('#')))
      return held === undefined ? null : { ...held, stage: held.amount > 0 ? 'ready' : 'taken' }
    },
    claim: async link => {
      await this.#acted('claim', link.slice(link.indexOf('#')))
      return cidOf('1')
    },
  }

  readonly threads: ThreadActs = {
    beginSmall: async messages => { this.begun = messages.flatMap(({ id, attachment }) => attachment === null ? [] : [id]) },
    read: async name => this.said.get(name) ?? [],
    open: async (title, text, attachment) => {
      await this.#acted('openThread', title, text, attachment ?? null)
      return `${restoredAddress}/0`
    },
    reply: async (name, text, attachment) => {
      await this.#acted('reply', name, text, attachment ?? null)
      return cidOf('1')
    },
    left: (title, text) => 1000 - new TextEncoder().encode(`${title ?? ''}${text}`).length,
    price: () => Promise.resolve(this.cost),
    mute: async (name, on) => { await this.#acted('mute', name, on) },
    seen: async name => { await this.#acted('seen', name) },
    prove: async id => {
      await this.#acted('proveMessage', id)
      return { root: cidOf('2'), block: cidOf('3'), number: 48_077 }
    },
  }

  /** Uploads there are, newest first. */
  published: readonly Upload[] = []
  /** How uploads are kept, and who could. */
  keptBy: readonly UploadKeeping[] = []
  ranked: readonly RankedKeeper[] = []
  /** For what keepers were ranked. */
  readonly rankings: KeeperQuery[] = []
  /** Pictures that are here, by content id; others come where they are asked for. */
  readonly pictures = new Map<Cid, string>()
  proposal: Awaited<ReturnType<PublishActs['plan']>> | null = null
  /** What a page of a search holds at most, whatever is asked for. */
  pageSize = 1000
  /** Ends the export that runs. */
  exported: (() => void) | null = null
  /** What it is saved as. */
  exportedName: string | null = 'Made of it.flac'

  #upload(name: UploadName): Upload | undefined { return this.published.find(({ cid, owner }) => cid === name.cid && owner === name.owner) }

  readonly publishing: PublishActs = {
    plan: async files => this.proposal ?? { kind: 'archive', title: files.length === 1 ? files[0]?.path ?? '' : `${files.length} files`, problem: null },
    publish: async ({ files, covers, ...order }: PublishOrder) => {
      await this.#acted('publish', files.map(({ path }) => path), covers.map(({ name }) => name), order)
      return 'job-1'
    },
    search: async ({ text, kind, owner, own, from, most }) => {
      const words = text.toLowerCase().split(/\s+/).filter(word => word !== '')
      const found = this.published.filter(each => (kind === null || each.kind === kind) && (owner === null || each.owner === owner) && (!own || each.own)
        && words.every(word => `${each.title} ${each.about} ${each.tags.join(' ')} ${each.cid} ${each.owner}`.toLowerCase().includes(word)))
      return { uploads: found.slice(from, from + Math.min(most, this.pageSize)), total: found.length }
    },
    find: async name => this.#upload(name) ?? null,
    change: async ({ cid }, change) => { await this.#acted('change', cid, change) },
    fetch: async ({ cid }) => { await this.#acted('fetch', cid) },
    buy: async ({ cid }) => { await this.#acted('buy', cid) },
    settle: async ({ cid }) => { await this.#acted('settle', cid) },
    closeKeeping: async () => { await this.#acted('closeKeeping') },
    claimRent: async () => { await this.#acted('claimRent') },
    keepingOf: async ({ cid, owner }) => await Promise.resolve(this.keptBy.find(each => each.cid === cid && each.owner === owner) ?? null),
    rankKeepers: async query => {
      this.rankings.push(query)
      return await Promise.resolve(this.ranked)
    },
    replaceKeepers: async ({ cid }) => {
      await this.#acted('replaceKeepers', cid)
      return this.ranked.map(({ address }) => address)
    },
    askKey: async ({ cid }) => { await this.#acted('askKey', cid) },
    stopAsking: async ({ cid }) => { await this.#acted('stopAsking', cid) },
    picture: async ({ cid }, load) => {
      const here = this.pictures.get(cid)
      if (here !== undefined || !load) return here ?? null
      await this.#called('picture', cid)
      return drawnPicture
    },
    export: async (cid, format: ExportFormat, { member, signal, onProgress }) => {
      await this.#acted('export', cid, format, member)
      onProgress({ done: 25, total: 100, state: 'converting' })
      await new Promise<void>((done, fail) => {
        this.exported = done
        signal.addEventListener('abort', () => { fail(Object.assign(new Error('stopped'), { code: 'aborted' })) })
      })
      return this.exportedName
    },
    openKeeping: async pledge => { await this.#acted('openKeeping', pledge) },
    release: async ({ cid }, reason) => { await this.#acted('release', cid, reason) },
    becomeNameable: async () => { await this.#acted('becomeNameable') },
  }

  /** Chains and entries there are, each chain's in its order. */
  chains: readonly RecordChain[] = []
  entries: readonly RecordEntry[] = []
  /** Chains the person wrote on. */
  readonly written = new Set<string>()
  /** What a quote says beside what follows of the draft. */
  quoted: Partial<RecordQuote> = {}
  /** Entries whose bytes somebody else has. */
  readonly elsewhere = new Map<string, RecordEntry>()
  findings: readonly RecordFinding[] = []

  readonly records: RecordActs = {
    quote: async (draft, by = null) => {
      const payload = draft.extIds.reduce((sum, each) => sum + 2 + each.length, draft.content.length)
      const credits = Math.max(1, Math.ceil(payload / 1024)) + (draft.chain === null ? 10 : 0)
      const { credits: own = 0, imported = [] } = this.state.records?.credits ?? {}
      const balance = by === null ? own : imported.find(({ address }) => address === by)?.holds ?? 0
      return { chain: draft.chain ?? cidOf('9'), entryHash: cidOf('8'), payload, free: 10_240 - payload, credits, balance, coins: Math.max(0, credits - balance) + 12, copies: 0, problem: null, ...this.quoted }
    },
    record: async (draft, by = null) => {
      const [marks, content] = [draft.extIds.map(each => new TextDecoder().decode(each)), new TextDecoder().decode(draft.content)]
      await this.#acted('record', draft.chain, marks, content, ...by === null ? [] : [by])
      return { chain: draft.chain ?? cidOf('9'), entryHash: cidOf('8') }
    },
    forget: async wish => { await this.#acted('forget', wish) },
    buyCredits: async credits => { await this.#acted('buyCredits', credits) },
    sendFactoids: async (to, coins, from = null) => { await this.#acted('sendFactoids', to, coins, ...from === null ? [] : [from]) },
    credits: async () => this.state.records?.credits ?? null,
    chains: async ({ only, offset, limit }) => {
      const found = this.chains.filter(({ id, pinned }) => only === 'all' || (only === 'pinned' ? pinned : this.written.has(id)))
      return { chains: found.slice(offset, offset + limit), total: found.length }
    },
    chain: async id => this.chains.find(each => each.id === id) ?? null,
    entries: async (id, from, count) => this.entries.filter(({ chain, index }) => chain === id && index >= from && index < from + count),
    entry: async hash => this.entries.find(each => each.hash === hash) ?? null,
    search: async ({ chain, extId, payer, offset, limit }) => {
      this.calls.push(['searchRecords', extId === undefined ? null : new TextDecoder().decode(extId.value), extId?.how ?? null, extId?.position ?? null, payer ?? null])
      const hex = (bytes: Uint8Array): string => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
      const fits = ({ extIds }: RecordEntry): boolean => extId === undefined || (extIds ?? []).some((mark, i) => (extId.position ?? i) === i && (extId.how === 'exact' ? hex(mark) === hex(extId.value) : hex(mark).startsWith(hex(extId.value))))
      const found = this.entries.filter(entry => (chain === undefined || entry.chain === chain) && (payer === undefined || entry.payer === payer) && fits(entry))
      return { entries: found.slice(offset, offset + limit), total: found.length }
    },
    pin: async (id, on) => {
      await this.#acted('pinChain', id, on)
      this.chains = this.chains.map(chain => chain.id === id ? { ...chain, pinned: on } : chain)
    },
    fetch: async hashes => {
      this.calls.push(['fetchEntries', ...hashes])
      const came = hashes.filter(hash => this.elsewhere.has(hash))
      this.entries = this.entries.map(entry => this.elsewhere.get(entry.hash) ?? entry)
      return came
    },
    receipt: async hash => {
      await this.#acted('receipt', hash)
      return '{"format":"holdfast-receipt/1"}'
    },
    verify: async (text, trusted) => {
      await this.#acted('verify', text, ...trusted)
      return text.includes('receipt') ? { ok: true, value: this.findings } : { ok: false, code: 'bad-input', reason: 'not scripted' }
    },
  }

  showPictures(owner: string, on: boolean): Promise<void> {
    this.set({ picturesOf: [...this.state.picturesOf.filter(each => each !== owner), ...on ? [owner] : []] })
    return this.#called('showPictures', owner, on)
  }

  readonly mining: MiningActs = {
    consent: agreed => this.#called('mine', agreed),
    sayCharging: on => this.#called('sayCharging', on),
  }

  /** What the folder picker brings; null: the person picked none. */
  picked: string | null = null
  /** What a store that is chosen answers. */
  storeProblem: Error | null = null
  readonly store: StoreActs = {
    choose: async (url, keys) => {
      await this.#called('choose', url, keys)
      if (this.storeProblem !== null) throw this.storeProblem
    },
    chooseOwn: () => this.#called('chooseOwn'),
    stop: () => this.#called('stop'),
    retry: () => this.#called('retry'),
    pickFolder: () => Promise.resolve(this.picked),
    allow: async () => { await this.#called('allow'); return true },
  }

  decideAlert(tip: Cid, take: boolean): Promise<void> { return this.#called('decideAlert', tip, take) }
  persist(): Promise<void> { return this.#called('persist') }
  update(): Promise<void> { return this.#called('update') }
  install(): Promise<void> { return this.#called('install') }
}
