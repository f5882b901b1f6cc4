import { GiB, KiB, MiB, minute, second, type Limit } from './limit.ts'

/** The relay. */
export const relayLimits = {
  // the relay: reservations and circuits
  relayReservations: { value: 1000, unit: 'tabs', reason: 'one process serves them; the default of 15 is for a node that relays beside its work' },
  reservationMs: { value: 10 * minute, unit: 'ms', reason: 'a slot nobody refreshes is free again soon; a disconnect frees it at once' },
  circuitMs: { value: 10 * minute, unit: 'ms', reason: 'a line of 1 Mbit/s carries the whole quota of a circuit in it; that circuits end makes peers look for a direct connection' },
  circuitBytes: { value: 64 * MiB, unit: 'bytes', reason: 'both directions together: files of people who find no direct way; `--relay-bytes` changes it' },
  peerHourBytes: { value: GiB, unit: 'bytes', reason: 'in the last hour, by all circuits of one peer, opened by it or leading to it: 300 kB/s on average; `--relay-hour-bytes` changes it' },
  circuitRoomBytes: { value: MiB, unit: 'bytes', reason: 'a circuit is given while this much of the hour of both peers is left: enough to meet over it and go on directly' },
  circuitStreams: { value: 256, unit: 'streams', reason: 'reservations and circuits of one tab under way at once' },
  circuitBurst: { value: 128, unit: 'circuits', reason: 'that one tab opens at once, when it finds a whole network' },
  circuitsPerSecond: { value: 4, unit: 'circuits/s', reason: 'that one tab opens in the long run; each one wakes another tab' },

  // the relay: what tabs ask its anchor
  anchorEntryBlocks: { value: 16, unit: 'blocks', reason: 'that an anchor reads for one question for entries: 8 MiB of bodies at most' },
  anchorBurst: { value: 256, unit: 'requests', reason: 'about the ledger that one tab may ask of a relay at once: the headers, powers and bodies of a week are 200' },
  anchorPerSecond: { value: 8, unit: 'requests/s', reason: 'the same in the long run; a tab that follows asks three in fifteen seconds' },
  anchorBurstAll: { value: 2048, unit: 'requests', reason: 'about the ledger that all tabs together may ask of a relay at once' },
  anchorPerSecondAll: { value: 256, unit: 'requests/s', reason: 'the same in the long run: a thousand tabs that follow ask two hundred' },

  // the relay: connections
  relayConnections: { value: 2000, unit: 'connections', reason: 'reserved tabs and as many visitors who only dial' },
  relaySockets: { value: 6000, unit: 'sockets', reason: 'a tab holds one to the relay, one to the tracker, and loads the app over others' },
  addressSockets: { value: 600, unit: 'sockets', reason: 'from one IP address: a school behind one router, not a tenth of it all; `--per-address` changes it' },
  addressConnections: { value: 100, unit: 'connections/s', reason: 'that libp2p takes from one address; its default of 5 turns away people behind one router' },
  pendingConnections: { value: 100, unit: 'connections', reason: 'handshakes under way; the default of 10 fails when a relay comes back and everybody returns' },
  probeMs: { value: 2 * second, unit: 'ms', reason: 'a connection that does not answer in this time, while its peer opened a newer one, is dead' },
  streamWindowBytes: { value: MiB, unit: 'bytes', reason: 'what a slow reader can make the relay hold for one direction of a circuit' },
  socketMessageBytes: { value: 256 * KiB, unit: 'bytes', reason: 'largest WebSocket message: an encrypted libp2p frame has 64 KiB, 82 tracker offers of 3 KiB fit' },
  socketBacklogBytes: { value: 4 * MiB, unit: 'bytes', reason: 'a tracker client that reads this much too slowly is cut' },
  socketPingMs: { value: 30 * second, unit: 'ms', reason: 'how soon a dead socket is noticed; pings of a thousand tabs every 10 s take a third of a processor' },

  // the relay: HTTP
  urlChars: { value: 2048, unit: 'characters', reason: 'the longest path of the app is far shorter' },
  httpHeaderMs: { value: 10 * second, unit: 'ms', reason: 'a client that sends its headers a byte at a time holds a socket no longer' },
  httpRequestMs: { value: 20 * second, unit: 'ms', reason: 'the same for a whole request; none has a body worth reading' },
  httpIdleMs: { value: 30 * second, unit: 'ms', reason: 'a reader that takes nothing for this long has gone' },

  // the relay: content
  contentStreams: { value: 200, unit: 'answers', reason: 'with bytes of stored files under way at once; each holds a MiB and a connection to the store' },
  contentKnown: { value: 10_000, unit: 'files', reason: 'whose size is remembered, so that a web seed that is asked piece by piece asks its store once a piece; forgotten all at once' },
  contentTorrents: { value: 256, unit: 'files', reason: 'of the operator whose torrents are remembered once somebody asked: 20 KiB each, 2 MiB for the largest there may be' },
  contentTorrentsWaiting: { value: 16, unit: 'files', reason: 'whose torrents wait to be made, one after the other: all of a file is read for it' },

  // the relay: what it keeps for others
  keepPassMs: { value: minute, unit: 'ms', reason: 'between two looks at what is to be kept, as a tab has them; a new block is looked at at once' },
  keepAskMs: { value: 5 * second, unit: 'ms', reason: 'a tab that does not say by then what it gives is in the background, and is asked by the next look' },
  keepAsked: { value: 256, unit: 'files', reason: 'that each tab is asked for in one look: 4 questions; of 100,000 uploads all are asked for in seven hours, new ones first' },
  keepTabsAsked: { value: 64, unit: 'tabs', reason: 'asked in one look, others in the next: 256 questions' },
  keepSeenMs: { value: 24 * 60 * minute, unit: 'ms', reason: 'a copy seen so long ago counts as one: tabs sleep' },
  keepCopies: { value: 16, unit: 'peers', reason: 'remembered as having one file; more are simply many' },
  keepDownloads: { value: 2, unit: 'uploads', reason: 'fetched at once, each from several tabs' },
  keepRetryMs: { value: 30 * minute, unit: 'ms', reason: 'longest pause before one that could not be fetched is tried again; two seconds first, then twice as long each time' },
  keepReadMs: { value: 24 * 60 * minute, unit: 'ms', reason: 'each file that is kept is read whole again after so long, as in a tab; one a look' },
  keepVerdicts: { value: 10_000, unit: 'uploads', reason: 'remembered as not what their records say, so that they are not fetched again; the oldest is forgotten' },

  // the relay: tracker and STUN
  trackerSwarms: { value: 20_000, unit: 'swarms', reason: 'known at once; empty ones are forgotten' },
  trackerPeers: { value: 50_000, unit: 'places', reason: 'in all swarms together, near 1 KiB of memory each' },
  trackerPlaces: { value: 2000, unit: 'swarms', reason: 'of one socket: a large library shared by one tab' },
  trackerAddressPlaces: { value: 10, unit: 'swarms', reason: 'for each socket that one address may hold, so that none takes all there are' },
  trackerBurst: { value: 4000, unit: 'messages', reason: 'of one socket: a large library announced after a restart' },
  trackerPerSecond: { value: 50, unit: 'messages/s', reason: 'of one socket: announces and answers in the long run' },
  stunBurst: { value: 60, unit: 'requests', reason: 'from one address: several tabs behind one router, each asking a few times' },
  stunPerSecond: { value: 10, unit: 'requests/s', reason: 'from one address in the long run; a forged sender gets no flood from us' },
  stunTotalPerSecond: { value: 2000, unit: 'requests/s', reason: 'from everybody, so that forged senders cannot take the processor' },

  // the relay: its anchor
  logFileBytes: { value: 8 * MiB, unit: 'bytes', reason: 'of a file of the log the ledger lies in: what is of use in it moves at once, while blocks wait' },

  relayWantMs: { value: minute, unit: 'ms', reason: 'longest pause between two tries for a relay' },
} as const satisfies Record<string, Limit>
