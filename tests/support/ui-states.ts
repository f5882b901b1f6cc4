import type { Access, Item, KeepingFigures, OpenLedger, PeerState, CreditState, HeldKey, RecordChain, RecordEntry, RecordFinding, RecordNews, RecordSending, ShareJob, ThreadMessage, ThreadSummary, TrashItem, Upload, UploadNews, UploadSending, WalletRow, WalletState } from '../../src/peer/index.ts'
import { cidOf, inviteText } from './scripted-peer.ts'

type Connection = PeerState['connection']

const minute = 60_000
const day = 24 * 60 * minute

type Link = PeerState['opened'][number]

export const connected: Connection = {
  peerId: '12D3KooWGRUiAbcdefghijkLmnopqrsTuvwxYz12345678901234',
  online: true,
  steps: [
    { name: 'relay', state: 'done', reason: null },
    { name: 'reserved', state: 'done', reason: null },
    { name: 'signalling', state: 'done', reason: null },
    { name: 'direct', state: 'done', reason: null },
  ],
  relays: [
    { address: '/dns4/north.example/tcp/443/wss', peerId: '12D3KooWNorthNorthNorthNorthNorthNorthNorthNorthNort', state: 'reserved', retryAt: null },
    { address: '/ip4/192.0.2.7/tcp/8080/ws', peerId: '12D3KooWSkerrySkerrySkerrySkerrySkerrySkerrySkerrySk', state: 'unreachable', retryAt: Date.now() + 40_000 },
  ],
  peers: Array.from({ length: 7 }, (_, i) => ({
    peerId: `12D3KooWPeer${i}PeerPeerPeerPeerPeerPeerPeerPeerPeer${i}`,
    path: i < 5 ? 'direct' as const : 'relayed' as const,
    relays: ['12D3KooWNorthNorthNorthNorthNorthNorthNorthNorthNort'],
    since: Date.now() - i * 7 * minute,
    rtt: i === 6 ? null : 20 + i * 13,
  })),
  rtc: { live: 5, made: 9 },
}

export const stuck: Connection = {
  ...connected,
  steps: [
    { name: 'relay', state: 'stuck', reason: 'relay-unreachable' },
    { name: 'reserved', state: 'waiting', reason: null },
    { name: 'signalling', state: 'waiting', reason: null },
    { name: 'direct', state: 'waiting', reason: null },
  ],
  relays: [],
  peers: [],
}

export const person = { address: 'TVnVYpgpw3BXkt4uGh5XL63H1a4EWKGyZv', backedUp: 'words', passphrase: false, locked: false } as const

export const signe = 'T9fWqHn4vYbKc2XrLd7sEu5ZgPmJt3Kx3R'
export const mara = 'TMara7wXkt4uGh5XL63H1a4EWKGyZvQp2B'

const block = (number: number, digit: string, age: number) => ({ root: cidOf(digit), id: cidOf(digit), number, time: Math.floor(Date.now() / 1000) - age, miner: signe })

export const ledger: OpenLedger = {
  phase: 'open', problem: null, name: 'local', network: 'c1a6b0f3d2e49875', miners: 63, trusting: true,
  head: { ...block(48_117, 'a', 130), miner: person.address },
  settled: block(48_111, 'b', 1900), safe: { ...block(48_104, 'c', 4000), voted: true },
  stage: 'following', mode: 'full', behind: 0,
  votes: { members: 14, heard: 11, weight: .82 }, support: .91,
  answering: { peers: 6, relays: 2 }, alert: null,
  forks: [{ at: 48_090, depth: 1, tip: cidOf('d'), taken: false, seen: Math.floor(Date.now() / 1000) - 8000 }, { at: 47_002, depth: 7, tip: cidOf('e'), taken: true, seen: Math.floor(Date.now() / 1000) - 200_000 }],
  blocks: Array.from({ length: 60 }, (_, i) => ({
    number: 48_058 + i, time: Math.floor(Date.now() / 1000) - 130 - (59 - i) * 300 + Math.round(140 * Math.sin((59 - i) * 1.7)), miner: i % 9 === 5 ? person.address : signe,
    transactions: i === 3 ? null : i % 7, baseTarget: Math.round(1e6 * (1.4 + Math.sin(i / 9) * .3)),
  })),
  mining: { rests: 'unasked', due: null, mined: 0, consent: 'unasked', saidCharging: false },
  clockAhead: .4, blockTime: 300, period: 2016,
}

