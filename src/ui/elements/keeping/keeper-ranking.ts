import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { errorWords } from '../../strings/errors.ts'
import type { KeeperQuery, Peer, RankedKeeper } from '../../types.ts'

/** What is to be kept, as far as it is known yet. */
export type ToKeep = Pick<KeeperQuery, 'bytes' | 'protected'>

/** A tenth more or less moves nobody's price or place by much. */
const much = 1.1

/** Who may be asked to keep something, the best first, as the peer ranks them for its size. */
export class KeeperRanking implements ReactiveController {
  /** Null while they are looked for first. */
  ranked: readonly RankedKeeper[] | null = null
  /** Why nobody can be told; empty where nothing is in the way. */
  problem = ''
  private asked: ToKeep | null = null
  private turn = 0

  constructor(private readonly host: ReactiveControllerHost) { host.addController(this) }

  hostConnected(): void {}

  /** To be called before each update of the host; null while nobody is to be chosen, so that the next choice is made among those there are then. Who was found stays until others are. */
  look(peer: Peer, file: ToKeep | null): void {
    if (file !== null && this.asked !== null && isLike(file, this.asked)) return
    this.asked = file
    const turn = ++this.turn
    if (file !== null) void this.find(peer, file, turn)
  }

  /** What is to be kept is another thing. */
  forget(): void {
    this.turn++
    this.asked = this.ranked = null
    this.problem = ''
  }

  private async find(peer: Peer, { bytes, protected: locked }: ToKeep, turn: number): Promise<void> {
    const [ranked, problem] = await peer.publishing.rankKeepers({ bytes, protected: locked, each: null }).then(
      found => [found, ''] as const, (error: unknown) => [[], errorWords(error).what] as const)
    if (turn !== this.turn) return
    this.ranked = ranked
    this.problem = problem
    this.host.requestUpdate()
  }
}

function isLike(a: ToKeep, b: ToKeep): boolean {
  const [less, more] = [Math.min(a.bytes, b.bytes), Math.max(a.bytes, b.bytes)]
  return a.protected === b.protected && more <= less * much
}
