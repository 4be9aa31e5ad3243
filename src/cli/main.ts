/** The command line: arguments → command → exit code. */

import { FileError, InputError, knownNames } from "../state/errors.ts";
import { type Command, commandHelp, COMMON, flagLines, parseCommand } from "./command.ts";
import { Output } from "./output.ts";
import { EXIT } from "./exit.ts";
import { VERSION } from "./version.ts";

/** The commands; each is loaded when it is used. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  create: async () => (await import("./create.ts")).create,
  run: async () => (await import("./run.ts")).run,
  train: async () => (await import("./train.ts")).train,
  inspect: async () => (await import("./inspect.ts")).inspect,
  save: async () => (await import("./save.ts")).save,
  benchmark: async () => (await import("./benchmark.ts")).benchmark,
  completions: async () => (await import("./completions.ts")).completionsFor(allCommands),
};

function allCommands(): Promise<Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}

async function overview(): Promise<string> {
  const commands = await allCommands();
  return [
    "brainsim: biologically inspired learning in spiking neural systems",
    "",
    "Examples:",
    "  brainsim create my.brain --preset quickstart --seed 1 --force",
    "  brainsim train --task iris --output iris.brain --force",
    "",
    "Commands (brainsim COMMAND --help tells more):",
    ...commands.map(({ name, meaning }) => `  ${name.padEnd(12)} ${meaning}`),
    "",
    "Flags:",
    ...flagLines([...COMMON, { name: "version", meaning: "show the version" }]),
  ].join("\n");
}

/** Runs one command line; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  const output = new Output(args.includes("--json"), args.includes("--quiet") || args.includes("-q"));
  try {
    if (name === undefined || name === "--help" || name === "-h") {
      console.log(await overview());
      return name === undefined ? EXIT.usage : EXIT.done;
    }
    if (name === "--version") {
      console.log(`brainsim ${VERSION}`);
      return EXIT.done;
    }
    if (name.startsWith("-")) {
      const known = ["--help", "--version"];
      throw new InputError(
        `brainsim: no flag ${name.split("=")[0]} before a command; ${knownNames("flags", name, known)}; ` +
          `others stand after the command, as in brainsim inspect a.brain --json`,
      );
    }
    if (!Object.hasOwn(COMMANDS, name)) {
      throw new InputError(`brainsim: no command "${name}"; ${knownNames("commands", name, Object.keys(COMMANDS))}`);
    }
    const command = await COMMANDS[name]();
    const given = parseCommand(command, rest);
    if (given.has("help")) {
      console.log(await commandHelp(command));
      return EXIT.done;
    }
    return await command.run(given, output);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return EXIT.done;
    output.done();
    const message = error instanceof Error ? error.message : String(error);
    console.error(
      args.includes("--debug") && error instanceof Error ? error.stack : `error: ${message.replaceAll("\n", " ")}`,
    );
    return error instanceof InputError ? EXIT.usage : error instanceof FileError ? EXIT.unreadable : EXIT.failed;
  }
}

if (import.meta.main) {
  // The compiled program may start others, for the one benchmark that starts it again. Nothing else needs to.
  if (Deno.build.standalone && !(Deno.args[0] === "benchmark" && Deno.args.includes("engine"))) {
    Deno.permissions.revokeSync({ name: "run" });
  }
  Deno.exit(await main(Deno.args));
}
