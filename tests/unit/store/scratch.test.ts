import { expect, test } from 'vitest'
import { cleanScratch, memDatabase, memStaging } from '../../../src/store/index.ts'
import { contentRow, jobRow } from '../../contract/database.ts'

test('only scratch that belongs to nobody goes', async () => {
  const [database, staging] = [memDatabase(), memStaging()]
  const paths = ['tmp/jobs/dead/archive.tgz', 'tmp/jobs/dead/deep/x', 'tmp/jobs/row/archive.tgz', 'tmp/jobs/running/archive.tgz', 'tmp/downloads/wanted', 'tmp/downloads/wante', 'tmp/downloads/dropped', 'canary', 'content/a']
  for (const path of paths) await (await staging.open(path, { create: true })).close()
  await database.put('jobs', jobRow('row'))
  await database.put('content', contentRow('wanted', { status: 'DOWNLOADING', staging: 'tmp/downloads/wanted' }))
  const asked: string[] = []
  const locks = { isFree: async (name: string) => { asked.push(name); return name !== 'job/running' } }
  expect(await cleanScratch({ database, staging }, locks)).toEqual(['tmp/downloads/dropped', 'tmp/downloads/wante', 'tmp/jobs/dead'])
  expect(asked).toEqual(['job/dropped', 'job/wante', 'job/dead', 'job/running'])
  expect(await staging.list('tmp/jobs')).toEqual(['row', 'running'])
  expect(await staging.list('tmp/downloads')).toEqual(['wanted'])
  expect([await staging.exists('canary'), await staging.exists('content/a')]).toEqual([true, true])
  expect(await cleanScratch({ database, staging }, locks)).toEqual([])
})

test('an empty place has nothing to clean', async () => {
  expect(await cleanScratch({ database: memDatabase(), staging: memStaging() }, { isFree: async () => true })).toEqual([])
})
