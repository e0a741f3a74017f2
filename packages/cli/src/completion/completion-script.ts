import type { Command } from "commander";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

interface Word {
  readonly text: string;
  readonly description: string;
}

/** What can follow each command, out of the program's own description. */
interface Words {
  readonly commands: readonly Word[];
  readonly options: ReadonlyMap<string, readonly Word[]>;
}

/** The script that teaches a shell the command line; it starts no process when it completes. */
export function completionScript(shell: Shell, program: Command): string {
  const words = wordsOf(program);
  switch (shell) {
    case "bash":
      return bash(words);
    case "zsh":
      return zsh(words);
    case "fish":
      return fish(words);
  }
}

function wordsOf(program: Command): Words {
  const commands = program.commands.map((one) => ({
    text: one.name(),
    description: one.summary() || one.description(),
  }));
  const options = new Map(
    program.commands.map((one) => [
      one.name(),
      one.options.flatMap(({ long, description }) =>
        long ? [{ text: long, description: firstPart(description) }] : [],
      ),
    ]),
  );
  return { commands, options };
}

function firstPart(description: string): string {
  return description.split(/[(:;]/)[0]?.trim() ?? "";
}

function bash({ commands, options }: Words): string {
  const cases = [...options].map(([name, words]) => `    ${name}) words="${texts(words)}" ;;`);
  return `_drawbar() {
  local words="" current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${texts(commands)}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _drawbar drawbar
`;
}

function texts(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(" ");
}

function zsh({ commands, options }: Words): string {
  const described = (words: readonly Word[]): string =>
    words.map(({ text, description }) => quote(`${text}:${description}`)).join(" ");
  const cases = [...options].map(([name, words]) => `    ${name}) options=(${described(words)}) ;;`);
  return `#compdef drawbar
_drawbar() {
  local -a commands options
  commands=(${described(commands)})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${cases.join("\n")}
  esac
  if [[ "$words[CURRENT]" == -* ]]; then _describe option options; else _files; fi
}
if [[ "$funcstack[1]" == _drawbar ]]; then _drawbar; else compdef _drawbar drawbar; fi
`;
}

function fish({ commands, options }: Words): string {
  const first = commands.map(
    ({ text, description }) =>
      `complete -c drawbar -f -n __fish_use_subcommand -a ${text} -d ${quote(description)}`,
  );
  const later = [...options].flatMap(([name, words]) =>
    words.map(
      ({ text, description }) =>
        `complete -c drawbar -n '__fish_seen_subcommand_from ${name}' -l ${text.slice(2)} -d ${quote(description)}`,
    ),
  );
  return `${[...first, ...later].join("\n")}\n`;
}

// A quotation mark ends the text, stands for itself, and begins the text again: in all of these shells.
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
