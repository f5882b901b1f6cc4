import { msg, str } from '@lit/localize'
import type { Connection, ErrorCode, PeerState, Relay, Step, StepReason } from '../types.ts'
import { peers } from './counts.ts'
import { errorWords } from './errors.ts'
import { duration, number } from './format.ts'

export type Reach = 'offline' | 'reaching' | 'reached'

export function direct(connection: Connection): number {
  return connection.peers.filter(peer => peer.path === 'direct').length
}

function done(connection: Connection, name: Step['name']): boolean {
  return connection.steps.some(step => step.name === name && step.state === 'done')
}

/** Where we stand, in the few words of the header. */
export function reachWords({ phase, connection }: Pick<PeerState, 'phase' | 'connection'>): { reach: Reach, words: string } {
  if (connection.peers.length > 0) return { reach: 'reached', words: msg(str`${peers(connection.peers.length)}, ${number(direct(connection))} direct`) }
  if (phase === 'starting') return { reach: 'reaching', words: msg('Starting') }
  if (!connection.online) return { reach: 'offline', words: msg('Offline') }
  if (done(connection, 'reserved')) return { reach: 'reached', words: msg('Ready, no peers yet') }
  return connection.steps.some(step => step.state === 'stuck')
    ? { reach: 'offline', words: msg('No relay reached') }
    : { reach: 'reaching', words: msg('Reaching a relay') }
}

/** What a search for a content id waits for, with the connection as it stands. */
export function searchWords({ phase, connection }: Pick<PeerState, 'phase' | 'connection'>): string {
  if (phase === 'starting') return msg('Holdfast is starting; then it looks.')
  if (!connection.online) return msg('This device is offline. It looks as soon as there is a connection.')
  if (connection.peers.length > 0) return msg(str`Asking ${peers(connection.peers.length)} who are connected now, and everybody who comes.`)
  if (done(connection, 'reserved')) return msg('You are connected, but nobody else is here yet. Whoever comes is asked.')
  return connection.steps.some(step => step.state === 'stuck')
    ? msg('No relay is reached, so nobody can be asked yet. Tried again by itself.')
    : msg('Reaching a relay, which introduces you to others. Then they are asked.')
}

const titles: Record<Step['name'], Record<Step['state'], () => string>> = {
  relay: {
    waiting: () => msg('Reach a relay'),
    working: () => msg('Reaching a relay'),
    done: () => msg('Reached a relay'),
    stuck: () => msg('No relay reached'),
  },
  reserved: {
    waiting: () => msg('A place to be found at'),
    working: () => msg('Asking for a place'),
    done: () => msg('Place reserved'),
    stuck: () => msg('No place reserved'),
  },
  signalling: {
    waiting: () => msg('Introductions'),
    working: () => msg('Asking for introductions'),
    done: () => msg('Introductions work'),
    stuck: () => msg('No introductions'),
  },
  direct: {
    waiting: () => msg('Direct or relayed'),
    working: () => msg('Connecting directly'),
    done: () => msg('Connected'),
    stuck: () => msg('No direct line'),
  },
}

/** What a step does where no reason is known. */
const purposes: Record<Step['name'], () => string> = {
  relay: () => msg('A relay introduces this tab to others; files do not pass through it where a direct line works.'),
  reserved: () => msg('Others find this tab at a place kept by the relay.'),
  signalling: () => msg('The relay carries the first words of a direct line.'),
  direct: () => msg('Comes when somebody else is here.'),
}

export function stateWord(state: Step['state']): string {
  return { waiting: () => msg('not yet'), working: () => msg('under way'), done: () => msg('done'), stuck: () => msg('stuck') }[state]()
}

const reasons: Readonly<Record<Exclude<StepReason, ErrorCode>, () => string>> = {
  'offline': () => msg('This device has no connection. It goes on by itself when there is one.'),
  'no-relay': () => msg('This network lists no relay.'),
  'no-peers': () => msg('Nobody else is here yet.'),
  'no-webrtc': () => msg('This browser makes no direct lines (WebRTC is missing or switched off).'),
  'direct-failed': () => msg('You met through a relay, but the networks between you let no direct line through. Tried again by itself.'),
}

/** Why a step waits or is stuck. */
export function reasonWords(reason: StepReason): string {
  if (Object.hasOwn(reasons, reason)) return reasons[reason as keyof typeof reasons]()
  const { what, next } = errorWords({ code: reason as ErrorCode })
  return `${what}. ${next}`
}

function doneWords(name: Step['name'], connection: Connection): string {
  const relays = connection.relays.filter(relay => relay.state === 'reserved' || relay.state === 'connected').length
  const near = direct(connection)
  const far = connection.peers.length - near
  if (name === 'relay') return relays === 1 ? msg('Through 1 relay.') : msg(str`Through ${number(relays)} relays.`)
  if (name === 'reserved') return msg('Others can find this tab; renewed by itself.')
  if (name === 'signalling') return msg('Direct lines can be agreed on.')
  if (far === 0) return msg('Nothing passes through a relay.')
  return msg('Relayed lines are slower; the relay cannot read them.')
}

export function stepWords(step: Step, connection: Connection): { title: string, detail: string } {
  const near = direct(connection)
  const far = connection.peers.length - near
  const title = step.name === 'direct' && connection.peers.length > 0
    ? far === 0 ? msg(str`${number(near)} direct`) : msg(str`${number(near)} direct, ${number(far)} through a relay`)
    : titles[step.name][step.state]()
  if (step.reason !== null) return { title, detail: reasonWords(step.reason) }
  return { title, detail: step.state === 'done' ? doneWords(step.name, connection) : purposes[step.name]() }
}

/** A relay's state with the time of the next try. */
export function relayWords(relay: Relay, now: number): { tone: 'good' | 'care' | 'quiet', words: string } {
  if (relay.state === 'reserved') return { tone: 'good', words: msg('in use') }
  if (relay.state === 'connected') return { tone: 'good', words: msg('connected') }
  if (relay.state === 'dialling') return { tone: 'quiet', words: msg('being reached') }
  if (relay.state === 'idle') return { tone: 'quiet', words: msg('not needed now') }
  const why = relay.state === 'full' ? msg('full') : msg('does not answer')
  if (relay.retryAt === null) return { tone: 'care', words: why }
  return { tone: 'care', words: msg(str`${why}; tried again in ${duration(Math.max(1, (relay.retryAt - now) / 1000))}`) }
}
