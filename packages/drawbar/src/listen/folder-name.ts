/** What the folders of sockets are called that drawbar programs make; six characters follow. */
export const folderPrefix = "drawbar-";

/**
 * Says what a plugin is to call the folder that it makes for its sockets: a host whose plugin was killed before it had
 * told where it listens knows then what to remove.
 */
export const folderVariable = "DRAWBAR_SOCKET_FOLDER";

const shape = new RegExp(`^${folderPrefix}[A-Za-z0-9]{6}$`);

/** True for a name as drawbar programs give them; the folder above may well begin with the same word. */
export function isFolderName(name: string): boolean {
  return shape.test(name);
}

/** A name for `folderVariable`. */
export function chooseFolderName(): string {
  const digits = Math.floor(Math.random() * 36 ** 6).toString(36);
  return folderPrefix + digits.padStart(6, "0");
}
