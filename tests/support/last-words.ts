import type { Page } from '@playwright/test'
import type { Peer } from '../../src/peer/index.ts'

/** A page that hangs says nothing. */
const patienceMs = 5000

/** What a page knew at the end of a journey that failed, in one line: who has nothing but the log of a run can begin with it. */
export async function lastWords(page: Page): Promise<string> {
  const told = page.evaluate(async () => {
    const locks = ((await navigator.locks.query()).held ?? []).map(({ name = '' }) => name.replace('holdfast/', ''))
    const state = document.querySelector<HTMLElement & { readonly peer: Peer | null }>('holdfast-app')?.peer?.state
    if (state === undefined) return { locks }
    const { phase, failure, leads, connection, identity, ledger, items, jobs, wallet, uploads } = state
    const chain = ledger.phase !== 'open' ? ledger : {
      head: ledger.head.number, at: ledger.head.time, safe: ledger.safe.number, stage: ledger.stage, mode: ledger.mode, behind: ledger.behind, answering: ledger.answering, mining: ledger.mining, alert: ledger.alert?.why, problem: ledger.problem,
    }
    return {
      now: Math.floor(Date.now() / 1000), phase, failure, leads, connection, identity: identity?.address, chain, locks,
      items: items.map(({ title, state: stage, received, size, sources, problem }) => ({ title, stage, received, size, sources, problem })),
      jobs: jobs.map(({ state: stage }) => stage), keeping: uploads?.keeping.open,
      sent: wallet?.rows.filter(({ stage }) => stage !== 'safe').map(({ kind, stage, block, problem }) => ({ kind, stage, block, problem })),
    }
  }).then(JSON.stringify, (error: unknown) => String(error).split('\n')[0]!)
  const silent = new Promise<string>(done => { setTimeout(() => { done('says nothing') }, patienceMs) })
  return `${new URL(page.url()).hash || page.url()} ${await Promise.race([told, silent])}`
}
