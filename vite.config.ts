import { createHash } from 'node:crypto'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { build, defineConfig, type Plugin } from 'vite'
import manifest from './package.json' with { type: 'json' }

const outDir = 'dist/app'
const compress = promisify(brotliCompress)
/** Codecs and our pure rooms do nothing when they are loaded, though not all of them say so: page and service worker go without what they do not call. */
const treeshake = { moduleSideEffects: (id: string) => !/\/node_modules\/(@ipld|@noble|@scure|cborg|idb|multiformats)\/|\/src\/(base|hamt|state|content|records|ledger)\//.test(id) }

/** ffmpeg alone is larger; the best quality would take minutes for the last tenth. */
const largeBytes = 4 * 1024 * 1024
const largeQuality = 6

/** Paths of the built files, below `outDir`, that `wanted` picks. */
async function built(wanted: RegExp): Promise<string[]> {
  const files = await readdir(outDir, { recursive: true, withFileTypes: true })
  return files.filter(file => file.isFile()).map(file => `${file.parentPath}/${file.name}`).filter(path => wanted.test(path)).sort()
}

/**
 * After everything else: builds `workers/service-worker.ts` to `/service-worker.js` as one classic script (a shared chunk would
 * need module service workers) with the list of the built files to keep offline, then puts a `.br` beside whatever compresses.
 */
function afterBuild(): Plugin {
  return {
    name: 'holdfast:after-build',
    apply: (_config, { command, isSsrBuild }) => command === 'build' && isSsrBuild !== true,
    // Not closeBundle: that is also called for the bundles of workers that start workers, before anything is written.
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const kept = (await built(/\.(html|js|css|svg|png|woff2|webmanifest)$/)).filter(path => !/service-worker\.js$|\/ffmpeg-core[^/]*$/.test(path)) // ffmpeg is kept on first use
        const files = await Promise.all(kept.map(async path => ({
          url: path.slice(outDir.length + 1),
          revision: createHash('sha256').update(await readFile(path)).digest('hex').slice(0, 16),
        })))
        await build({
          configFile: false,
          logLevel: 'warn',
          define: { 'self.__WB_MANIFEST': JSON.stringify(files), 'process.env.NODE_ENV': '"production"' },
          publicDir: false,
          build: {
            outDir,
            emptyOutDir: false,
            rolldownOptions: { treeshake },
            lib: { entry: 'workers/service-worker.ts', formats: ['iife'], name: 'holdfast', fileName: () => 'service-worker.js' },
          },
        })
        await Promise.all((await built(/\.(html|js|css|svg|json|wasm|webmanifest)$/)).map(async path => {
          const bytes = await readFile(path)
          const smaller = await compress(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, ...bytes.length > largeBytes ? { [constants.BROTLI_PARAM_QUALITY]: largeQuality } : {} } })
          if (smaller.length < bytes.length) await writeFile(`${path}.br`, smaller)
        }))
      },
    },
  }
}

/**
 * `@hpke/common` asks Node for WebCrypto where there is no `crypto`. Every browser that runs this has one, so what it would import is that: else Vite leaves an empty module
 * in its place and says so. Of any other package that asks for a module of Node it still does.
 */
function webCrypto(): Plugin {
  const id = '\0holdfast:web-crypto'
  return {
    name: 'holdfast:web-crypto',
    enforce: 'pre',
    apply: (_config, { isSsrBuild }) => isSsrBuild !== true,
    resolveId: (source, importer) => source === 'crypto' && importer !== undefined && importer.includes('/node_modules/@hpke/common/') ? id : null,
    load: given => given === id ? 'export const webcrypto = globalThis.crypto' : null,
  }
}

export default defineConfig(({ isSsrBuild }) => ({
  base: './',
  define: {
    global: 'globalThis', // memory-chunk-store and simple-peer ask for Node's `global`
    __VERSION__: JSON.stringify(manifest.version),
  },
  // Older targets would rewrite light-dark() in a way that shadow roots do not see.
  build: { target: 'es2022', cssTarget: ['chrome123', 'firefox120', 'safari17.5'], outDir, assetsInlineLimit: 0, copyPublicDir: isSsrBuild !== true, rolldownOptions: { treeshake, checks: { pluginTimings: false } } },
  worker: { format: 'es', plugins: () => [webCrypto()] },
  plugins: [webCrypto(), afterBuild()],
}))
