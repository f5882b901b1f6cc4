import { describe, expect, test } from 'vitest'
import { publishDraft, type PublishDraft } from '../../../src/ui/draft.ts'
import { memberFormats, storedFormats } from '../../../src/ui/formats.ts'
import { arrange, chosenPolicy, orderOf, policiesOf, readAddresses, readTags, setAside } from '../../../src/ui/publish-order.ts'
import { readRoute, uploadHash } from '../../../src/ui/route.ts'
import { keptBy, keptWords, periodWords, placesFree, policyWords, publishWords, pulledWords, reasonForKey, verdictWords, whenBlock } from '../../../src/ui/strings/uploads.ts'
import { movedCoins, rowWords } from '../../../src/ui/strings/wallet.ts'
import { everything, matches, UploadList, type Wanted } from '../../../src/ui/upload-list.ts'
import type { Upload, UploadQuery } from '../../../src/ui/types.ts'
import { byRequest, forSale, ledger, mara, openMaps, ownUpload, person, running, shared, signe, wallet } from '../../support/ui-states.ts'

const file = (path: string) => ({ file: new File(['x'], path), path })
const order = (publish: Partial<PublishDraft>, { title = 'A title', files = [file('a.wav')], state = running, kind = 'audio' as const }: { title?: string, files?: ReturnType<typeof file>[], state?: typeof running, kind?: 'audio' | 'image' | 'archive' } = {}) =>
  orderOf({ files, title, options: { protect: false, findable: false }, publish: { ...publishDraft, ...publish } }, { kind, title: 'Proposed' }, state)
const poor = { ...running, account: { balance: 0, nonce: 0n, mined: 0n, power: 0n } }

describe('routes', () => {
  test('of a publication', () => {
    expect(readRoute(uploadHash(forSale))).toEqual({ place: 'upload', cid: forSale.cid, owner: forSale.owner })
    expect(readRoute('#/discover')).toEqual({ place: 'discover' })
  })
  test.each(['#/upload/77', `#/upload/${'7'.repeat(64)}`, `#/upload/${'7'.repeat(64)}/nobody`])('%s is Discover', hash => { expect(readRoute(hash)).toEqual({ place: 'discover' }) })
})

describe('what is chosen', () => {
  test('pictures beside one track are its covers, beside two they are files', () => {
    const [track, cover, other] = [file('a.flac'), file('cover.jpg'), file('b.mp3')]
    expect(arrange([cover, track])).toEqual({ files: [track], covers: [cover.file] })
    expect(arrange([track, cover, other])).toEqual({ files: [track, cover, other], covers: [] })
    expect(arrange([cover])).toEqual({ files: [cover], covers: [] })
    expect(order({}, { files: [track, cover] }).order).toMatchObject({ kind: 'audio', files: [track], covers: [cover.file] })
    expect(order({ kind: 'archive' }, { files: [track, cover] }).order).toMatchObject({ kind: 'archive', files: [track, cover], covers: [] })
  })

  test('tags and addresses, each once', () => {
    expect(readTags('sea,  field   recording, sea,')).toEqual(['sea', 'field recording'])
    expect(readAddresses(`${mara}\n${signe}, ${mara} nobody`)).toEqual({ addresses: [mara, signe], wrong: ['nobody'] })
  })

  test('music is always encrypted, a picture never', () => {
    expect(policiesOf('audio')).not.toContain('open')
    expect(policiesOf('image')).toEqual(['open'])
    expect(chosenPolicy({ policy: 'open' }, 'audio')).toBe('public')
    expect(order({}).order).toMatchObject({ protect: true, policy: 'public' })
    expect(order({}, { kind: 'archive' }).order).toMatchObject({ protect: false, policy: 'open', until: 13, wanted: null, keepers: [] })
  })
})

