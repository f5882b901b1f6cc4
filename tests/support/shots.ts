import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright'
import { noise } from './bytes.ts'
import { launch, permissions } from './launch.ts'
import { choose, finishSharing, personIn, watch, type Person } from './people.ts'
import { startRelay, type RunningRelay } from './relay.ts'
import { text } from './text.ts'

const widths = [360, 1280] as const
const schemes = ['light', 'dark'] as const
/** Takes long enough to write that four pictures of it can be made, and to travel likewise. */
const longToWrite = 120e6
const longToTravel = 250e6

/** `npm run shots -- DIR`: pictures of every place, from the built app with a real relay and real files. 1 where one could not be made. */
export async function main(args: string[]): Promise<number> {
  const [folder, ...rest] = args
  if (folder === undefined || rest.length > 0 || folder.startsWith('-')) {
    console.error('npm run shots -- DIR: one folder for the pictures')
    return 1
  }
  const [browser, relay] = [await launch(), await startRelay()]
  try {
    const studio = new Studio(folder, browser, relay)
    await mkdir(folder, { recursive: true })
    await story(studio)
    await studio.insecure()
    if (studio.faults.length === 0) return 0
    console.error(studio.faults.join('\n'))
  } catch (error) {
    console.error(error)
  } finally {
    await browser.close()
    await relay.stop()
  }
  return 1
}

/** Takes pictures, and makes the people in them. */
class Studio {
  /** What pages complained of. */
  readonly faults: string[] = []

  constructor(private readonly folder: string, private readonly browser: Browser, private readonly relay: RunningRelay) {}

  async person(path = './'): Promise<Person> {
    const context = await this.browser.newContext({ baseURL: this.relay.url, permissions, acceptDownloads: true, reducedMotion: 'reduce' })
    watch(context, this.faults)
    return await personIn(context, path)
  }

  /** One picture for each width and scheme; `shows` must be there before and after, so that none shows something else. */
  async take(name: string, page: Page, shows: Locator): Promise<void> {
    const size = page.viewportSize()
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 })
      // As tall as the page, so that what sticks to the edge of the screen lies at the edge of the picture.
      await page.setViewportSize({ width, height: await page.evaluate(() => Math.max(800, document.documentElement.scrollHeight)) })
      for (const scheme of schemes) {
        await page.emulateMedia({ colorScheme: scheme })
        await shows.waitFor()
        const path = join(this.folder, `${name}-${String(width)}-${scheme}.png`)
        await page.screenshot({ path, animations: 'disabled' })
        if (!await shows.isVisible()) throw new Error(`${name} had passed before its picture was taken`)
        console.log(path)
      }
    }
    await page.emulateMedia({ colorScheme: null })
    if (size !== null) await page.setViewportSize(size)
  }

  /** The page as another machine gets it over plain http: a name the browser takes for a stranger's. */
  async insecure(): Promise<void> {
    const browser = await launch('--host-resolver-rules=MAP holdfast.test 127.0.0.1')
    try {
      const page = await browser.newPage()
      await page.goto(`http://holdfast.test:${String(this.relay.port)}/`)
      await this.take('no-secure-context', page, page.getByText('not opened over a secure connection'))
    } finally {
      await browser.close()
    }
  }
}

const notes = [
  { name: 'Tide tables 2026.pdf', bytes: noise(2_400_000, 'tides') },
  { name: 'Harbour at dawn.jpg', bytes: noise(3_100_000, 'dawn') },
  { name: 'Field notes.md', bytes: text(48_000, 'notes') },
  { name: 'Soundings.csv', bytes: text(310_000, 'soundings') },
  { name: 'Chart of the north shore.png', bytes: noise(1_700_000, 'chart') },
]

