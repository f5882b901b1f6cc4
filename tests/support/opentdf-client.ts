import { createPrivateKey, createPublicKey, constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { bindPolicy } from '../../src/content/index.ts'
import { keysOf } from './tdf.ts'

/*
 * OpenTDF's client as a peer. It never takes a key from its caller but asks a key server over HTTP, so there is one: it unwraps with its own
 * RSA key, compares the policy's binding, and wraps for whoever asks.
 */

interface ClientModule {
  readonly Client: { readonly Client: new (options: object) => OpenTdfClient }
}

export interface OpenTdfClient {
  encrypt(options: { readonly source: ReadableStream<Uint8Array>, readonly offline: true, readonly mimeType?: string, readonly windowSize?: number }): Promise<Streamed>
  decrypt(options: { readonly source: { readonly type: 'buffer', readonly location: Uint8Array } }): Promise<Streamed>
}

interface Streamed { readonly stream: ReadableStream<Uint8Array> }

export interface KeyServer {
  readonly url: string
  readonly client: OpenTdfClient
  /** The key in a key access object of type `wrapped`. */
  unwrap(wrappedKey: string): Uint8Array<ArrayBuffer>
  /** A key access object for this server. */
  wrap(key: Uint8Array<ArrayBuffer>, policy: string): Promise<object>
  stop(): Promise<void>
}

/** Bundled for Node: the client reaches for a `document` through a package that saves files in browsers. */
async function loadClient(): Promise<ClientModule> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-opentdf-'))
  try {
    const empty = join(folder, 'empty.js')
    await writeFile(empty, 'export default {}')
    await build({
      configFile: false, logLevel: 'error', publicDir: false,
      resolve: { alias: { streamsaver: empty } },
      ssr: { noExternal: true },
      build: { ssr: true, outDir: join(folder, 'out'), minify: false, rolldownOptions: { input: '@opentdf/client', output: { entryFileNames: 'client.mjs' } } },
    })
    return await import(/* @vite-ignore */ pathToFileURL(join(folder, 'out', 'client.mjs')).href) as ClientModule
  } finally { await rm(folder, { recursive: true, force: true }) }
}

const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' } as const

export async function startKeyServer(): Promise<KeyServer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
  const unwrap = (wrappedKey: string) => new Uint8Array(privateDecrypt({ key: createPrivateKey(privateKey), ...padding }, Buffer.from(wrappedKey, 'base64')))
  const server = createServer((request, response) => {
    rewrap(request, unwrap).then(body => { response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)) }, (error: unknown) => { response.writeHead(403).end(String(error)) })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/kas`
  const { Client: { Client } } = await loadClient()
  const client = new Client({
    clientId: 'tests', kasEndpoint: url, allowedKases: [url], kasPublicKey: publicKey,
    authProvider: { updateClientPublicKey: async () => {}, withCreds: async (wanted: object) => wanted },
  })
  return {
    url, client, unwrap,
    async wrap(key, policy) {
      const wrappedKey = publicEncrypt({ key: createPublicKey(publicKey), ...padding }, key).toString('base64')
      return { type: 'wrapped', url, protocol: 'kas', wrappedKey, policyBinding: await bindPolicy((await keysOf(key)).mac, policy), schemaVersion: '1.0' }
    },
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** `POST /kas/v2/rewrap`: the request is the payload of a token. */
async function rewrap(request: IncomingMessage, unwrap: KeyServer['unwrap']): Promise<object> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const { signedRequestToken } = JSON.parse(Buffer.concat(parts).toString()) as { signedRequestToken: string }
  const { requestBody } = JSON.parse(Buffer.from(signedRequestToken.split('.')[1] ?? '', 'base64url').toString()) as { requestBody: string }
  const { keyAccess, policy, clientPublicKey } = JSON.parse(requestBody) as { keyAccess: { wrappedKey: string, policyBinding: string | { hash: string } }, policy: string, clientPublicKey: string }
  const key = unwrap(keyAccess.wrappedKey)
  const { policyBinding } = keyAccess
  const { hash } = await bindPolicy((await keysOf(key)).mac, policy)
  if ((typeof policyBinding === 'string' ? policyBinding : policyBinding.hash) !== hash) throw new Error('the policy is not the one that was bound')
  return { entityWrappedKey: publicEncrypt({ key: createPublicKey(clientPublicKey), ...padding }, key).toString('base64'), metadata: {} }
}
