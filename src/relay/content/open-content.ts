import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HoldfastError } from '../../base/index.ts'
import { openBucket, type Bucket, type Credentials } from '../../store/index.ts'
import { openFolderBucket } from './folder-bucket.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The bucket a relay gives content from: `where` is a folder, `file:///folder`, `s3://..`, `gs://..` or `azblob://..`; null for the folder `content`
 * in its data. What opens one in the cloud comes from the environment and never stands on a command line, which everybody on the machine sees.
 */
export async function openContent(where: string | null, data: string, environment: Environment): Promise<Bucket> {
  const [scheme] = /^[a-z0-9]+:(?=\/\/)/.exec(where ?? '') ?? []
  if (scheme === undefined) return await openFolderBucket(where ?? join(data, 'content'))
  if (scheme === 'file:') return await openFolderBucket(folderOf(where ?? ''))
  if (!['s3:', 'gs:', 'azblob:'].includes(scheme)) throw new HoldfastError('bad-input', '--content-dir takes a folder, or a URL that begins with file:, s3:, gs: or azblob:')
  try { return await openBucket(where ?? '', credentialsOf(scheme, environment)) } catch (error) {
    const { message, data: { parameter } } = HoldfastError.from(error)
    throw new HoldfastError('bad-input', `--content-dir: ${message}${parameter === undefined ? '' : ` (${String(parameter)})`}`, {}, { cause: error })
  }
}

function credentialsOf(scheme: string, environment: Environment): Credentials {
  const need = (name: string): string => {
    const value = environment[name]
    if (value === undefined || value === '') throw new HoldfastError('bad-input', `the environment has no ${name}`)
    return value
  }
  if (scheme === 'azblob:') return { sas: need('AZURE_STORAGE_SAS_TOKEN') }
  if (scheme === 'gs:') return { keyId: need('GS_HMAC_ACCESS_ID'), secret: need('GS_HMAC_SECRET') }
  const session = environment['AWS_SESSION_TOKEN']
  return { keyId: need('AWS_ACCESS_KEY_ID'), secret: need('AWS_SECRET_ACCESS_KEY'), ...session === undefined ? {} : { session } }
}

function folderOf(url: string): string {
  try { return fileURLToPath(url) } catch (error) {
    throw new HoldfastError('bad-input', '--content-dir: not the URL of a folder of this machine', {}, { cause: error })
  }
}
