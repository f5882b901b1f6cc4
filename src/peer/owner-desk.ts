import { HoldfastError, type Address } from '../base/index.ts'
import { publicationLimits } from '../content/index.ts'
import type { KeepingView } from './keeping-view.ts'
import type { Upload, UploadName } from './upload-api.ts'
import type { UploadDesk } from './upload-desk.ts'

export interface OwnerDeskParts {
  readonly view: Pick<KeepingView, 'of' | 'rank'>
  readonly desk: Pick<UploadDesk, 'assign'>
  me(): Address | null
  find(name: UploadName): Promise<Upload | null>
}

/** Whom an owner asks to keep what it publishes. */
export class OwnerDesk {
  constructor(private readonly parts: OwnerDeskParts) {}

  /** Asks others in place of those who are away or gone, or never accepted; the best of who is there, as many as one upload may name. Resolves with all who are asked then. */
  async replace(wish: string, { cid, owner }: UploadName): Promise<readonly Address[]> {
    const { view, desk, find, me } = this.parts
    const [keeping, upload] = [await view.of({ cid, owner }), await find({ cid, owner })]
    if (owner !== me()) throw new HoldfastError('bad-input', 'only its owner asks others to keep it')
    if (keeping === null || upload === null || upload.withdrawn || keeping.rent === null) throw new HoldfastError('not-found', 'nobody is asked to keep it')
    const stay = keeping.keepers.filter(({ status }) => status === 'active').map(({ address }) => address)
    const asked = keeping.offered === 'anybody' ? [] : keeping.offered.filter(({ status }) => status === 'active').map(({ address }) => address)
    const bytes = [upload.file, ...upload.images].reduce((sum, { size }) => sum + size, 0)
    const fresh = view.rank(owner, { bytes, protected: upload.protected, each: keeping.rent.each }, [...stay, ...asked]).map(({ address }) => address)
    if (fresh.length === 0) throw new HoldfastError('not-found', 'there is nobody else who would keep it')
    const keepers = [...stay, ...fresh, ...asked].slice(0, publicationLimits.keepers)
    await desk.assign(wish, { cid, policy: null, allow: [], deny: [], holders: null, keepers, rent: null, until: null, withdrawn: false, replacedBy: null })
    return keepers
  }
}
