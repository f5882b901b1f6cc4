import { publishDraft, type PublishDraft } from '../../src/ui/draft.ts'
import type { FoundInvite, PeerState, PublishActs, RankedKeeper, RecordFinding, RecordQuote, ShareOptions, Upload, UploadKeeping } from '../../src/peer/index.ts'
import { keepingViews } from './keeping-views.ts'
import { cidOf, inviteText } from './scripted-peer.ts'
import { byRequest, forSale, keeper, keeping, keptItem, keyInRecord, news, openMaps, ownUpload, sendingUpload, tidePicture, uploads, withPictures } from './ui-states.ts'
import { keyed, longChain, namelessChain, poorNews, recordNews, tideChain } from './ui-states.ts'
import { bomb, checking, full, getting, got, job, locked, paused, person, failed, found, ledger, mara, relayed, running, shared, single, stuck, threadName, waiting, wrongKey } from './ui-states.ts'

/** A view of the whole app: where it is, what the peer shows, and files that are about to be shared. */
export interface View { readonly hash: string, readonly state: PeerState, readonly files?: number, readonly options?: ShareOptions, readonly publish?: PublishDraft, readonly published?: readonly Upload[], readonly keptBy?: readonly UploadKeeping[], readonly ranked?: readonly RankedKeeper[], readonly proposal?: Awaited<ReturnType<PublishActs['plan']>>, readonly refusal?: true, readonly holds?: FoundInvite, readonly records?: true, readonly found?: readonly RecordFinding[], readonly quoted?: Partial<RecordQuote> }

const item = (one: PeerState['items'][number]): View => ({ hash: `#/item/${one.cid}`, state: { ...running, items: [one], canPick: true, canPickFolder: true } })
export const linkText = `#/get/${cidOf('a')}?i=${'c1'.repeat(20)}&s=385000000&t=z&n=Low%20Pressure&c=0badcafe`

/** The same with a key, and with two relays of its own. */
export const keyText = `#/get/${cidOf('a')}?k=${'B'.repeat(43)}&i=${'c1'.repeat(20)}&s=385000000&t=z&n=Low%20Pressure&c=0badcafe`
export const relayText = `#/get/${cidOf('a')}?i=${'c1'.repeat(20)}&s=385000000&t=z&n=Low%20Pressure&r=north.example&r=south.example%3A8443&c=0badcafe`
const opened = { ...found, cid: cidOf('a'), kind: 'p' as const, size: 385_000_000, name: 'Low Pressure' }
const search = { cid: found.cid, link: null, vouchers: 0, since: Date.now() - 12_000 }

const withUploads: PeerState = { ...full, uploads: news }
const upload = (one: Upload, change: Partial<PeerState> = {}): View => ({ hash: `#/upload/${one.cid}/${one.owner}`, state: { ...withUploads, ...change }, published: [one, ...uploads.filter(({ cid }) => cid !== one.cid)] })
const access = (one: Upload, state: Upload['access']['state'], reason: string | null = null): Upload => ({ ...one, access: { ...one.access, state, reason } })
const recorded = (hash: string, change: Partial<PeerState> = {}): View => ({ hash, state: { ...full, records: recordNews, ...change }, records: true })
const music = { kind: 'audio' as const, title: 'Harbour at 4 a.m.', problem: null }
const publishing = (change: Partial<PublishDraft> = {}, state: Partial<PeerState> = {}): View => ({ hash: '#/share', state: { ...running, ...state }, files: 1, proposal: music, publish: { ...publishDraft, ...change } })
const poor: Partial<PeerState> = { account: { balance: 0, nonce: 0n, mined: 0n, power: 0n }, identity: { ...person, backedUp: null } }
const publishJob = { ...job, id: 'job-3', title: 'Night ferry', files: 1, publish: { stage: 'transcoding' as const, kind: 'audio' as const } }

