// Installs the stores that tests speak to, in a folder of their own: no part of the app, and of no use without tests.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'

const folder = 'tests/emulators'
const stamp = `${folder}/node_modules/.holdfast-lock`
const installing = `${folder}/.installing`
const longestMs = 10 * 60_000

/** `npm ci` there when what is installed is not what its lock file says; whoever comes meanwhile waits. Throws with what a person can do. */
export function installEmulators() {
  const lock = createHash('sha256').update(readFileSync(`${folder}/package-lock.json`)).digest('hex')
  const done = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lock
  while (!done()) {
    if (!claim()) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
      continue
    }
    try {
      if (done()) return
      console.error('Installing emulators of S3 and Azure for the tests')
      const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: ['ignore', 2, 'inherit'], shell: process.platform === 'win32', timeout: longestMs })
      if (status !== 0) throw new Error(`The emulators cannot be installed: run npm ci in ${folder} and see why`)
      writeFileSync(stamp, lock)
    } finally { rmSync(installing, { recursive: true, force: true }) }
  }
}

/** Whether we are the one who installs. */
function claim() {
  try { mkdirSync(installing); return true } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (Date.now() - (statSync(installing, { throwIfNoEntry: false })?.mtimeMs ?? 0) > longestMs) rmSync(installing, { recursive: true, force: true }) // it was killed
    return false
  }
}
