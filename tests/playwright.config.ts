import { defineConfig } from '@playwright/test'

const executablePath = process.env['CHROMIUM']
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
const launchOptions = executablePath === undefined ? {} : { executablePath }

/**
 * Journeys in the built app. Loopback candidates and the microphone permission (never used) make ICE work with no network
 * at all; one project keeps what users have: mDNS candidates and default flags. One worker: two cores, several people each.
 */
export default defineConfig({
  testDir: './browser',
  outputDir: '../dist/test/browser',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: '../dist/test/browser.json' }]],
  use: { trace: { mode: 'retain-on-failure', screenshots: false }, screenshot: 'only-on-failure' }, // filming every page takes a core of two
  projects: [
    {
      name: 'journeys',
      testIgnore: /default-flags/,
      use: { permissions: ['microphone'], launchOptions: { ...launchOptions, args: [...quiet, '--allow-loopback-in-peer-connection'] } },
    },
    { name: 'default-flags', testMatch: /default-flags/, use: { launchOptions: { ...launchOptions, args: quiet } } },
  ],
})
