let steps = 0;

/** The heading of the next step. */
export function step(title: string): void {
  say(`\n${++steps}. ${title}`);
}

/** Lines of a step, indented below it. */
export function tell(text: string): void {
  say(text.trimEnd().replace(/^(?=.)/gm, "   "));
}

/** A line as it is. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
