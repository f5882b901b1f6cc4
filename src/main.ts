import { startPeer, trustOwnScripts } from './peer/index.ts'

trustOwnScripts() // before anything that loads a worker
const peer = startPeer()
await import('./ui/index.ts')
await new Promise(done => { setTimeout(done) }) // evaluating and drawing are two tasks, so that neither holds the page up for long
const app = document.querySelector('holdfast-app')
if (app !== null) app.peer = peer
