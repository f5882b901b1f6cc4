import type { Stream } from '@libp2p/interface'

/**
 * Lets `from` send no more than `to` takes. libp2p's `pipe` reads on while it waits for the other stream and keeps all that in memory; so
 * `from` is paused once `to` is full, which ends its yamux window, and resumed when everything that waited is sent. Nothing is held but
 * one window of `from` unread and another one of it in `to`.
 */
export function holdBack(from: Stream, to: Stream): void {
  const send = to.send.bind(to)
  to.send = data => {
    const more = send(data)
    if (!more && from.readStatus === 'readable') from.pause()
    return more
  }
  const resume = () => { if (from.readStatus === 'paused') from.resume() }
  // Not at every drain: a reader that opens its window byte by byte would get a whole window of ours read for each.
  const empty = () => { if (to.writeBufferLength === 0 && !to.writableNeedsDrain) resume() }
  to.addEventListener('idle', empty)
  to.addEventListener('drain', empty)
  // Heard before `pipe` hears it, which then takes nothing more.
  from.addEventListener('remoteCloseWrite', resume)
}
