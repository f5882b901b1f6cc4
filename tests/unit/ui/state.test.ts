import { describe, expect, test } from 'vitest'
import { Announcer, type Progress } from '../../../src/ui/announce.ts'
import { addFiles, withoutPaths } from '../../../src/ui/draft.ts'
import { inviteHash, linkHash, readRoute } from '../../../src/ui/route.ts'
import { Verdicts } from '../../../src/ui/verdicts.ts'
import { got } from '../../support/ui-states.ts'

describe('routes', () => {
  test.each([
    ['', { place: 'share' }], ['#/share', { place: 'share' }], ['#/nowhere', { place: 'share' }], ['#main', { place: 'share' }], ['#/item/', { place: 'share' }],
    ['#/library', { place: 'library' }], ['#/get', { place: 'get', link: null, cid: null }],
    ['#/get/77?i=1&c=2', { place: 'get', link: '#/get/77?i=1&c=2', cid: null }], ['#/get/77', { place: 'get', link: '#/get/77', cid: null }],
    ['#/wallet', { place: 'wallet' }], ['#/threads', { place: 'threads', thread: null, fresh: false }], ['#/threads/new', { place: 'threads', thread: null, fresh: true }],
    ['#/thread/T1/7', { place: 'threads', thread: 'T1/7', fresh: false }], ['#/invite/abc', { place: 'invite', link: '#/invite/abc' }],
    [`#/get/${'aB'.repeat(32)}`, { place: 'get', link: null, cid: 'ab'.repeat(32) }], ['#/item/77', { place: 'item', cid: '77' }],
  ])('%s', (hash, route) => { expect(readRoute(hash)).toEqual(route) })

  test.each([
    ['web+holdfast:get/77?i=1&c=2', '#/get/77?i=1&c=2'], ['web+holdfast://get/77?c=2', '#/get/77?c=2'], ['WEB+HOLDFAST:/get/77?c=2', '#/get/77?c=2'],
    ['web+holdfast:other', 'web+holdfast:other'],
  ])('the system opens the app with %s', (text, link) => {
    expect(readRoute(`#/get?u=${encodeURIComponent(text)}`)).toEqual({ place: 'get', link, cid: null })
  })

  test('the system opens the app with a content id alone, or with what is no text', () => {
    expect(readRoute(`#/get?u=web%2Bholdfast%3Aget%2F${'7'.repeat(64)}`)).toEqual({ place: 'get', link: null, cid: '7'.repeat(64) })
    expect(readRoute('#/get?u=%')).toEqual({ place: 'get', link: '%', cid: null })
  })

  test('the route in a pasted link', () => {
    expect(linkHash('see https://a.example/x#/get/77?c=1 ')).toBe('#/get/77?c=1')
    expect(linkHash(' web+holdfast:get/77?c=1')).toBe('#/get/77?c=1')
    expect(linkHash('77')).toBeNull()
    expect(inviteHash('see https://a.example/x#/invite/77 ')).toBe('#/invite/77')
    expect(inviteHash('#/get/77')).toBeNull()
  })
})

describe('what is about to be shared', () => {
  const file = (path: string, text = 'x') => ({ file: new File([text], path, { lastModified: 1 }), path })

  test('the same file chosen twice is in it once; another of the same name stays', () => {
    const one = file('a')
    const draft = addFiles(addFiles(null, [one]), [one, file('a', 'other'), file('b')])
    expect(draft.files.map(({ path, file: { size } }) => [path, size])).toEqual([['a', 1], ['a', 5], ['b', 1]])
  })

  test('a written title survives more files, and leaving some out', () => {
    const draft = addFiles({ files: [file('a')], title: 'Mine', options: { protect: true, findable: true } }, [file('b')])
    expect(draft).toMatchObject({ title: 'Mine', options: { protect: true, findable: true } })
    expect(withoutPaths(draft, ['a'])).toMatchObject({ title: 'Mine', files: [{ path: 'b' }] })
    expect(withoutPaths(draft, ['a', 'b'])).toBeNull()
  })
})

test('a share begins as the last one was protected, and is never findable unasked', () => {
  expect(addFiles(null, []).options).toEqual({ protect: false, findable: false })
  expect(addFiles(null, [], true).options).toEqual({ protect: true, findable: false })
})

describe('what came of reading an item anew', () => {
  test('said once, when it was seen being checked and is whole again', () => {
    const verdicts = new Verdicts()
    expect(verdicts.update([got])).toBeNull()
    verdicts.await(got.cid)
    expect(verdicts.update([got])).toBeNull() // not begun yet
    expect(verdicts.update([{ ...got, state: 'checking' }])).toBeNull()
    expect(verdicts.update([got])?.words).toContain('every byte is as it should be')
    expect(verdicts.update([got])).toBeNull()
  })

  test('damage is said, and an item that went away is not waited for', () => {
    const verdicts = new Verdicts()
    verdicts.await(got.cid)
    expect(verdicts.update([{ ...got, state: 'waiting' }])?.words).toContain('damaged')
    verdicts.await(got.cid)
    expect(verdicts.update([])).toBeNull()
    expect(verdicts.update([{ ...got, state: 'waiting' }])).toBeNull()
  })
})

describe('what is said aloud', () => {
  const at = (done: number, words = 'coming in'): Progress[] => [{ id: 'x', title: 'Maps', done, total: 100, words }]

  test('quarters and new states, not more than every five seconds, the newest words only', () => {
    const announcer = new Announcer()
    expect(announcer.update(at(0), 0)).toBeNull()
    expect(announcer.update(at(24), 100)).toBeNull()
    expect(announcer.update(at(26), 200)).toBe('Maps: 25 %')
    expect(announcer.update(at(51), 1_000)).toBeNull()
    expect(announcer.update(at(76), 2_000)).toBeNull()
    expect(announcer.waits).toBe(true)
    expect(announcer.update(at(77), 5_200)).toBe('Maps: 75 %')
    expect(announcer.update(at(100, 'all of it is here'), 20_000)).toBe('Maps: all of it is here')
    expect(announcer.update(at(100, 'all of it is here'), 30_000)).toBeNull()
  })
})
