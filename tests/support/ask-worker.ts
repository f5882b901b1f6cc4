import type { Page } from '@playwright/test'

export type Argument = string | number | boolean | null | readonly string[] | readonly number[] | Readonly<Record<string, string | number | boolean | null>>

/** Asks a worker that serves all tabs as any tab does, over its channel, again and again until it takes the question. Lists of numbers are bytes there. */
export async function askWorker<T>(page: Page, channel: 'ledger' | 'network' | 'keys', method: string, ...args: readonly Argument[]): Promise<T> {
  return await page.evaluate(async ([name, called, list]) => {
    const reply = `test/${crypto.randomUUID()}`
    const [questions, replies] = [new BroadcastChannel(`holdfast/${name}`), new BroadcastChannel(reply)]
    const plain = (value: unknown): unknown => value instanceof Uint8Array ? [...value] : Array.isArray(value) ? value.map(plain)
      : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)])) : value
    const question = { from: reply, id: 1, method: called, args: list.map(each => Array.isArray(each) && typeof each[0] === 'number' ? Uint8Array.from(each as number[]) : each) }
    const again = setInterval(() => { questions.postMessage(question) }, 250)
    try {
      return await new Promise<unknown>((done, fail) => {
        replies.onmessage = ({ data }: MessageEvent<{ value?: unknown, error?: { message: string } }>) => {
          clearInterval(again) // it was taken
          if (data.error !== undefined) fail(new Error(data.error.message))
          else if ('value' in data) done(plain(data.value))
        }
        questions.postMessage(question)
      })
    } finally {
      clearInterval(again)
      questions.close()
      replies.close()
    }
  }, [channel, method, args] as const) as T
}
