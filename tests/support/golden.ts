import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, type BrowserContext, type Page } from '@playwright/test'
import { noise } from './bytes.ts'
import { goldenLedger, goldenText } from './golden-ledger.ts'
import { launch, launchOptions, permissions } from './launch.ts'
import { choose, personIn, type Person, type Sent } from './people.ts'
import { startRelay } from './relay.ts'
import { dumpOrigin, quietPath, writeStored } from './stored.ts'

/**
 * The files of a golden store. They are the same in every golden ever made, so that a journey knows their bytes; what is large is mostly
 * zeros, which leaves the fixture small.
 */
export const goldenFiles = {
  /** Shared by the owner, both in one archive. */
  shared: [{ name: 'log.txt', bytes: Buffer.from('fair wind, rising glass\n'.repeat(400)) }, { name: 'chart.bin', bytes: noise(9000, 'chart') }],
  sharedTitle: 'Voyage',
  /** Got from somebody, whole. */
  got: { name: 'letter.txt', bytes: Buffer.from('the lamp is lit every night\n'.repeat(300)) },
  /** Got in part: the one who has it went away. Its beginning looks compressed, so the archive keeps the zeros as they are. */
  coming: { name: 'survey.bin', bytes: Buffer.concat([noise(70_000, 'survey'), Buffer.alloc(40_000_000)]) },
} satisfies Record<string, Sent | Sent[] | string>

/** Being read when the tab died: its job is found unfinished. */
const interrupted: Sent = { name: 'long.bin', bytes: Buffer.alloc(150_000_000) }

/**
 * `npm run golden -- DIR`: writes `DIR/store.json`, what the built app of this commit leaves in the browser of somebody who used it, and
 * `DIR/ledger.json`, the ledger of a network.
 */
export async function main(args: string[]): Promise<number> {
  const [folder, ...rest] = args
  if (folder === undefined || rest.length > 0 || folder.startsWith('-')) {
    console.error('npm run golden -- DIR: one folder for the store')
    return 1
  }
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
  const profile = await mkdtemp(join(tmpdir(), 'holdfast-profile-'))
  const relay = await startRelay()
  const [others, owner] = [await launch(), await chromium.launchPersistentContext(profile, { ...launchOptions, permissions, baseURL: relay.url })]
  const somebody = async (): Promise<Person> => await personIn(await others.newContext({ baseURL: relay.url, permissions }))
  try {
    await use(await personIn(owner), somebody)
    const page = await quietPage(owner)
    const stored = await dumpOrigin(page)
    await mkdir(folder, { recursive: true })
    await writeStored(join(folder, 'store.json'), { app: version, ...stored })
    await writeFile(join(folder, 'ledger.json'), goldenText(await goldenLedger()))
    for (const [name, { rows }] of Object.entries(stored.stores)) console.log(`${name}: ${String(rows.length)}`)
    console.log(Object.keys(stored.files).join('\n'))
    return 0
  } finally {
    await Promise.all([owner.close(), others.close(), relay.stop()])
    await rm(profile, { recursive: true })
  }
}

async function use(owner: Person, somebody: () => Promise<Person>): Promise<void> {
  await owner.share(goldenFiles.shared, { title: goldenFiles.sharedTitle })
  const [ben, cleo] = [await somebody(), await somebody()]
  await owner.get(await ben.share([goldenFiles.got]))
  await owner.here()
  await owner.get(await cleo.share([goldenFiles.coming]))
  await partly(owner.page)
  await cleo.context.close()
  await expect(owner.page.getByText('Waiting for the sharer').first()).toBeVisible({ timeout: 60_000 })
  await owner.page.goto('./#/share')
  await choose(owner.page, [interrupted])
  await owner.page.getByRole('button', { name: 'Share', exact: true }).click()
  await partly(owner.page)
  await owner.page.close({ runBeforeUnload: false })
}

/** Until some of the transfer on show is through. */
async function partly(page: Page): Promise<void> {
  await expect.poll(async () => await page.getByRole('progressbar').first().evaluate(bar => (bar as HTMLProgressElement).position), { intervals: [20], timeout: 30_000 }).toBeGreaterThan(0.1)
}

async function quietPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(quietPath)
  return page
}
