import { placesFree } from './strings/uploads.ts'
import type { PeerState, Policy, Upload, UploadKind } from './types.ts'
import type { Peer } from './types.ts'

/** `free`: everybody can open it. `paid`: for coins. `asked`: its publisher chooses. */
export type AccessFilter = 'free' | 'paid' | 'asked'

export interface Wanted {
  readonly text: string
  readonly kind: UploadKind | null
  readonly access: AccessFilter | null
  readonly mine: boolean
  /** Only where a place for a keeper is free. */
  readonly needy: boolean
  /** Only of people who are followed. */
  readonly followed: boolean
}

export const everything: Wanted = { text: '', kind: null, access: null, mine: false, needy: false, followed: false }

/** What one question to the ledger brings at most. */
const pageSize = 60
/** Questions asked for one page on show: whoever looks for something rare says "more" again. */
const mostPages = 20

/** Whether an upload is shown: withdrawn ones and those found out are not. One's own are told of on their own pages all the same. */
export function matches(upload: Upload, { access, needy, followed }: Pick<Wanted, 'access' | 'needy' | 'followed'>, follows: readonly string[] = []): boolean {
  return !upload.withdrawn && upload.verdict === null && (access === null || accessOf(upload.policy) === access) && (!needy || placesFree(upload) > 0) && (!followed || follows.includes(upload.owner))
}

export function accessOf(policy: Policy): AccessFilter {
  return 'open' in policy || 'public' in policy ? 'free' : 'pay' in policy ? 'paid' : 'asked'
}

/** Uploads as somebody looks for them: page by page, and again from the first when something changed. The newest question wins. */
export class UploadList {
  shown: readonly Upload[] = []
  /** Whether the ledger has been asked for all of it. */
  ended = false
  private asked = 0
  private read = 0
  private wanted = everything

  constructor(private readonly search: Peer['publishing']['search'], private readonly follows: () => readonly string[] = () => []) {}

  /** At least `count` of what is wanted, from the newest on. False where another question came meanwhile. */
  async start(wanted: Wanted, count: number): Promise<boolean> {
    return await this.fill(wanted, [], 0, count)
  }

  /** `count` more of the same. */
  async more(count: number): Promise<boolean> {
    return await this.fill(this.wanted, this.shown, this.read, this.shown.length + count)
  }

  private async fill(wanted: Wanted, before: readonly Upload[], from: number, count: number): Promise<boolean> {
    const turn = ++this.asked
    const found = [...before]
    let [read, ended] = [from, false]
    for (let page = 0; page < mostPages && found.length < count && !ended; page++) {
      const { uploads, total } = await this.search({ text: wanted.text, kind: wanted.kind, owner: null, own: wanted.mine, from: read, most: pageSize })
      if (turn !== this.asked) return false
      found.push(...uploads.filter(upload => matches(upload, wanted, this.follows()) && !found.some(({ cid, owner }) => cid === upload.cid && owner === upload.owner)))
      read += uploads.length
      ended = uploads.length === 0 || read >= total
    }
    Object.assign(this, { shown: found, read, ended, wanted })
    return true
  }
}

/** What changes when anything about uploads does. */
export function changeOf({ uploads }: Pick<PeerState, 'uploads'>): number | null {
  return uploads?.change ?? null
}
