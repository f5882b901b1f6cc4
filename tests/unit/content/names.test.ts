import { expect, test } from 'vitest'
import { cleanName, safeFileName } from '../../../src/content/index.ts'

test.each([
  ['plain.txt', 'plain.txt'],
  ['photo\u202egpj.exe', 'photogpj.exe'],
  ['a\u200bb\u200dc\ufeffd\u00ade', 'abcde'],
  ['line\nbreak\r\nand\ttab', 'line break and tab'],
  ['bell\u0007 esc\u001b[31m', 'bell esc[31m'],
  ['\u2066isolated\u2069', 'isolated'],
  ['lone \ud800 half', 'lone \ufffd half'],
  ['שלום مرحبا 日本', 'שלום مرحبا 日本'],
  ['👩‍👧 family', '👩👧 family'],
  ['  spaces inside  stay ', 'spaces inside  stay'],
])('%j is shown as %j', (name, shown) => { expect(cleanName(name)).toBe(shown) })

test.each([
  ['plain.txt', 'plain.txt'], ['.env', '.env'], ['a b (1).tar.gz', 'a b (1).tar.gz'], ['日本.txt', '日本.txt'],
  ['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j'],
  ['../../etc/passwd', '.._.._etc_passwd'],
  ['trailing. . ', 'trailing'], ['...', 'file'], ['', 'file'], [' ', 'file'], ['\u202e', 'file'],
  ['CON', '_CON'], ['con.txt', '_con.txt'], ['Aux.', '_Aux'], ['COM1.log', '_COM1.log'], ['lpt9', '_lpt9'], ['com¹', '_com¹'], ['CONIN$', '_CONIN$'],
  ['console.log', 'console.log'], ['com10', 'com10'], ['aux-cable', 'aux-cable'],
  ['e\u0301.txt', '\u00e9.txt'],
  ['nul\0.txt', '_nul.txt'],
])('%j is saved as %j', (name, saved) => { expect(safeFileName(name)).toBe(saved) })

test('long names are cut between characters and keep their extension', () => {
  const bytes = (text: string) => new TextEncoder().encode(text).length
  expect(safeFileName(`${'n'.repeat(300)}.flac`)).toBe(`${'n'.repeat(250)}.flac`)
  const emoji = safeFileName(`${'😀'.repeat(100)}.jpg`)
  expect(emoji).toBe(`${'😀'.repeat(62)}.jpg`)
  expect(bytes(emoji)).toBe(252)
  expect(bytes(safeFileName(`a.${'x'.repeat(300)}`))).toBe(255)
})
