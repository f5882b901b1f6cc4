import { HoldfastError } from '../../base/index.ts'

/** What opens a cloud bucket: keys of `s3://` and `gs://` (there HMAC keys), or the SAS token of `azblob://`. They never stand in a URL. */
export type Credentials =
  | { readonly keyId: string, readonly secret: string, readonly session?: string }
  | { readonly sas: string }

/** Printable ASCII of a length that such things have; anything else was pasted wrong, and would fail as a header. */
const keyPattern = /^[\x21-\x7e]{1,4096}$/

export function keysOf(credentials: Credentials | undefined): Extract<Credentials, { keyId: string }> {
  if (credentials === undefined || !('keyId' in credentials)) throw new HoldfastError('bad-input', 'this bucket is opened by a key id and a secret')
  const { keyId, secret, session } = credentials
  if (!keyPattern.test(keyId) || /[,/]/.test(keyId) || !keyPattern.test(secret) || (session !== undefined && !keyPattern.test(session))) throw new HoldfastError('bad-input', 'the keys are not of the form such keys have')
  return credentials
}

/** The parameters of a shared access signature, without a question mark before them. */
export function sasOf(credentials: Credentials | undefined): URLSearchParams {
  if (credentials === undefined || !('sas' in credentials)) throw new HoldfastError('bad-input', 'this bucket is opened by a SAS token')
  const token = credentials.sas.replace(/^\?/, '')
  const parameters = new URLSearchParams(token)
  if (!keyPattern.test(token) || !parameters.has('sig') || !parameters.has('sv')) throw new HoldfastError('bad-input', 'the SAS token is not of the form such tokens have')
  return parameters
}