const at = Math.floor(Date.now() / 1000)
const row = (digit: string, kind: WalletRow['kind'], amount: number, change: Partial<WalletRow> = {}): WalletRow =>
  ({ id: cidOf(digit), kind, amount, fee: kind === 'sent' ? 1 : 0, other: kind === 'mined' ? null : signe, time: at - 4000, block: 48_077, stage: 'safe', problem: null, ...change })

export const wallet: WalletState = {
  rows: [
    row('1', 'sent', 40, { time: at - 30, stage: 'offered', block: null }),
    row('2', 'sent', 12, { time: at - 60, stage: 'signing', block: null, other: mara }),
    row('3', 'received', 40, { time: at - 400, stage: 'in-block', block: 48_117 }),
    row('4', 'message', 0, { time: at - 800, fee: 1, other: null, stage: 'settled', block: 48_109 }),
    row('5', 'mined', 3),
    row('6', 'sent', 900, { time: at - 90_000, stage: 'failed', block: null, other: mara, problem: { code: 'timeout', message: 'late', data: {} } }),
    row('7', 'received', 12_000, { time: at - 400_000 }),
  ],
  leaving: 54, unsafe: 40, minimumFee: 1,
  invites: [
    { link: inviteText, amount: 25, address: mara, made: at - 7200, stage: 'ready' },
    { link: inviteText.replace('BBB', 'CCC'), amount: 5, address: signe, made: at - 20, stage: 'offered' },
  ],
}

const word = (digit: string, author: string, text: string, change: Partial<ThreadMessage> = {}): ThreadMessage =>
  ({ id: cidOf(digit), author, own: author === person.address, text, time: at - 3000, attachment: null, stage: 'safe', problem: null, ...change })

export const said: readonly ThreadMessage[] = [
  word('1', person.address, 'Third pair of capsules gone green after one winter on the pier. What do you all use?', { time: at - 400_000 }),
  word('2', signe, 'Cheap electrets, and I treat them as food for the sea.\nTwo per season.', { time: at - 300_000 }),
  word('3', mara, 'Here is the same pier with and without the wax coating, one minute each.', {
    attachment: { cid: cidOf('4'), infohash: 'd2'.repeat(20), size: 11_200_000, title: 'pier-wax-test.flac', link: `https://holdfast.example/#/get/${cidOf('4')}?i=${'d2'.repeat(20)}&s=11200000&t=a&n=pier-wax-test.flac&c=0badcafe`, said: { root: cidOf('c'), from: `${mara}/2` } },
  }),
  word('4', person.address, 'That is a bigger difference than I expected. Trying it tonight.', { time: at - 60, stage: 'offered' }),
  word('5', person.address, 'And the cable?', { time: at - 50, stage: 'failed', problem: { code: 'rate-limited', message: 'x', data: {} } }),
]

export const threadName = `${person.address}/7`
const summary = (name: string, title: string, author: string, last: ThreadMessage, change: Partial<ThreadSummary> = {}): ThreadSummary =>
  ({ name, title, author, last, messages: 5, people: 3, unread: 0, muted: false, ...change })

export const threads: readonly ThreadSummary[] = [
  summary(threadName, 'Which microphones survive salt?', person.address, word('3', mara, 'wrap the capsule, never the cable'), { unread: 2 }),
  summary(`${signe}/1`, 'Leith maps: sheet 14 is missing', signe, word('6', person.address, 'found it, attached the scan', { time: at - 90_000 })),
  summary(`${mara}/3`, 'Keepers wanted for the eel talks, and for everything else that was recorded at the lock in March', mara, word('7', mara, 'I can take 2 GB from Monday on, if nobody minds that my laptop sleeps at night', { time: at - 300_000 }), { muted: true, unread: 4 }),
]

const terms = { pays: false, bond: 0, bondPerGiB: 0, period: 2_016, periodSeconds: 20_160, fee: 1 }

