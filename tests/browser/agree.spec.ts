import type { SentFrames, LoggedFrame } from '../../src/peer/frame-log.ts'
import { askWorker } from '../support/ask-worker.ts'
import { blocksMost, coinsOf, ledgerOf, onBattery, oneHead, somebody } from '../support/on-ledger.ts'
import { expect, test, type Page } from '../support/people.ts'

test.use({ ledger: { blockTime: 5, rescue: 30, stampBits: 18 } }) // a stamp in a second, on a machine that is busy with three browsers
test.setTimeout(240_000) // some ten steps that each wait for a block, one in five seconds on average

const kelp = { name: 'kelp.txt', bytes: Buffer.from('It grows half a metre a day, and holds fast. '.repeat(2000)) }

const chain = (page: Page) => page.getByRole('region', { name: 'Chain' })
const balance = (page: Page) => page.getByRole('region', { name: 'You have' })

/** Opens a row of the history and has its proof shown. */
async function proofOfRow(page: Page, row: RegExp): Promise<void> {
  await page.getByRole('button', { name: row }).first().click()
  await page.getByRole('button', { name: 'Show the proof' }).click()
  await expect(page.getByText('Verified on this device')).toBeVisible()
}

/** Has the proof of somebody's words shown. */
async function proofOfWords(page: Page, words: string): Promise<void> {
  const post = page.getByRole('article').filter({ hasText: words })
  await post.getByRole('button', { name: /^Details of what/ }).click()
  await post.getByRole('button', { name: 'Show the proof' }).click()
  await expect(post.getByText('Verified: signed by its author, and in this block')).toBeVisible()
}

interface Frames { readonly id: string, readonly sent: SentFrames, readonly last: readonly LoggedFrame[] }

async function framesOf(page: Page): Promise<Frames> {
  const { connection } = await askWorker<{ connection: { peerId: string } }>(page, 'network', 'snapshot')
  return { id: connection.peerId, ...await askWorker<Omit<Frames, 'id'>>(page, 'network', 'frames') }
}

/** Answers that one gave another who, as the other's device knows, did not ask: `asker` was looked at later. */
function unasked(answerer: Frames, asker: Frames): readonly LoggedFrame[] {
  const nameOf = ({ protocol, id }: LoggedFrame) => `${protocol} ${id}`
  const asked = new Set(asker.last.filter(({ peerId, direction, kind }) => peerId === answerer.id && direction === 'out' && kind === 'request').map(nameOf))
  return answerer.last.filter(frame => frame.peerId === asker.id && frame.direction === 'out' && frame.kind !== 'request' && !asked.has(nameOf(frame)))
}

async function send(page: Page, to: string, amount: number): Promise<void> {
  await page.goto('./#/wallet')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByRole('button', { name: 'Send without a backup' }).click()
  await page.getByLabel('To which address').fill(to)
  await page.getByLabel('How many coins').fill(String(amount))
  await page.getByRole('button', { name: 'Look at it once more' }).click()
  await page.getByRole('button', { name: `Send ${amount} coins` }).click()
  await expect(page.getByText(`${amount} coins are on their way.`)).toBeVisible()
}

