/** `work`, or an error once it has taken longer than `seconds`: what hangs is no figure, and must not hold up the rest. */
export async function within<T>(seconds: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_done, reject) => {
    timer = setTimeout(() => { reject(new Error(`${what} had not ended after ${String(seconds)} s`)) }, seconds * 1000)
  })
  try { return await Promise.race([work, late]) } finally { clearTimeout(timer) }
}