export const running: PeerState = {
  phase: 'running',
  leads: true,
  missing: null,
  failure: null,
  listed: false,
  falseAttachments: [],
  version: '0.1.0',
  network: 'local',
  connection: connected,
  sent: { frames: 0, unasked: 0 },
  jobs: [],
  items: [],
  opened: [],
  searches: [],
  trash: [],
  incoming: [],
  storage: { used: 0, reserved: 0, trash: 0, persisted: false, driver: 'opfs' },
  store: { url: 'opfs://holdfast/content', driver: 'opfs', moving: null, problem: null },
  consent: 'unasked',
  sharing: true,
  rates: { up: null, down: null },
  metered: { now: false, rule: 'pause' },
  blocked: 0,
  extraRelays: [],
  identity: person,
  ledger,
  account: { balance: 12_400, nonce: 31n, mined: 9n, power: 40n },
  wallet: { rows: [], leaving: 0, unsafe: 0, minimumFee: 1, invites: [] },
  threads: { threads: [], unread: 0 },
  uploads: { total: 0, change: 0, sending: [], keeping: { open: null, terms }, nameable: false },
  records: { change: 0, chains: 0, sending: [], credits: null },
  keeping: null,
  looks: { every: 60_000, daily: true },
  samaritan: { space: 2 ** 30, whose: 'fetched', charging: true, unmetered: true },
  follows: [],
  picturesOf: [],
  theme: 'system',
  updateReady: false,
  installable: false,
  canPick: false,
  canPickFolder: false,
}

export const job: ShareJob = {
  id: 'job-1',
  title: 'Street maps of Leith, 1890 to 1960',
  files: 1204,
  bytes: 3_100_000_000,
  options: { protect: false, findable: false },
  done: 713_000_000,
  rate: 52_000_000,
  left: 46,
  state: 'preparing',
  problem: null,
  startedAt: Date.now() - 14_000,
}

export const shared: Item = {
  cid: cidOf('7'),
  infohash: 'c1'.repeat(20),
  kind: 'z',
  title: 'Harbour at 4 a.m.',
  size: 412_000_000,
  origin: 'shared',
  reasons: [{ reason: 'own', owner: null, upload: null }, { reason: 'shared', owner: null, upload: null }],
  pictureOf: [],
  protected: false,
  findable: false,
  job: null,
  link: `https://holdfast.example/#/get/${cidOf('7')}?i=${'c1'.repeat(20)}&s=412000000&t=z&n=Harbour%20at%204%20a.m.&c=0badcafe`,
  magnet: `magnet:?xt=urn:btih:${'c1'.repeat(20)}&dn=Harbour`,
  addedAt: Date.now() - 3 * minute,
  state: 'here',
  problem: null,
  received: 412_000_000,
  rateIn: 0,
  rateOut: 1_900_000,
  left: null,
  relayed: false,
  keepers: 0,
  seen: null,
  sources: 0,
  receivers: [
    { id: 'a', received: 168_000_000, rate: 1_900_000, left: 128 },
    { id: 'b', received: 0, rate: 0, left: null },
  ],
  given: 168_000_000,
  giving: true,
  tracker: 'ok',
  members: [
    { path: 'Harbour at 4 a.m.wav', size: 301_000_000, offset: 512 },
    { path: 'Rain on the boathouse.wav', size: 106_900_000, offset: 301_001_024 },
    { path: 'Sleeve.jpg', size: 4_100_000, offset: 407_902_000 },
  ],
  readable: Infinity,
  bomb: false,
}

export const getting: Item = {
  ...shared,
  reasons: [{ reason: 'wanted', owner: null, upload: null }],
  cid: cidOf('a'),
  title: 'Low Pressure',
  size: 385_000_000,
  origin: 'got',
  state: 'getting',
  received: 218_000_000,
  rateIn: 3_200_000,
  rateOut: 400_000,
  left: 52,
  keepers: 3,
  sources: 2,
  receivers: [],
  given: 31_000_000,
  giving: false,
  members: null,
  readable: 0,
}

