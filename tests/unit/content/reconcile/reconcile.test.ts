import { expect, test } from 'vitest'
import { limits } from '../../../../src/base/index.ts'
import { dutyReason, readReason, reconcile, type Action, type HeldFile, type UploadName, type View } from '../../../../src/content/index.ts'
import { alice, bob, carol, cidOf, dutiesAt, dutyOf, fileOf, heldOf, network, viewOf } from '../../../support/duties.ts'

const song = dutyOf('song')
const [offered, obliged] = (['offered', 'obliged'] as const).map(why => dutyReason(why, network, song, song.cid)) as [string, string]
const acts = (view: View): readonly (readonly [string, string])[] => reconcile(view).actions.map(({ act, cid }) => [act, cid] as const)
const only = (actions: readonly Action[]): Action => {
  expect(actions).toHaveLength(1)
  return actions[0]!
}

test('reasons are read as they are written', () => {
  expect(obliged).toBe(`obliged(${network},${alice})`)
  expect(readReason(obliged, song.cid)).toEqual({ why: 'obliged', network, upload: { cid: song.cid, owner: alice } })
  const picture = dutyReason('offered', network, song, cidOf('cover'))
  expect(picture).toBe(`offered(${network},${alice},${song.cid})`)
  expect(readReason(picture, cidOf('cover'))).toEqual({ why: 'offered', network, upload: { cid: song.cid, owner: alice } })
  expect(readReason('samaritan', song.cid)).toEqual({ why: 'samaritan' })
  for (const wrong of ['', 'obliged', 'obliged()', 'obliged(a)', `obliged(a,b,${'z'.repeat(64)})`, 'own ', 'other']) expect(readReason(wrong, song.cid)).toBeNull()
})

test('missing: an offer and a promise are fetched, with their pictures, each as what it is', () => {
  const picture = dutyOf('picture', { kind: 'image', protected: false, owner: bob })
  const files = dutyOf('files', { kind: 'archive', protected: true, owner: bob, images: ['cover'] })
  const { actions } = reconcile(viewOf([], { duties: dutiesAt(9, { obliged: [song], offered: [picture, files] }) }))
  expect(actions.map(action => action.act === 'fetch' ? [action.cid, action.kind, action.title, action.reasons] : action.act)).toEqual([
    [song.cid, 'a', 'song', [obliged]],
    [picture.cid, 'i', 'picture', [`offered(${network},${bob})`]],
    [files.cid, 'p', 'files', [`offered(${network},${bob})`]],
    [cidOf('cover'), 'i', 'files', [`offered(${network},${bob},${files.cid})`]],
  ])
})

test('no more are under way at once than the limit says, and what was promised comes first', () => {
  const many = Array.from({ length: limits.dutyDownloads + 5 }, (_, i) => dutyOf(`offer ${i}`))
  const coming = heldOf('coming', { status: 'DOWNLOADING', reasons: [dutyReason('offered', network, dutyOf('coming'), cidOf('coming'))] })
  const { actions } = reconcile(viewOf([coming], { duties: dutiesAt(9, { obliged: [song], offered: [...many, dutyOf('coming')] }) }))
  expect(actions).toHaveLength(limits.dutyDownloads - 1)
  expect(actions[0]).toMatchObject({ act: 'fetch', cid: song.cid })
})

test('it acts by a fresh state of its own network, and by no older one', () => {
  const duties = dutiesAt(100, { obliged: [dutyOf('other')] })
  const have = [heldOf('song', { reasons: [obliged], absent: { [obliged]: 0 } })]
  expect(acts(viewOf(have, { duties }))).toHaveLength(2)
  for (const change of [{ duties: null }, { duties: { ...duties, fresh: false } }, { duties: { ...duties, network: 'another' } }, { newest: 101 }, { network: null }, { network: 'another' }] as const) {
    expect(reconcile(viewOf(have, { duties, ...change }))).toMatchObject({ actions: [], safe: null })
  }
  expect(reconcile(viewOf(have, { duties })).safe).toBe(100)
})

