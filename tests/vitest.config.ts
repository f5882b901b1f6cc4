import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'

const executablePath = process.env['CHROMIUM']
const define = { global: 'globalThis', __VERSION__: '"test"' }

/**
 * Time limits are against what hangs: on two cores that others use as well, what takes one second alone took ten.
 *
 * `node`: pure code. `chromium`: the same contract suites on the real adapters (IndexedDB, OPFS, WebRTC), in the real browser.
 */
export default defineConfig({
  test: {
    projects: [
      { define, test: { name: 'node', root: '.', environment: 'node', testTimeout: 20_000, include: ['tests/{unit,contract,vectors,property,sim}/**/*.test.ts'] } },
      {
        define,
        // Found while tests run, they would make Vite reload the page under one of them.
        optimizeDeps: { exclude: ['@ffmpeg/ffmpeg'], include: ['lit', 'lit/decorators.js', 'lit/directives/guard.js', 'lit/directives/keyed.js', 'lit/directives/live.js', 'lit/directives/repeat.js', '@lit/localize', 'qr', 'axe-core', 'comlink', 'aws4fetch', 'idb', 'hash-wasm', 'fflate', '@noble/curves/ed25519.js', '@noble/curves/nist.js', '@noble/hashes/hkdf.js', '@scure/bip32', '@scure/bip39', '@scure/bip39/wordlists/english.js', '@bitauth/libauth/build/lib/crypto/secp256k1.js', 'webtorrent/dist/webtorrent.min.js', '@noble/hashes/legacy.js', '@noble/hashes/sha2.js', '@ipld/dag-cbor', '@libp2p/crypto/keys', 'multiformats/bases/base32', 'multiformats/bases/base58', 'multiformats/cid'] },
        test: {
          name: 'chromium',
          root: '.',
          testTimeout: 30_000,
          include: ['tests/contract/**/*.browser.ts'],
          globalSetup: ['tests/support/contract-setup.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { ...executablePath === undefined ? {} : { executablePath }, args: ['--allow-loopback-in-peer-connection'] },
              contextOptions: { permissions: ['microphone'] }, // ICE on loopback alone; never used
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
