import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PluginConfigError } from "../errors.ts";
import { groupId, longestSocketName, maxSocketPathBytes } from "../listen/socket-folder.ts";
import { hostFolderPrefix } from "../terminate/host-folder.ts";

/** Where a plugin makes its sockets, and who besides this user may connect to them. */
export interface UnixSocketSettings {
  /** The folder in which one is made for this plugin, and removed with its end. Default: the temporary folder. */
  readonly dir?: string;
  /** The group, by name or number, that sockets and folder are given to (modes 0660 and 0770). */
  readonly group?: string | number;
}

// What plugins make of it: go-plugin `plugin` and ten digits, drawbar a folder with a socket in it.
const roomBytes = Buffer.byteLength(`/drawbar-XXXXXX/${longestSocketName}`);

/** A folder of the host for one plugin's sockets (mode 0700, or 0770 with a group). */
export class HostSocketFolder {
  readonly path: string;

  constructor({ dir, group }: UnixSocketSettings) {
    this.path = mkdtempSync(join(dir ?? shortEnough(tmpdir()) ?? "/tmp", hostFolderPrefix));
    try {
      if (Buffer.byteLength(this.path) + roomBytes > maxSocketPathBytes) {
        throw new PluginConfigError(
          `unixSocket.dir ${dir} is too long: sockets in it would have paths of over ${maxSocketPathBytes} bytes`,
        );
      }
      if (group !== undefined) {
        chownSync(this.path, -1, groupId(String(group)));
        chmodSync(this.path, 0o770);
      }
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

function shortEnough(folder: string): string | undefined {
  const bytes = Buffer.byteLength(join(folder, `${hostFolderPrefix}XXXXXX`)) + roomBytes;
  return bytes <= maxSocketPathBytes ? folder : undefined;
}
