// The commands of package.json: plain JavaScript that needs Node alone, installs what is missing, then does the work.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

process.env.INIT_CWD ??= process.cwd() // where the person is
process.chdir(fileURLToPath(new URL('../..', import.meta.url)))
// What a person starts prints one line on stdout, where Holdfast is; how it came about goes to stderr.
const toStderr = 2
const parent = process.ppid

const [command, ...rest] = process.argv.slice(2)
const commands = { start, relay, test, 'test:unit': unit, 'test:browser': browser, 'test:long': long, vectors, bench, fuzz, sim, verify, shots, golden, docs }
if (!(command in commands)) throw new Error(`unknown command ${command}`)
installPackages()
process.exitCode = await commands[command](rest)

/** `npm ci` when node_modules is not what the lock file says. */
function installPackages() {
  const stamp = 'node_modules/.holdfast-lock'
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  if (run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {}, toStderr) !== 0) process.exit(1)
  writeFileSync(stamp, lock)
}

async function start(args) {
  return buildAll() || await relay(args)
}

/** The relay in the foreground, as long as whoever started us is there: npm's shell dies of a SIGTERM and passes nothing on. */
async function relay(args) {
  if (!existsSync('dist/relay/main.js') && buildAll() !== 0) return 1
  const child = spawn(process.execPath, ['dist/relay/main.js', ...args], { stdio: 'inherit' })
  const stop = () => { child.kill('SIGTERM') }
  process.on('SIGINT', () => {}) // Ctrl-C reaches the relay by itself
  process.on('SIGTERM', stop)
  const watch = setInterval(() => { if (process.ppid !== parent) stop() }, 500)
  const code = await new Promise(done => { child.on('exit', exit => { done(exit ?? 1) }) })
  clearInterval(watch)
  return code
}

/** Checks every vector file in a folder and below against our code. */
async function vectors(args) {
  return await script('tests/vectors/main.ts', args)
}

async function bench(args) {
  return buildAll() || await script('tests/bench/main.ts', args)
}

async function shots(args) {
  return buildAll() || await script('tests/support/shots.ts', args)
}

/** Needs Node alone, and nothing built. */
async function fuzz(args) {
  return await main('tests/fuzz/main.ts', args)
}

/** Needs Node alone, and nothing built. */
async function sim(args) {
  return await main('tests/sim/main.ts', args)
}

/** Checks a receipt; needs Node alone, and nothing built. `--standalone FILE` writes a program instead that does it anywhere, from one file. */
async function verify(args) {
  if (args[0] !== '--standalone') return await main('src/verify/main.ts', args)
  const { build } = await import('vite')
  const file = resolve(process.env.INIT_CWD, args[1] ?? 'holdfast-verify.mjs')
  const { output: [{ code }] } = await build({
    configFile: false, logLevel: 'warn', ssr: { noExternal: true },
    build: { ssr: 'src/verify/cli.ts', target: 'node20', write: false, rolldownOptions: { output: { codeSplitting: false } } },
  })
  writeFileSync(file, `#!/usr/bin/env node\n${code}`, { mode: 0o755 })
  console.log(`node ${file} receipt.json [--root ROOT ..]`)
  return 0
}

/** What this version stores, kept as the fixture of its schema before the next one comes. */
async function golden(args) {
  return buildAll() || await script('tests/support/golden.ts', args)
}

/** Writes the documents that are made from code. */
async function docs() {
  return await script('tests/support/docs.ts', [])
}

/** Runs a script that wants a browser. */
async function script(file, args) {
  const { chromiumPath } = await import('./chromium.mjs')
  process.env.CHROMIUM ??= await chromiumPath()
  return await main(file, args)
}

/** Runs `main(args)` of a TypeScript file, compiled by Vite; its result is the exit code. Vite's own `runnerImport` ends too early for what is imported while `main` runs. */
async function main(file, args) {
  const { createRunnableDevEnvironment, resolveConfig } = await import('vite')
  const inline = { consumer: 'server', dev: { moduleRunnerTransform: true }, resolve: { external: true, mainFields: [], conditions: ['node'] } }
  const config = await resolveConfig({ configFile: false, envDir: false, logLevel: 'warn', environments: { inline } }, 'serve')
  const environment = createRunnableDevEnvironment('inline', config, { runnerOptions: { hmr: { logger: false } }, hot: false })
  await environment.init()
  try {
    const module = await environment.runner.import(`./${file}`)
    return await module.main(args)
  } finally { await environment.close() }
}

