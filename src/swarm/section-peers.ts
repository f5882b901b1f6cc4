import { HoldfastError, concat, limits, type Cid, type Clock, type Infohash } from '../base/index.ts'
import { judgeSection, sectionBytes, sectionCount, sectionRange } from '../content/index.ts'
import type { PieceMap } from './bitfield.ts'
import { isPiece } from './piece-check.ts'
import type { SwarmLinks } from './types.ts'

/** A file that comes in sections too: what its message says of it, and its info dictionary. */
export interface SectionedFile { readonly cid: Cid, readonly infohash: Infohash, readonly size: number, readonly root: Cid, readonly info: Uint8Array }

/** Questions to one peer at once. */
const asksOfOne = 4
const firstPauseMs = 2000
/** A peer that is asked too much says so; it is asked again this much later, so often. */
const busyPauseMs = 500
const busyTries = 20

interface Giver { busy: number, fails: number, retryAt: number, present: boolean }

/**
 * The peers whose sections of one file are asked for, and pieces made of them: each section comes from whoever has least to do, is proved by the root, and is asked of another where it is
 * not. Who gives a wrong one is asked no more: either lies, or the root does.
 */
export class SectionPeers {
  /** Bytes that came. */
  came = 0
  private readonly givers = new Map<string, Giver>()
  private readonly wrong = new Set<string>()
  private readonly sections = new Map<number, Promise<Uint8Array>>()
  private waiting: (() => void)[] = []

  constructor(private readonly links: Pick<SwarmLinks, 'section'>, private readonly clock: Clock, private readonly file: SectionedFile, private readonly pieces: PieceMap) {}

  /** How many may be asked now. */
  get size(): number { return [...this.givers.values()].filter(({ present }) => present).length }

  /** A peer that gives the file. Returns whether it is asked from now on and was not before. */
  add(peerId: string): boolean {
    const giver = this.givers.get(peerId) ?? { busy: 0, fails: 0, retryAt: 0, present: false }
    if (giver.present || this.wrong.has(peerId) || giver.retryAt > this.clock.now()) return false
    giver.present = true
    this.givers.set(peerId, giver)
    this.wake()
    return true
  }

  /** Throws `peer-unreachable` where nobody is left who gives it, `attachment-false` where the proven bytes are not what the torrent says: then root and infohash are of two files. */
  async piece(index: number): Promise<Uint8Array<ArrayBuffer>> {
    const { size, info } = this.file
    const [from, to] = [index * this.pieces.pieceLength, index * this.pieces.pieceLength + this.pieces.length(index)]
    const bytes = sectionBytes(size)
    const [first, last] = [Math.floor(from / bytes) + 1, Math.min(Math.ceil(to / bytes), sectionCount(size))]
    const parts = await Promise.all(Array.from({ length: last - first + 1 }, async (_, i) => await this.section(first + i)))
    const before = (first - 1) * bytes
    const piece = concat(...parts).slice(from - before, to - before)
    if (!await isPiece({ info, size }, index, piece)) throw new HoldfastError('attachment-false', 'its sections are not the bytes of its torrent')
    return piece
  }

  /** A section is asked for once, however many pieces lie in it. */
  private async section(index: number): Promise<Uint8Array> {
    const under = this.sections.get(index)
    if (under !== undefined) return await under
    const coming = this.fetch(index).finally(() => { this.sections.delete(index) })
    this.sections.set(index, coming)
    return await coming
  }

  private async fetch(index: number): Promise<Uint8Array> {
    for (;;) {
      const [peerId, giver] = await this.free()
      try {
        const section = await this.ask(peerId, index)
        giver.fails = 0
        this.came += section.length
        return section
      } catch (error) {
        const { code } = HoldfastError.from(error)
        if (code === 'wrong-bytes') this.wrong.add(peerId)
        giver.present = false
        giver.retryAt = this.clock.now() + Math.min(firstPauseMs * 2 ** giver.fails++, limits.attachmentPauseMs)
      } finally {
        giver.busy--
        this.wake()
      }
    }
  }

  /** Who has least to do, once somebody has little enough. */
  private async free(): Promise<readonly [string, Giver]> {
    for (;;) {
      const present = [...this.givers].filter(([, giver]) => giver.present).sort(([, a], [, b]) => a.busy - b.busy)
      const [least] = present
      if (least === undefined) throw new HoldfastError('peer-unreachable', 'nobody is left who gives its sections')
      if (least[1].busy < asksOfOne) {
        least[1].busy++
        return least
      }
      await new Promise<void>(resolve => { this.waiting.push(resolve) })
    }
  }

  private wake(): void { for (const wake of this.waiting.splice(0)) wake() }

  private async ask(peerId: string, index: number): Promise<Uint8Array> {
    const { cid, infohash, size, root } = this.file
    const { length } = sectionRange(size, index)
    const parts: Uint8Array[] = []
    let nodes: readonly Uint8Array[] = []
    for (let at = 0; at < length; at += limits.sectionPartBytes) {
      const part = await this.part(peerId, { cid, infohash, index, at }, Math.min(limits.sectionPartBytes, length - at))
      if (at === 0) nodes = part.nodes
      parts.push(part.bytes)
    }
    const bytes = concat(...parts)
    const judged = judgeSection(root, size, { index, bytes, nodes }, new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
    if (!judged.ok) throw new HoldfastError('wrong-bytes', judged.reason)
    return judged.value
  }

  private async part(peerId: string, question: Parameters<SwarmLinks['section']>[1], length: number): ReturnType<SwarmLinks['section']> {
    for (let tries = busyTries; ; tries--) {
      try { return await this.links.section(peerId, question, length) } catch (error) {
        if (HoldfastError.from(error).code !== 'rate-limited' || tries === 0) throw error
      }
      await new Promise(done => { setTimeout(done, busyPauseMs) })
    }
  }
}
