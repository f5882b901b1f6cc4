import { defineConfig } from '@playwright/test'

const executablePath = process.env['CHROMIUM']
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
const launchOptions = executablePath === undefined ? {} : { executablePath }

const use = { permissions: ['microphone'], launchOptions: { ...launchOptions, args: [...quiet, '--allow-loopback-in-peer-connection'] } }
/** Who takes part in these makes blocks as they come, one in some seconds. */
const patient = /(agree|buy|catch-up|discover|formats|keep|keepers|ledger|mining|newcomer|obliged|partition|records|records-keys|records-metered|refused|rests)\.spec/

/**
 * Journeys in the built app. Loopback candidates and the microphone permission (never used) make ICE work with no network
 * at all; one project keeps what users have: mDNS candidates and default flags. Two cores, several people each: one journey at a time, and beside it one of those that mostly wait
 * for blocks to come.
 */
export default defineConfig({
  testDir: './browser',
  outputDir: '../dist/test/browser',
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: '../dist/test/browser.json' }]],
  use: { trace: { mode: 'retain-on-failure', screenshots: false }, screenshot: 'only-on-failure' }, // filming every page takes a core of two
  projects: [
    { name: 'journeys', testIgnore: [/default-flags/, patient], use, workers: 1 },
    { name: 'blocks', testMatch: patient, use, workers: 1 },
    { name: 'default-flags', workers: 1, testMatch: /default-flags/, use: { launchOptions: { ...launchOptions, args: quiet } } },
  ],
})
