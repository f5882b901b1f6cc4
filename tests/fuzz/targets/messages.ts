import { sha256, concat, fromBase64Url, toBase64Url, utf8 } from '../../../src/base/index.ts'
import { formatInvite, messageTextBytes, parseInvite, readMessage, writeMessage } from '../../../src/content/index.ts'
import { textOf } from '../text.ts'
import type { Target } from '../types.ts'

const invite = { network: '0123456789abcdef', secret: new Uint8Array(32).fill(7), from: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb' } as const

/** Invites as text, mostly with the check they should have, since any other ends there. */
export const invites: Target = {
  name: 'invites',
  corpus: () => [formatInvite(invite), `https://a.example/p?q#x${formatInvite(invite)}`].map(utf8),
  dictionary: ['#/invite/', '-', '_', '=', '+'],
  vary: (base, chance, mutate) => chance.once(4) ? mutate(base) : utf8(sealed(textOf(mutate(base)))),
  run(bytes) {
    const judged = parseInvite(textOf(bytes))
    if (!judged.ok) return judged.code
    const again = parseInvite(formatInvite(judged.value))
    if (!again.ok || JSON.stringify(again.value) !== JSON.stringify(judged.value)) throw new Error('an invite that is another one once it is written')
    return 'accepted'
  },
}

function sealed(text: string): string {
  const [, head = '', letters = ''] = /^(.*#\/invite\/)([\w-]*)/s.exec(text) ?? []
  const bytes = fromBase64Url(letters.slice(0, 87))
  if (bytes === null || bytes.length < 5) return text
  const body = bytes.subarray(0, -4)
  return head + toBase64Url(concat(body, sha256(concat(utf8('holdfast/invite/1\0'), body)).subarray(0, 4)))
}

/** What a message says, as others wrote it. */
export const messageTexts: Target = {
  name: 'message texts',
  corpus: () => [
    writeMessage({ title: 'Salt', text: 'Which microphones\nsurvive salt?', name: null, type: 'z' }), writeMessage({ title: null, text: '', name: 'pier.zip', type: 'p' }), '{"text":"\\u202egpj.exe\\u200b"}', '{}',
  ].map(utf8),
  dictionary: ['"title"', '"text"', '"name"', '"type"', '\\u202e', '\\n', '\\ud800', '__proto__', '{', '}', '[', ',', ':', 'null'],
  run(bytes) {
    const shown = readMessage(textOf(bytes))
    const { title, text, name } = shown
    for (const line of [title, name]) if (line !== null && (line === '' || /[\n\u202e\u200b]/.test(line))) throw new Error('a line that is none, or not clean')
    if (/[\u202e\u200b]/.test(text)) throw new Error('a text that is not clean')
    if (title === null && text === '' && name === null) return 'bad-frame'
    if (text.trim() === '' && name === null || bytes.length > messageTextBytes / 2) return 'accepted'
    const again = readMessage(writeMessage(shown))
    if (again.text !== text || again.title !== title) throw new Error('a message that is another one once it is written')
    return 'accepted'
  },
}
