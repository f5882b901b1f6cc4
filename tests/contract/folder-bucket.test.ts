import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFolderBucket } from '../../src/relay/content/folder-bucket.ts'
import { bucketSuite } from './bucket.ts'
import { collect } from './support/collect.ts'

let root: string
beforeEach(async () => { root = join(await mkdtemp(join(tmpdir(), 'holdfast-bucket-')), 'content') })
afterEach(async () => { await rm(join(root, '..'), { recursive: true, force: true }) })

bucketSuite('folder of a relay', async () => ({ bucket: await openFolderBucket(root), end: async () => undefined }))

describe('a folder of this machine', () => {
  test('gives what its operator puts there, and passes over what has no key', async () => {
    await mkdir(join(root, 'a'), { recursive: true })
    await writeFile(join(root, 'a', 'key'), 'bytes')
    await writeFile(join(root, 'back\\slash'), 'x')
    await symlink('nowhere', join(root, 'dangling'))
    const bucket = await openFolderBucket(root)
    expect((await collect(bucket.list())).map(({ key }) => key)).toEqual(['a/key'])
    expect(new TextDecoder().decode(await bucket.readAll('a/key'))).toBe('bytes')
  })

  test('leaves nothing of writers that ended, and drops what the dead left', async () => {
    const bucket = await openFolderBucket(root)
    const aborted = await bucket.newWriter('a')
    await aborted.write(new Uint8Array(10))
    expect(await readdir(`${root}.parts`)).toHaveLength(1)
    await aborted.abort()
    await bucket.writeAll('b/c', new Uint8Array(1))
    await bucket.copy('c', 'b/c')
    await bucket.writeAll('b', new Uint8Array(1)).catch(() => undefined)
    expect(await readdir(`${root}.parts`)).toEqual([])
    await bucket.delete('b/c')
    expect(await readdir(root)).toEqual(['c'])
    await writeFile(join(`${root}.parts`, 'dead'), 'x')
    await utimes(join(`${root}.parts`, 'dead'), 0, 0)
    await openFolderBucket(root)
    expect(await readdir(`${root}.parts`)).toEqual([])
  })
})
