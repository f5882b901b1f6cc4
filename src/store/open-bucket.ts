import { HoldfastError } from '../base/index.ts'
import type { Bucket } from './bucket.ts'
import type { Credentials } from './cloud/credentials.ts'
import { openFileBucket } from './file-bucket.ts'
import { openIdbBucket } from './idb-bucket.ts'
import { memBucket } from './mem-bucket.ts'
import { openOpfsBucket } from './opfs-bucket.ts'

/** Opens the bucket a URL of its scheme names. */
interface Driver {
  /** Names of the URL parameters it knows. */
  readonly parameters: readonly string[]
  open(url: URL, credentials?: Credentials): Promise<Bucket>
}

const drivers: Readonly<Record<string, Driver>> = {
  'opfs:': { parameters: [], open: async url => await openOpfsBucket(folderOf(url)) },
  'file:': { parameters: [], open: async ({ host, pathname }) => await openFileBucket(host, decoded(pathname.slice(1))) },
  'idb:': { parameters: [], open: async url => await openIdbBucket(folderOf(url)) },
  // Loaded when somebody has one: most people never do.
  's3:': {
    parameters: ['region', 'endpoint', 'use_path_style', 'prefix'],
    async open(url, credentials) {
      const { openS3Bucket, s3Place } = await import('./cloud/index.ts')
      return openS3Bucket(s3Place(url), credentials)
    },
  },
  'gs:': {
    parameters: ['endpoint', 'prefix'],
    async open(url, credentials) {
      const { gsPlace, openS3Bucket } = await import('./cloud/index.ts')
      return openS3Bucket(gsPlace(url), credentials)
    },
  },
  'azblob:': {
    parameters: ['storage_account', 'domain', 'protocol', 'local_emu', 'prefix'],
    async open(url, credentials) {
      const { azurePlace, openAzureBucket } = await import('./cloud/index.ts')
      return openAzureBucket(azurePlace(url), credentials)
    },
  },
  'mem:': {
    parameters: [],
    async open({ host, pathname }) {
      if (host + pathname !== '') throw new HoldfastError('bad-input', 'mem:// has no name')
      return memBucket()
    },
  },
}

function folderOf({ host, pathname }: URL): string {
  return decoded(`${host}${pathname}`)
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    throw new HoldfastError('bad-input', 'the folder is not percent-encoded UTF-8', {}, { cause: error })
  }
}

/**
 * The bucket a URL names: `opfs://folder/folder`, `idb://folder/folder`, `file://name/folder` below a folder that was picked under that name
 * (`rememberFolder`), `mem://`, or in the cloud, with `credentials`: `s3://bucket?region=..&endpoint=..&use_path_style=true`, `gs://bucket?endpoint=..`,
 * `azblob://container?storage_account=..&domain=..&protocol=..&local_emu=true`, each with `prefix=folder/folder` where it is not to take the whole bucket.
 * Anything it does not understand in the URL is `bad-input`; so are credentials in it, or such as are not of its kind. A cloud store is first asked when
 * something is wanted of it.
 */
export async function openBucket(url: string, credentials?: Credentials): Promise<Bucket> {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const driver = parsed === null || !Object.hasOwn(drivers, parsed.protocol) ? undefined : drivers[parsed.protocol]
  if (parsed === null || driver === undefined) throw new HoldfastError('bad-input', 'no bucket has such a URL')
  const names = [...parsed.searchParams.keys()]
  const unknown = names.find((name, i) => !driver.parameters.includes(name) || names.indexOf(name) !== i)
  if (unknown !== undefined) throw new HoldfastError('bad-input', 'the bucket knows no such parameter, or knows it once', { parameter: unknown })
  if (parsed.username !== '' || parsed.password !== '' || parsed.hash !== '') throw new HoldfastError('bad-input', 'a bucket URL holds no credentials and no fragment')
  return await driver.open(parsed, credentials)
}
