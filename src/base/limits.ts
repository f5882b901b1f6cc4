/**
 * Every limit of the peer and the relay: a number, its unit and the reason for it. `docs/LIMITS.md` is made from this table.
 */
const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB
const second = 1000
const minute = 60 * second

interface Limit { readonly value: number, readonly unit: string, readonly reason: string }

const table = {
  // archives (security)
  archiveEntries: { value: 10_000, unit: 'entries', reason: 'listing and saving stay quick; more belongs in several shares' },
  archiveDepth: { value: 16, unit: 'folders', reason: 'deep paths break other systems' },
  archiveNameBytes: { value: 255, unit: 'bytes', reason: 'longest file name most file systems take' },
  archiveHeaderBytes: { value: 64 * KiB, unit: 'bytes', reason: 'of a pax header of a tar; the longest path with a few other records is far shorter' },
  archiveProbeBytes: { value: 64 * KiB, unit: 'bytes', reason: 'how much of a member decides whether it is compressed' },

  // music and films
  mediaChannels: { value: 8, unit: 'channels', reason: 'of a recording: the most FLAC has' },
  mediaSilentMs: { value: 2 * minute, unit: 'ms', reason: 'without a byte read or written before a decoder is taken for stuck; a slow phone needs seconds for what it does between two' },
  mediaLogLines: { value: 200, unit: 'lines', reason: 'of what a decoder says that are kept to tell why it failed; a damaged file makes it say one for each packet' },
  mediaMemoryBytes: { value: 64 * MiB, unit: 'bytes', reason: 'of a recording that is converted to a smaller one in memory; larger ones go straight to the disk' },
  mediaReadBytes: { value: MiB, unit: 'bytes', reason: 'read of a recording at once: a decoder asks for 32 KiB, and each read waits for the browser' },
  mediaTellMs: { value: 250, unit: 'ms', reason: 'between two times that the progress of a conversion is told' },

  // archives while they arrive, and files on their way in and out
  arrivingTellMs: { value: second, unit: 'ms', reason: 'how often the list of an archive that still comes is shown anew' },
  arrivingBytesPerSecond: { value: 16 * MiB, unit: 'bytes/s', reason: 'of an archive that still comes are unpacked and listed at most, so that what lies here already takes a tenth of a processor' },
  exportKeptMs: { value: 60 * minute, unit: 'ms', reason: 'what was converted waits for a person to say where to save it' },
  incomingMs: { value: 24 * 60 * minute, unit: 'ms', reason: 'files the system handed over wait this long for somebody to share them' },

  // hostile input
  unpackRatio: { value: 100, unit: 'times', reason: 'what an archive unpacks to, of its size, before somebody is asked; text packs to a tenth, a trap to a thousandth' },
  unpackFreeBytes: { value: MiB, unit: 'bytes', reason: 'what any archive may unpack to, since small ones of empty files pack to next to nothing' },
  inflateBytes: { value: 32 * KiB, unit: 'bytes', reason: 'given to the browser to unpack at once: it holds all that comes of them, up to a thousand times as much' },
  cborItems: { value: 32_768, unit: 'values', reason: 'in decoded data, keys counted; a million of them, one a byte, would take half a second to read' },
  peersReplyBytes: { value: 64 * KiB, unit: 'bytes', reason: 'that a relay reads of a tab it asks for its record: 50 records of a KiB, not a megabyte from each of a thousand tabs' },
  archiveNamesChars: { value: 4 * MiB, unit: 'characters', reason: 'of all paths of an archive together: the list lies in the database and goes to the page; 10,000 paths of 100 have a quarter of it' },
  pictureMs: { value: minute, unit: 'ms', reason: 'until a picture that nobody gives is said not to come; it goes on being asked for' },
  imageHeadBytes: { value: 16 * MiB, unit: 'bytes', reason: 'of a picture looked at before it is decoded: what cameras write before its size is a few MiB at most' },
  imageSourceBytes: { value: 256 * MiB, unit: 'bytes', reason: 'of a picture before it becomes a PNG: 40 megapixels of 16 bits as they are, which lie in memory' },
  imageBytes: { value: 64 * MiB, unit: 'bytes', reason: 'of a picture that is published, as an upload may name it' },
  imagePixels: { value: 40_000_000, unit: 'pixels', reason: 'of a picture, 160 MB once it is decoded; larger ones take the tab with them on a phone' },

  // the ledger
  blockTransactions: { value: 50, unit: 'transactions', reason: 'of a block: their signatures are checked in some 10 ms' },
  receiptsWaiting: { value: 256, unit: 'receipts', reason: 'for own blocks: what eight of them can log' },
  receiptBytes: { value: 512, unit: 'bytes', reason: 'of a receipt: all of its fields at their longest have 280' },
  blockReceipts: { value: 32, unit: 'receipts', reason: 'of visitors in a block: their signatures are checked in some 7 ms' },
  blockRecords: { value: 64, unit: 'records', reason: 'of a block: each is a signature to check and perhaps an entry to keep' },
  recordBytes: { value: 10_275, unit: 'bytes', reason: 'the longest Factom item: an entry of 10 KiB and its head of 35 bytes' },
  uploadsWalked: { value: 128, unit: 'uploads', reason: 'read of the state at once while the index of all is made: a few milliseconds, so that others get their turn' },
  uploadsTellMs: { value: 1_000, unit: 'ms', reason: 'between two tellings that more of them are known, at which pages ask anew' },
  uploadsPage: { value: 100, unit: 'uploads', reason: 'told at once: some 200 kB; pages show fewer' },
  uploadsProved: { value: 64, unit: 'uploads', reason: 'the newest, looked at in a search on a metered line, where others prove each: some 100 kB' },
  uploadsProvedAtOnce: { value: 16, unit: 'records', reason: 'of uploads in one question: at most 96 kB, and what proves them' },
  offersLooked: { value: 512, unit: 'uploads', reason: 'whose offers to this account are looked at for each block, the oldest: more than fit into what is pledged' },
  bodyBytes: { value: 512 * KiB, unit: 'bytes', reason: 'of a block beside its header; a week of full ones is a GiB' },
  knownPowers: { value: 10_000, unit: 'powers', reason: 'of miners at power roots, remembered so that a week of headers reads each once; forgotten all at once' },
  pendingPerParent: { value: 8, unit: 'blocks', reason: 'that wait for their time on one parent, the best ones: the next head is among them' },
  variants: { value: 4, unit: 'blocks', reason: 'of one miner among those: any of them may turn out to have no body, and a miner can sign as many as it likes' },
  knownSigners: { value: 10_000, unit: 'signatures', reason: 'whose signers are remembered, 4 MB: those of 200 full blocks; forgotten all at once' },
  knownTips: { value: 4_096, unit: 'headers', reason: 'that were judged, remembered until their bodies come: a mutable range on two branches, 4 MB; forgotten all at once' },
  openTries: { value: 16, unit: 'tries', reason: 'of roots used last: the head, and the branches around it' },
  sharedTries: { value: 1_024, unit: 'tries', reason: 'of ledgers that share a memo, in simulations: several branches of some hundred blocks' },
  trieMemoryBytes: { value: 64 * MiB, unit: 'bytes', reason: 'of nodes in memory: some 400,000 keys; a phone spares that much' },
  transactionBytes: { value: 8 * KiB, unit: 'bytes', reason: 'of a transaction: the largest record of an upload has 5 KiB, a profile beside it 1 KiB' },
  keyFrameBytes: { value: 2 * KiB, unit: 'bytes', reason: 'of a question for a key of a file, or its answer: 500 are used' },
  keyNonces: { value: 16, unit: 'nonces', reason: 'that one peer may have open to ask for keys with: more than it has questions under way' },
  keyNoncesAll: { value: 4_096, unit: 'nonces', reason: 'of all peers together: 300 kB' },
  keyNonceMs: { value: minute, unit: 'ms', reason: 'such a nonce is good for: a signature and a few round trips over a relay' },
  keyBurst: { value: 10, unit: 'requests', reason: 'for keys that one peer may make at once: an album' },
  keysPerSecond: { value: 2, unit: 'requests/s', reason: 'the same in the long run' },
  keysPerMinute: { value: 60, unit: 'requests/min', reason: 'for keys that one account may make, from however many devices' },
  keysPerSecondAll: { value: 50, unit: 'requests/s', reason: 'for keys that all peers together may make: each costs two signatures, a seal and some reads, a tenth of a processor' },
  keyAgainMs: { value: 10 * minute, unit: 'ms', reason: 'before a holder that refused is asked again for the same key' },
  keyBackOffMs: { value: 60 * minute, unit: 'ms', reason: 'longest pause before a holder is asked again' },
  keyFirstPauseMs: { value: 15 * second, unit: 'ms', reason: 'before a holder that did not answer is asked again; doubled each time' },
  glimpseMs: { value: 2 * minute, unit: 'ms', reason: 'that a few bytes of a file are waited for whose key is wanted and which is not here; nothing else is done with it meanwhile' },
  keysWanted: { value: 1_000, unit: 'files', reason: 'whose keys are asked for at once: a large library on a new device' },
  purchasesWatched: { value: 10_000, unit: 'purchases', reason: 'that one account looks after at a time, 1 MB: of a well-liked upload in a period' },
  accessLookMs: { value: second, unit: 'ms', reason: 'least time between two looks at what a new head means for keys of uploads' },
  keyHoldersSeen: { value: 4_096, unit: 'accounts', reason: 'of which it is remembered when they were seen last; the oldest goes' },
  uploadsLooked: { value: 8, unit: 'uploads', reason: 'a block looks at whether they are over: enough to go round 16,000 within a week of the main network, and a few reads' },
  envelopesOpened: { value: 4, unit: 'envelopes', reason: 'in a block, because buyers complain: each takes some milliseconds, also where the complaint is refused' },
  uploadsNamed: { value: 64, unit: 'uploads', reason: 'accepted or released by one transaction: each is a few rows to write, and some 60 bytes' },
  keeperUploads: { value: 4_096, unit: 'uploads', reason: 'of one keeper: picks over more would say little about each' },
  votesAsked: { value: 1_000, unit: 'statements', reason: 'in one answer: 200 kB' },
  supportBlocks: { value: 2_016, unit: 'blocks', reason: 'looked at for how well a branch is supported: the mutable range of our networks, in which every active miner had a turn' },
  askAgainMs: { value: 5 * minute, unit: 'ms', reason: 'longest pause before a peer that did not answer is asked again: the time of one block' },
  askersKept: { value: 64, unit: 'peers', reason: 'that asked and were not asked back yet: more than are asked back in a quarter of an hour; the oldest is forgotten' },
  poolPaid: { value: 4_200, unit: 'transactions', reason: 'with a fee that wait for a block: the room for them of a hundred full ones, 32 MiB at most; the lowest fee goes' },
  poolStamped: { value: 800, unit: 'transactions', reason: 'with a stamp that wait for a block: those of a hundred full ones; the least work goes' },
  poolSender: { value: 25, unit: 'transactions', reason: 'of one sender that wait: half a block; its highest number goes' },
  poolSource: { value: 420, unit: 'transactions', reason: 'that one peer brought, of those with a fee: a tenth, so that ten have to lie to drive out all others' },
  poolSourceStamped: { value: 80, unit: 'transactions', reason: 'that one peer brought, of those with a stamp: a tenth as well' },
  copiedStateBytes: { value: 256 * MiB, unit: 'bytes', reason: 'of nodes of a state that is copied, which lie in memory until all are there: some two million keys' },
  walkDepth: { value: 256, unit: 'blocks', reason: 'in one answer: 130 kB of headers' },
  provenKeys: { value: 64, unit: 'keys', reason: 'proved in one answer: some 60 kB of nodes' },
  provenKeyBytes: { value: 512, unit: 'bytes', reason: 'of such a key; those of the ledger have a hundred' },
  proofNodes: { value: 1_024, unit: 'nodes', reason: 'of one answer with a proof: 16 levels for each key' },
  nodesAsked: { value: 256, unit: 'nodes', reason: 'in one question: 10 kB of content ids' },
  chartBlocks: { value: 60, unit: 'blocks', reason: 'that pages show of the chain: ten minutes of a local network, five hours of the main one' },
  ledgerTellMs: { value: 250, unit: 'ms', reason: 'between two times the state of the ledger is told to all tabs: soon enough to watch, and a flood of blocks floods nobody' },
  ledgerAgainMs: { value: 30 * second, unit: 'ms', reason: 'until a ledger that could not be opened is tried again: a full disk may have room by then' },
  ledgerPruneRestMs: { value: 10 * second, unit: 'ms', reason: 'until it is looked again whether there is something to prune' },
  ledgerPruneMs: { value: 100, unit: 'ms', reason: 'between two small steps of pruning, so that blocks and questions come first' },

  // the wallet and the threads
  walletRows: { value: 500, unit: 'rows', reason: 'of the history that are kept and shown: 200 kB, which go to every tab' },
  intents: { value: 200, unit: 'transactions', reason: 'of the person that are on their way at once; four full blocks of them' },
  invites: { value: 100, unit: 'invites', reason: 'made here that are listed; the oldest whose coins were taken goes' },
  threadMessages: { value: 10_000, unit: 'messages', reason: 'of all threads together, of a KiB each at most: 10 MB in memory; whole threads go, oldest first, those the person wrote in last' },
  threadsShown: { value: 200, unit: 'threads', reason: 'in the list, newest word first: 100 kB, which go to every tab' },
  diaryBlocks: { value: 32, unit: 'blocks', reason: 'read into the history before it is written down and others get their turn' },
  diaryRecentBlocks: { value: 64, unit: 'blocks', reason: 'below the head whose bodies are asked of others before what comes after them is read; older ones are read afterwards, newest first' },
  diaryBodyTries: { value: 3, unit: 'heads', reason: 'at which a recent body that nobody gives is asked for, before the history goes on without it' },
  diaryBackBlocks: { value: 16, unit: 'blocks', reason: 'of before that are read in one go, a question to somebody each' },
  diaryRestBlocks: { value: 16, unit: 'blocks', reason: 'that bring nothing are not written down: so many are read again after a restart' },
  stampSliceMs: { value: 16, unit: 'ms', reason: 'of a search for a stamp at a time, so that blocks and questions come between' },
  stampSliceTries: { value: 65_536, unit: 'tries', reason: 'in such a slice at most, on a machine that is faster than any today' },
  booksTellMs: { value: 100, unit: 'ms', reason: 'between two tellings of wallet and threads, ten a second' },

  // the trie
  trieKeyBytes: { value: 64 * KiB, unit: 'bytes', reason: 'of a key in the trie; those of the ledger have a hundred' },
  trieValueBytes: { value: MiB, unit: 'bytes', reason: 'of a value in the trie: one that size makes a record of the store as large as they get' },

  // links
  linkChars: { value: 512, unit: 'characters', reason: 'a link survives every messenger and fits a QR code' },
  linkNameBytes: { value: 80, unit: 'bytes', reason: 'leaves room for the rest of a link after percent-encoding' },

  linkRelays: { value: 2, unit: 'relays', reason: 'of a link; one may go away, more would take the room of the name' },

  // protected files
  tdfSegmentBytes: { value: MiB, unit: 'bytes', reason: 'of plaintext in one segment: the least that is read and decrypted for any byte; 28 bytes and a line of the manifest for each are 0.01 %' },
  tdfSegmentBytesMost: { value: 4 * MiB, unit: 'bytes', reason: 'in a segment that others wrote; the most OpenTDF writers use' },
  tdfSegmentsInFlight: { value: 4, unit: 'segments', reason: 'encrypted or decrypted beside each other: enough to keep two cores busy' },
  tdfManifestBytes: { value: 10 * MiB, unit: 'bytes', reason: 'the most OpenTDF readers take; enough for a file of 100 GB' },
  tdfDirectoryBytes: { value: 64 * KiB, unit: 'bytes', reason: 'two entries with the longest extra fields anybody writes' },
  tdfKeyAccess: { value: 64, unit: 'entries', reason: 'key access objects of a file; one for each key server it names' },

  // torrents
  pieceBytesMin: { value: 256 * KiB, unit: 'bytes', reason: 'smaller pieces cost more hashing than they save' },
  pieceBytesMax: { value: 4 * MiB, unit: 'bytes', reason: 'a damaged piece is fetched again whole' },
  piecesWanted: { value: 1024, unit: 'pieces', reason: 'the piece length doubles above this, so metadata stays near 20 KiB' },
  infoBytes: { value: 2 * MiB, unit: 'bytes', reason: 'metadata of the largest file the pieces can describe, refused before it is parsed' },

  // frames between peers
  frameBytes: { value: MiB, unit: 'bytes', reason: 'largest reply of any protocol' },
  requestBytes: { value: 64 * KiB, unit: 'bytes', reason: 'questions are small' },
  frameHeadBytes: { value: 64, unit: 'bytes', reason: 'of a frame around the byte string it carries: length, map, id; 28 are used' },
  loggedFrames: { value: 4_096, unit: 'frames', reason: 'that came or left last are kept to be looked at, without what they said: half a MiB' },
  requestMs: { value: 15 * second, unit: 'ms', reason: 'deadline of a request' },
  requestsInFlight: { value: 64, unit: 'requests', reason: 'per stream; more wait their turn' },
  requestsAtWork: { value: 8, unit: 'requests', reason: 'of one stream answered at once, so that a slow reader makes us hold 8 replies, not 64' },
  requestBurst: { value: 256, unit: 'requests', reason: 'that one peer may ask at once' },
  requestsPerSecond: { value: 128, unit: 'requests/s', reason: 'that one peer may ask in the long run' },
  requestBurstAll: { value: 2048, unit: 'requests', reason: 'that all peers together may ask at once' },
  requestsPerSecondAll: { value: 512, unit: 'requests/s', reason: 'that all peers together may ask in the long run, about half of what a busy tab can answer' },
  protocolStreams: { value: 4, unit: 'streams', reason: 'of one protocol on one connection: one in use, one taking over' },
  cborDepth: { value: 32, unit: 'levels', reason: 'nesting of decoded data' },
  peerRecords: { value: 50, unit: 'records', reason: 'in one reply of the peer exchange' },
  recordRelays: { value: 4, unit: 'relays', reason: 'in one peer record' },
  relayAddressChars: { value: 200, unit: 'characters', reason: 'the address of a relay in a peer record' },
  knownPeers: { value: 1000, unit: 'records', reason: 'peer records kept' },

  // reach: streams between peers, content exchange, the wire
  peerStreams: { value: 16, unit: 'streams', reason: 'of bytes, on one connection in each direction: files exchanged with one peer at once' },
  sectionPartBytes: { value: 512 * KiB, unit: 'bytes', reason: 'of a section in one reply: with its proof it fits a frame, and only files above 4 GiB have longer sections' },
  sectionNodes: { value: 16, unit: 'nodes', reason: 'of the proof of a section: ten thousand lie five deep' },
  sectionNodeBytes: { value: 4096, unit: 'bytes', reason: 'of one of them: 48 entries of 51 bytes are the most' },
  contentQuestions: { value: 64, unit: 'hashes', reason: 'of each sort in one question who has them' },
  wireGreetings: { value: 32, unit: 'streams', reason: 'of peers who have not yet said which file they mean, four of one peer' },
  wireGreetMs: { value: 10 * second, unit: 'ms', reason: 'for the first 68 bytes of a wire, over a relay too' },
  wireEarlyBytes: { value: MiB, unit: 'bytes', reason: 'that come on a wire before it has a place' },
  wireHeldBytes: { value: 32 * MiB, unit: 'bytes', reason: 'that wait behind the limit of speed: what we ask one peer for at once is a second of its speed' },
  wireRequests: { value: 1024, unit: 'blocks', reason: 'that one peer may have asked for and not got; we tell it 512, which at 100 ms are 80 MB/s' },
  wireRequestBytes: { value: 32 * MiB, unit: 'bytes', reason: 'the same in bytes: a block may have 128 KiB, and all of them may lie in memory' },
  wireExtendedBytes: { value: 32 * KiB, unit: 'bytes', reason: 'one extension message; the largest is a piece of metadata, 16 KiB and a few more' },
  wireExtended: { value: 512, unit: 'messages', reason: 'of extensions in the life of a wire: the largest metadata is asked for in 128' },
  wireChatter: { value: 10_000, unit: 'messages', reason: 'that move no bytes of a file, beyond those for each piece: keep-alives of a week' },
  linkAsks: { value: 4, unit: 'questions', reason: 'to connected peers who has a file, at once; the same for streams being opened' },
  linkAskMs: { value: minute, unit: 'ms', reason: 'longest pause before a peer is asked again what it has' },
  linkPatienceMs: { value: 8 * second, unit: 'ms', reason: 'for a direct connection to come up before bytes go over a relay' },
  linkSources: { value: 4, unit: 'connections', reason: 'with so many, a file is not asked for among connected peers' },
  rateLeast: { value: 64 * KiB, unit: 'bytes/s', reason: 'the least speed one can ask for: a message a second; less ends connections' },
  readBytes: { value: 16 * MiB, unit: 'bytes', reason: 'of a file under way, in one read' },
  rendezvousOffers: { value: 200, unit: 'files', reason: 'announced at their rendezvous at once: each is a swarm more at the tracker' },
  rendezvousPeers: { value: 8, unit: 'connections', reason: 'at one rendezvous at once; each ends with its answer' },
  rendezvousMs: { value: 20 * second, unit: 'ms', reason: 'a connection at a rendezvous that brought no answer by then is ended' },
  rendezvousPaceMs: { value: second, unit: 'ms', reason: 'between two files announced at their rendezvous, after what is given itself' },
  searches: { value: 16, unit: 'searches', reason: 'by content id alone, at once' },
  searchCandidates: { value: 8, unit: 'torrents', reason: 'that peers name for one content id; those with the fewest vouchers are forgotten' },
  searchAskMs: { value: 5 * minute, unit: 'ms', reason: 'longest pause before a peer is asked again for a content id' },
  streamUnreadBytes: { value: MiB, unit: 'bytes', reason: 'that wait on a stream nobody reads; more ends it' },

  // connections
  peerConnections: { value: 300, unit: 'connections', reason: 'a page is given 500, and closed ones count until they are collected' },
  relaysWanted: { value: 2, unit: 'relays', reason: 'one may go away' },
  directPeersWanted: { value: 8, unit: 'peers', reason: 'enough to learn of others, few enough to stay cheap' },
  directPeersMost: { value: 32, unit: 'peers', reason: 'others want us too; above this their wish is not answered with a direct connection' },
  directTries: { value: 3, unit: 'tries', reason: 'one dial in seven fails for no reason found, the next one works (measured)' },
  directDialBurst: { value: 24, unit: 'dials', reason: 'eight peers, three tries each; every dial is a peer connection, of which a page has 500' },
  directDialsPerSecond: { value: 0.2, unit: 'dials/s', reason: 'in the long run: collected connections give their place back within seconds' },
  peerRetryMs: { value: 10 * minute, unit: 'ms', reason: 'longest pause before a peer that could not be reached is tried again' },
  peerBlockMs: { value: 10 * minute, unit: 'ms', reason: 'a peer that sent what no peer sends, or too much that was false, is not spoken with for this long' },
  peerFaults: { value: 2, unit: 'faults', reason: 'of a peer before the next one has it left alone: one may be an accident, three within minutes are a habit' },
  peerFaultsHalfMs: { value: 10 * minute, unit: 'ms', reason: 'in which half of its faults are forgiven: after a block one more is enough for the next' },
  errandMs: { value: 20 * second, unit: 'ms', reason: 'a circuit that was opened for a question is closed after so long without another: each takes of the relay, and of the quota of both' },

  // a relay that a link names
  networkFileBytes: { value: 64 * KiB, unit: 'bytes', reason: 'a network file with sixteen relays has 2 KiB' },
  networkFileMs: { value: 10 * second, unit: 'ms', reason: 'somebody waits for the answer to a question' },

  // storage
  storedPartBytes: { value: 4 * MiB, unit: 'bytes', reason: 'of a file of another store than this browser, read at once for somebody in another thread: each is a request to the store' },
  storeTryBytes: { value: 64, unit: 'bytes', reason: 'written to a store and read again before it is used' },
  storeAgainMs: { value: 30 * second, unit: 'ms', reason: 'after which a store that could not be reached is tried again for a file that somebody wants' },
  moveRetryMs: { value: 5 * minute, unit: 'ms', reason: 'longest pause before a move that was stopped by its stores goes on' },
  cloudPartBytes: { value: 8 * MiB, unit: 'bytes', reason: 'of a file on its way to a cloud store, in memory and in one request: S3 takes 10,000 parts of at least 5 MiB, so a file may have 78 GiB' },
  cloudCopyBytes: { value: 5 * GiB, unit: 'bytes', reason: 'that S3 copies by itself in one request' },
  cloudPageKeys: { value: 1000, unit: 'keys', reason: 'of one page of a list: the most that S3 gives' },
  cloudTries: { value: 3, unit: 'tries', reason: 'of a request to a cloud store that is busy or does not answer; then somebody is told' },
  cloudAnswerMs: { value: 30 * second, unit: 'ms', reason: 'in which a cloud store begins its answer, and in which more of one comes' },
  cloudUploadMs: { value: 10 * minute, unit: 'ms', reason: 'for the answer to a part of a file: a line that sends 14 kB/s needs as long for it' },
  cloudErrorChars: { value: 16_384, unit: 'characters', reason: 'that are looked at of an answer that says why not' },
  openHandles: { value: 64, unit: 'handles', reason: 'one costs 3.5 ms to open; the least recently used is closed' },
  pieceCacheBytes: { value: 64 * MiB, unit: 'bytes', reason: 'pieces that several people ask for at once are read once' },
  storedPathBytes: { value: 1024, unit: 'bytes', reason: 'the longest key S3 takes, so every bucket can hold what one holds' },
  storeChunkBytes: { value: MiB, unit: 'bytes', reason: 'one read or write of a stream: larger ones are no faster on OPFS, only heavier' },
  trashMs: { value: 7 * 24 * 60 * minute, unit: 'ms', reason: 'what was removed by mistake can be taken back for a week, or until the room is needed' },
  storedRecordBytes: { value: 256 * KiB, unit: 'bytes', reason: 'one record of a file in IndexedDB, where there is no OPFS: the smallest piece of a torrent is one write' },
  handOverMs: { value: 2 * second, unit: 'ms', reason: 'a dying tab or worker keeps its files locked for 16 to 72 ms (measured); a busy machine needs longer' },
  databaseOpenMs: { value: 15 * second, unit: 'ms', reason: 'a database that another tab holds up, or a browser that forgets to answer, is said and not waited for' },
  packCacheBytes: { value: 32 * MiB, unit: 'bytes', reason: 'of packs of the ledger in memory: those of the last 25 blocks of 500 updates, or of 200 of 50' },
  prunedBlocks: { value: 32, unit: 'blocks', reason: 'taken away in one step of pruning, which a commit may have to wait for: some 130 records, tens of ms' },
  bitfieldMs: { value: second, unit: 'ms', reason: 'how often the progress of a download is written down' },

  // keeping for others
  dutyDownloads: { value: 16, unit: 'files', reason: 'that a ledger has this device fetch, under way at once: four of them move, the others look for people, and thousands would hold a place in a swarm each' },
  removedFiles: { value: 10, unit: 'files', reason: 'that reconciliation takes away at once, before it asks: an upload has nine at most' },
  removedShare: { value: 0.1, unit: 'of the bytes', reason: 'held, that reconciliation takes away at once before it asks, where more than one upload goes' },
  reconcileMs: { value: minute, unit: 'ms', reason: 'between two passes over what is held; events bring most of it sooner' },
  reconcileLeastMs: { value: 5 * second, unit: 'ms', reason: 'the least that can be chosen for that: a pass over 100,000 files takes a tenth of a second' },
  followed: { value: 1000, unit: 'publishers', reason: 'that a person follows, chosen one by one; the oldest is forgotten' },
  recheckMs: { value: 24 * 60 * minute, unit: 'ms', reason: 'after which a stored file is read again, to see whether the disk still has it' },
  refetchMs: { value: minute, unit: 'ms', reason: 'before what could not be fetched is tried again; doubled each time' },
  refetchMostMs: { value: 60 * minute, unit: 'ms', reason: 'longest pause before that' },
  otherTorrentMs: { value: 30 * second, unit: 'ms', reason: 'in which nothing came of a file whose records name different torrents, until the next one is tried; doubled each time' },
  lostMs: { value: 24 * 60 * minute, unit: 'ms', reason: 'in which nobody was seen who has a file that was promised, until it is said to be lost; the next proof is asked for within a week' },
  hintedUploads: { value: 1_000, unit: 'uploads', reason: 'offered by blocks that are not safe yet: those of twenty full ones; the oldest is forgotten, the state has it later' },

  // swarms
  activeDownloads: { value: 4, unit: 'downloads', reason: 'more at once only share the same line' },
  swarmPeers: { value: 30, unit: 'connections', reason: 'for one file' },
  swarmStatusMs: { value: 250, unit: 'ms', reason: 'how often figures of transfers are shown anew' },
  swarmDialMs: { value: 20 * second, unit: 'ms', reason: 'a connection that is not open by then holds its place for nothing' },
  offerMs: { value: 6 * second, unit: 'ms', reason: 'an offer nobody took by then is closed: an answer takes a second, five where a STUN server is dead' },
  gatherMs: { value: 2 * second, unit: 'ms', reason: 'a STUN server that does not answer would hold up every connection for ten seconds' },
  offersAtOnce: { value: 5, unit: 'offers', reason: 'for one file at one tracker: each is a peer connection' },
  announceMs: { value: 2 * minute, unit: 'ms', reason: 'longest pause between two announcements, whatever the tracker asks for' },
  announceLonelyMs: { value: 30 * second, unit: 'ms', reason: 'the same while nobody who has the file is connected' },
  trackerRetryMs: { value: 8 * second, unit: 'ms', reason: 'longest pause between two tries for a tracker' },
  trackerQuietMs: { value: 15 * second, unit: 'ms', reason: 'a tracker silent for so long is asked for a sign of life: hanging ones close nothing' },
  trackerSilenceMs: { value: 8 * second, unit: 'ms', reason: 'how long that sign may take; a busy relay answers within one' },
  findingMs: { value: 30 * second, unit: 'ms', reason: 'a download that found nobody for so long lets a waiting one try' },

  sectionFiles: { value: 64, unit: 'files', reason: 'whose tries of sections are kept: 32 bytes for each 256 KiB, twice over' },
  receiptClockMs: { value: 10 * minute, unit: 'ms', reason: 'that the clock of who asks for a receipt may differ from ours' },
  falseAttachments: { value: 1000, unit: 'messages', reason: 'whose attachments were found to be false; the oldest is forgotten' },
  attachmentUnaskedBytes: { value: 16 * MiB, unit: 'bytes', reason: 'of an attachment that begins without a click, in a thread that is open: some seconds of a usual line' },
  attachmentsUnasked: { value: 32, unit: 'attachments', reason: 'of the newest messages on show that begin so: half a GiB at most, whoever writes into a thread' },
  leftAttachments: { value: 1000, unit: 'messages', reason: 'whose attachments the person took off, which never begin by themselves again; the oldest is forgotten' },
  activeAttachments: { value: 2, unit: 'downloads', reason: 'of attachments at once, beside those a person asked for by a link; the others wait for their turn' },
  attachmentTryMs: { value: minute, unit: 'ms', reason: 'an attachment of which nothing came for so long lets others try' },
  attachmentPauseMs: { value: 60 * minute, unit: 'ms', reason: 'longest pause before an attachment is tried again: it is never given up by itself' },

  // tabs of one browser
  claimMs: { value: 5 * second, unit: 'ms', reason: 'a service worker that begins takes over the open pages within a fraction of a second; a page that was loaded past it never has one' },
  tabCallMs: { value: 10 * second, unit: 'ms', reason: 'a tab that takes over begins to serve within two seconds, on a busy machine within a few more' },
  workerBeatMs: { value: 2 * second, unit: 'ms', reason: 'how often the tab that leads asks its workers whether they still answer' },
  workerBeatsMissed: { value: 5, unit: 'beats', reason: 'a worker that answers none of these hangs and is started anew; nothing it does takes ten seconds in one go' },
  workerDeaths: { value: 3, unit: 'deaths', reason: 'within a minute: starting it again would not help, so the reason is said' },
  workerDeathsMs: { value: minute, unit: 'ms', reason: 'deaths further apart have nothing to do with each other' },
  jobToldMs: { value: 250, unit: 'ms', reason: 'how often a tab tells the others how far its share job is' },

  // the person's own store
  openedMs: { value: 7 * 24 * 60 * minute, unit: 'ms', reason: 'a link that was opened and never fetched is forgotten, with its key' },
  openedLinks: { value: 100, unit: 'links', reason: 'opened and not fetched yet; the oldest goes. Those a backup brought do not count and do not go' },
  passphraseIterations: { value: 600_000, unit: 'iterations', reason: 'of PBKDF2 with SHA-256 (OWASP, 2023): a tenth of a second here, and for whoever tries passphrases on a stolen copy as well, each time' },
  passphraseIterationsMost: { value: 10_000_000, unit: 'iterations', reason: 'that a backup file may ask for: some seconds, not hours' },
  passphraseChars: { value: 8, unit: 'characters', reason: 'the least that a new passphrase has' },
  backupFileBytes: { value: 16 * MiB, unit: 'characters', reason: 'of a backup file: the most keys, each with a long name, take 7 million' },
  backupKeys: { value: 10_000, unit: 'keys', reason: 'of files in a backup; each is a link of at most 512 characters' },
  confirmWords: { value: 3, unit: 'words', reason: 'of a written phrase that are asked for: guessing them by chance succeeds once in 2^33' },
  blockedContents: { value: 1_000_000, unit: 'contents', reason: 'of imported lists: about 100 MB in the database' },

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

export type LimitName = keyof typeof table

/** The numbers alone, for code. */
export const limits = Object.fromEntries(Object.entries(table).map(([name, { value }]) => [name, value])) as Readonly<Record<LimitName, number>>

/** The whole table, for the documentation. */
export const limitTable: Readonly<Record<LimitName, Limit>> = table
