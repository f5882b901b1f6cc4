import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect, type BrowserContext, type Download, type Page, type TestInfo } from '@playwright/test'
import { localNetwork, parametersToJson, type Parameters } from '../../src/ledger/index.ts'
import { lastWords } from './last-words.ts'
import { startRelay } from './relay.ts'

export { expect }
export type { Page }

/** What is chosen beside the files; what is not said stays as the page has it. */
export interface Sharing { readonly title?: string, readonly protect?: boolean, readonly findable?: boolean }

export interface Sent { readonly name: string, readonly bytes: Buffer }

/** A page of somebody in a browser of their own. */
export interface Person {
  readonly page: Page
  readonly context: BrowserContext
  /** Chooses files, presses Share and returns the link. */
  share(files: readonly Sent[], options?: Sharing): Promise<string>
  /** Opens a link and presses Get; `agree` answers the question about keeping it for others, where it is asked. */
  get(link: string, agree?: boolean): Promise<void>
  /** What the button "Save NAME" gives. */
  saved(name: string): Promise<{ readonly name: string, readonly bytes: Buffer }>
  /** Waits until everything of the item on show is here. */
  here(): Promise<void>
  /** Ends this tab as a crash would and opens a new one in the same browser. */
  reopen(): Promise<void>
}

/** A browser with a profile on disk, not a private window: what it stores survives its end. */
export interface Resident {
  person: Person
  /** Ends the whole browser and starts it again over the same profile, at `path`; `meanwhile` is done while it is closed. */
  restart(path?: string, meanwhile?: () => Promise<void>): Promise<void>
}

interface Fixtures {
  /** Somebody with a browser of their own, at `path`; `prepare` is what their machine is like. */
  person: (path?: string, prepare?: (context: BrowserContext) => Promise<void>) => Promise<Person>
  resident: (path?: string) => Promise<Resident>
  relay: JourneyRelay
}
/** The relay of all journeys; restarted, it is the same one on the same port. */
interface JourneyRelay { readonly url: string, restart(): Promise<void>, signal(name: NodeJS.Signals): void, stop(): Promise<void>, start(dist?: string): Promise<void> }
/** `newNetwork`: where a `ledger` was chosen, it begins anew for whoever comes from now on, in a network that nobody is in. */
interface RelayHost { readonly relay: JourneyRelay, newNetwork(): Promise<void> }

/** A network like `local`, with some of its parameters others, which began `age` seconds ago. */
export type JourneyLedger = Partial<Omit<Parameters, 'time'>> & { readonly age?: number }

/** `ledger`: the network of the relay, where it is not to be one of the relay's own. */
interface WorkerFixtures { ledger: JourneyLedger | null, host: RelayHost }

/** A test fails on any violation of the security policy and on any page error. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  ledger: [null, { scope: 'worker', option: true }],

  host: [async ({ ledger }, use) => {
    const data = await mkdtemp(join(tmpdir(), 'holdfast-relay-'))
    const args = ledger === null ? [] : ['--network', await networkFile(data, ledger)]
    let relay = await startRelay({ data, args })
    const { url, port } = relay
    const start = async (dist = 'dist') => { relay = await startRelay({ data, port, dist, args }) }
    const stop = async () => { await relay.stop() }
    const restart = async () => { await stop(); await start() }
    let isNew = true
    await use({
      relay: { url, start, stop, restart, signal: name => { relay.signal(name) } },
      async newNetwork() {
        if (ledger === null || isNew) { isNew = false; return }
        await stop()
        await networkFile(data, ledger)
        await start()
      },
    })
    await stop()
    await rm(data, { recursive: true })
  }, { scope: 'worker' }],

  // Those of the journey before have gone for good with all the weight there was: nothing of who comes after them would be safe before the newcomers have two thirds, which takes minutes.
  relay: async ({ host }, use) => {
    await host.newNetwork()
    await use(host.relay)
  },

  person: async ({ browser, contextOptions, relay }, use, testInfo) => {
    const faults: string[] = []
    const contexts: BrowserContext[] = []
    await use(async (path = './', prepare = async () => {}) => {
      const context = await browser.newContext({ ...contextOptions, baseURL: relay.url, acceptDownloads: true })
      contexts.push(context)
      watch(context, faults)
      await prepare(context)
      return await personIn(context, path)
    })
    await tellWhyFailed(testInfo, contexts)
    await Promise.all(contexts.map(async context => { await context.close() }))
    expect(faults).toEqual([])
  },

  resident: async ({ playwright, contextOptions, launchOptions, relay }, use, testInfo) => {
    const faults: string[] = []
    const open: (() => Promise<void>)[] = []
    await use(async (path = './') => {
      const profile = await mkdtemp(join(tmpdir(), 'holdfast-profile-'))
      const start = async (first = './') => {
        const context = await playwright.chromium.launchPersistentContext(profile, { ...launchOptions, ...contextOptions, baseURL: relay.url, acceptDownloads: true })
        watch(context, faults)
        return await personIn(context, first)
      }
      const resident: Resident = {
        person: await start(path),
        async restart(next, meanwhile) {
          await resident.person.context.close()
          await meanwhile?.()
          resident.person = await start(next)
        },
      }
      open.push(async () => {
        await tellWhyFailed(testInfo, [resident.person.context])
        await resident.person.context.close()
        await rm(profile, { recursive: true })
      })
      return resident
    })
    await Promise.all(open.map(async close => { await close() }))
    expect(faults).toEqual([])
  },
})

/** Writes the parameters of a network into a folder; the path of the file, which a relay takes. */
export async function networkFile(folder: string, { age = 0, ...other }: JourneyLedger): Promise<string> {
  const path = join(folder, 'network.json')
  await writeFile(path, JSON.stringify(parametersToJson({ ...localNetwork(Math.floor(Date.now() / 1000) - age), ...other })))
  return path
}

