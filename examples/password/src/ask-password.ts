const [interrupt, endOfInput, backspace, erase] = ["\u0003", "\u0004", "\u0008", "\u007f"];

/**
 * Asks the person at the terminal; a star stands for each character. Rejects on Ctrl-C and Ctrl-D, and where stdin
 * is no terminal.
 */
export async function askPassword(question: string): Promise<string> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY) throw new Error("a password can only be asked for at a terminal");
  stdout.write(question);
  stdin.setRawMode(true);
  try {
    return await readSecret();
  } finally {
    stdin.setRawMode(false);
    // Nothing is read on behalf of nobody: the next keystrokes are somebody else's.
    stdin.pause();
    stdout.write("\n");
  }
}

async function readSecret(): Promise<string> {
  let secret = "";
  for (;;) {
    for (const key of await nextKeys()) {
      if (key === "\r" || key === "\n") return secret;
      if (key === interrupt || key === endOfInput) throw new Error("no password was given");
      if (key === backspace || key === erase) {
        if (secret !== "") process.stdout.write("\b \b");
        secret = secret.slice(0, -1);
      } else {
        secret += key;
        process.stdout.write("*");
      }
    }
  }
}

function nextKeys(): Promise<string> {
  return new Promise((resolve, reject) => {
    const { stdin } = process;
    const onData = (chunk: Buffer): void => {
      stdin.off("end", onEnd).pause();
      resolve(chunk.toString("utf8"));
    };
    const onEnd = (): void => {
      stdin.off("data", onData);
      reject(new Error("the terminal is gone"));
    };
    stdin.once("data", onData).once("end", onEnd).resume();
  });
}
