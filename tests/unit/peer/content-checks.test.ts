import { expect, test } from 'vitest'
import { HoldfastError } from '../../../src/base/index.ts'
import { ContentChecks } from '../../../src/peer/content-checks.ts'
import type { CheckRequest, CheckResult } from '../../../src/peer/network-api.ts'
import type { ContentRow } from '../../../src/store/index.ts'

const row = { cid: 'a'.repeat(64), kind: 'z', path: 'archives/a', size: 7, sealed: null } as unknown as ContentRow

/** Checks that read a disk which has the file at the `times`-th look. */
function around(times: number) {
  const [asked, told] = [[] as CheckRequest[], [] as boolean[]]
  const checks: ContentChecks = new ContentChecks(async request => {
    asked.push(request)
    if (asked.length < times) throw new HoldfastError('not-found')
    return await Promise.resolve<CheckResult>({ members: [] })
  }, cid => { told.push(checks.has(cid)) })
  return { checks, asked, told }
}

test('a placed file that is not found may have moved to another store meanwhile: there it is read anew', async () => {
  const { checks, asked, told } = around(2)
  expect(await checks.placed(row, false)).toEqual({ members: [] })
  expect(asked.map(({ path }) => path)).toEqual([row.path, row.path])
  expect(told).toEqual([true, false])
})

test('what is in neither is not found, and what is still on its way is not looked for twice', async () => {
  const [gone, staged] = [around(3), around(2)]
  await expect(gone.checks.bytes(row)).rejects.toMatchObject({ code: 'not-found' })
  await expect(staged.checks.staged(row, 'tmp/a', false)).rejects.toMatchObject({ code: 'not-found' })
  expect([gone.asked.length, staged.asked.length, gone.checks.has(row.cid)]).toEqual([2, 1, false])
})
