/** What an install is at. Bytes come at most every 50 ms, and once at the end. */
export type InstallProgress = InstallStep & {
  /** `darwin_arm64`: where it is another than that of the installation, and only locked. */
  readonly platform?: string;
};

type InstallStep =
  /** Another process installs the same plugin, or fetches the same file. */
  | { readonly kind: "waiting"; readonly name: string; readonly pid: number }
  | { readonly kind: "resolving"; readonly name: string; readonly source: string }
  | {
      readonly kind: "fetching";
      readonly name: string;
      readonly version: string | undefined;
      readonly receivedBytes: number;
      /** undefined where nobody said it. */
      readonly totalBytes: number | undefined;
    }
  | { readonly kind: "unpacking"; readonly name: string; readonly version: string | undefined }
  /** The lock file has another platform now. */
  | { readonly kind: "locked"; readonly name: string; readonly version: string }
  /** Of another version than before, the lock file lacks platforms that it had: they were not locked with it. */
  | {
      readonly kind: "unlocked";
      readonly name: string;
      readonly version: string;
      readonly platforms: readonly string[];
    }
  | {
      readonly kind: "installed";
      readonly name: string;
      readonly version: string;
      /** False if it was there already. */
      readonly changed: boolean;
    };

const everyMs = 50;

/** Tells bytes that arrive, but not each time. */
export function paced(
  report: (received: number, total: number | undefined) => void,
): (received: number, total: number | undefined) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (received, total) => {
    const now = performance.now();
    if (received !== total && now - last < everyMs) return;
    last = now;
    report(received, total);
  };
}
