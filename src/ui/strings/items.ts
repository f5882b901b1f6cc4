import { msg, str } from '@lit/localize'
import type { IconName } from '../drawings/icons.ts'
import type { Connection, Item, Link, Member, PeerState, ShareJob } from '../types.ts'
import { files, others } from './counts.ts'
import { errorWords } from './errors.ts'
import { ago, bytes, percent } from './format.ts'
import { publishWords } from './uploads.ts'

export type Tone = 'ok' | 'warn' | 'danger' | 'info' | 'outline' | 'paused'

/** Whether its link was made here; something fetched before may be shared anew. */
export function isOurs({ origin, job }: Item): boolean {
  return origin === 'shared' || job !== null
}

/** Whether it is here for others alone: kept because it was promised, offered or unasked, and not because this person wants it. */
export function isForOthers({ origin, reasons }: Pick<Item, 'origin' | 'reasons'>): boolean {
  return origin === 'got' && reasons.length > 0 && reasons.every(({ reason }) => reason === 'offered' || reason === 'obliged' || reason === 'samaritan')
}

/** Whether it is here as a publication, or a picture of one, rather than for a link. */
export function isPublished({ kind, reasons }: Pick<Item, 'kind' | 'reasons'>): boolean {
  return kind === 'a' || kind === 'i' || (reasons.some(({ reason }) => reason === 'own') && !reasons.some(({ reason }) => reason === 'shared'))
}

/** The file a publish job made, not its pictures, of which some may have been here before. Items are newest first. */
export function fileMade(items: readonly Item[], job: string): Item | undefined {
  const made = items.filter(item => item.job === job)
  return made.find(({ kind }) => kind !== 'i') ?? made.at(-1)
}

/** The same snapshot with a title for each item: what came by its content id alone has none before its files are known. */
export function entitled(state: PeerState): PeerState {
  if (state.items.every(({ title }) => title !== '')) return state
  return { ...state, items: state.items.map(item => item.title === '' ? { ...item, title: msg('Without a title') } : item) }
}

/** Whether anything is given at all: `off` by the switch, `metered` by the rule for connections paid by the byte. */
export type Gate = 'open' | 'off' | 'metered'

export function gateOf({ sharing, metered }: Pick<PeerState, 'sharing' | 'metered'>): Gate {
  return !sharing ? 'off' : metered.now && metered.rule === 'pause' ? 'metered' : 'open'
}

/** An item's state as shape, colour and word. */
export function itemState(item: Item, gate: Gate): { tone: Tone, icon: IconName, words: string } {
  switch (item.state) {
    case 'waiting': return { tone: 'info', icon: 'clock', words: msg('Waiting') }
    case 'getting': return { tone: 'info', icon: 'down', words: msg(str`Getting, ${percent(item.received, item.size)} %`) }
    case 'checking': return { tone: 'info', icon: 'shield', words: msg('Checking') }
    case 'paused': return { tone: 'paused', icon: 'pause', words: msg('Paused') }
    case 'failed': return { tone: 'danger', icon: 'warning', words: msg('Stopped') }
    case 'here':
      if (!item.giving) return { tone: 'outline', icon: 'person', words: msg('Only for you') }
      if (gate === 'off') return { tone: 'paused', icon: 'pause', words: msg('Sharing is off') }
      if (gate === 'metered') return { tone: 'paused', icon: 'pause', words: msg('Metered, not given') }
      return item.keepers === 0 && isOurs(item)
        ? { tone: 'warn', icon: 'warning', words: msg('Only copy known') }
        : { tone: 'ok', icon: 'up', words: msg('Sharing') }
  }
}

/** When others with all of it were here last; empty while some are, and where nobody ever was. */
export function seenWords({ keepers, seen }: Pick<Item, 'keepers' | 'seen'>, now: number): string {
  return keepers > 0 || seen === null ? '' : msg(str`Last seen with all of it: ${others(seen.keepers)}, ${ago(seen.at, now)}.`)
}

/** What a wait waits for. */
export function waitWords(item: Item, connection: Connection): string {
  if (!connection.online) return msg('This device is offline. It goes on by itself when there is a connection.')
  if (item.tracker === 'unreachable') return msg('The tracker, which knows who has it, does not answer. It is asked again by itself.')
  if (item.tracker === null) return msg('Asking who has it.')
  return msg('Nobody who has all of it is here now. It begins by itself when they open Holdfast; you can ask them to.')
}

/** Words beside the bar while a link is being made. */
export function jobWords(job: ShareJob): string {
  if (job.state === 'failed') return errorWords(job.problem).what
  if (job.publish !== undefined) return publishWords(job.publish)
  if (job.state === 'placing') return msg('Step 2 of 2: putting it in its place')
  return job.options.protect ? msg(str`Step 1 of 2: reading, packing and encrypting ${files(job.files)}`) : msg(str`Step 1 of 2: reading and packing ${files(job.files)}`)
}

/** What follows where a job failed: unlike what comes from others, nothing of it is kept. */
export function jobNextWords({ problem, publish }: Pick<ShareJob, 'problem' | 'publish'>): string {
  if (problem?.code !== 'storage-full') return errorWords(problem).next
  return publish?.kind === 'audio'
    ? msg('Nothing half-made is left. While music is published it takes the room of its FLAC twice: remove something in the Library, then publish it again.')
    : msg('Nothing half-made is left. Remove something in the Library, then begin again.')
}

/** What a link or an item is, in a few words. */
export function kindWords({ kind }: Pick<Link, 'kind'>): string {
  return { a: () => msg('Music'), i: () => msg('Picture'), z: () => msg('Files'), p: () => msg('Files') }[kind]()
}

/** Whether it is encrypted, so that only a link with the key opens it. */
export function isProtected({ kind, key }: Pick<Link, 'kind' | 'key'>): boolean {
  return kind === 'p' || key !== null
}

/** Whether a member of an archive that is still coming can be saved already. */
export function isReadable({ offset, size }: Member, readable: number): boolean {
  return offset + size <= readable
}

/** `7 files, 385 MB`, or the kind alone before all of its files are known. */
export function sizeWords(item: Pick<Item, 'kind' | 'size'> & Partial<Pick<Item, 'members' | 'readable'>>): string {
  const what = item.members === undefined || item.members === null || item.readable !== Infinity ? kindWords(item) : files(item.members.length)
  return `${what}, ${bytes(item.size)}`
}

/** The name a file is saved under; its path where another has the same name. */
export function saveNames(paths: readonly string[]): string[] {
  const names = paths.map(path => path.slice(path.lastIndexOf('/') + 1))
  const seen = new Map<string, number>()
  for (const name of names) seen.set(name, (seen.get(name) ?? 0) + 1)
  return names.map((name, i) => (seen.get(name) ?? 0) > 1 ? paths[i] ?? name : name)
}
