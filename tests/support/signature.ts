import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/*
 * AWS Signature Version 4 as a server reads it, and the signature of an Azure account: written from their documentation, apart from what the
 * drivers use.
 */

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const strictly = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/** Whether a request as it came is signed by `secret`. */
export function isSigned({ method = '', url = '', headers }: IncomingMessage, keyId: string, secret: string): boolean {
  const [, id, day = '', region = '', names = '', signature] = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(headers.authorization ?? '') ?? []
  const time = String(headers['x-amz-date'])
  const age = Date.now() - Date.parse(time.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'))
  const signed = names.split(';')
  if (id !== keyId || signature === undefined || !time.startsWith(day) || !(Math.abs(age) < 15 * 60_000) || !['host', 'x-amz-date', 'x-amz-content-sha256'].every(name => signed.includes(name))) return false
  if (Object.keys(headers).some(name => name.startsWith('x-amz-') && !signed.includes(name))) return false
  const [path = '', query = ''] = url.split('?')
  const pairs = query === '' ? [] : query.split('&').map(pair => pair.split('=').map(part => strictly(decodeURIComponent(part))))
  const canonicalQuery = pairs.map(([name = '', value = '']) => `${name}=${value}`).sort().join('&')
  const canonical = [method, path.split('/').map(part => strictly(decodeURIComponent(part))).join('/'), canonicalQuery,
    ...signed.map(name => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`), '', names, String(headers['x-amz-content-sha256'])].join('\n')
  const key = ['aws4_request'].reduce(hmac, hmac(hmac(hmac(`AWS4${secret}`, day), region), 's3'))
  return hmac(key, ['AWS4-HMAC-SHA256', time, `${day}/${region}/s3/aws4_request`, hex(canonical)].join('\n')).toString('hex') === signature
}

/** A SAS token of an account for all its blobs; `permissions` in the order of the documentation: rwdlac. */
export function accountSas(account: string, key: string, permissions: string): string {
  const [version, services, types, expiry, protocol] = ['2021-12-02', 'b', 'sco', new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, ''), 'https,http']
  const text = [account, permissions, services, types, '', expiry, '', protocol, version, '', ''].join('\n')
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')
  return new URLSearchParams({ sv: version, ss: services, srt: types, sp: permissions, se: expiry, spr: protocol, sig: signature }).toString()
}
