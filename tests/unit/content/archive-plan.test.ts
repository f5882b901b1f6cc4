import { expect, test } from 'vitest'
import { planArchive } from '../../../src/content/index.ts'

const plan = (...paths: string[]) => planArchive(paths.map(path => ({ path, size: 1 })))
const deep = (folders: number) => `${'d/'.repeat(folders)}file`

test.each([
  [['photo.jpg'], 'photo.jpg'],
  [['holiday/a.jpg', 'holiday/more/b.jpg'], 'holiday'],
  [['holiday/a.jpg'], 'holiday'],
  [['a.jpg', 'b.jpg'], '2 files'],
  [['one/a.jpg', 'two/b.jpg', 'c'], '3 files'],
  [['\u202egpj.exe'], 'gpj.exe'],
])('the title of %j is %j', (paths, title) => {
  expect(plan(...paths)).toMatchObject({ title, refusal: null, bytes: paths.length })
})

test('members are sorted by the bytes of their names, in NFC, and know which file they are', () => {
  const { members } = plan('z', 'e\u0301', '\u{1f600}', '\uffee', 'a/b', 'a-b')
  expect(members.map(({ path, source }) => [path, source])).toEqual([['a-b', 5], ['a/b', 4], ['z', 0], ['\u00e9', 1], ['\uffee', 3], ['\u{1f600}', 2]])
})

test.each([
  'with space', ' leading', '"quoted"', "it's", '😀', 'שלום.txt', '.env', '..data', 'a..b', 'CON', 'aux.txt', 'trailing.', '?*<>|:', '#%&', 'tab\there', 'Icon\r', 'a\\b', '\u202e.txt', '~', '-rf',
  'n'.repeat(255), deep(16),
])('an odd name is taken: %j', path => {
  expect(plan(path)).toMatchObject({ refusal: null, members: [{ path, size: 1 }] })
})

test('a name is measured as it is stored, however it came', () => {
  const [composed, apart] = ['\u0390'.repeat(127), '\u0390'.repeat(127).normalize('NFD')]
  expect(apart.length).toBe(381)
  expect(plan(apart)).toMatchObject({ refusal: null, members: [{ path: composed }] })
})

test('an empty file is taken', () => {
  expect(planArchive([{ path: 'empty', size: 0 }])).toMatchObject({ refusal: null, bytes: 0, tarBytes: 1536 })
})

test.each([
  ['archive-empty', []],
  ['archive-name', ['/absolute']], ['archive-name', ['\\absolute']], ['archive-name', ['C:/x']], ['archive-name', ['c:\\x']],
  ['archive-name', ['../x']], ['archive-name', ['a/../x']], ['archive-name', ['a/..']], ['archive-name', ['..']], ['archive-name', ['a\\..\\..\\x']],
  ['archive-name', ['.']], ['archive-name', ['./a']], ['archive-name', ['a/./b']], ['archive-name', ['a//b']], ['archive-name', ['a/']], ['archive-name', ['']],
  ['archive-name', ['nul\0']], ['archive-name', ['lone\ud800']], ['archive-name', ['n'.repeat(256)]], ['archive-name', ['é'.repeat(128)]], ['archive-name', [`${'n'.repeat(256)}/x`]],
  ['archive-depth', [deep(17)]], ['archive-depth', [`a${'\\a'.repeat(17)}`]], ['archive-name', ['e\u0301'.repeat(200)]],
  ['archive-collision', ['same', 'same']], ['archive-collision', ['README', 'readme']], ['archive-collision', ['e\u0301', '\u00e9']], ['archive-collision', ['straße', 'STRASSE']],
  ['archive-collision', ['ὀδυσσεύς', 'ὈΔΥΣΣΕΎΣ']], ['archive-collision', ['a', 'a/b']], ['archive-collision', ['a/b', 'a']], ['archive-collision', ['A/b', 'a']], ['archive-collision', ['a\\b', 'a/b']],
] as const)('%s: %j', (code, paths) => {
  const { refusal, members } = plan(...paths)
  expect(refusal?.code).toBe(code)
  expect(members).toEqual([])
  if (paths.length > 0) expect(refusal?.paths).toEqual(paths.slice(-1))
})

test('a refusal names all paths it is about', () => {
  expect(plan('../a', 'fine', '/b', 'fine').refusal).toMatchObject({ code: 'archive-name', paths: ['../a', '/b'] })
})

test('folders whose names differ in capitals do not collide, files in them do', () => {
  expect(plan('Docs/a', 'docs/b').refusal).toBeNull()
  expect(plan('Docs/a', 'docs/A').refusal?.code).toBe('archive-collision')
})

test('10,000 files are taken, one more is not', () => {
  const many = (count: number) => plan(...Array.from({ length: count }, (_, i) => `f/${i}`))
  expect(many(10_000).refusal).toBeNull()
  expect(many(10_001).refusal?.code).toBe('archive-entries')
})