test('what was promised goes after an epoch of absence, and not before the range while others have yet to accept', () => {
  let row = heldOf('song', { reasons: [obliged] })
  const gone = (safe: number, waiting: readonly UploadName[] | null): string => {
    const { waiting: _, ...unsaid } = dutiesAt(safe)
    const [action] = reconcile(viewOf([row], { duties: waiting === null ? unsaid : { ...unsaid, waiting } })).actions
    if (action?.act === 'keep') row = { ...row, reasons: action.reasons, absent: action.absent }
    return action?.act ?? 'stays'
  }
  expect(gone(1000, [])).toBe('keep') // marked
  expect(row.absent).toEqual({ [obliged]: 1000 })
  expect([gone(1035, []), gone(1036, [song]), gone(1251, [song]), gone(1251, null)]).toEqual(['stays', 'stays', 'stays', 'stays'])
  expect([gone(1036, []), gone(1252, [song]), gone(1252, null)]).toEqual(['drop', 'drop', 'drop'])
  expect(reconcile(viewOf([row], { duties: dutiesAt(1001) })).leaving).toEqual([{ cid: song.cid, owner: alice }])
  const back = reconcile(viewOf([row], { duties: dutiesAt(1300, { obliged: [song] }) })).actions
  expect(only(back)).toMatchObject({ act: 'keep', absent: {}, reasons: [obliged] })
})

test('what the person keeps stays, whatever a ledger says; other networks are let alone', () => {
  const elsewhere = dutyReason('obliged', 'another', song, song.cid)
  for (const reason of ['own', 'pinned', 'wanted', 'shared', 'samaritan', 'attachment', elsewhere]) {
    const row = heldOf('song', { reasons: [reason, obliged], absent: { [obliged]: 0 } })
    expect(reconcile(viewOf([row], { duties: dutiesAt(500) })).actions).toEqual([{ act: 'keep', cid: song.cid, reasons: [reason], absent: {} }])
    expect(acts(viewOf([heldOf('song', { reasons: [reason] })], { duties: dutiesAt(500) }))).toEqual([])
  }
})

test('accepted, the offer becomes a promise; again offered to, what was let go comes back from the trash for that alone', () => {
  const row = heldOf('song', { reasons: [offered] })
  expect(reconcile(viewOf([row], { duties: dutiesAt(9, { obliged: [song] }) })).actions).toEqual([{ act: 'keep', cid: song.cid, reasons: [obliged], absent: {} }])
  const trashed = heldOf('song', { status: 'TRASHED', reasons: ['wanted'] })
  expect(reconcile(viewOf([trashed], { duties: dutiesAt(9, { obliged: [song] }) })).actions).toEqual([{ act: 'keep', cid: song.cid, reasons: [obliged], absent: {} }])
  expect(acts(viewOf([trashed, heldOf('let go', { status: 'TRASHED' })], { duties: dutiesAt(9) }))).toEqual([])
})

test('an offer that was accepted is one no more; one that may not be here is none', () => {
  const [one, two] = [dutyOf('one'), dutyOf('two', { owner: bob })]
  const taken = (may: View['may']): readonly string[] => reconcile(viewOf([], { may, duties: dutiesAt(9, { obliged: [song], offered: [song, { ...song, owner: bob }, one, two] }) })).actions.map(({ cid }) => cid)
  expect(taken(() => true)).toEqual([song.cid, one.cid, two.cid])
  expect(taken(({ owner }) => owner !== bob)).toEqual([song.cid, one.cid])
  expect(reconcile(viewOf([], { duties: dutiesAt(9, { obliged: [song], offered: [song, { ...song, owner: bob }] }) })).actions).toMatchObject([{ reasons: [obliged, dutyReason('offered', network, { cid: song.cid, owner: bob }, song.cid)] }])
})

test('hints add by themselves, before any state is fresh, and are no reason to take away', () => {
  const hints = [song]
  expect(acts(viewOf([], { hints }))).toEqual([['fetch', song.cid]])
  expect(acts(viewOf([], { hints, duties: dutiesAt(9, { fresh: false }) }))).toEqual([['fetch', song.cid]])
  const row = heldOf('song', { reasons: [offered] })
  expect(reconcile(viewOf([row], { hints, duties: dutiesAt(500) }))).toMatchObject({ actions: [], verified: [{ cid: song.cid, owner: alice }] })
  expect(acts(viewOf([], { hints, may: () => false }))).toEqual([])
  expect(acts(viewOf([], { hints, duties: dutiesAt(9, { obliged: [song] }) }))).toEqual([['fetch', song.cid]])
})

