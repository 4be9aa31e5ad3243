/** `brainsim completions`: shell completions, made from the tables of commands and flags. */

import { type Command, COMMON } from "./command.ts";
import { EXIT } from "./exit.ts";

/** The command, given how to load all commands. */
export function completionsFor(load: () => Promise<Command[]>): Command {
  return {
    name: "completions",
    meaning: "prints completions for a shell",
    operands: ["bash|zsh|fish"],
    arity: [0, 1],
    examples: ["brainsim completions bash > brainsim.bash", "brainsim completions fish | source"],
    flags: [],
    async run(given, output) {
      const shell = given.positionals[0] ?? "bash";
      const { InputError, knownNames, show } = await import("../state/errors.ts");
      if (!Object.hasOwn(SHELLS, shell)) {
        throw new InputError(`Cannot complete for ${show(shell)}; ${knownNames("shells", shell, Object.keys(SHELLS))}`);
      }
      const script = SHELLS[shell](await load());
      output.result(script);
      output.record("end", { shell, script });
      return EXIT.done;
    },
  };
}

function flagsOf(command: Command): string[] {
  return [...command.flags, ...COMMON].map(({ name }) => `--${name}`);
}

const SHELLS: Record<string, (commands: Command[]) => string> = {
  bash: (commands) =>
    [
      "_brainsim() {",
      '  local word="${COMP_WORDS[COMP_CWORD]}" command="${COMP_WORDS[1]}" words=""',
      '  if [ "$COMP_CWORD" = 1 ]; then',
      `    words="${commands.map(({ name }) => name).join(" ")}"`,
      '  else case "$command" in',
      ...commands.map((command) => `    ${command.name}) words="${flagsOf(command).join(" ")}" ;;`),
      "  esac fi",
      '  COMPREPLY=($(compgen -W "$words" -- "$word"))',
      "}",
      "complete -o default -F _brainsim brainsim",
    ].join("\n"),
  zsh: (commands) =>
    [
      "#compdef brainsim",
      "_brainsim() {",
      "  if (( CURRENT == 2 )); then",
      `    local -a commands=(${
        commands.map(({ name, meaning }) => `'${name}:${meaning.replaceAll("'", "’").replaceAll(":", " ")}'`).join(" ")
      })`,
      "    _describe command commands",
      "  else case $words[2] in",
      ...commands.map((command) => `    ${command.name}) compadd -- ${flagsOf(command).join(" ")}; _files ;;`),
      "  esac fi",
      "}",
      "compdef _brainsim brainsim",
    ].join("\n"),
  fish: (commands) =>
    commands.flatMap((command) => [
      `complete -c brainsim -n __fish_use_subcommand -a ${command.name} -d '${command.meaning.replaceAll("'", "’")}'`,
      ...[...command.flags, ...COMMON].map(({ name, short, value, optional, meaning }) =>
        `complete -c brainsim -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${
          short ? ` -s ${short}` : ""
        }${value && !optional ? " -r" : ""} -d '${meaning.replaceAll("'", "’")}'`
      ),
    ]).join("\n"),
};
