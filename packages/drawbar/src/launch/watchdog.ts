import { type ChildProcess, spawn } from "node:child_process";

// Reads until its stdin ends, which it does with the host, however that ends; then ends the plugin (or its group, by a
// negative number), and removes the socket that a killed plugin leaves and the copy that it was started from. Names
// come by stdin and arguments, never as code.
const script = `
trap '' INT TERM HUP QUIT
target=$1
socket=
copy=
while IFS= read -r line; do
  case $line in
    done) exit 0 ;;
    socket:*) socket=\${line#socket:} ;;
    copy:*) copy=\${line#copy:} ;;
  esac
done
kill -TERM "$target" 2>/dev/null || true
for _ in 1 2 3 4 5 6 7 8 9 10; do
  kill -0 "$target" 2>/dev/null || break
  sleep 0.05
done
[ -S "$socket" ] && rm -f -- "$socket"
[ -n "$copy" ] && rm -rf -- "$copy"
kill -KILL "$target" 2>/dev/null
exit 0
`;

/**
 * A small process that outlives this one and ends a plugin with it: for plugins of other makes, which do not see that
 * their host was killed. Costs a shell per plugin. Only where there is /bin/sh.
 */
export class Watchdog {
  readonly #shell: ChildProcess;

  constructor(pid: number, ownProcessGroup: boolean) {
    const target = ownProcessGroup ? -pid : pid;
    // In a session of its own, out of reach of what is sent to the host's process group.
    this.#shell = spawn("/bin/sh", ["-c", script, "drawbar-watchdog", String(target)], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    this.#shell.on("error", () => {});
    this.#shell.stdin?.on("error", () => {});
    this.#shell.unref();
  }

  /** What is to be removed when the host is gone. */
  guardSocket(path: string): void {
    this.#tell("socket", path);
  }

  /** The folder of the private copy that the plugin was started from. */
  guardCopy(folder: string): void {
    this.#tell("copy", folder);
  }

  /** The plugin is over, or is to go on alone. */
  dismiss(): void {
    this.#shell.stdin?.end("done\n");
  }

  #tell(what: "socket" | "copy", path: string): void {
    // A path with a newline cannot be told; nor can one stand in a handshake line.
    if (!path.includes("\n")) this.#shell.stdin?.write(`${what}:${path}\n`);
  }
}
