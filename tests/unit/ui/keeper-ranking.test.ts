import { expect, test } from 'vitest'
import { askedOf } from '../../../src/ui/elements/keeping/keeper-choice.ts'
import { KeeperRanking } from '../../../src/ui/elements/keeping/keeper-ranking.ts'
import { takeWords } from '../../../src/ui/strings/keeping.ts'
import type { KeeperQuery, RankedKeeper } from '../../../src/ui/types.ts'
import { kelda, rankedKeepers } from '../../support/keeping-states.ts'
import { ScriptedPeer } from '../../support/scripted-peer.ts'
import { mara, running, signe } from '../../support/ui-states.ts'

/** A host that counts how often it is to be drawn, and a peer whose answers come when the test gives them. */
function begin() {
  let drawn = 0
  const waiting: { readonly query: KeeperQuery, readonly answer: (ranked: readonly RankedKeeper[]) => void, readonly fail: (error: Error) => void }[] = []
  const peer = new ScriptedPeer(running)
  peer.publishing.rankKeepers = async query => await new Promise((answer, fail) => { waiting.push({ query, answer, fail }) })
  const ranking = new KeeperRanking({ addController() {}, removeController() {}, requestUpdate() { drawn++ }, updateComplete: Promise.resolve(true) })
  return { ranking, waiting, drawn: () => drawn, look: (bytes: number | null, locked = true) => { ranking.look(peer, bytes === null ? null : { bytes, protected: locked }) } }
}

test('asked once for a size, anew for another one by more than a tenth or where the lock is another, and whenever the choice is opened', async () => {
  const { look, waiting } = begin()
  look(null)
  for (const bytes of [1_000, 1_000, 1_050, 1_100, 910, 1_090]) look(bytes)
  expect(waiting.map(({ query }) => query)).toEqual([{ bytes: 1_000, protected: true, each: null }])
  look(1_101)
  look(1_101, false)
  look(900, false)
  look(null)
  look(900, false)
  expect(waiting.map(({ query: { bytes, protected: locked } }) => [bytes, locked])).toEqual([[1_000, true], [1_101, true], [1_101, false], [900, false], [900, false]])
})

test('who was found stays until others are; what comes late counts no more', async () => {
  const { ranking, look, waiting, drawn } = begin()
  look(1_000)
  expect(ranking.ranked).toBeNull()
  waiting[0]!.answer(rankedKeepers)
  await expect.poll(() => ranking.ranked).toEqual(rankedKeepers)
  look(5_000)
  look(null)
  look(9_000)
  expect(ranking.ranked).toEqual(rankedKeepers)
  waiting[2]!.answer(rankedKeepers.slice(0, 1))
  await expect.poll(() => ranking.ranked?.length).toBe(1)
  waiting[1]!.answer([])
  await Promise.resolve()
  expect([ranking.ranked?.length, drawn()]).toEqual([1, 2])
  ranking.forget()
  expect(ranking.ranked).toBeNull()
})

test('why nobody can be told is said, until somebody can', async () => {
  const { ranking, look, waiting } = begin()
  look(1_000)
  waiting[0]!.fail(Object.assign(new Error('no ledger'), { code: 'timeout' }))
  await expect.poll(() => ranking.problem).not.toBe('')
  expect(ranking.ranked).toEqual([])
  look(2_000)
  waiting[1]!.answer(rankedKeepers)
  await expect.poll(() => [ranking.problem, ranking.ranked]).toEqual(['', rankedKeepers])
})

test('of those asked, how many want more: the named ones that are known, or anybody', () => {
  const [all, some] = [{ ranked: rankedKeepers }, `${mara}\n${kelda}\n${signe}\nTNobodyKnowsThisOneHere111111111111`]
  expect(askedOf(all, some).map(({ address }) => address)).toEqual([mara, kelda, signe])
  expect([askedOf(all, null).length, askedOf({ ranked: null }, null).length]).toEqual([rankedKeepers.length, 0])
  expect([5, 4, 0].map(offered => takeWords(askedOf(all, some), offered))).toEqual(['All of them take that.', '1 of 3 want more, and will not take it.', '2 of 3 want more, and will not take it.'])
})