test('three people reach one head and one safety root, pay, write, invite, and say nothing unasked', async ({ person }) => {
  const [ada, bo] = [await person('./#/network'), await person('./#/network')]
  const [addressOfAda, addressOfBo] = [await somebody(ada.page), await somebody(bo.page)]

  await test.step('blocks are made by both, and bring coins', async () => {
    for (const [{ page }, address] of [[ada, addressOfAda], [bo, addressOfBo]] as const) await expect.poll(async () => await coinsOf(page, address), { timeout: blocksMost }).toBeGreaterThan(0)
    await oneHead([ada.page, bo.page], 1)
  })

  await test.step('coins that one sends arrive, with what shows it', async () => {
    await send(ada.page, addressOfBo, 37)
    await bo.page.goto('./#/wallet')
    await proofOfRow(bo.page, /^Details: From T\S+, \+37,/)
    await proofOfRow(ada.page, /^Details: To T\S+, −38,/)
  })

  await test.step('a thread, and a reply with something attached to it', async () => {
    await ada.page.goto('./#/threads/new')
    await ada.page.getByLabel('Title').fill('What grows here')
    await ada.page.getByLabel('First message').fill('I saw kelp at low water.')
    await ada.page.getByRole('button', { name: 'Send, 1 coin' }).click()
    await expect(ada.page.getByRole('heading', { name: 'What grows here', level: 1 })).toBeVisible()

    await bo.page.goto('./#/threads')
    await bo.page.getByRole('link', { name: /What grows here/ }).click({ timeout: blocksMost })
    await bo.page.getByRole('button', { name: 'Attach', exact: true }).click()
    const choosing = bo.page.waitForEvent('filechooser')
    await bo.page.getByRole('button', { name: 'Share a new file' }).click()
    await (await choosing).setFiles({ name: kelp.name, mimeType: 'text/plain', buffer: kelp.bytes })
    await bo.page.getByLabel('Reply', { exact: true }).and(bo.page.getByRole('textbox')).fill('All about it is in here.')
    await expect(bo.page.getByRole('button', { name: `Leave out ${kelp.name}` })).toBeVisible()
    await bo.page.getByRole('button', { name: 'Send, 1 coin' }).click()
    await expect(ada.page.getByRole('article').filter({ hasText: 'All about it is in here.' })).toBeVisible({ timeout: blocksMost })
  })

  const cy = await person('./#/threads', onBattery)
  await test.step('who comes without coins writes by work, within seconds', async () => {
    await cy.page.getByRole('link', { name: /What grows here/ }).click({ timeout: blocksMost })
    await proofOfWords(cy.page, 'I saw kelp at low water.')
    await cy.page.getByLabel('Reply', { exact: true }).and(cy.page.getByRole('textbox')).fill('I have no coins, and time.')
    await cy.page.getByRole('button', { name: /^Send, about .* of work$/ }).click()
    const own = cy.page.getByRole('article').filter({ hasText: 'I have no coins, and time.' })
    await expect(own.getByText('Offered').or(own.getByText('In a block'))).toBeVisible()
    await expect(own.getByText('In a block').or(own.getByText('Settled'))).toBeVisible({ timeout: blocksMost })
    expect(await coinsOf(cy.page, await somebody(cy.page))).toBe(0)
    await expect(ada.page.getByRole('article').filter({ hasText: 'I have no coins, and time.' })).toBeVisible({ timeout: blocksMost })
  })

  await test.step('what was attached came by itself, as it is small', async () => {
    const reply = cy.page.getByRole('article').filter({ hasText: 'All about it is in here.' })
    await reply.getByRole('link', { name: `Open ${kelp.name}` }).click()
    await cy.here()
    expect((await cy.saved(kelp.name)).bytes.equals(kelp.bytes)).toBe(true)
  })

  await test.step('an invite hands them some coins', async () => {
    await ada.page.goto('./#/wallet')
    await ada.page.getByRole('button', { name: 'Invite link' }).click()
    await ada.page.getByLabel('How many coins').fill('50')
    await ada.page.getByRole('button', { name: 'Make the link' }).click()
    const link = await ada.page.getByRole('textbox', { name: 'Invite link' }).inputValue()
    await cy.page.goto(link)
    await cy.page.getByRole('button', { name: 'Take 50 coins' }).click({ timeout: blocksMost })
    await expect(balance(cy.page)).toContainText(/\b50 coins/, { timeout: blocksMost })
    await proofOfRow(cy.page, /^Details: From T\S+, \+50,/)
  })

  const pages = [ada, bo, cy].map(({ page }) => page)
  await test.step('all see one head, and one safety root that was voted', async () => {
    for (const page of pages) await page.goto('./#/network')
    await expect.poll(async () => {
      const states = await Promise.all(pages.map(ledgerOf))
      const [first] = states
      return first?.safe.voted === true && first.safe.number > 0 && states.every(state => state?.head.root === first.head.root && state.safe.root === first.safe.root && state.safe.voted)
    }, { timeout: blocksMost }).toBe(true)
    const { safe } = (await ledgerOf(ada.page))!
    for (const page of pages) {
      await expect(chain(page)).toContainText(/Safe up to\s*[1-9]/)
      await expect(chain(page)).toContainText('Everything at or below the safety root is final for this device.')
    }
    expect(safe.number).toBeGreaterThan(0)
  })

  await test.step('of all that left, nothing was unasked', async () => {
    const [early, late]: [Frames[], Frames[]] = [[], []]
    for (const all of [early, late]) for (const page of pages) all.push(await framesOf(page))
    for (const [i, answerer] of early.entries()) {
      expect(answerer.sent.frames).toBeGreaterThan(100)
      expect(answerer.sent.unasked).toBe(0)
      for (const asker of late.filter((_, j) => j !== i)) {
        expect(answerer.last.some(({ peerId, direction, kind, protocol }) => peerId === asker.id && direction === 'out' && kind === 'reply' && protocol.includes('/state/'))).toBe(true)
        expect(unasked(answerer, asker)).toEqual([])
      }
    }
  })
})
