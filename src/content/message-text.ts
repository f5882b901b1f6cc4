import { HoldfastError, isMap, isText, utf8 } from '../base/index.ts'
import { cleanName, cleanText, cutToBytes } from './names.ts'

/*
 * What a message of a thread says, JSON text of at most 1,024 bytes:
 *
 *   { "title"?: "..", "text": "..", "name"?: "..", "type"?: "a" | "i" | "p" }
 *
 * in this order, without spaces. `title`: of a thread, in its first message; `name` and `type`: of the attachment, where it is no plain archive. Others may
 * write anything: what is not of this shape is shown as nothing, and kept.
 */

export const messageTextBytes = 1024

export interface MessageText {
  readonly title: string | null
  readonly text: string
  readonly name: string | null
  /** What the attachment is: audio, an image, a protected or a plain archive. */
  readonly type: 'a' | 'i' | 'p' | 'z'
}

/** The JSON. The name of an attachment is cut to the room that is left. `bad-input` where nothing is said, `too-large` beyond 1,024 bytes. */
export function writeMessage({ title, text, name, type }: MessageText): string {
  if (text.trim() === '' && name === null) throw new HoldfastError('bad-input', 'a message says something')
  const room = messageRoom(title, text) - (type === 'z' ? 0 : utf8(',"type":"z"').length)
  if (room < 0) throw new HoldfastError('too-large', 'the message is too long', { bytes: -room })
  return jsonOf({ title, text, name: name === null ? null : fitted(name, room), type: name === null ? 'z' : type })
}

/** Bytes that are left for more text; below 0 it is too long. */
export function messageRoom(title: string | null, text: string): number {
  return messageTextBytes - utf8(jsonOf({ title, text, name: null, type: 'z' })).length
}

/** What is shown of a message: clean, on one line but for its text. Empty where this version cannot show it. */
export function readMessage(json: string): MessageText {
  let value: unknown
  try { value = JSON.parse(json) } catch { value = null }
  const { title, text, name, type } = isMap(value) ? value : {} as Record<string, unknown>
  const line = (said: unknown): string | null => typeof said === 'string' ? cleanName(said) || null : null
  return { title: line(title), text: typeof text === 'string' ? cleanText(text) : '', name: line(name), type: type === 'a' || type === 'i' || type === 'p' ? type : 'z' }
}

function jsonOf({ title, text, name, type }: MessageText): string {
  return JSON.stringify({
    ...title === null || title === '' ? {} : { title: title.toWellFormed() }, text: text.toWellFormed(), ...name === null ? {} : { name }, ...type === 'z' ? {} : { type },
  })
}

/** As much of a name as fits `room` bytes with what is around it; null where nothing does. */
function fitted(name: string, room: number): string | null {
  const around = utf8(',"name":""').length
  for (let shown = cleanName(name); shown !== ''; shown = cutToBytes(shown, utf8(shown).length - 1)) {
    if (utf8(JSON.stringify(shown)).length - 2 + around <= room && isText(shown, messageTextBytes)) return shown
  }
  return null
}