export const waiting: Item = { ...getting, cid: cidOf('b'), title: 'Soil survey, plot by plot', state: 'waiting', received: 0, rateIn: 0, rateOut: 0, left: null, keepers: 0, sources: 0 }
export const paused: Item = { ...getting, cid: cidOf('c'), title: 'Letters from the lightship', state: 'paused', rateIn: 0, left: null }
export const failed: Item = { ...getting, cid: cidOf('d'), title: 'Bladderwrack, a year in one cove', state: 'failed', problem: { code: 'storage-full', message: 'quota', data: {} }, rateIn: 0, left: null }
export const checking: Item = { ...getting, cid: cidOf('e'), title: 'The eel talks', state: 'checking', received: 385_000_000, rateIn: 0, left: null }
export const got: Item = {
  ...getting,
  cid: cidOf('f'),
  title: 'Seed library 2026',
  state: 'here',
  received: 385_000_000,
  rateIn: 0,
  rateOut: 0,
  left: null,
  giving: true,
  readable: Infinity,
  members: [
    { path: 'Slack water.flac', size: 58_000_000, offset: 512 },
    { path: 'disc 2/Slack water.flac', size: 44_000_000, offset: 58_001_024 },
    { path: 'notes/The lock-keeper’s radio.txt', size: 0, offset: 102_002_000 },
  ],
}
export const single: Item = { ...got, cid: cidOf('9'), title: 'Sleeve.jpg', size: 4_100_000, received: 4_100_000, members: [{ path: 'Sleeve.jpg', size: 4_100_000, offset: 512 }] }

/** The same share, encrypted. */
export const locked: Item = { ...shared, protected: true, kind: 'p', link: shared.link.replace('?', `?k=${'A'.repeat(43)}&`), magnet: '' }
/** On its way through a relay, its first file whole already. */
export const relayed: Item = {
  ...getting,
  cid: cidOf('8'),
  relayed: true,
  rateIn: 90_000,
  sources: 1,
  members: got.members,
  readable: 58_000_512,
}
export const bomb: Item = { ...got, cid: cidOf('6'), title: 'Nothing much', members: null, bomb: true }
export const wrongKey: Item = { ...failed, cid: cidOf('5'), protected: true, kind: 'p', problem: { code: 'wrong-key', message: 'root signature', data: {} }, received: 385_000_000 }
export const trash: readonly TrashItem[] = [
  { cid: cidOf('2'), title: 'Old tide tables', size: 48_000_000, trashedAt: Date.now() - day, endsAt: Date.now() + 6 * day },
  { cid: cidOf('3'), title: 'Sketches for a boathouse that was never built, and the letters about it', size: 7_200_000, trashedAt: Date.now() - 2 * day, endsAt: Date.now() + 5 * day },
]
/** What somebody says a content id is. */
export const found: Link = { cid: cidOf('4'), infohash: 'd2'.repeat(20), size: 1_200_000_000, kind: 'z', name: '', key: null, relays: [] }

export const full: PeerState = {
  ...running,
  items: [shared, { ...got, findable: true }, getting, waiting, paused, failed, checking, single],
  storage: { used: 2_345_000_000, reserved: 900_000_000, trash: 55_200_000, persisted: false, driver: 'opfs' },
  trash,
  wallet,
  threads: { threads, unread: 2 },
}

const published = (digit: string, size: number): Upload['file'] => ({ cid: cidOf(digit), size, infohash: digit.repeat(40), audit: digit.repeat(64) })
const access = (state: Access['state'], change: Partial<Access> = {}): Access => ({ state, reason: null, refundAt: null, holders: [{ address: signe, seen: Date.now() - 7 * minute }], ...change })

/** Music for sale, of somebody else. */
export const forSale: Upload = {
  cid: cidOf('1'), owner: signe, kind: 'audio', protected: true, own: false, file: published('1', 385_000_000), images: [published('2', 2_400_000), published('3', 900_000)],
  title: 'Low Pressure', about: 'Six pieces for harbour, barometer and one very patient lock-keeper. Recorded in March, mixed on the ferry.', tags: ['field recording', 'sea', 'ambient'],
  maker: 'holdfast-flac/1 ffmpeg.wasm 0.12.10', policy: { pay: { price: 40, share: 100 } }, holders: [mara], keepers: [mara, 'TKeep7wXkt4uGh5XL63H1a4EWKGyZvQp2B'], kept: [mara],
  rent: { each: 0, periods: 13, wanted: 3 }, until: 48_117 + 13 * 2016, withdrawn: false, replacedBy: null, block: 47_900, time: at - 65_000, safe: true, verdict: null, access: access('pay'),
}
export const openMaps: Upload = { ...forSale, cid: cidOf('4'), file: published('4', 3_100_000_000), kind: 'archive', protected: false, owner: mara, images: [], title: 'Street maps of Leith, 1890 to 1960', about: '', tags: ['maps'], maker: '', policy: { open: null }, holders: [], keepers: [], kept: [], rent: null, access: access('open', { holders: [] }) }
export const byRequest: Upload = { ...forSale, cid: cidOf('5'), file: published('5', 96_000_000), kind: 'archive', title: 'Letters from the lightship, and every answer that ever came', images: [], policy: { list: [signe, mara] }, access: access('denied', { reason: 'policy' }) }
export const tidePicture: Upload = { ...openMaps, cid: cidOf('6'), file: published('6', 4_100_000), kind: 'image', title: 'Tide tables, side A', owner: signe, kept: [mara, 'TKeep7wXkt4uGh5XL63H1a4EWKGyZvQp2B'] }
export const keyInRecord: Upload = { ...forSale, cid: cidOf('8'), file: published('8', 58_000_000), title: 'Bladderwrack, a year in one cove', policy: { public: '9'.repeat(64) }, access: access('may') }
export const ownUpload: Upload = { ...forSale, cid: shared.cid, file: { ...published('7', shared.size), infohash: shared.infohash }, owner: person.address, own: true, title: 'Harbour at 4 a.m.', about: 'One night on the pier.', images: [], policy: { list: [signe] }, kept: [], holders: [], access: access('here', { holders: [] }) }
export const uploads: readonly Upload[] = [forSale, ownUpload, openMaps, byRequest, tidePicture, keyInRecord]

