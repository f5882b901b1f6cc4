import { cp, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sha256Hex } from './bytes.ts'

export interface NextVersion {
  /** Folder for `startRelay`. */
  readonly dist: string
  readonly version: string
  /** The page's script of the version before, and of this one. */
  readonly oldScript: string
  readonly newScript: string
  remove(): Promise<void>
}

/** The built app as it would be after a release: another version number, so another page script under another name, and a precache list that says so. */
export async function makeNextVersion(version: string): Promise<NextVersion> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-next-'))
  const [dist, app] = [join(root, 'dist'), join(root, 'dist/app')]
  await cp('dist/app', app, { recursive: true })
  await cp('dist/relay', join(dist, 'relay'), { recursive: true })
  await symlink(resolve('node_modules'), join(root, 'node_modules'))
  const { version: current } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
  const files = await readdir(app, { recursive: true })
  const html = await readFile(join(app, 'index.html'), 'utf8')
  const [, oldScript = ''] = /src="\.\/assets\/(index-[\w-]+\.js)"/.exec(html) ?? []
  const newScript = 'index-NEXT0001.js'
  const changed = new Map<string, string>()
  for (const file of files.filter(name => /\.(js|html)$/.test(name) && name !== 'service-worker.js')) {
    const before = await readFile(join(app, file), 'utf8')
    const own = file.endsWith(oldScript)
    const after = (own ? before.replaceAll(`\`${current}\``, `\`${version}\``) : before).replaceAll(oldScript, newScript)
    if (!own && after === before) continue
    await rm(join(app, file))
    await rm(join(app, `${file}.br`), { force: true })
    await writeFile(join(app, file.replace(oldScript, newScript)), after)
    changed.set(file, sha256Hex(Buffer.from(after)).slice(0, 16))
  }
  const worker = await readFile(join(app, 'service-worker.js'), 'utf8')
  const listed = worker.replace(/\{url:`([^`]+)`,revision:`[^`]+`\}/g, (entry, url: string) => {
    const revision = changed.get(url)
    return revision === undefined ? entry : `{url:\`${url.replace(oldScript, newScript)}\`,revision:\`${revision}\`}`
  })
  if (oldScript === '' || listed === worker) throw new Error('the built app is not as this test knows it')
  await writeFile(join(app, 'service-worker.js'), listed)
  await rm(join(app, 'service-worker.js.br'), { force: true })
  return { dist, version, oldScript, newScript, async remove() { await rm(root, { recursive: true }) } }
}
