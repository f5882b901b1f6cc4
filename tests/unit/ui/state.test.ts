import { describe, expect, test } from 'vitest'
import { Announcer, type Progress } from '../../../src/ui/announce.ts'
import { addFiles, withoutPaths } from '../../../src/ui/draft.ts'
import { linkHash, readRoute } from '../../../src/ui/route.ts'

describe('routes', () => {
  test.each([
    ['', { place: 'share' }], ['#/share', { place: 'share' }], ['#/nowhere', { place: 'share' }], ['#main', { place: 'share' }], ['#/item/', { place: 'share' }],
    ['#/library', { place: 'library' }], ['#/get', { place: 'get', link: null }],
    ['#/get/77?i=1&c=2', { place: 'get', link: '#/get/77?i=1&c=2' }], ['#/item/77', { place: 'item', cid: '77' }],
  ])('%s', (hash, route) => { expect(readRoute(hash)).toEqual(route) })

  test('the route in a pasted link', () => {
    expect(linkHash('see https://a.example/x#/get/77?c=1 ')).toBe('#/get/77?c=1')
    expect(linkHash('77')).toBeNull()
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
    const draft = addFiles({ files: [file('a')], title: 'Mine' }, [file('b')])
    expect(draft.title).toBe('Mine')
    expect(withoutPaths(draft, ['a'])).toMatchObject({ title: 'Mine', files: [{ path: 'b' }] })
    expect(withoutPaths(draft, ['a', 'b'])).toBeNull()
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
