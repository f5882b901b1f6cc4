import { HoldfastError, type Cid } from '../base/index.ts'
import { messageRoom, parseLink } from '../content/index.ts'
import type { NamedFile } from './attachment-starts.ts'
import type { BookService, NamedAttachment } from './book-api.ts'
import type { NetworkService } from './network-api.ts'
import type { PeerState } from './state-api.ts'
import type { Served } from './tab-rpc.ts'
import type { ThreadActs, ThreadMessage } from './thread-api.ts'

export interface ThreadActsParts {
  /** Both throw where no peer can run. */
  ledger(): Served<BookService>
  network(): Pick<Served<NetworkService>, 'sections' | 'beginAttachments'>
  state(): Pick<PeerState, 'items' | 'sharing'>
}

/** What a person says in threads, through the ledger worker of whichever tab leads. Files named beside a message are read in a media worker. */
export function threadActs({ ledger, network, state }: ThreadActsParts): ThreadActs {
  const attach = async (cid: Cid | undefined): Promise<NamedAttachment | null> => cid === undefined ? null : await attachmentOf(cid, state(), network())
  return {
    read: async name => await ledger().readThread(name),
    async beginSmall(messages) {
      const files = messages.toReversed().flatMap(namedFile)
      if (files.length > 0) await network().beginAttachments(files)
    },
    open: async (title, text, attachment) => await ledger().openThread(crypto.randomUUID(), title, text, await attach(attachment)),
    reply: async (name, text, attachment) => await ledger().reply(crypto.randomUUID(), name, text, await attach(attachment)),
    left: messageRoom,
    price: async () => await ledger().messagePrice(),
    async mute(name, on) { await ledger().muteThread(name, on) },
    async seen(name) { await ledger().seenThread(name) },
    async prove(id) {
      const { root, block, number } = await ledger().proveRow(id)
      return { root, block, number }
    },
  }
}

/** The file of somebody else's message, once a block has what it says. */
function namedFile({ own, attachment }: ThreadMessage): readonly NamedFile[] {
  if (own || attachment === null || attachment.said === null) return []
  const judged = parseLink(attachment.link)
  if (!judged.ok || judged.value.infohash === null) return []
  const { key: _, ...link } = judged.value
  return [{ link: { ...link, sealed: null }, attachment: attachment.said }]
}

/** What a message says of a file of the Library. `not-found` where it is not here as a whole, `bad-input` where others are not given it. */
async function attachmentOf(cid: Cid, { items, sharing }: Pick<PeerState, 'items' | 'sharing'>, network: Pick<Served<NetworkService>, 'sections'>): Promise<NamedAttachment> {
  const item = items.find(each => each.cid === cid)
  if (item?.state !== 'here') throw new HoldfastError('not-found', 'the file is not here as a whole')
  if (!item.giving || !sharing) throw new HoldfastError('bad-input', 'the file is not given to others')
  const { root, size } = await network.sections(cid)
  return { root, size, cid, infohash: item.infohash, title: item.title, type: item.kind }
}
