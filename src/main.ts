import { startPeer, trustOwnScripts } from './peer/index.ts'

trustOwnScripts() // before anything that loads a worker
const peer = startPeer()
await import('./ui/index.ts')
const app = document.querySelector('holdfast-app')
if (app !== null) app.peer = peer
