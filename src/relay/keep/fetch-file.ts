import { HoldfastError, concat, equalBytes, limits, type Alarm } from '../../base/index.ts'
import { judgeInfo, pieceHash, pieceLength, sectionBytes, sectionRange, type Kind, type PublishedFile } from '../../content/index.ts'
import { contentProtocol, infoQuestion, judgeInfoReply, judgeSectionReply, sectionQuestion } from '../../net/index.ts'
import type { RelayNode } from '../peers.ts'

/** Pieces of one tab on their way at once: a MiB or two, as each asks for its parts one after the other. */
const piecesOfOne = 3
/** Of all tabs together. */
const piecesMost = 8
/** Where nobody gave anything for so long the file is left for another time. */
const idleMs = 60_000
/** One that failed is asked again after this: it reads the file once before it gives sections of it. */
const pauseMs = 2000

export interface FetchParts {
  readonly node: Pick<RelayNode, 'request'>
  /** The network's name. */
  readonly name: string
  readonly clock: Alarm
  readonly signal: AbortSignal
  /** Connected tabs that said they give it. */
  givers(): readonly string[]
  write(at: number, bytes: Uint8Array): Promise<void>
  onBytes(bytes: number): void
}

/** What one file is fetched by, and what came of whom. */
interface Giver { busy: number, retryAt: number, wrong: boolean }

/**
 * Fetches a file by sections, from several tabs at once, over the connections they made: a relay has no WebRTC, and dials nobody. There is no root to prove sections by, so each
 * piece made of them is compared with the info dictionary, which the record's infohash names. Who gives a wrong one is asked no more.
 */
export async function fetchFile(file: PublishedFile, kind: Kind, parts: FetchParts): Promise<Uint8Array<ArrayBuffer>> {
  const info = await infoOf(file, kind, parts)
  const count = Math.ceil(file.size / pieceLength(file.size))
  const { clock, signal } = parts
  const givers = new Map<string, Giver>()
  const missing = Array.from({ length: count }, (_, index) => count - 1 - index) // taken from the end: from the front of the file
  const ended = new AbortController()
  const all = AbortSignal.any([signal, ended.signal])
  const atWork = new Set<number>()
  let cameAt = clock.now()
  let woken = new AbortController()
  let fault: unknown = null

  const free = (): readonly [string, Giver] | null => {
    const known = parts.givers().map(id => {
      const giver = givers.get(id) ?? { busy: 0, retryAt: 0, wrong: false }
      givers.set(id, giver)
      return [id, giver] as const
    })
    return known.filter(([, { busy, retryAt, wrong }]) => !wrong && busy < piecesOfOne && retryAt <= clock.now()).sort(([, a], [, b]) => a.busy - b.busy)[0] ?? null
  }
  const work = async (index: number, id: string, giver: Giver): Promise<void> => {
    atWork.add(index)
    giver.busy++
    try {
      const piece = await pieceOf(file, index, id, all, parts)
      if (!equalBytes(new Uint8Array(await crypto.subtle.digest('SHA-1', piece)), pieceHash(info, file.size, index))) {
        giver.wrong = true
        throw new HoldfastError('wrong-bytes', 'not the piece that was asked for')
      }
      await parts.write(index * pieceLength(file.size), piece).catch((error: unknown) => { throw fault = error })
      parts.onBytes(piece.length)
      cameAt = clock.now()
    } catch {
      giver.retryAt = clock.now() + pauseMs
      missing.push(index)
    } finally {
      giver.busy--
      atWork.delete(index)
      woken.abort()
    }
  }
  try {
    while (missing.length > 0 || atWork.size > 0) {
      if (fault !== null) throw fault
      signal.throwIfAborted()
      if (clock.now() - cameAt > idleMs) throw new HoldfastError('peer-unreachable', 'nobody gives it any more')
      const next = missing.length === 0 || atWork.size >= piecesMost ? null : free()
      if (next !== null) {
        void work(missing.pop()!, ...next)
        continue
      }
      woken = new AbortController()
      await clock.sleep(pauseMs, AbortSignal.any([woken.signal, signal]))
    }
    if (fault !== null) throw fault
    return info
  } finally { ended.abort() }
}

/** The info dictionary, from the first who gives it. */
async function infoOf({ cid, infohash, size }: PublishedFile, kind: Kind, { node, name, signal, givers }: FetchParts): Promise<Uint8Array<ArrayBuffer>> {
  for (const id of givers()) {
    const reply = await node.request(id, contentProtocol(name), infoQuestion(cid, infohash), { signal }).catch(() => null)
    signal.throwIfAborted()
    const said = judgeInfoReply(reply, cid, infohash)
    if (!said.ok) continue
    const judged = judgeInfo(said.value.info, { cid, kind, infohash, size })
    if (!judged.ok) throw new HoldfastError('wrong-info', judged.reason) // it is what the infohash names, whoever says it
    return said.value.info
  }
  throw new HoldfastError('peer-unreachable', 'nobody says what describes its pieces')
}

/** A piece out of the sections it lies in, part by part: a part is never larger than a piece, and none lies in two. */
async function pieceOf({ cid, infohash, size }: PublishedFile, index: number, id: string, signal: AbortSignal, { node, name }: FetchParts): Promise<Uint8Array<ArrayBuffer>> {
  const from = index * pieceLength(size)
  const to = Math.min(from + pieceLength(size), size)
  const bytes: Uint8Array[] = []
  for (let at = from; at < to;) {
    const section = Math.floor(at / sectionBytes(size)) + 1
    const range = sectionRange(size, section)
    const within = at - range.at
    const length = Math.min(limits.sectionPartBytes, range.length - within, to - at)
    const reply = await node.request(id, contentProtocol(name), sectionQuestion({ cid, infohash, index: section, at: within }), { signal })
    const part = judgeSectionReply(reply, length, within === 0)
    if (!part.ok) throw new HoldfastError(part.code, part.reason)
    bytes.push(part.value.bytes)
    at += length
  }
  return concat(...bytes)
}
