/**
 * The TypeScript of a Markdown text by file name: each block whose first line is a comment with one, such
 * as `// host.ts`. A block that names several files is cut at each such line.
 */
export function namedCodeBlocks(markdown: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const [, block = ""] of markdown.matchAll(/^```ts\n(.*?)^```$/gms)) {
    for (const part of block.split(/^(?=\/\/ [\w-]+\.ts\b)/m)) {
      const name = /^\/\/ ([\w-]+\.ts)\b/.exec(part)?.[1];
      if (name !== undefined) files.set(name, part);
    }
  }
  return files;
}

/** The first block of TypeScript in a Markdown text. */
export function firstCodeBlock(markdown: string): string {
  return /^```ts\n(.*?)^```$/ms.exec(markdown)?.[1] ?? "";
}

/** What a program says that it prints: the comment behind each of its `console.log(…)`, a line each. */
export function promisedOutput(code: string): string {
  return [...code.matchAll(/console\.log\(.*?\/\/ (.*)$/gm)].map(([, line]) => `${line}\n`).join("");
}