export const sendingUpload: UploadSending = { id: cidOf('c'), wish: 'job-1', op: 3, cid: cidOf('d'), title: 'Night ferry', stage: 'offered', pulled: true, problem: null }
export const news: UploadNews = { total: uploads.length, change: 1, sending: [], keeping: { open: null, terms }, nameable: false }
export const keeper: NonNullable<UploadNews['keeping']['open']> = {
  pledged: 5_000_000_000, load: 1_200_000_000, count: 14, price: 0, public: false, status: 'active', bond: 0, since: 1_000, period: null, settled: null, results: [], periods: 0, missed: 0, lost: 0,
  rent: { due: 0, claiming: 0, paid: 0 }, burned: 0, free: null,
}
export const keeping: KeepingFigures = {
  held: [], own: { files: 1, bytes: 412_000_000 }, obliged: { files: 14, bytes: 1_200_000_000 }, fetched: { files: 3, bytes: 770_000_000 }, offered: { files: 2, bytes: 440_000_000 },
  reserved: 900_000_000, pledged: keeper.pledged, most: 6_600_000_000, here: true, leaving: null, paused: false, samaritan: { files: 0, bytes: 0 }, removal: null,
}
/** Two pictures of what is for sale, and the recording, all here. */
export const withPictures: readonly Item[] = [
  { ...got, cid: forSale.cid, kind: 'a', title: forSale.title, protected: true, members: null, reasons: [{ reason: 'wanted', owner: null, upload: null }] },
  ...forSale.images.map(({ cid, size }): Item => ({ ...got, cid, kind: 'i', title: forSale.title, size, received: size, members: null, pictureOf: [forSale.cid] })),
]
/** Kept because this account accepted, and pinned besides. */
export const keptItem: Item = { ...got, reasons: [{ reason: 'obliged', owner: signe, upload: got.cid }, { reason: 'pinned', owner: null, upload: null }] }

const say = (text: string): Uint8Array => new TextEncoder().encode(text)
export const tideChain: RecordChain = { id: cidOf('a'), name: [say('Tide gauge'), say('Hanstholm')], first: cidOf('1'), head: cidOf('5'), count: 219, block: 48_117, time: at - 130, pinned: true, here: 219, safe: true }
export const namelessChain: RecordChain = { ...tideChain, id: cidOf('b'), name: null, count: 1, pinned: false, here: 0, time: 0, safe: false, first: cidOf('6'), head: cidOf('6') }
export const longChain: RecordChain = { ...tideChain, id: cidOf('c'), name: [say('Minutes of every meeting of the harbour board since the breakwater was mended, and of the one where it was decided'), Uint8Array.from([0xff, 0, 1])], count: 12, here: 4, pinned: false, time: at - 400_000 }
export const chains: readonly RecordChain[] = [tideChain, longChain, namelessChain]

