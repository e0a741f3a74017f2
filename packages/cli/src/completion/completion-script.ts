import type { Command } from "commander";
import { type CommandWords, completionWords } from "./completion-words.ts";

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** The script that teaches a shell the command line; it starts no process when it completes. */
export function completionScript(shell: Shell, program: Command): string {
  const commands = completionWords(program);
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return zsh(commands);
    case "fish":
      return fish(commands);
  }
}

function bash(commands: readonly CommandWords[]): string {
  const options = commands.map(
    ({ name, options: known }) => `    ${name}) words="${known.map(({ long }) => long).join(" ")}" ;;`,
  );
  const choices = choiceCases(commands, (words) => `choices="${words.join(" ")}" ;;`);
  return `_drawbar() {
  local words="" choices="" current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    choices="${commands.map(({ name }) => name).join(" ")}"
  fi
  case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD-1]}" in
${choices}
  esac
  if [ -n "$choices" ]; then
    COMPREPLY=($(compgen -W "$choices" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${options.join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _drawbar drawbar
`;
}

function zsh(commands: readonly CommandWords[]): string {
  const described = (words: readonly (readonly [text: string, description: string])[]): string =>
    words.map((pair) => quote(pair.join(":"))).join(" ");
  const names = described(commands.map(({ name, description }) => [name, description]));
  const options = commands.map(({ name, options: known }) => {
    const words = described(known.map(({ long, description }) => [long, description]));
    return `    ${name}) options=(${words}) ;;`;
  });
  const choices = choiceCases(commands, (words) => `compadd ${words.join(" ")}; return ;;`);
  return `#compdef drawbar
_drawbar() {
  local -a commands options
  commands=(${names})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  case "$words[2] $words[CURRENT-1]" in
${choices}
  esac
  case "$words[2]" in
${options.join("\n")}
  esac
  if [[ "$words[CURRENT]" == -* ]]; then _describe option options; else _files; fi
}
if [[ "$funcstack[1]" == _drawbar ]]; then _drawbar; else compdef _drawbar drawbar; fi
`;
}

// By the command and the word before: an option, or the command itself where its first argument is meant.
function choiceCases(
  commands: readonly CommandWords[],
  then: (choices: readonly string[]) => string,
): string {
  return commands
    .flatMap(({ name, options, choices }) => [
      { name, before: [name], choices },
      ...options.map(({ long, short, choices: ofValue }) => ({
        name,
        before: [long, ...(short === undefined ? [] : [short])],
        choices: ofValue,
      })),
    ])
    .filter(({ choices }) => choices.length > 0)
    .map(
      ({ name, before, choices }) =>
        `    ${before.map((word) => `"${name} ${word}"`).join("|")}) ${then(choices)}`,
    )
    .join("\n");
}

function fish(commands: readonly CommandWords[]): string {
  const first = commands.map(
    ({ name, description }) =>
      `complete -c drawbar -f -n __fish_use_subcommand -a ${name} -d ${quote(description)}`,
  );
  const later = commands.flatMap(({ name, options, choices }) => {
    const after = `complete -c drawbar -n '__fish_seen_subcommand_from ${name}'`;
    return [
      ...(choices.length === 0 ? [] : [`${after} -f -a ${quote(choices.join(" "))}`]),
      ...options.map(({ long, short, description, takesValue, choices: ofValue }) => {
        const names = `-l ${long.slice(2)}${short === undefined ? "" : ` -s ${short.slice(1)}`}`;
        const value = ofValue.length > 0 ? ` -x -a ${quote(ofValue.join(" "))}` : takesValue ? " -r" : "";
        return `${after} ${names}${value} -d ${quote(description)}`;
      }),
    ];
  });
  return `${[...first, ...later].join("\n")}\n`;
}

// A quotation mark ends the text, stands for itself, and begins the text again: in all of these shells.
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
