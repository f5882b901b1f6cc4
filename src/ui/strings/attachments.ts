import { msg, str } from '@lit/localize'
import type { Item } from '../types.ts'
import { errorWords } from './errors.ts'
import { number } from './format.ts'

/** How far an attachment is that was asked for: it comes by itself, however long that takes. */
export function attachmentWords({ state, received, size, sources, problem }: Pick<Item, 'state' | 'received' | 'size' | 'sources' | 'problem'>): string {
  const percent = number(Math.floor(100 * received / size))
  switch (state) {
    case 'here': return msg('on this device')
    case 'checking': return msg('being checked')
    case 'paused': return msg(str`stopped at ${percent} %`)
    case 'failed': return problem === null ? msg('not here') : errorWords(problem).what
    case 'getting': return sources === 1 ? msg(str`${percent} % here, from 1 person`) : msg(str`${percent} % here, from ${number(sources)} people`)
    case 'waiting': return received === 0 ? msg('looking for somebody who has it') : msg(str`${percent} % here, looking for somebody who has it`)
  }
}