export const entry = (index: number, change: Partial<RecordEntry> = {}): RecordEntry => ({
  hash: index.toString(16).padStart(64, '0'), chain: tideChain.id, index, block: 48_000 + Math.floor(index / 2), time: at - (219 - index) * 3600, safe: index < 216,
  extIds: [say('Reading'), say(`2026-06-${String(index % 28 + 1).padStart(2, '0')}`)], content: say(`{ "gauge": 2, "high": ["04:12", 1.84], "low": ["10:31", 0.${index}] }`), size: 137, payer: creditAddress, holders: 4, ...change,
})
export const creditAddress = `EC2${'x'.repeat(49)}`
export const factoidAddress = `FA3${'y'.repeat(49)}`
export const entries: readonly RecordEntry[] = [
  ...Array.from({ length: 219 }, (_, i) => entry(i, i === 217 ? { holders: 0 } : i === 214 ? { extIds: null, content: null, size: null, payer: null, holders: null } : i === 213 ? { extIds: [], content: Uint8Array.from({ length: 3000 }, (__, j) => j % 256), size: 3000 } : {})),
  ...Array.from({ length: 12 }, (_, i) => entry(i, { chain: longChain.id, hash: `${i.toString(16).padStart(63, '0')}c`, extIds: [say('minutes'.repeat(20))], content: say('The board met. '.repeat(400)), size: 6142 })),
  entry(0, { chain: namelessChain.id, hash: cidOf('6'), extIds: null, content: null, size: null, payer: null, holders: null, time: 0, safe: false }),
]
export const recordSending: RecordSending = { wish: 'w-1', chain: tideChain.id, entryHash: cidOf('7'), begins: false, credits: 1, stage: 'offered', spent: false, block: null, index: null, made: at - 40, pulled: true, problem: null }
const creditState: CreditState = {
  factoidAddress, creditAddress, factoids: 120, credits: 488, rate: 3, imported: [],
  sending: [{ wish: 'p-1', kind: 'buy-credits', coins: 1500, credits: 500, stage: 'offered', problem: null }, { wish: 'p-2', kind: 'to-account', coins: 40, credits: 0, stage: 'failed', problem: { code: 'timeout', message: 'late', data: {} } }],
}
export const recordNews: RecordNews = {
  change: 1, chains: chains.length,
  sending: [
    recordSending, { ...recordSending, wish: 'w-2', chain: cidOf('d'), begins: true, credits: 11, stage: 'local', pulled: false, made: at - 4 }, { ...recordSending, wish: 'w-3', stage: 'included', spent: true, block: 48_117, index: 218 },
    { ...recordSending, wish: 'w-4', stage: 'failed', spent: true, problem: { code: 'timeout', message: 'late', data: {} } },
  ],
  credits: creditState,
}
/** Keys of Factom's that were brought here, and what lies at them. */
export const heldKeys: readonly HeldKey[] = [{ kind: 'FA', address: 'FA2jK2HcLnRdS94dEcU27rF3meoJfpUcZPSinpb7AwQvPRY6RL1Q', holds: 1200 }, { kind: 'EC', address: 'EC2DKSYyRcNWf7RS963VFYgMExoHRYLHVeCfQ9PGPmNzwrcmgm2r', holds: 40 }]
export const keyed = { identity: { ...person, imported: heldKeys }, records: { ...recordNews, credits: { ...creditState, imported: heldKeys } } } as const
/** The same with next to no credits. */
export const poorNews: RecordNews = { ...recordNews, sending: [], credits: { ...creditState, credits: 2, sending: [] } }
const finding = (claim: RecordFinding['claim'], code: RecordFinding['code'], words: readonly string[], holds: boolean | null = true): RecordFinding => ({ claim, holds, says: '', code, words })
const [entryBlockKey, directoryBlockKey] = ['1f2e'.padEnd(64, '0'), '9a8b'.padEnd(64, '0')]
export const findings: readonly RecordFinding[] = [
  finding('format', 'receipt', []), finding('entry-hash', 'entry-hash', ['172', cidOf('7')]), finding('chain-id', 'belongs', [tideChain.id]), finding('state-proof', 'proved', [cidOf('c'), '218', tideChain.id, cidOf('7')]),
  finding('block', 'block', ['48,117', 'c1a6b0f3d2e49875', '2026-06-21 12:04', cidOf('d')]), finding('entry-block', 'entry-block-in', ['218', entryBlockKey]), finding('directory-block', 'directory-block-in', ['4021', directoryBlockKey]),
  finding('trust', 'state-root-open', [cidOf('d')], null),
]
