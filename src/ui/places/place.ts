import { LitElement, type CSSResultGroup } from 'lit'
import { property } from 'lit/decorators.js'
import { shared } from '../tokens/index.ts'
import type { Peer, PeerState } from '../types.ts'

/** A place of the app: draws a snapshot, acts through the peer, owns nothing that must outlive it. */
export abstract class Place extends LitElement {
  static override styles: CSSResultGroup = shared

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState

  /** Moves the focus to the heading, so that readers begin where the new content does. */
  async focusHeading(): Promise<void> {
    await this.updateComplete
    const heading = findHeading(this.renderRoot)
    heading?.focus({ preventScroll: true })
  }
}

function findHeading(root: ParentNode): HTMLElement | null {
  const own = root.querySelector('h1')
  if (own !== null) return own
  for (const { shadowRoot } of root.querySelectorAll('*')) {
    const inner = shadowRoot === null ? null : findHeading(shadowRoot)
    if (inner !== null) return inner
  }
  return null
}
