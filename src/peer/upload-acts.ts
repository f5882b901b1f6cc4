import { HoldfastError } from '../base/index.ts'
import type { Kind, PublishedFile } from '../content/index.ts'
import type { NetworkService, SealedLink } from './network-api.ts'
import type { PublishActs } from './publish-api.ts'
import type { PeerState } from './state-api.ts'
import type { Served } from './tab-rpc.ts'
import type { Upload, UploadName, UploadService } from './upload-api.ts'

/** What pages do with uploads that are on the ledger. */
export type UploadActs = Pick<PublishActs, 'search' | 'find' | 'change' | 'fetch' | 'buy' | 'settle' | 'askKey' | 'stopAsking' | 'openKeeping' | 'closeKeeping' | 'release' | 'claimRent' | 'keepingOf' | 'rankKeepers' | 'replaceKeepers' | 'becomeNameable'>

export interface UploadActsParts {
  /** Both throw where no peer can run. */
  ledger(): Served<UploadService>
  network(): Pick<Served<NetworkService>, 'get' | 'compare'>
  state(): Pick<PeerState, 'consent' | 'identity'>
}

const wish = (): string => crypto.randomUUID()

export function uploadActs({ ledger, network, state }: UploadActsParts): UploadActs {
  const found = async (name: UploadName): Promise<Upload> => {
    const upload = await ledger().upload(name)
    if (upload === null) throw new HoldfastError('not-found', 'no such upload on the ledger')
    return upload
  }
  return {
    search: async query => await ledger().uploads(query),
    find: async name => await ledger().upload(name),
    async change({ cid }, { policy = null, allow = [], deny = [], holders = null, keepers = null, rent = null, until = null, withdrawn = false, replacedBy = null }) {
      await ledger().assign(wish(), { cid, policy: policy === 'public' ? { public: '' } : policy, allow, deny, holders, keepers, rent, until, withdrawn, replacedBy })
    },
    async fetch(name) {
      const upload = await found(name)
      if (upload.withdrawn) throw new HoldfastError('not-found', 'its owner withdrew it')
      const options = { give: state().consent === 'agreed', relays: [] }
      const { cid, owner, kind, protected: locked, title, file, images } = upload
      await network().compare({ cid, owner, kind, protected: locked, title, files: [file, ...images], keyCommit: null, waits: false })
      for (const link of linksOf(upload)) await network().get(link, link.cid === cid ? options : { ...options, pictureOf: cid })
    },
    async buy(name) { await ledger().buy(wish(), name) },
    async settle(name) {
      const { identity } = state()
      if (identity === null) throw new HoldfastError('not-found', 'nothing was bought here')
      await ledger().settle(wish(), name, identity.address)
    },
    async askKey(name) { await ledger().askKey(name) },
    async stopAsking(name) { await ledger().stopAsking(name) },
    async openKeeping(pledge) { await ledger().openKeeping(wish(), pledge) },
    async becomeNameable() { await ledger().tellBox(wish()) },
    async closeKeeping() { await ledger().closeKeeping(wish()) },
    async release(name, reason = 'ordinary') { await ledger().release(wish(), [name], reason) },
    async claimRent() { await ledger().claimRent(wish()) },
    keepingOf: async name => await ledger().keepingOf(name),
    rankKeepers: async query => await ledger().rankKeepers(query),
    replaceKeepers: async name => await ledger().replaceKeepers(wish(), name),
  }
}

/** Its file, then its pictures. */
function linksOf({ kind, protected: locked, file, images, title }: Upload): readonly SealedLink[] {
  const link = ({ cid, infohash, size }: PublishedFile, as: Kind): SealedLink => ({ cid, infohash, size, kind: as, name: title, sealed: null, relays: [] })
  return [link(file, kind === 'audio' ? 'a' : kind === 'image' ? 'i' : locked ? 'p' : 'z'), ...images.map(image => link(image, 'i'))]
}