export const views: Readonly<Record<string, View>> = {
  ...keepingViews,
  'share-empty': { hash: '#/share', state: running },
  'share-full': { hash: '#/share', state: full },
  'share-setup': { hash: '#/share', state: running, files: 3 },
  'share-setup-protected': { hash: '#/share', state: running, files: 3, options: { protect: true, findable: true } },
  'share-refused': { hash: '#/share', state: running, files: 30, refusal: true },
  'share-jobs': { hash: '#/share', state: { ...full, jobs: [job, { ...job, id: 'job-2', title: 'Letters', state: 'failed', rate: 0, left: null, problem: { code: 'file-unreadable', message: 'x', data: { path: 'letters/three.txt' } } }] } },
  'share-ready': item(shared),
  'share-ready-protected': item({ ...locked, findable: true }),
  'share-ready-unsealing': item({ ...locked, link: '' }),
  'publish': publishing(),
  'publish-sale': publishing({ policy: 'pay', price: '40', about: 'One night on the pier.', tags: 'sea, field recording', keeping: 'named', keepers: `${mara}\nnobody` }),
  'publish-list': publishing({ policy: 'list', keeping: 'anybody', list: mara }),
  'publish-poor': publishing({}, poor),
  'publish-files': { ...publishing(), files: 3, proposal: { kind: 'archive', title: '3 files', problem: null } },
  'publish-picture': { ...publishing(), proposal: { kind: 'image', title: 'Sleeve', problem: null } },
  'publish-refused': { ...publishing({ kind: 'audio' }), proposal: { ...music, problem: { code: 'media-damaged', message: 'cut', data: {} } } },
  'publish-waiting': publishing({}, { ledger: { phase: 'waiting' }, account: null, wallet: null, threads: null, uploads: null }),
  'publish-jobs': { hash: '#/share', state: { ...withUploads, jobs: [publishJob, { ...publishJob, id: 'job-4', title: 'Not music', state: 'failed', rate: 0, left: null, problem: { code: 'not-media', message: 'x', data: {} } }], uploads: { ...news, sending: [sendingUpload, { ...sendingUpload, id: cidOf('e'), title: 'Refused', stage: 'failed', problem: { code: 'no-box', message: 'x', data: {} } }] } }, published: uploads },
  'discover': { hash: '#/discover', state: withUploads, published: uploads },
  'discover-followed': { hash: '#/discover', state: { ...withUploads, follows: [forSale.owner] }, published: uploads },
  'settings-keeping': { hash: '#/settings', state: { ...withUploads, ledger, identity: person, follows: [forSale.owner, mara] } },
  'discover-shown': { hash: '#/discover', state: { ...withUploads, picturesOf: [forSale.owner] }, published: uploads },
  'discover-empty': { hash: '#/discover', state: running },
  'discover-waiting': { hash: '#/discover', state: { ...running, ledger: { phase: 'waiting' }, account: null, wallet: null, threads: null, uploads: null } },
  'upload-pay': upload(forSale),
  'upload-may': upload(access(forSale, 'may'), { picturesOf: [forSale.owner] }),
  'upload-asked': upload(access(forSale, 'waiting', 'not-safe-yet')),
  'upload-paying': upload(forSale, { uploads: { ...news, sending: [{ ...sendingUpload, op: 8, cid: forSale.cid }] } }),
  'upload-refunded': upload(access(forSale, 'refunded')),
  'upload-denied': upload(byRequest),
  'upload-open': upload(openMaps),
  'upload-picture': upload(tidePicture),
  'upload-public': upload(access(keyInRecord, 'here')),
  'upload-buying': upload({ ...forSale, access: { ...forSale.access, state: 'buying', refundAt: ledger.head.number + 2 } }, { ledger }),
  'upload-coming': upload(access(forSale, 'here'), { items: [{ ...getting, cid: forSale.cid }] }),
  'upload-here': upload(access(forSale, 'here'), { items: [{ ...got, cid: forSale.cid, kind: 'a', members: null }] }),
  'upload-kept': upload({ ...forSale, kept: [mara, person.address], access: { ...forSale.access, state: 'here' } }, { uploads: { ...news, keeping: { ...news.keeping, open: keeper } } }),
  'upload-own': upload(ownUpload, { items: [{ ...shared, keepers: 0, receivers: [] }], uploads: { ...news, sending: [{ ...sendingUpload, op: 4, cid: ownUpload.cid, stage: 'in-block' }] } }),
  'upload-young': { hash: `#/upload/${cidOf('d')}/${person.address}`, state: { ...withUploads, items: [{ ...shared, cid: cidOf('d') }], uploads: { ...news, sending: [sendingUpload] } } },
  'upload-withdrawn': upload({ ...openMaps, withdrawn: true, replacedBy: cidOf('6') }),
  'upload-verdict': upload({ ...openMaps, verdict: 'wrong-bytes' }),
  'upload-none': { hash: `#/upload/${cidOf('e')}/${mara}`, state: withUploads },
  'item-published': { ...item({ ...got, kind: 'a', protected: true, cid: forSale.cid, title: forSale.title, members: null, reasons: [{ reason: 'obliged', owner: forSale.owner, upload: forSale.cid }] }), published: uploads },
  'library-pictures': { hash: '#/library', state: { ...withUploads, items: [...withPictures, shared] }, published: uploads },
  'item-pictures': { ...item(withPictures[0]!), state: { ...withUploads, items: withPictures }, published: uploads },
  'library-keeper': { hash: '#/library', state: { ...full, items: [shared, keptItem, relayed], uploads: { ...news, keeping: { ...news.keeping, open: keeper }, sending: [{ ...sendingUpload, op: 5 }] }, keeping } },
  'library-removal-asked': { hash: '#/library', state: { ...full, items: [keptItem], uploads: { ...news, keeping: { ...news.keeping, open: { ...keeper, status: 'away', load: 4_900_000_000 } } }, keeping: { ...keeping, removal: { files: 34, bytes: 2_100_000_000 } } } },
  'get-home': { hash: '#/get', state: full },
  'get-before': { hash: linkText, state: running },
  'get-opened': { hash: `#/get/${cidOf('a')}`, state: { ...running, opened: [opened] } },
  'get-opening': { hash: `#/get/${cidOf('a')}`, state: { ...running, phase: 'starting' } },
  'get-looking': { hash: `#/get/${found.cid}`, state: { ...running, searches: [search] } },
  'get-found': { hash: `#/get/${found.cid}`, state: { ...running, searches: [{ ...search, link: found, vouchers: 3 }] } },
  'get-found-protected': { hash: `#/get/${found.cid}`, state: { ...running, searches: [{ ...search, link: { ...found, kind: 'p', size: 4_100_000 }, vouchers: 1 }] } },
  'get-bad': { hash: '#/get/abc', state: running },
  'get-waiting': item(waiting),
  'get-running': item(getting),
  'get-paused': item(paused),
  'get-checking': item(checking),
  'get-failed': item(failed),
  'get-relayed': item(relayed),
  'get-wrong-key': item(wrongKey),
  'get-done': item({ ...got, protected: true, findable: true }),
  'get-bomb': item(bomb),
  'get-single': item(single),
  'library-empty': { hash: '#/library', state: running },
  'library': { hash: '#/library', state: full },
  'library-metered': { hash: '#/library', state: { ...full, items: [locked, got, relayed], metered: { now: true, rule: 'pause' }, storage: { ...full.storage, persisted: true, driver: 'idb' } } },
  'network': { hash: '#/network', state: full },
  'network-stuck': { hash: '#/network', state: { ...running, connection: stuck, ledger: { phase: 'failed', problem: { code: 'storage-full', message: 'full', data: {} } }, account: null } },
  'network-follower': { hash: '#/network', state: { ...running, leads: false, connection: { ...stuck, steps: [] }, ledger: { phase: 'waiting' }, account: null } },
  'network-alert': { hash: '#/network', state: { ...full, ledger: { ...ledger, alert: { why: 'leaves-safe', tip: { ...ledger.head, number: 48_190, miner: mara }, forkedAt: 48_020 } } } },
  'network-weak': { hash: '#/network', state: { ...full, ledger: { ...ledger, support: .31, clockAhead: -47, mode: 'headers', answering: { peers: 2, relays: 1 }, safe: { ...ledger.safe, voted: false }, mining: { ...ledger.mining, consent: 'agreed', rests: 'unknown-power' } } } },
  'network-catching-up': { hash: '#/network', state: { ...full, ledger: { ...ledger, stage: 'beginning', behind: 3120, blocks: [], forks: [], mining: { ...ledger.mining, consent: 'agreed', rests: 'behind' } } } },
  'network-mining': { hash: '#/network', state: { ...full, ledger: { ...ledger, trusting: false, problem: { code: 'storage-full', message: 'full', data: {} }, mining: { rests: null, due: Math.floor(Date.now() / 1000) + 4800, mined: 9, consent: 'agreed', saidCharging: true } } } },
  'wallet': { hash: '#/wallet', state: full },
  'wallet-empty': { hash: '#/wallet', state: { ...running, account: { balance: 0, nonce: 0n, mined: 0n, power: 0n }, identity: { ...person, backedUp: null } } },
  'wallet-locked': { hash: '#/wallet', state: { ...full, identity: { ...person, backedUp: null, passphrase: true, locked: true } } },
  'wallet-waiting': { hash: '#/wallet', state: { ...running, ledger: { phase: 'waiting' }, account: null, wallet: null, threads: null } },
  'wallet-credits': { hash: '#/wallet', state: { ...full, records: recordNews } },
  'wallet-keys': { hash: '#/wallet', state: { ...full, ...keyed } },
  'records-new-keys': recorded('#/records/new', keyed),
  'records': recorded('#/records'),
  'records-empty': { hash: '#/records', state: running },
  'records-waiting': { hash: '#/records', state: { ...running, ledger: { phase: 'waiting' }, account: null, wallet: null, threads: null, records: null } },
  'records-none': { hash: '#/records', state: { ...running, records: null } },
  'records-new': recorded('#/records/new'),
  'records-new-poor': recorded('#/records/new', { records: poorNews }),
  'records-chain': recorded(`#/records/${tideChain.id}`),
  'records-chain-long': recorded(`#/records/${longChain.id}`),
  'records-chain-nameless': recorded(`#/records/${namelessChain.id}`),
  'records-chain-none': recorded(`#/records/${cidOf('e')}`),
  'records-entry': recorded(`#/records/${tideChain.id}/215`),
  'records-entry-lone': recorded(`#/records/${tideChain.id}/217`),
  'records-entry-hex': recorded(`#/records/${tideChain.id}/213`),
  'records-entry-long': recorded(`#/records/${longChain.id}/3`),
  'records-entry-away': recorded(`#/records/${tideChain.id}/214`),
  'records-entry-none': recorded(`#/records/${tideChain.id}/9999`),
  'records-check': recorded('#/check'),
  'check': { hash: '#/check', state: { ...running, ledger: { phase: 'waiting' }, account: null, wallet: null, threads: null, records: null } },
  'invite': { hash: inviteText.slice(inviteText.indexOf('#')), state: running, holds: { amount: 25, from: mara, stage: 'ready' } },
  'invite-taken': { hash: inviteText.slice(inviteText.indexOf('#')), state: running, holds: { amount: 0, from: mara, stage: 'taken' } },
  'invite-bad': { hash: '#/invite/abc', state: running },
  'invite-waiting': { hash: '#/invite/abc', state: { ...running, ledger: { phase: 'waiting' }, account: null, wallet: null, threads: null } },
  'threads': { hash: '#/threads', state: full },
  'threads-empty': { hash: '#/threads', state: running },
  'threads-waiting': { hash: '#/threads', state: { ...running, ledger: { phase: 'waiting' }, account: null, wallet: null, threads: null } },
  'threads-new': { hash: '#/threads/new', state: full },
  'thread': { hash: `#/thread/${threadName}`, state: full },
  'thread-gone': { hash: `#/thread/${mara}/99`, state: full },
  'settings': { hash: '#/settings', state: { ...full, updateReady: true, installable: true } },
  'settings-used': { hash: '#/settings', state: { ...full, rates: { up: 250_000, down: 2_000_000 }, metered: { now: true, rule: 'pause' }, blocked: 1204, extraRelays: ['north.example', 'south.example:8443'], storage: { ...full.storage, driver: 'idb' } } },
  'settings-not-backed-up': { hash: '#/settings', state: { ...running, identity: { ...person, backedUp: null } } },
  'settings-locked': { hash: '#/settings', state: { ...running, identity: { ...person, backedUp: 'file', passphrase: true, locked: true } } },
  'settings-unlocked': { hash: '#/settings', state: { ...running, identity: { ...person, backedUp: null, passphrase: true } } },
  'settings-moving': { hash: '#/settings', state: { ...running, canPickFolder: true, store: { url: 'opfs://holdfast/content', driver: 'opfs', moving: { url: 's3://music', done: 812_000_000, total: 2_345_000_000 }, problem: null } } },
  'settings-store-away': { hash: '#/settings', state: { ...running, store: { url: 's3://music?region=eu-west-1&prefix=holdfast', driver: 's3', moving: null, problem: { code: 'store-unreachable', message: 'x', data: {} } } } },
  'settings-nobody': { hash: '#/settings', state: { ...running, identity: null } },
  'item-gone': { hash: `#/item/${cidOf('0')}`, state: running },
  'unsupported': { hash: '#/share', state: { ...running, phase: 'unsupported', missing: 'storage' } },
  'broken': { hash: '#/share', state: { ...running, phase: 'broken', failure: { code: 'storage-busy', message: 'locked', data: {} } } },
  'starting': { hash: '#/share', state: { ...running, phase: 'starting', connection: { ...stuck, steps: [] } } },
  'offline': { hash: '#/library', state: { ...full, connection: { ...stuck, online: false } } },
}
