import { expect, test } from 'vitest'
import { freeName, safePaths } from '../../../src/content/index.ts'

const joined = (paths: readonly string[]) => safePaths(paths).map(names => names.join('/'))

test('plain paths stay', () => {
  expect(joined(['a.txt', 'b/c.txt', 'b/d/e'])).toEqual(['a.txt', 'b/c.txt', 'b/d/e'])
})

test.each([
  ['parents and the folder itself', ['../x', './y', 'a/../z'], ['file/x', 'file (2)/y', 'a/file/z']],
  ['device names and characters some system refuses', ['CON', 'nul.txt', 'a:b/c?d', 'back\\slash'], ['_CON', '_nul.txt', 'a_b/c_d', 'back_slash']],
  ['dots and spaces at the end', ['name. ', 'folder. /x'], ['name', 'folder/x']],
  ['nothing left of a name', ['\u202e', '...'], ['file', 'file (2)']],
])('made safe: %s', (_, paths, safe) => {
  expect(joined(paths)).toEqual(safe)
})

test('names that become one get numbers, also where only capital letters differ', () => {
  expect(joined(['a:b.txt', 'a?b.txt', 'A*B.TXT'])).toEqual(['a_b.txt', 'a_b (2).txt', 'A_B (2).TXT'].map((name, i) => i === 2 ? 'A_B (3).TXT' : name))
})

test('a folder stays one folder, and two that become one stay two', () => {
  expect(joined(['x:/1', 'x?/2', 'x:/3', 'x_'])).toEqual(['x_/1', 'x_ (2)/2', 'x_/3', 'x_ (3)'])
})

test('a file that would take the name of a folder gives way', () => {
  expect(joined(['a?/x', 'a*'])).toEqual(['a_/x', 'a_ (2)'])
})

test('a number fits into a name of full length', () => {
  const long = `${'é'.repeat(125)}.text`
  const [first, second] = joined([long.replace('.', ':.'), long.replace('.', '?.')])
  expect(Buffer.byteLength(first!)).toBeLessThanOrEqual(255)
  expect(Buffer.byteLength(freeName(long, name => name === long))).toBeLessThanOrEqual(255)
  expect(freeName(long, name => name === long)).toMatch(/é \(2\)\.text$/)
  expect(second).not.toBe(first)
})