describe('the order', () => {
  test('pays keepers where it asks any, for as long as it stands, if there are coins for it', () => {
    const paid = order({ keeping: 'anybody', wanted: 2, each: '5', until: 10 })
    expect(paid.order).toMatchObject({ each: 5, wanted: 2 })
    expect(setAside(paid.order)).toBe(100)
    expect(order({ keeping: 'volunteers', each: '5' }).order).not.toHaveProperty('each')
    expect(order({ keeping: 'anybody', each: 'many' }).wrong.each).toContain('A whole number of coins')
    expect(order({ keeping: 'anybody', wanted: 3, each: '5000', until: 13 }).wrong.each).toBe('It takes 195,001 coins in all, and you have 12,400.')
  })

  test('has what was written, on one line each', () => {
    const made = order({ about: ' One night\n on the pier. ', tags: 'sea', policy: 'pay', price: '1,200', share: '12.5', holders: mara, keeping: 'named', keepers: `${signe}\n${mara}`, wanted: 3, until: 20 })
    expect(made.wrong).toEqual({})
    expect(made.order).toMatchObject({ title: 'A title', about: 'One night on the pier.', tags: ['sea'], policy: { pay: { price: 1200, share: 125 } }, holders: [mara], keepers: [signe, mara], wanted: 2, until: 20, protect: true })
    expect(order({ policy: 'list', list: signe, keeping: 'anybody', keepers: mara }).order).toMatchObject({ policy: { list: [signe] }, keepers: [], wanted: 3 })
    expect(order({ policy: 'public', holders: mara }).order.holders).toEqual([])
    expect(order({}, { title: ' ' }).order.title).toBe('Proposed')
  })

  test.each<[keyof ReturnType<typeof order>['wrong'], Partial<PublishDraft>]>([
    ['about', { about: 'é'.repeat(257) }], ['about', { about: 'a\u202Eb' }], ['tags', { tags: Array.from({ length: 9 }, (_, i) => `t${i}`).join() }], ['tags', { tags: 'x'.repeat(33) }],
    ['list', { policy: 'list', list: 'nobody' }], ['list', { policy: 'list', list: person.address }], ['price', { policy: 'pay', price: '' }], ['price', { policy: 'pay', price: '0' }], ['price', { policy: 'pay', price: '1.5' }],
    ['price', { policy: 'pay', price: String(2 ** 40) }], ['share', { policy: 'pay', price: '4', share: '51' }], ['share', { policy: 'pay', price: '4', share: 'x' }], ['holders', { policy: 'owner', holders: 'x' }],
    ['keepers', { keeping: 'named' }], ['keepers', { keeping: 'named', keepers: 'x' }], ['until', { until: 53 }], ['until', { until: 0 }], ['until', { until: Number.NaN }],
    ['covers', { covers: Array.from({ length: 9 }, (_, i) => new File(['x'], `${i}.png`)) }],
  ])('%s is wrong in %o', (field, draft) => { expect(Object.keys(order(draft).wrong)).toEqual([field]) })

  test('a title that is too long or has nothing in it', () => {
    expect(Object.keys(order({}, { title: 'é'.repeat(65) }).wrong)).toEqual(['title'])
    expect(Object.keys(orderOf({ files: [file('a')], title: '', options: { protect: false, findable: false }, publish: publishDraft }, { kind: 'archive', title: '' }, running).wrong)).toEqual(['title'])
  })

  test('who has no coins may do less', () => {
    expect(order({}, { state: poor })).toMatchObject({ order: { until: 4 }, wrong: {} })
    for (const [field, draft] of [['until', { until: 5 }], ['price', { policy: 'pay', price: '4' }], ['holders', { policy: 'owner', holders: mara }], ['keepers', { keeping: 'anybody' }], ['covers', { covers: [new File([''], 'a.png'), new File([''], 'b.png')] }]] as const) {
      expect([field, Object.keys(order(draft as Partial<PublishDraft>, { state: poor }).wrong)]).toEqual([field, [field]])
    }
  })
})

describe('what is shown of the ledger', () => {
  const many = Array.from({ length: 150 }, (_, i): Upload => ({ ...openMaps, cid: String(i).padStart(64, '0'), title: `Map ${i}`, withdrawn: i % 3 === 1, policy: i % 50 === 0 ? { pay: { price: 4, share: 0 } } : { open: null } }))
  const asked: UploadQuery[] = []
  const search = async (query: UploadQuery) => {
    asked.push(query)
    return { uploads: many.slice(query.from, query.from + query.most), total: many.length }
  }

  test('not what was withdrawn or found out; by who may open it and who is missing', () => {
    const wanted: Wanted = everything
    expect(matches(forSale, wanted)).toBe(true)
    expect(matches({ ...forSale, withdrawn: true }, wanted)).toBe(false)
    expect(matches({ ...forSale, verdict: 'bad-key' }, wanted)).toBe(false)
    expect(['free', 'paid', 'asked'].map(access => [forSale, openMaps, byRequest].map(upload => matches(upload, { needy: false, followed: false, access: access as 'free' })))).toEqual([[false, true, false], [true, false, false], [false, false, true]])
    expect([forSale, openMaps, { ...forSale, kept: ['a', 'b', 'c'] }].map(upload => matches(upload, { needy: true, followed: false, access: null }))).toEqual([true, false, false])
    expect([forSale, openMaps].map(upload => matches(upload, { ...wanted, followed: true }, [openMaps.owner]))).toEqual([false, true])
  })

  test('page by page, each once, until there is no more', async () => {
    const list = new UploadList(search)
    expect(await list.start(everything, 24)).toBe(true)
    expect(list.shown.length).toBe(40)
    expect(list.ended).toBe(false)
    await list.more(24)
    await list.more(60)
    expect([list.shown.length, list.ended]).toEqual([100, true])
    expect(new Set(list.shown.map(({ cid }) => cid)).size).toBe(100)
  })

  test('goes on asking for what is rare', async () => {
    const list = new UploadList(search)
    asked.length = 0
    await list.start({ ...everything, access: 'paid' }, 24)
    expect([list.shown.map(({ title }) => title), list.ended, asked.map(({ from }) => from)]).toEqual([['Map 0', 'Map 50'], true, [0, 60, 120]])
  })

  test('the newest question wins', async () => {
    let release = (): void => {}
    const list = new UploadList(async query => {
      if (query.text === 'slow') await new Promise<void>(done => { release = done })
      return await search(query)
    })
    const slow = list.start({ ...everything, text: 'slow' }, 24)
    expect(await list.start({ ...everything, kind: 'audio' }, 24)).toBe(true)
    release()
    expect(await slow).toBe(false)
    expect(asked.at(-1)?.text).toBe('slow')
  })
})