test('verified is what is whole and what its record says; else its verdict', () => {
  const withCover = dutyOf('song', { images: ['cover'] })
  const state = (rows: readonly HeldFile[], duty = withCover) => {
    const { verified, verdicts, actions } = reconcile(viewOf(rows, { duties: dutiesAt(9, { offered: [duty] }) }))
    return verified.length > 0 ? 'verified' : verdicts[0]?.verdict ?? actions.find(({ act }) => act === 'check')?.cid ?? 'coming'
  }
  const reasons = (name: string) => [dutyReason('offered', network, withCover, cidOf(name))]
  const cover = heldOf('cover', { size: 10, reasons: reasons('cover'), facts: { audit: fileOf('cover').audit, dissem: null, sound: true } })
  const row = (change: Partial<HeldFile> = {}) => heldOf('song', { reasons: reasons('song'), ...change })
  const { facts: _, ...unread } = row()
  expect(state([row(), cover])).toBe('verified')
  expect(state([row()])).toBe('coming')
  expect(state([row({ status: 'DOWNLOADING' }), cover])).toBe('coming')
  expect(state([unread, cover])).toBe(song.cid)
  expect(state([row({ infohash: 'f'.repeat(40) }), cover])).toBe('wrong-bytes')
  expect(state([row({ size: 999 }), cover])).toBe('wrong-bytes')
  expect(state([row({ facts: { audit: 'f'.repeat(64), dissem: [alice], sound: true } }), cover])).toBe('wrong-audit')
  for (const dissem of [[], [bob], [alice, bob], null]) expect(state([row({ facts: { audit: fileOf('song').audit, dissem, sound: true } }), cover])).toBe('not-owner')
  expect(state([row({ facts: { audit: '', dissem: null, sound: false } }), cover])).toBe('bad-file')
  const failed = (code: string) => row({ status: 'FAILED', problem: { code } })
  expect(['wrong-bytes', 'wrong-info', 'tdf-damaged', 'archive-damaged', 'bad-image', 'image-too-large', 'storage-full'].map(code => state([failed(code), cover])))
    .toEqual(['wrong-bytes', 'bad-file', 'bad-file', 'bad-file', 'bad-file', 'bad-file', 'coming'])
})

test('two owners of one content: each is judged by its own record', () => {
  const [real, false1] = [song, { ...song, owner: bob }]
  const reasons = [real, false1].map(duty => dutyReason('offered', network, duty, song.cid))
  const pass = reconcile(viewOf([heldOf('song', { reasons })], { duties: dutiesAt(9, { offered: [real, false1] }) }))
  expect(pass).toMatchObject({ verified: [{ owner: alice }], verdicts: [{ owner: bob, verdict: 'not-owner' }] })
  // Who is found out is a reason no more, at once.
  expect(reconcile(viewOf([heldOf('song', { reasons })], { duties: dutiesAt(9, { offered: [real] }), may: ({ owner }) => owner !== bob })).actions).toEqual([{ act: 'keep', cid: song.cid, reasons: [reasons[0]], absent: {} }])
})

test('what failed is fetched again when it is time, and by the other record where the first was false', () => {
  const failed = heldOf('song', { status: 'FAILED', reasons: [obliged], problem: { code: 'storage-lost' } })
  const duties = dutiesAt(9, { obliged: [song] })
  expect(acts(viewOf([failed], { duties }))).toEqual([])
  expect(acts(viewOf([failed], { duties, retry: () => true }))).toEqual([['refetch', song.cid]])
  expect(acts(viewOf([{ ...failed, problem: { code: 'wrong-bytes' } }], { duties, retry: () => true }))).toEqual([])
  const other = { ...failed, infohash: 'f'.repeat(40), problem: { code: 'wrong-info' } }
  expect(only(reconcile(viewOf([other], { duties })).actions)).toMatchObject({ act: 'refetch', file: fileOf('song'), kind: 'a' })
})

