import { createSocket, type Socket } from 'node:dgram'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HoldfastError } from '../base/index.ts'

export interface OpenPort { readonly port: number, readonly address: string, readonly udp: Socket }

const tries = 20

/**
 * Lets `server` listen, and a UDP socket on the same number. Port 0 takes a number that is free for both. A `HoldfastError`
 * in words for the person who started the relay where that cannot be.
 */
export async function openPort(server: Server, host: string, port: number): Promise<OpenPort> {
  for (let left = tries; ; left--) {
    const { address, family, port: taken } = await listen(server, host, port)
    try { return { port: taken, address, udp: await bind(family === 'IPv6' ? 'udp6' : 'udp4', address, taken) } } catch (error) {
      await new Promise(done => { server.close(done) })
      if (port !== 0 || left === 1) throw explained(error, host, taken, 'UDP')
    }
  }
}

async function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  await new Promise<void>((done, fail) => {
    const failed = (error: Error) => { fail(explained(error, host, port, 'TCP')) }
    server.once('error', failed).listen(port, host, () => {
      server.off('error', failed)
      done()
    })
  })
  return server.address() as AddressInfo
}

async function bind(type: 'udp4' | 'udp6', address: string, port: number): Promise<Socket> {
  const socket = createSocket(type)
  try {
    await new Promise<void>((done, fail) => { socket.once('error', fail).bind(port, address, () => { socket.off('error', fail); done() }) })
  } catch (error) {
    socket.close()
    throw error
  }
  return socket
}

function explained(error: unknown, host: string, port: number, protocol: string): HoldfastError {
  const { code = '', message } = error as Partial<NodeJS.ErrnoException>
  const data = { host, port, reason: code }
  if (code === 'EADDRINUSE') return new HoldfastError('already-exists', `${protocol} port ${port} of ${host} is in use. Choose another with --port, or 0 for a free one`, data)
  if (code === 'EACCES') return new HoldfastError('unsupported', `${protocol} port ${port} may not be used by this user. Choose one above 1023 with --port`, data)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new HoldfastError('not-found', `This machine has no address ${host}`, data)
  return new HoldfastError('internal', `Cannot listen on ${host}: ${message ?? code}`, data)
}
