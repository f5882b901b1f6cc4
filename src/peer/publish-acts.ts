import { HoldfastError, limits, type Cid, type ErrorObject } from '../base/index.ts'
import { contentPath, countFault, planArchive, sniffBytes, sniffImage, sniffMedia, type Kind } from '../content/index.ts'
import { exportHeld } from './exporting.ts'
import type { ExportFormat, PublishActs, PublishOrder } from './publish-api.ts'
import { checkOrder, isTooLarge } from './publish-record.ts'
import type { Saving } from './saving.ts'
import type { SourceFile } from './share-api.ts'
import type { PeerState } from './state-api.ts'
import type { Tab } from './tab.ts'

export interface PublishActsParts {
  /** Throws where no peer can run. */
  parts(): { readonly tab: Pick<Tab, 'publishes' | 'presence' | 'known' | 'network'>, readonly saving: Pick<Saving, 'save' | 'saveStored' | 'saveExport'> }
  state(): Pick<PeerState, 'identity' | 'items' | 'consent'>
  subscribe(listener: () => void): () => void
  /** A job has begun with these files. */
  begun(id: string, files: readonly SourceFile[]): void
}

/** What pages do to publish, and with what is here. */
export function publishActs({ parts, state, subscribe, begun }: PublishActsParts): Pick<PublishActs, 'plan' | 'publish' | 'export' | 'picture'> {
  return {
    plan: planOf,

    async publish(order) {
      checkOrder(order)
      if (state().identity?.locked === true) throw new HoldfastError('locked', 'nothing can be signed')
      const id = parts().tab.publishes.start(order)
      begun(id, order.files)
      return id
    },

    async export(cid, format, { member, signal, onProgress }) {
      const { tab, saving } = parts()
      const item = tab.known.item(cid)
      if (item === undefined) throw new HoldfastError('not-found', 'not held here')
      const leave = () => { tab.presence.expectDownload() }
      if (format === 'copy' && member === null) return await saving.saveStored(cid, item.kind, leave)
      if (isCopy(item.kind, member, format)) return await saving.save(cid, member, leave)
      const total = item.size
      return await exportHeld({
        cid, member, format, signal, onProgress,
        async save(id, name) {
          onProgress({ done: total, total, state: 'ready' })
          return await saving.saveExport(id, name, leave)
        },
      })
    },

    async picture({ cid, infohash, size }, load, of) {
      const here = () => state().items.find(item => item.cid === cid)?.state
      if (here() !== 'here' && load) {
        await parts().tab.network.get({ cid, infohash, size, kind: 'i', name: '', sealed: null, relays: [] }, { give: state().consent === 'agreed', relays: [], pictureOf: of === cid ? null : of })
        await until(subscribe, () => ['here', 'failed'].includes(here() ?? ''))
      }
      return here() === 'here' ? pictureUrl(cid) : null
    },
  }
}

/** Whether a format needs no converting: what is in the file is that already. */
function isCopy(kind: Kind, member: number | null, format: ExportFormat): format is 'copy' {
  return format === 'copy' || (format === 'flac' && kind === 'a' && member === null)
}

/** Until something is so, or for `limits.pictureMs`. */
async function until(subscribe: PublishActsParts['subscribe'], so: () => boolean): Promise<void> {
  if (so()) return
  const met = Promise.withResolvers<void>()
  const stop = subscribe(() => { if (so()) met.resolve() })
  const timer = setTimeout(met.resolve, limits.pictureMs)
  await met.promise
  clearTimeout(timer)
  stop()
}

function pictureUrl(cid: Cid): string {
  return new URL(contentPath('i', cid), document.baseURI).href
}

type Plan = Awaited<ReturnType<PublishActs['plan']>>

/** By what its first bytes say; where they say nothing, by what the browser thinks of it. */
async function planOf(files: readonly SourceFile[]): Promise<Plan> {
  const [first] = files
  const { title, refusal } = planArchive(files.map(({ path, file }) => ({ path, size: file.size })))
  if (first !== undefined && files.length === 1) {
    const single = await planSingle(first.file)
    if (single !== null) return { ...single, title: first.file.name.replace(/\.[^.]+$/, '') }
  }
  const refused = refusal ?? (isTooLarge({ kind: 'archive', files }) ? { code: 'too-large', reason: 'more than a record can name' } as const : null)
  return { kind: 'archive', title, problem: refused === null ? null : { code: refused.code, message: refused.reason, data: {} } }
}

async function planSingle(file: File): Promise<{ readonly kind: PublishOrder['kind'], readonly problem: ErrorObject | null } | null> {
  let head: Uint8Array
  try { head = new Uint8Array(await file.slice(0, sniffBytes).arrayBuffer()) } catch (error) {
    return { kind: 'archive', problem: new HoldfastError('file-unreadable', 'the file cannot be read', {}, { cause: error }).toObject() }
  }
  const problem = (code: 'media-none' | 'not-media' | 'media-miscounted' | 'media-cut' | 'bad-image') => new HoldfastError(head.length === 0 ? 'media-none' : code).toObject()
  const media = sniffMedia(head)
  const fault = countFault(head, file.size)
  if (media !== null && !(media.film && file.type.startsWith('video/'))) return { kind: 'audio', problem: fault === null ? null : problem(fault) }
  if (sniffImage(head) !== null) return { kind: 'image', problem: null }
  if (file.type.startsWith('audio/')) return { kind: 'audio', problem: problem('not-media') }
  if (file.type.startsWith('image/')) return { kind: 'image', problem: problem('bad-image') }
  return null
}
