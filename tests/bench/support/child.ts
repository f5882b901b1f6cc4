import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { within } from './within.ts'

/** A process of its own that runs a file of the benchmarks and answers one order after the other. */
export interface Child<Order, Answer> {
  ask(order: Order): Promise<Answer>
  stop(): Promise<void>
}

type Message<Answer> = { readonly answer: Answer } | { readonly problem: string } | { readonly ready: true }

const patience = 180 // seconds

/** Starts `file`, which calls `serveParent`; compiled by Vite, as Node 20 knows no types. */
export async function startChild<Order extends object, Answer>(file: string): Promise<Child<Order, Answer>> {
  const code = `import('vite').then(({ runnerImport }) => runnerImport(${JSON.stringify(`./${file}`)}, { configFile: false, logLevel: 'warn' })).catch(error => { console.error(error); process.exit(1) })`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  const heard = async () => {
    const message = (await Promise.race([once(child, 'message'), ended.then(() => [{ problem: `${file} ended` }])]))[0] as Message<Answer>
    if ('problem' in message) throw new Error(message.problem)
    return message
  }
  await within(patience, file, heard())
  return {
    async ask(order) {
      const answering = heard()
      child.send(order)
      const message = await within(patience, `${file}: ${JSON.stringify(order)}`, answering)
      if (!('answer' in message)) throw new Error(`${file} began again`)
      return message.answer
    },
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** In the child: answers each order with what `obey` resolves with. */
export function serveParent<Answer>(obey: (order: never) => Promise<Answer>): void {
  const say = (message: Message<Answer>) => { process.send?.(message) }
  process.on('message', (order: unknown) => {
    obey(order as never).then(answer => { say({ answer }) }, (error: unknown) => { say({ problem: error instanceof Error ? error.stack ?? error.message : String(error) }) })
  })
  process.on('disconnect', () => { process.exit(0) })
  process.on('unhandledRejection', () => {}) // libp2p leaves some behind when a relay goes; what matters is in the answers
  say({ ready: true })
}