async function test() {
  const steps = [
    ['types', types], ['lint', () => bin('oxlint', ['--type-aware', '--deny-warnings'])],
    ['unit', () => unit([])], ['browser', () => browser([])],
  ]
  const failed = []
  for (const [name, step] of steps) {
    const begin = performance.now()
    if (await step() !== 0) failed.push(name)
    console.log(`${name}: ${((performance.now() - begin) / 1000).toFixed(1)} s`)
  }
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const file of ['unit', 'browser'].map(name => `dist/test/${name}.json`)) {
    for (const [key, n] of Object.entries(totals(file))) count[key] += n
    for (const name of failures(file)) console.error(`failed: ${name}`)
  }
  for (const name of failed) if (!['unit', 'browser'].includes(name) || count.failed === 0) { count.failed++; console.error(`failed: ${name}`) }
  if (count.passed === 0) count.failed++
  console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
  return count.failed === 0 ? 0 : 1
}

function types() {
  return ['tsconfig.json', 'src/tsconfig.pure.json', 'workers/tsconfig.json', 'tests/tsconfig.json'].map(file => bin('tsc', ['-p', file])).find(code => code !== 0) ?? 0
}

async function unit(args) {
  const { chromiumPath } = await import('./chromium.mjs')
  const { installEmulators } = await import('./emulators.mjs')
  installEmulators()
  mkdirSync('dist/test', { recursive: true })
  return bin('vitest', ['run', '--config', 'tests/vitest.config.ts', '--reporter=default', '--reporter=json', '--outputFile.json=dist/test/unit.json', ...args], { CHROMIUM: await chromiumPath() })
}

async function browser(args) {
  return await journeys('tests/playwright.config.ts', args)
}

/** What takes many minutes and many people: no part of `test`. */
async function long(args) {
  return await journeys('tests/playwright.long.config.ts', args)
}

async function journeys(config, args) {
  const { chromiumPath } = await import('./chromium.mjs')
  mkdirSync('dist/test', { recursive: true })
  return buildAll() || bin('playwright', ['test', '--config', config, ...args], { CHROMIUM: await chromiumPath() })
}

function buildAll() {
  return bin('vite', ['build', '--logLevel', 'warn'], {}, toStderr)
    || bin('vite', ['build', '--logLevel', 'warn', '--ssr', 'src/relay/main.ts', '--outDir', 'dist/relay'], {}, toStderr)
}

/** Counts of a Vitest or a Playwright JSON report; nothing where the run died before writing one. */
function totals(file) {
  if (!existsSync(file)) return {}
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const { stats } = report
  return stats
    ? { passed: stats.expected, failed: stats.unexpected + stats.flaky + report.errors.length, skipped: stats.skipped }
    : { passed: report.numPassedTests, failed: report.numFailedTests + report.testResults.filter(suite => suite.status === 'failed' && suite.assertionResults.length === 0).length, skipped: report.numPendingTests + report.numTodoTests }
}

/** What failed, by name, so that the last lines of a long run say it. */
function failures(file) {
  if (!existsSync(file)) return []
  const report = JSON.parse(readFileSync(file, 'utf8'))
  if (report.stats) return report.suites.flatMap(function specs(suite) {
    return [...suite.specs.filter(spec => !spec.ok).map(spec => `${spec.file}: ${spec.title}`), ...(suite.suites ?? []).flatMap(specs)]
  })
  return report.testResults.filter(suite => suite.status === 'failed').flatMap(suite => {
    const names = suite.assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
    return (names.length > 0 ? names : ['could not be run']).map(name => `${suite.name}: ${name}`)
  })
}

function bin(name, args, env, stdout) {
  const entry = { tsc: 'typescript/bin/tsc', vite: 'vite/bin/vite.js', vitest: 'vitest/vitest.mjs', playwright: '@playwright/test/cli.js', oxlint: 'oxlint/bin/oxlint' }[name]
  return run(process.execPath, [`node_modules/${entry}`, ...args], env, stdout)
}

function run(program, args, env = {}, stdout = 'inherit') {
  const { status, error } = spawnSync(program, args, { stdio: ['inherit', stdout, 'inherit'], env: { ...process.env, ...env }, shell: process.platform === 'win32' && program === 'npm' })
  if (error) console.error(error.message)
  return status ?? 1
}