test('a pass that takes away much asks, and takes away what was released', () => {
  const rows = Array.from({ length: 20 }, (_, i) => heldOf(`kept ${i}`, { reasons: [dutyReason('obliged', network, dutyOf(`kept ${i}`), cidOf(`kept ${i}`))] }))
  const orphaned = (count: number) => rows.map((row, i) => i < count ? { ...row, absent: { [row.reasons[0]!]: 0 } } : row)
  const rest = (count: number) => rows.slice(count).map((_, i) => dutyOf(`kept ${count + i}`))
  const pass = (count: number, released: ReadonlySet<string> = new Set()) => reconcile(viewOf(orphaned(count), { released, duties: dutiesAt(100, { obliged: rest(count) }) }))
  const drops = ({ actions }: ReturnType<typeof pass>) => actions.filter(({ act }) => act === 'drop').length
  expect([pass(2).asks, drops(pass(2))]).toEqual([null, 2])
  expect(pass(3)).toMatchObject({ actions: [], asks: { bytes: 3000 } }) // more than a tenth of 20,000 bytes
  expect(pass(3).asks?.cids).toEqual(rows.slice(0, 3).map(({ cid }) => cid))
  const released = new Set(pass(3).asks?.cids)
  expect([pass(3, released).asks, drops(pass(3, released))]).toEqual([null, 3])
  // More than was asked about: that alone goes.
  expect([pass(6, released).asks?.cids.length, drops(pass(6, released))]).toEqual([3, 3])
  // Many small files of a large store: more than ten.
  const large = heldOf('large', { size: 1e9, reasons: ['own'] })
  const few = (count: number) => reconcile(viewOf([...orphaned(count), large], { duties: dutiesAt(100, { obliged: rest(count) }) }))
  expect([few(10).asks, few(11).asks?.cids.length]).toEqual([null, 11])
})

test('one upload goes by itself, all of its files, however little else is held', () => {
  const album = dutyOf('album', { owner: carol, images: ['one', 'two'] })
  const rows = album.files.map(({ cid }, i) => {
    const reason = dutyReason('obliged', network, album, cid)
    return heldOf(['album', 'one', 'two'][i]!, { reasons: [reason], absent: { [reason]: 1 } })
  })
  expect(acts(viewOf(rows, { duties: dutiesAt(100) }))).toEqual(rows.map(({ cid }) => ['drop', cid]))
})

test('rows with a reason nobody knows are nobody\'s to take away', () => {
  const row = heldOf('song', { reasons: ['obliged(', 'later'] })
  expect(acts(viewOf([row], { duties: dutiesAt(9) }))).toEqual([])
})

test('where records name different torrents and nothing comes of one, the next is tried, around and around; agreement tries nothing', () => {
  const by = (owner: string): typeof song => ({ ...song, owner, files: [{ ...song.files[0]!, infohash: cidOf(owner).slice(0, 40) }] })
  const [other, third] = [by(bob), by(carol)]
  const coming = (infohash: string, reasons: readonly string[]) => heldOf('song', { status: 'PENDING', infohash, reasons })
  const duties = dutiesAt(9, { obliged: [song], offered: [other, third, { ...song, owner: 'another' }] })
  const why = [obliged, ...[bob, carol, 'another'].map(owner => `offered(${network},${owner})`)]
  const infohashes = [song, other, third].map(({ files }) => files[0]!.infohash)
  for (const [i, infohash] of infohashes.entries()) {
    expect(reconcile(viewOf([coming(infohash, why)], { duties }))).toMatchObject({ actions: [], contested: [song.cid] })
    expect(only(reconcile(viewOf([coming(infohash, why)], { duties, stalled: () => true })).actions)).toMatchObject({ act: 'other', from: infohash, file: { infohash: infohashes[(i + 1) % 3] }, kind: 'a' })
  }
  for (const row of [{ ...coming(infohashes[0]!, why), paused: true }, { ...coming(infohashes[0]!, why), status: 'FAILED' as const }]) expect(reconcile(viewOf([row], { duties, stalled: () => true })).contested).toEqual([])
  const agreed = dutiesAt(9, { obliged: [song], offered: [{ ...song, owner: bob }] })
  expect(reconcile(viewOf([coming(infohashes[0]!, why.slice(0, 2))], { duties: agreed, stalled: () => true }))).toMatchObject({ actions: [], contested: [] })
})

test('what two uploads that a person fetched say differently is tried likewise; a link’s own torrent is the person’s', () => {
  const other = { ...song, owner: bob, files: [{ ...song.files[0]!, infohash: 'f'.repeat(40) }] }
  const row = (infohash: string) => heldOf('song', { status: 'DOWNLOADING', infohash, reasons: ['wanted'] })
  const view = (infohash: string) => viewOf([row(infohash)], { fetched: [song, other], stalled: () => true })
  expect(only(reconcile(view(song.files[0]!.infohash)).actions)).toMatchObject({ act: 'other', file: { infohash: 'f'.repeat(40) } })
  expect(reconcile(view('e'.repeat(40))).actions).toEqual([])
})
