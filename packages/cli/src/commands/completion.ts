import { Argument, type Command } from "commander";
import type { CommandContext } from "../command-context.ts";
import { completionScript, type Shell, shells } from "../completion/completion-script.ts";

export function addCompletion(program: Command, context: CommandContext): void {
  program
    .command("completion")
    .summary("print what teaches a shell to complete this command line")
    .description("Print the script that teaches a shell to complete this command line.")
    .addArgument(new Argument("<shell>", "which one").choices(shells))
    .addHelpText("after", examples)
    .action((shell: Shell) => context.out(completionScript(shell, program)));
}

const examples = `
Examples:
  eval "$(drawbar completion bash)"                                  in ~/.bashrc
  eval "$(drawbar completion zsh)"                                   in ~/.zshrc, after compinit
  drawbar completion fish > ~/.config/fish/completions/drawbar.fish
`;