/** Ada shares, Ben gets; each picture is taken where their day comes by it. */
async function story(studio: Studio): Promise<void> {
  const ada = await studio.person()
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name }).first()
  await studio.take('share-empty', ada.page, ada.page.getByText('Ready, no peers yet').first())
  for (const place of ['get', 'library', 'discover', 'threads', 'wallet', 'records', 'network', 'settings']) {
    await ada.page.goto(`./#/${place}`)
    await studio.take(place === 'settings' ? place : `${place}-empty`, ada.page, place === 'settings' ? ada.page.getByText('Not backed up') : heading(ada.page, new RegExp(`^${place}$`, 'i')))
  }
  await backup(studio, await studio.person('./#/settings'))
  await coinsAndWords(studio, ada)
  await recorded(studio, ada)

  await ada.page.goto('./#/share')
  await choose(ada.page, notes)
  await studio.take('share-setup', ada.page, ada.page.getByRole('button', { name: 'Share', exact: true }))
  const link = await finishSharing(ada.page, { title: 'Notes from the coast' })
  await studio.take('share-ready', ada.page, ada.page.getByRole('textbox', { name: 'Link', exact: true }))

  const ben = await studio.person()
  await ben.page.goto(link)
  await ben.page.getByRole('button', { name: 'Get', exact: true }).and(ben.page.locator(':enabled')).waitFor()
  await studio.take('get-before', ben.page, ben.page.getByRole('button', { name: 'Get', exact: true }))
  await ben.page.getByRole('button', { name: 'Get', exact: true }).click()
  await studio.take('get-consent', ben.page, ben.page.getByRole('button', { name: 'Agree', exact: true }))
  await ben.page.getByRole('button', { name: 'Agree', exact: true }).click()
  await ben.here()
  await studio.take('get-done', ben.page, ben.page.getByRole('button', { name: 'Save Notes from the coast.tgz' }))

  await underWay(studio, ada, ben)
  await protection(studio, ada, ben)
  await keeping(studio, ada)
  await failures(studio, ada, link)
}

/** Pictures of how somebody is backed up, restored and locked. */
async function backup(studio: Studio, { page, context }: Person): Promise<void> {
  const [press, sheet] = [async (name: string) => { await page.getByRole('button', { name, exact: true }).click() }, page.getByRole('dialog')]
  await press('Back up now')
  await studio.take('backup-before', page, sheet.getByText('Whoever has them is you'))
  await sheet.getByRole('button', { name: 'Show the words' }).click()
  await studio.take('backup-words', page, sheet.getByRole('heading', { name: 'Write these down' }))
  await press('I have written them down')
  await press('Confirm')
  await studio.take('backup-asked', page, sheet.getByText('These are not the words.'))
  await page.keyboard.press('Escape')
  await press('Save a file')
  await studio.take('backup-file', page, sheet.getByLabel('The same again'))
  await page.keyboard.press('Escape')
  await press('Set up a passphrase')
  await page.getByLabel('New passphrase').fill('tide and moon')
  await page.getByLabel('The same again').fill('tide and moon')
  await studio.take('passphrase', page, sheet.getByRole('button', { name: 'Lock', exact: true }))
  await press('Lock')
  await press('I have words to enter')
  await page.getByLabel('Your words, in order').fill(`${'zoo '.repeat(11)}wrong`)
  await press('Look whose it is')
  await studio.take('restore', page, sheet.getByText('never backed up'))
  await page.keyboard.press('Escape')
  await page.close()
  const again = await context.newPage()
  await again.goto('./#/settings')
  await studio.take('settings-locked', again, again.getByRole('button', { name: 'Unlock with the passphrase' }))
  await context.close()
}

