/** What pages make of `/network.json`: the relay's address from where the app came from. */
export async function relayAddress(url: string): Promise<string> {
  const { relays } = await (await fetch(new URL('network.json', url))).json() as { relays: { peerId: string }[] }
  const { hostname, port } = new URL(url)
  const peerId = relays[0]?.peerId
  if (peerId === undefined) throw new Error('the relay names none in /network.json')
  return `/ip4/${hostname}/tcp/${port}/ws/p2p/${peerId}`
}
