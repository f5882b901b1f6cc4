import { css, html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { asText } from '../../record-bytes.ts'
import { recordHash } from '../../route.ts'
import { bytes, moment, number } from '../../strings/format.ts'
import { chainName, entryStage, shortHash } from '../../strings/records.ts'
import type { RecordEntry } from '../../types.ts'
import { num } from '../parts.ts'
import { stageStyles } from '../stage.ts'
import { markChips, recordChip, recordParts } from './parts.ts'

const rowStyles = css`
  table { inline-size: 100%; border-collapse: collapse; font-size: var(--text-small); }
  th { text-align: start; font-weight: 500; color: var(--color-ink-quiet); padding: .5rem .75rem .5rem 0; border-block-end: 1px solid var(--color-line); white-space: nowrap; }
  td { padding: .75rem .75rem .75rem 0; border-block-end: 1px solid var(--color-line); vertical-align: top; }
  td:last-child, th:last-child { padding-inline-end: 0; }
  tbody tr:last-child td { border-block-end: 0; }
  .main { white-space: nowrap; }
  .main a { font-size: var(--text-base); font-weight: var(--weight-label); }
  .main .small { display: block; }
  .says { display: block; margin-block-start: .375rem; color: var(--color-ink-quiet); overflow-wrap: anywhere; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
  .when { white-space: nowrap; color: var(--color-ink-quiet); }
  .lone { display: inline-flex; gap: .25rem; color: var(--color-warn); }

  @media (max-width: 47.99rem) {
    thead { position: absolute; clip-path: inset(50%); inline-size: 1px; block-size: 1px; overflow: hidden; }
    table, tbody { display: block; }
    tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .375rem .5rem; padding-block: .875rem; border-block-end: 1px solid var(--color-line); }
    tbody tr:last-child { border: 0; }
    td { padding: 0; border: 0; }
    td.main { grid-area: 1 / 1; }
    td.stage { grid-area: 1 / 2; }
    td.what { grid-area: 2 / 1 / auto / -1; }
    td.when { grid-area: 3 / 1 / auto / -1; }
  }
`
export const entryRowStyles = [stageStyles, recordParts, rowStyles]

const previewChars = 160

interface Rows { readonly entries: readonly RecordEntry[], readonly caption: string, readonly withChain?: boolean }

/** Entries as a table: number, marks and the beginning of what they say, when, and how far. */
export function entryRows({ entries, caption, withChain = false }: Rows): TemplateResult {
  return html`<table role="table"><caption class="sr">${caption}</caption>
    <thead><tr role="row"><th scope="col">${msg('Entry')}</th><th scope="col">${msg('Marks and content')}</th><th scope="col">${msg('When')}</th><th scope="col">${msg('Stage')}</th></tr></thead>
    <tbody role="rowgroup">${repeat(entries, ({ chain, index }) => `${chain} ${index}`, entry => row(entry, withChain))}</tbody></table>`
}

function row(entry: RecordEntry, withChain: boolean): TemplateResult {
  const { chain, index, hash, time, block, size, extIds, content, holders } = entry
  return html`<tr role="row">
    <td role="cell" class="main"><a class="num" href=${recordHash(chain, index)}>${msg(str`No. ${number(index)}`)}</a>
      <span class="small quiet">${size === null ? html`<span class="mono">${shortHash(hash)}</span>` : num(bytes(size))}</span></td>
    <td role="cell" class="what">${extIds === null ? html`<span class="quiet">${msg('Its bytes are not here yet.')}</span>` : extIds.length === 0 ? html`<span class="quiet">${msg('No marks')}</span>` : markChips(extIds)}
      ${content === null || content.length === 0 ? nothing : html`<bdi class="says">${preview(content)}</bdi>`}
      ${withChain ? html`<span class="says">${msg('in')} <a href=${recordHash(chain)}>${chainName({ name: null, id: chain })}</a></span>` : nothing}
      ${holders === 0 ? html`<span class="lone">${icon('warning', 18)}${msg('held by nobody else who was asked')}</span>` : nothing}</td>
    <td role="cell" class="when">${time === 0 ? msg(str`Block ${number(block)}`) : moment(time * 1000, Date.now())}</td>
    <td role="cell" class="stage">${recordChip(entryStage(entry))}</td></tr>`
}

/** The beginning of a content; what is no text says so. */
function preview(content: Uint8Array): string {
  const text = asText(content)
  if (text === null) return msg('Bytes that are no text')
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > previewChars ? `${line.slice(0, previewChars)}…` : line
}
