const { port1: nowhere, port2: nobody } = new MessageChannel()
nobody.close()

/**
 * Gives away the whole buffer of bytes that nobody needs any more: its memory is free at once. What is collected instead waits until a thread comes to it, which in the midst of
 * decoding or decrypting it does late: 120 to 320 MB of half a GiB that was read lay there, more the busier the machine, and 3 so (measured).
 */
export function giveAway({ buffer }: ArrayBufferView<ArrayBuffer>): void {
  nowhere.postMessage(null, [buffer])
}
