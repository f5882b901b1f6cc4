import '../../src/ui/elements/holdfast-app.ts'
import { DraftEvent } from '../../src/ui/draft.ts'
import { FilesEvent } from '../../src/ui/events.ts'
import { ScriptedPeer, cidOf, inviteText } from './scripted-peer.ts'
import { chains, entries, findings, said, threadName } from './ui-states.ts'
import { keyText, linkText, relayText, type View } from './ui-views.ts'

const names = ['Harbour at 4 a.m.wav', 'Rain on the boathouse.wav', 'Sleeve.jpg']

/** Mounts the whole app on `view`; resolves when it has drawn itself. */
export async function mountApp(view: View): Promise<{ app: HTMLElementTagNameMap['holdfast-app'], peer: ScriptedPeer }> {
  history.replaceState(null, '', view.hash)
  const peer = new ScriptedPeer(view.state)
  const link = { cid: cidOf('a'), infohash: 'c1'.repeat(20), size: 385_000_000, kind: 'z' as const, name: 'Low Pressure', key: null, relays: [] }
  const links = { [linkText]: link, [keyText]: { ...link, kind: 'p' as const, key: new Uint8Array(32) }, [relayText]: { ...link, relays: ['north.example', 'south.example:8443'] } }
  for (const [text, value] of Object.entries(links)) {
    peer.links.set(text, { ok: true, value })
    peer.links.set(`https://holdfast.example/${text}`, { ok: true, value })
  }
  if (view.refusal === true) peer.refusal = { code: 'archive-name', reason: 'names', paths: ['file 4', 'file 7'] }
  if (view.holds !== undefined) peer.held.set(inviteText.slice(inviteText.indexOf('#')), view.holds)
  peer.said.set(threadName, said)
  peer.published = view.published ?? []
  peer.keptBy = view.keptBy ?? []
  peer.ranked = view.ranked ?? []
  if (view.records === true) Object.assign(peer, { chains, entries, findings, ...view.found === undefined ? {} : { findings: view.found } })
  if (view.quoted !== undefined) peer.quoted = view.quoted
  if (view.publish !== undefined && (view.state.account?.balance ?? 0) > 0) peer.cost = { fee: 1, seconds: 0 }
  peer.proposal = view.proposal ?? null
  const app = document.createElement('holdfast-app')
  app.peer = peer
  document.body.append(app)
  await app.updateComplete
  if (view.files !== undefined) {
    const files = Array.from({ length: view.files }, (_, i) => ({ file: new File(['x'.repeat(1000 * (i + 1))], names[i] ?? `file ${i}`), path: names[i] ?? `file ${i}` }))
    app.dispatchEvent(new FilesEvent(files))
    if (view.options !== undefined || view.publish !== undefined) app.dispatchEvent(new DraftEvent({ files, title: null, options: view.options ?? { protect: false, findable: false }, ...view.publish === undefined ? {} : { publish: view.publish } }))
  }
  await settled(app)
  return { app, peer }
}

/** Loaded only when somebody asks for them. */
const onDemand: ReadonlySet<string> = new Set(['holdfast-export'])

/** Waits until every element below `root` is loaded and has drawn itself. */
export async function settled(root: Element): Promise<void> {
  for (let depth = 0; depth < 6; depth++) {
    for (const name of undefinedBelow(root)) await customElements.whenDefined(name)
    await new Promise(done => { setTimeout(done) })
  }
  await (root as Element & { updateComplete?: Promise<unknown> }).updateComplete
}

function undefinedBelow(root: Element): string[] {
  return [...root.shadowRoot?.querySelectorAll('*') ?? []].flatMap(each =>
    each.localName.includes('-') && !onDemand.has(each.localName) && customElements.get(each.localName) === undefined ? [each.localName] : undefinedBelow(each))
}