/** Pictures of the wallet, of a thread as it begins, and of how making blocks is asked for. */
async function coinsAndWords(studio: Studio, { page }: Person): Promise<void> {
  const dialog = page.getByRole('dialog')
  await page.goto('./#/wallet')
  await page.getByRole('button', { name: 'Receive', exact: true }).click()
  await studio.take('wallet-receive', page, dialog.getByRole('img', { name: 'QR code: your address' }))
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Send', exact: true }).and(page.locator(':enabled')).click()
  await studio.take('wallet-not-backed-up', page, dialog.getByRole('heading', { name: 'You are not backed up' }))
  await dialog.getByRole('button', { name: 'Send without a backup' }).click()
  await dialog.getByRole('textbox', { name: 'How many coins' }).fill('1000000')
  await dialog.getByRole('button', { name: 'Look at it once more' }).click()
  await studio.take('wallet-send-refused', page, dialog.getByText('There is no address yet.'))
  await page.keyboard.press('Escape')
  await page.goto('./#/invite/none')
  await studio.take('invite-bad', page, page.getByRole('heading', { name: 'This is no invite' }))
  await page.goto('./#/network')
  await page.getByRole('switch', { name: 'Make blocks on this device' }).click()
  await studio.take('mining-asked', page, dialog.getByRole('button', { name: 'Agree', exact: true }))
  await page.keyboard.press('Escape')
  await page.goto('./#/threads/new')
  await page.getByRole('textbox', { name: 'Title' }).fill('Which microphones survive salt?')
  await page.getByRole('textbox', { name: 'First message' }).fill('Third pair of capsules gone green after one winter on the pier. What do you all use?')
  await studio.take('threads-new', page, page.getByRole('button', { name: /^Send/ }).and(page.locator(':enabled')))
  await page.getByRole('button', { name: /^Send/ }).click()
  await studio.take('thread', page, page.getByRole('list', { name: 'Messages' }).getByRole('article'))
}

/** Pictures of a chain as it is begun, of what its credits cost, and of a receipt that is none. */
async function recorded(studio: Studio, { page }: Person): Promise<void> {
  const dialog = page.getByRole('dialog')
  await page.goto('./#/records/new')
  await page.getByRole('textbox', { name: 'Mark 1', exact: true }).fill('Tide gauge')
  await page.getByRole('button', { name: 'Add a mark' }).click()
  await page.getByRole('textbox', { name: 'Mark 2', exact: true }).fill('Hanstholm')
  await page.getByRole('textbox', { name: 'Content' }).fill('From now on, twice a day.')
  await studio.take('records-new', page, page.getByRole('button', { name: /^Buy \d+ credits$/ }))
  await page.getByRole('button', { name: /^Buy \d+ credits$/ }).click()
  await studio.take('credits-buy', page, dialog.getByRole('textbox', { name: 'How many credits' }))
  await page.keyboard.press('Escape')
  await page.goto('./#/wallet')
  await page.getByText('Addresses for records').click()
  await studio.take('wallet-record-addresses', page, page.getByRole('img', { name: 'QR code: your Factoid address' }))
  await page.goto('./#/check')
  await studio.take('check', page, page.getByRole('heading', { name: 'Check a receipt' }))
  await page.getByRole('textbox', { name: 'The receipt' }).fill('{ "merklebranch": [] }')
  await page.getByRole('button', { name: 'Check it' }).click()
  await studio.take('check-wrong', page, page.getByText(/This does not hold|This is no receipt/))
}

/** Pictures of what moves, and of the places while something does. */
async function underWay(studio: Studio, ada: Person, ben: Person): Promise<void> {
  await ada.page.goto('./#/share')
  await choose(ada.page, [{ name: 'Logbooks.txt', bytes: text(longToWrite, 'log') }])
  await ada.page.getByRole('button', { name: 'Share', exact: true }).click()
  await moving(ada.page)
  await studio.take('share-preparing', ada.page, ada.page.getByRole('button', { name: 'Cancel Logbooks.txt' }))
  await ada.page.getByRole('textbox', { name: 'Link', exact: true }).waitFor({ timeout: 60_000 })

  await ada.page.goto('./#/share')
  await choose(ada.page, [{ name: 'Survey of the reef.bin', bytes: noise(longToTravel, 'survey') }])
  const survey = await finishSharing(ada.page)
  await ben.get(survey)
  await moving(ben.page)
  await studio.take('get-running', ben.page, ben.page.getByRole('button', { name: 'Pause', exact: true }))
  await studio.take('share-giving', ada.page, ada.page.getByRole('progressbar').first())
  await ada.page.goto('./#/library')
  await studio.take('library-full', ada.page, ada.page.getByRole('table'))
  await ben.page.goto('./#/network')
  await studio.take('network', ben.page, ben.page.getByText(/[1-9]\d* direct/).first())
  await ben.page.goto(survey)
  await ben.page.getByRole('button', { name: 'Pause', exact: true }).click()
  await studio.take('get-paused', ben.page, ben.page.getByRole('button', { name: 'Go on', exact: true }))
  await ben.page.getByRole('region', { name: 'Connection' }).getByRole('button').click()
  await studio.take('connection', ben.page, ben.page.getByRole('heading', { name: 'How you are connected' }))
  await ben.page.keyboard.press('Escape')
}

