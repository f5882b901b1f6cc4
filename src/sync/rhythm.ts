import type { Alarm, Random } from '../base/index.ts'
import { fraction } from './lot.ts'
import { burst, slowFactor, type Pace } from './pace.ts'

/** When the next question is due: varied, lest all ask at once; quicker at the beginning of a session, slower where nobody looks. */
export class Rhythm {
  slow = false
  #quickUntil = 0

  constructor(private readonly parts: { readonly clock: Alarm, readonly random: Random, readonly pace: Pace }) {}

  /** A session begins, or connections came back. */
  begin(): void { this.#quickUntil = this.parts.clock.now() + 1000 * burst.seconds }

  /** Milliseconds until the next question. */
  next(): number {
    const { clock, random, pace } = this.parts
    const varied = 1000 * pace.pull * (0.5 + fraction(random))
    const quick = this.#quickUntil - clock.now()
    if (quick > 0 && quick <= 1000 * burst.seconds) return varied / burst.factor
    return this.slow ? varied * slowFactor : varied
  }
}
