/** A test: its file, and words of its title. */
type Test = readonly [file: string, title: string];

const unit = (file: string, title: string): Test => [`packages/drawbar/src/${file}.test.ts`, title];
const whole = (file: string, title: string): Test => [`packages/drawbar/test/${file}.test.ts`, title];
const foreign = (file: string, title: string): Test => [`conformance/drawbar/${file}.test.ts`, title];

/** What shows each line of docs/differences.md, by the line's first cell. */
export const differences: Readonly<Record<string, readonly Test[]>> = {
  "The host's environment wins over the caller's values for one plugin": [
    unit(
      "handshake/plugin-environment",
      "takes the caller's value before the host's, and the host's if asked to",
    ),
  ],
  "One of `MinPort`, `MaxPort` alone sends 0 for the other, which plugins refuse": [
    unit("handshake/plugin-environment", "moves its other end when only one is given"),
  ],
  'A failed start cannot be tried again ("exec: Stdout already set")': [
    whole("start-failures", "may be tried again with the same options, since each is a start of its own"),
  ],
  "A checksum configuration works once, and the file is checked by path, then started": [
    whole(
      "secure-config",
      "can be started again with the same config, whatever the hash and the form of its digest",
    ),
    whole("secure-config", "is started from a private copy, which is gone with it"),
  ],
  "Any line on stdout before the handshake is the handshake, and fails": [
    whole("client", "may be noisy on stdout before its handshake"),
    unit("launch/stdout-reader", "has the handshake line wherever it comes, and the noise before it is kept"),
    unit("handshake/read-handshake-line", "is told from noise by its number and its fields"),
  ],
  "A line of stdout over 64 KiB ends the reading for good": [
    unit("launch/stdout-reader", "has it after a line of a mebibyte, of which the beginning is kept"),
    whole("start-failures", "because it prints a line without end is bounded and told"),
  ],
  "Both protocols must be allowed by name; the default is net/rpc alone": [
    whole(
      "netrpc",
      "may be in one program and one host with plugins over gRPC, and under one name with its other half",
    ),
    whole("netrpc", "is refused by a host that allows gRPC alone"),
  ],
  "A plugin that cannot start to serve exits with 0": [
    whole("serve", "that finds every port of its host's range taken says so on stderr and exits with 1"),
    whole("serve", "that its host asks for a port that is no number"),
  ],
  "A certificate from a plugin to a host without TLS crashes the host": [
    whole("tls", "that the host did not ask for is an error, and not a crash as upstream"),
  ],
  "`TMPDIR` of more than about 90 bytes: no plugin starts": [
    whole("client", "works under a temporary folder whose path is too long for a socket"),
  ],
  "A plugin's sockets lie in the temporary folder with its default mode": [
    whole("serve", "serves on a socket in a private folder, ignores SIGINT, and at SIGTERM removes both"),
    unit("broker/grpc-broker", "keeps its sockets in one private folder and removes each when it is closed"),
  ],
  "A plugin listens, and its host connects": [
    whole(
      "inherited-connection",
      "serves it, says so, and listens too, whether its host has spoken by then or not",
    ),
    whole("inherited-connection", "listens as others do where it may not be its host's, or is no socket"),
    whole(
      "inherited-connection",
      "listens as others do behind a script that waits for it, and where its host starts it without",
    ),
  ],
  "Discovery finds whatever matches": [
    unit("discover/discover", "finds the executable files that match, sorted"),
    unit("discover/discover", "finds those that may not be executed where it is asked to"),
  ],

  'A line of stderr with `{"@message": 5}` crashes the host': [
    unit("log/classify-stderr-line", "that would crash a Go host is shown as it is"),
    unit("log/classify-stderr-line", "never makes the host throw, whatever it holds"),
  ],
  "A plugin that writes to stdout blocks until a host reads": [
    unit("protocol/stdio-buffer", "is bounded: what is too much is dropped and told"),
    whole("client", "is held back, not dropped, where it comes faster than it goes"),
  ],
  "Stdio has one consumer ever": [
    whole("serve-test", "gives its output to one host after the other"),
    unit("protocol/netrpc/stdio-serving", "goes to the next host once the first has left"),
  ],
  "A writer of the host's that fails ends the copying": [
    whole("client", "harms nobody when the host's sink throws"),
    unit("launch/stderr-pump", "that throws is told of once"),
  ],
  "Log levels are the host's business alone": [
    whole("client", "that the host's log would drop is not written by the plugin"),
  ],
  "Calls after a plugin's death fail with the transport's words": [
    whole("client", "fails every call in flight with its exit code and last words"),
    whole("netrpc", "fails every call with its exit code and its last words"),
  ],
  "A ping of a plugin that does not answer waits for ever": [
    whole("client", "fails a ping that is not answered when its time is over"),
  ],
  "Ids that nobody came for stay in the broker for ever; some waits can block": [
    unit(
      "broker/grpc-broker",
      "fails a call after five seconds if the other side never comes, and holds nothing for it",
    ),
    unit("broker/grpc-broker", "gives up accepting after five seconds, and closes the socket"),
    unit(
      "broker/mux-broker",
      "gives up after five seconds on either side, holds nothing, and ends the stream",
    ),
    unit("broker/mux-rendezvous", "gives up on a number that is never offered, and goes on with the next"),
  ],
  "A second connection for one id is forgotten, and stays open": [
    unit("broker/mux-broker", "ends the second stream for one number, and keeps the first"),
    unit("broker/awaited-notes", "drops a second note for a number, and those beyond the bound"),
  ],
  'A host refuses a knock that is there before its listener ("no listener")': [
    unit("broker/mux-rendezvous", "answers a knock that came before its offer"),
  ],
  'A socket file that a cleaner deleted shows as "no such file"': [
    unit(
      "serve/socket-keeper",
      "is touched every hour, so that it does not look abandoned, and its deletion is told",
    ),
    whole("reattach", "says so where a cleaner deleted the socket of a plugin that runs"),
  ],

  "`Kill` waits 2 s, then SIGKILL": [
    unit("terminate/end-process", "uses force on one that ignores SIGTERM"),
    unit("terminate/end-process", "gives up on one that even force does not end"),
    whole("client", "ends a plugin that does not answer Shutdown but obeys SIGTERM with that"),
  ],
  "Calls in flight break at Shutdown": [
    whole("shutdown", "breaks them by default, as go-plugin does"),
    whole("shutdown", "finishes the calls in flight when it is killed, refuses new ones, and ends in order"),
    whole("shutdown", "cannot keep the plugin from ending"),
  ],
  "SIGTERM ends a plugin at once and leaves its socket": [
    whole("serve", "serves on a socket in a private folder, ignores SIGINT, and at SIGTERM removes both"),
    whole("shutdown", "runs at SIGTERM too"),
  ],
  "Of a host killed by SIGKILL, plugins stay": [
    whole("host-end", "by SIGKILL is noticed by the plugin, which ends and removes its socket"),
    unit(
      "serve/orphan-watch",
      "notices within half a second of the last connection's end that its parent changed",
    ),
    whole("host-end", "by SIGKILL ends a plugin of another make too, where a watchdog was asked for"),
    whole("reattach", "goes on after its host has exited, and serves the next one"),
  ],
  "A plugin's own children stay when it is killed": [
    whole("process-group", "is not the default: a child goes on"),
    whole("process-group", "takes a child that is"),
    whole("process-group", "takes its child along when its host is killed by SIGKILL"),
  ],
  "A child that holds the plugin's output keeps `Kill` waiting, and the end unseen": [
    whole("process-group", "does not hold the end up though it holds the output"),
  ],
  "A plugin killed by SIGKILL leaves its sockets": [
    whole("client", "leaves no socket behind, even when killed"),
    unit("terminate/remove-socket", "is removed: its socket, those of its brokered connections"),
    foreign("longevity-kill", "every promise settles and nothing is left"),
  ],
  "Concurrent kills wait for each other": [
    whole("client", "is one, however often and whenever it is called"),
  ],
  "Managed clients stay in a global list": [
    whole("client", "are killed together, and only they"),
    foreign("longevity-launch", "after"),
  ],

  "A reattached client does not find plugins of `VersionedPlugins`": [
    whole("reattach", "is served in the version that it has, whichever form the host's plugin sets have"),
  ],
  "`Pid: 0` is accepted, and a kill would signal the host's own group": [
    unit(
      "reattach/reattach-config",
      "is refused with a pid of 0, which would be the host's own process group",
    ),
    whole("reattach", "is refused with this very process, which kill would end"),
  ],
  "A process id that another program was given since is killed": [
    unit("reattach/pid-process", "is not taken for a later process of the same number"),
  ],
  "A process that does not answer at its address is killed by older hosts": [
    whole("reattach", "is refused where the process is another program, which is left alone"),
  ],
  "`ReattachConfig` of a plugin with AutoMTLS is given, and no host can use it": [
    whole("reattach", "a plugin with AutoMTLS cannot be attached to, and says so at once"),
  ],
  "In test mode the lowest of several versions is served": [
    whole("serve-test", "serves the highest of its versions, and says so"),
  ],

  "AutoMTLS certificates are P-521": [
    unit("security/auto-mtls", "has P-256 keys, or P-521 if it is told so"),
    unit("security/auto-mtls", "connects two sides that were told each other's certificate"),
    foreign("mtls", "secures what our host calls of its plugin, which cannot call back"),
  ],
  "A plugin that is told half a host's certificate, or none, refuses every connection without a word": [
    whole("serve", "that its host asks for AutoMTLS with half a certificate"),
    unit("security/auto-mtls", "refuses to trust what is no certificate, or a part of one"),
    foreign("mtls", "has our plugin refuse to start with half of a host's certificate"),
  ],
  "A plugin with certificates of its own ignores the host's wish for AutoMTLS": [
    whole("tls", "excludes AutoMTLS, on either side"),
  ],
};