/** Of a journey that failed the log tells what each of its pages knew. */
async function tellWhyFailed({ status, expectedStatus }: TestInfo, contexts: readonly BrowserContext[]): Promise<void> {
  if (status === expectedStatus) return
  for (const page of contexts.flatMap(context => context.pages())) console.log(await lastWords(page))
}

/** Notes page errors and violations of the security policy. */
export function watch(context: BrowserContext, faults: string[]): void {
  context.on('weberror', event => faults.push(String(event.error().stack ?? event.error())))
  context.on('console', message => { if (/Content Security Policy|TrustedScript/.test(message.text())) faults.push(message.text()) })
}

export async function personIn(context: BrowserContext, path = './'): Promise<Person> {
  let page = await context.newPage()
  await page.goto(path)
  const person: Person = {
    get page() { return page },
    context,
    async share(files, options) {
      await choose(page, files)
      return await finishSharing(page, options)
    },
    async get(link, agree = true) {
      await page.goto(link)
      await page.getByRole('button', { name: 'Get', exact: true }).click()
      const answer = page.getByRole('button', { name: agree ? 'Agree' : 'Not now', exact: true })
      const under = page.getByRole('progressbar').or(page.getByRole('button', { name: /^Save / }).first())
      await expect(answer.or(under).first()).toBeVisible()
      if (await answer.isVisible()) await answer.click()
    },
    async saved(name) {
      const waiting = page.waitForEvent('download')
      await page.getByRole('button', { name: `Save ${name}`, exact: true }).click()
      return await downloaded(await waiting)
    },
    async here() {
      await expect(page.getByText('Every byte matches the link.')).toBeVisible({ timeout: 45_000 })
    },
    async reopen() {
      await page.close({ runBeforeUnload: false })
      page = await context.newPage()
      await page.goto(path)
    },
  }
  return person
}

/** Chooses files as a person does, from disk: what a test hands over in memory is slow and at most 50 MB. */
export async function choose(page: Page, files: readonly Sent[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-files-'))
  page.context().on('close', () => { void rm(folder, { recursive: true, force: true }) })
  const paths = await Promise.all(files.map(async ({ name, bytes }) => {
    await writeFile(join(folder, name), bytes)
    return join(folder, name)
  }))
  await page.getByLabel('Files to share').setInputFiles(paths)
}

/** Presses Share in the setup on show and waits for the link. */
export async function finishSharing(page: Page, { title, protect, findable }: Sharing = {}): Promise<string> {
  if (protect !== undefined) await page.getByRole('checkbox', { name: 'Protect with a key' }).setChecked(protect)
  if (findable !== undefined) await page.getByRole('checkbox', { name: 'Findable by content id' }).setChecked(findable)
  if (title !== undefined) await page.getByRole('textbox', { name: 'Title', exact: true }).fill(title)
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  const link = page.getByRole('textbox', { name: 'Link', exact: true })
  await expect(link).toHaveValue(/#\/get\//, { timeout: 45_000 })
  return await link.inputValue()
}

export async function downloaded(download: Download): Promise<{ name: string, bytes: Buffer }> {
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}

const axeSource = readFile('node_modules/axe-core/axe.min.js', 'utf8')

/** What axe finds wrong on the page as it is now; evaluated, so the page's own security policy stays on. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource)
  return await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string, help: string, nodes: { target: unknown[] }[] }[] }> } }).axe.run()
    return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(node => node.target.join(' ')).join(', ')})`)
  })
}