describe('words', () => {
  test('who keeps it: others, of whom some promised', () => {
    expect(keptBy(forSale, person.address, undefined)).toEqual({ others: 1, promised: 1 })
    expect(keptBy({ kept: [person.address] }, person.address, { ...shared, keepers: 2 })).toEqual({ others: 2, promised: 0 })
    expect(keptWords({ others: 3, promised: 2 }, true)).toBe('Kept by 3 others (2 promised)')
    expect(keptWords({ others: 0, promised: 0 }, true)).toBe('On this device only')
    expect(keptWords({ others: 0, promised: 0 }, false)).toBe('No keeper known')
    expect(placesFree(forSale)).toBe(2)
    expect(placesFree(ownUpload)).toBe(3)
  })

  test('each policy, verdict and answer has its own', () => {
    expect(new Set([{ open: null }, { public: 'a' }, { owner: null }, { list: [] }, { list: ['a'] }, { list: ['a', 'b'] }, { pay: { price: 4, share: 0 } }].map(policy => policyWords(policy).about)).size).toBe(7)
    expect(new Set((['wrong-bytes', 'wrong-audit', 'not-owner', 'bad-key', 'bad-file'] as const).map(verdictWords)).size).toBe(5)
    expect(reasonForKey('policy')).toContain('not among those')
    expect(reasonForKey('something new')).toContain('by itself')
  })

  test('each step of a job in plain words', () => {
    expect(publishWords({ stage: 'transcoding', kind: 'audio' })).toBe('Step 2 of 4: making lossless FLAC of it')
    expect(publishWords({ stage: 'encrypting', kind: 'archive' })).toBe('Step 2 of 3: packing and encrypting it')
    expect(publishWords({ stage: 'seeding', kind: 'archive' })).toBe('Step 3 of 3: putting it in its place')
    expect(pulledWords('offered', false)).toContain('keep a tab open')
    expect(pulledWords('safe', false)).toBe('')
  })

  test('periods and blocks as time', () => {
    expect(periodWords(13, ledger)).toBe('13 periods, about 91 days')
    expect(periodWords(1, { phase: 'waiting' })).toBe('1 period')
    expect(whenBlock(ledger.head.number - 1, ledger, 0)).toBe('over')
    expect(whenBlock(ledger.head.number + 12, ledger, 0)).toBe('in about 1 h 0 min')
  })

  test('formats of what can be converted', () => {
    expect(memberFormats('a/b.FLAC')).toContain('mp3')
    expect(memberFormats('film.mkv')).toEqual(['copy', 'mp4'])
    expect(memberFormats('notes.txt')).toEqual([])
    expect(storedFormats('image')).toEqual(['copy'])
  })
})

test('lines of the history: what went into escrow went, what came back came', () => {
  const row = wallet.rows[0]
  if (row === undefined) throw new Error('no row')
  const moved = (kind: typeof row.kind, fee = 1) => movedCoins({ ...row, kind, amount: 40, fee })
  expect([moved('buy'), moved('publish'), moved('earned', 0), moved('refunded')]).toEqual([-41, -41, 40, 39])
  const kinds = ['sent', 'received', 'mined', 'message', 'profile', 'publish', 'assign', 'keep', 'buy', 'grant', 'settle', 'earned', 'refunded'] as const
  expect(new Set(kinds.map(kind => rowWords({ kind, other: null, block: null }).about)).size).toBe(kinds.length)
})