/** Pictures of what is encrypted, and of what is looked for by its content id alone. */
async function protection(studio: Studio, ada: Person, ben: Person): Promise<void> {
  await ada.page.goto('./#/share')
  await choose(ada.page, notes)
  await ada.page.getByRole('checkbox', { name: 'Protect with a key', exact: true }).check()
  await ada.page.getByRole('checkbox', { name: 'Findable by content id', exact: true }).check()
  await studio.take('share-setup-protected', ada.page, ada.page.getByText('Together: the content id finds only the encrypted file.'))
  const link = await finishSharing(ada.page, { title: 'Letters from the coast' })
  await ada.page.getByText('Details').click()
  await studio.take('share-ready-protected', ada.page, ada.page.getByRole('textbox', { name: 'Content id', exact: true }))
  const cid = await ada.page.getByRole('textbox', { name: 'Content id', exact: true }).inputValue()

  const fay = await studio.person(`./#/get/${'0'.repeat(64)}`)
  await studio.take('get-looking', fay.page, fay.page.getByRole('heading', { name: 'Looking for somebody who has it' }))
  await fay.page.goto(`./#/get/${cid}`)
  await studio.take('get-found', fay.page, fay.page.getByText('1 person says they have it').first())
  await fay.context.close()

  await ben.page.goto(link)
  await studio.take('get-protected', ben.page, ben.page.getByRole('button', { name: 'Get', exact: true }).and(ben.page.locator(':enabled')))
  await ben.page.getByRole('button', { name: 'Get', exact: true }).click()
  await studio.take('get-protected-done', ben.page, ben.page.getByText('Every byte matches the link.'))
}

/** Pictures of what is done seldom in the Library, and of what was removed. */
async function keeping(studio: Studio, { page }: Person): Promise<void> {
  await page.goto('./#/library')
  await page.getByRole('button', { name: 'More for Letters from the coast' }).click()
  await studio.take('library-menu', page, page.getByRole('button', { name: 'Verify Letters from the coast' }))
  await page.getByRole('button', { name: 'Remove Letters from the coast' }).click()
  await studio.take('library-removal', page, page.getByRole('button', { name: 'Remove', exact: true }))
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await studio.take('library-removed', page, page.getByRole('button', { name: 'Restore Letters from the coast' }))
}

/** Pictures of what does not work, each as it comes about. */
async function failures(studio: Studio, ada: Person, link: string): Promise<void> {
  const second = await ada.context.newPage()
  await second.goto('./#/network')
  await studio.take('second-tab', second, second.getByText('Another tab leads'))
  await second.close()

  const cleo = await studio.person(link.slice(0, -6))
  await studio.take('get-cut-link', cleo.page, cleo.page.getByText('This link was cut short'))

  const dora = await studio.person()
  const gone = await dora.share([{ name: 'Gone with the tide.txt', bytes: text(40_000, 'gone') }])
  await dora.context.close()
  await cleo.get(gone)
  await studio.take('get-waiting', cleo.page, cleo.page.getByText('Waiting for the sharer').first())

  await offline(studio, cleo.page, cleo.context)
}

async function offline(studio: Studio, page: Page, context: BrowserContext): Promise<void> {
  await page.evaluate(async () => { await navigator.serviceWorker.ready })
  await context.setOffline(true)
  await page.goto('./#/share')
  await page.reload()
  await studio.take('share-offline', page, page.getByRole('region', { name: 'Connection' }).getByText(/Offline|No relay reached/))
}

/** Waits until some of what is on show is through. */
async function moving(page: Page): Promise<void> {
  const bar = page.locator('progress').first()
  await bar.waitFor()
  while (await bar.evaluate(({ position }: HTMLProgressElement) => position) < 0.05) await page.waitForTimeout(50)
}
