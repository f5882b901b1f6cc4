import { limits, type Cid } from '../base/index.ts'
import type { ContentRow } from '../store/index.ts'
import type { AttachmentName } from './attachment-name.ts'
import type { SealedLink } from './network-api.ts'

/** A file that a message names. */
export interface NamedFile { readonly link: SealedLink, readonly attachment: AttachmentName }

export interface StartParts {
  /** Whether anything may begin unasked: not on a line paid by the byte, and not while the person has stopped all giving. */
  may(): boolean
  row(cid: Cid): Pick<ContentRow, 'status'> | undefined
  isFalse(from: string): boolean
  /** Messages whose files the person took off this device, as they are kept. */
  left(): readonly string[]
  setLeft(refs: readonly string[]): Promise<void>
  get(file: NamedFile): Promise<void>
}

/** Which attachments begin without a click: small ones, of a thread that somebody has open. What the person took off is never begun again so. */
export class AttachmentStarts {
  constructor(private readonly parts: StartParts) {}

  /** The files of the messages on show, the newest first. */
  async begin(files: readonly NamedFile[]): Promise<void> {
    const { may, row, isFalse, left, get } = this.parts
    for (const file of files.slice(0, limits.attachmentsUnasked)) {
      const { link: { cid, size }, attachment: { from } } = file
      if (!may()) return
      if (size > limits.attachmentUnaskedBytes || row(cid) !== undefined || isFalse(from) || left().includes(from)) continue
      await get(file).catch(() => {}) // blocked, or found to be false meanwhile: nobody asked for it
    }
  }

  /** The person takes this off the device. */
  async leave({ attachment }: Pick<ContentRow, 'attachment'>): Promise<void> {
    const { left, setLeft } = this.parts
    if (attachment === undefined || left().includes(attachment.from)) return
    await setLeft([...left(), attachment.from].slice(-limits.leftAttachments))
  }
}
