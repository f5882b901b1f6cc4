import { HoldfastError } from '../base/index.ts'
import type { StateNetwork } from './ports.ts'
import type { StateAnswer, StateKind, StateQuestion } from './wire.ts'

/** What a peer answers; null where it does not, or refuses. Peers go as they please: that is nobody's failure. `onBusy`: it has too much to do just now, which says nothing of what it has. */
export async function answerOf<K extends StateKind>(
  network: Pick<StateNetwork, 'ask'>, id: string, kind: K, question: StateQuestion<K>, signal: AbortSignal, onBusy?: () => void,
): Promise<StateAnswer<K> | null> {
  try {
    const answer = await network.ask(id, kind, question, signal)
    if (!answer.ok && answer.code === 'rate-limited') onBusy?.()
    return answer.ok ? answer.value : null
  } catch (error) {
    if (HoldfastError.from(error).code === 'internal') throw error
    return null
  }
}
