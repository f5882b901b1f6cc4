import { msg, str } from '@lit/localize'
import type { Note } from './events.ts'
import type { Cid, Item } from './types.ts'

/** What came of reading stored items anew, told once each: the snapshots show it only as one state after another. */
export class Verdicts {
  /** Whether each was seen being checked yet. */
  private readonly awaited = new Map<Cid, boolean>()

  await(cid: Cid): void {
    this.awaited.set(cid, false)
  }

  /** The words to say after a new snapshot, or null. */
  update(items: readonly Item[]): Note | null {
    let note: Note | null = null
    for (const [cid, seen] of this.awaited) {
      const item = items.find(one => one.cid === cid)
      if (item?.state === 'checking') this.awaited.set(cid, true)
      else if (item === undefined) this.awaited.delete(cid)
      else if (seen || item.state !== 'here') {
        this.awaited.delete(cid)
        note = { words: verdict(item), undo: null }
      }
    }
    return note
  }
}

function verdict({ state, title }: Item): string {
  return state === 'here' ? msg(str`${title}: every byte is as it should be.`) : msg(str`${title}: some of it was damaged. It is fetched again where somebody has it.`)
}
