import { chromium, type Browser } from 'playwright'

const executablePath = process.env['CHROMIUM']

/** As the journeys have it: with these and the microphone permission (never used), ICE works on loopback alone. */
export const launchOptions = {
  ...executablePath === undefined ? {} : { executablePath },
  args: ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--allow-loopback-in-peer-connection'],
}

export const permissions = ['microphone']

/** A browser for contexts of people who were never here before; their storage is in memory. */
export async function launch(...args: readonly string[]): Promise<Browser> {
  return await chromium.launch({ ...launchOptions, args: [...launchOptions.args, ...args] })
}
