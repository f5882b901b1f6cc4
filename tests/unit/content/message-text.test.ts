import { expect, test } from 'vitest'
import { cleanText, messageRoom, messageTextBytes, readMessage, writeMessage, type MessageText } from '../../../src/content/index.ts'

const said: MessageText = { title: null, text: 'ahoy', name: null, type: 'z' }
const bytes = (text: string): number => new TextEncoder().encode(text).length

test.each<[Partial<MessageText>, string]>([
  [{}, '{"text":"ahoy"}'],
  [{ title: 'Salt' }, '{"title":"Salt","text":"ahoy"}'],
  [{ title: '' }, '{"text":"ahoy"}'],
  [{ text: 'a\n"b"\ud800' }, '{"text":"a\\n\\"b\\"\ufffd"}'],
  [{ name: 'pier.zip' }, '{"text":"ahoy","name":"pier.zip"}'],
  [{ name: 'pier', type: 'p', text: '' }, '{"text":"","name":"pier","type":"p"}'],
  [{ type: 'p' }, '{"text":"ahoy"}'],
])('%j is written %s', (change, json) => { expect(writeMessage({ ...said, ...change })).toBe(json) })

test('what is left is exactly what fits', () => {
  for (const [title, letter] of [[null, 'x'], ['Sälz "', 'é'], [null, '"'], [null, '🌊']] as const) {
    const each = bytes(JSON.stringify(letter)) - 2
    const text = letter.repeat(Math.floor(messageRoom(title, '') / each))
    expect(messageRoom(title, text)).toBeGreaterThanOrEqual(0)
    expect(bytes(writeMessage({ ...said, title, text }))).toBe(messageTextBytes - messageRoom(title, text))
    expect(messageRoom(title, text + letter)).toBeLessThan(0)
    expect(() => writeMessage({ ...said, title, text: text + letter })).toThrow(expect.objectContaining({ code: 'too-large' }))
  }
})

test('the name of an attachment is cut to the room there is, and left out where there is none', () => {
  const text = 'x'.repeat(messageRoom(null, '') - 20)
  const json = writeMessage({ ...said, text, name: 'münze.zip'.repeat(5) })
  expect(bytes(json)).toBeLessThanOrEqual(messageTextBytes)
  expect(readMessage(json).name).toBe('münze.zip')
  expect(writeMessage({ ...said, text: 'x'.repeat(messageRoom(null, '')), name: 'a' })).not.toContain('name')
})

test.each([' ', '', '\n'])('nothing but %j is no message', text => {
  expect(() => writeMessage({ ...said, text })).toThrow(expect.objectContaining({ code: 'bad-input' }))
})

test.each<[string, Partial<MessageText>]>([
  ['{}', { text: '' }], ['[]', { text: '' }], ['no', { text: '' }], ['{"text":1,"title":2,"name":3,"type":4}', { text: '' }],
  ['{"text":"a\\u202eb\\u0000","title":"x\\ny","name":"\\u200b","type":"p"}', { text: 'ab', title: 'x y', type: 'p' }],
  ['{"text":"ahoy","more":true}', {}],
])('%s is read as what can be shown', (json, shown) => { expect(readMessage(json)).toEqual({ ...said, ...shown }) })

test.each([
  ['one', 'one'], ['a\r\nb\rc\u2028d', 'a\nb\nc\nd'], ['\n\na\n\n\n\nb\n', 'a\n\nb'], ['a\tb  ', 'a b'], ['  indented', '  indented'], ['\u2066x\u2069\u00ad', 'x'],
])('text %j is shown as %j', (text, shown) => { expect(cleanText(text)).toBe(shown) })
