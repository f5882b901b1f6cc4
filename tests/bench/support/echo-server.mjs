// A server that sends back what it gets, on the same WebSocket library as the relay: the least a server of open tabs can cost. Plain
// JavaScript, so that its memory is its own and not that of a compiler. Says its port, then its usage as often as it is asked.
import Tracker from 'bittorrent-tracker/server'
import { createServer } from 'node:http'

const { ws } = new Tracker({ http: false, udp: false, stats: false, ws: { noServer: true, maxPayload: 2 ** 20, maxFragments: 64 } })
const server = createServer()
server.on('upgrade', (request, socket, head) => {
  ws.handleUpgrade(request, socket, head, webSocket => { webSocket.on('message', data => { webSocket.send(data) }) })
})
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send({ cpu: (user + system) / 1e6, rss: process.memoryUsage.rss() })
})
process.on('disconnect', () => { process.exit(0) })
server.listen(0, '127.0.0.1', () => { process.send({ port: server.address().port }) })
