import { html } from 'lit'
import { msg } from '@lit/localize'
import type { Upload } from '../../types.ts'
import type { Question } from '../question.ts'

/** Before a publication is never seen here again. */
export function blockUploadQuestion({ title }: Pick<Upload, 'title'>): Question {
  return {
    heading: msg('Block this publication?'),
    body: html`<p><bdi><b>${title}</b></bdi></p>
      <p>${msg('It is deleted from this device at once, never taken or given again, and not shown in Discover. Whatever you promised to keep of it is told to the ledger as refused.')}</p>
      <p class="small quiet">${msg('Other people see it as before.')}</p>`,
    no: msg('Leave it'),
    yes: msg('Delete and block'),
    tone: 'danger',
  }
}

export function blockOwnerQuestion(owner: string): Question {
  return {
    heading: msg('Block this publisher?'),
    body: html`<p><bdi class="mono" translate="no">${owner}</bdi></p>
      <p>${msg('What you keep for this address alone is deleted, nothing of it is kept again, and Discover does not show it.')}</p>
      <p class="small quiet">${msg('The blocklist in Settings can be cleared. Other people see it as before.')}</p>`,
    no: msg('Leave it'),
    yes: msg('Delete and block'),
    tone: 'danger',
  }
}
