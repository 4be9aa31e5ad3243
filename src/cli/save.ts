/** `brainsim save`: saves a brain under another name or in another format. */

import type { Brain } from "../brain/brain.ts";
import { FileError, InputError, knownNames, show } from "../state/errors.ts";
import { type Command, SHARED } from "./command.ts";
import { EXIT } from "./exit.ts";
import { size } from "./output.ts";

const FORMATS = ["brain", "json", "csv"] as const;
type Format = typeof FORMATS[number];

/** The command. */
export const save: Command = {
  name: "save",
  meaning: "saves a brain under another name, or exports it: commands take only .brain files",
  operands: ["FILE.brain"],
  arity: [1, 1],
  examples: [
    "brainsim create quick.brain --preset quickstart --force && brainsim save quick.brain --to copy.brain --verify --force",
    "brainsim create quick.brain --preset quickstart --force && brainsim save quick.brain --to synapses.csv --force",
  ],
  flags: [
    { name: "to", value: "PATH", meaning: "where to; - for standard output" },
    { name: "format", value: "NAME", choices: FORMATS, meaning: "format (default: by the extension)" },
    { name: "verify", meaning: "read it back and compare" },
    SHARED.force,
  ],
  async run(given, output) {
    const { readBrain, readBytes, refuseExisting, writeBytes } = await import("./files.ts");
    const path = given.text("to");
    if (path === undefined) throw new InputError("brainsim save needs --to PATH, such as --to copy.brain");
    const format = formatOf(given.text("format"), path);
    if (given.has("verify") && path === "-") {
      throw new InputError("--verify needs a file; standard output cannot be read back");
    }
    const brain = await readBrain(given.positionals[0]);
    await refuseExisting(path, given);
    const bytes = await encodeAs(format, brain);
    await writeBytes(path, bytes, output);
    if (path === "-") return EXIT.done;
    if (given.has("verify")) await verify(format, brain, await readBytes("export", path), path);
    output.record("end", { snapshot: path, format, bytes: bytes.length, verified: given.has("verify") });
    output.report(
      `${path}: ${size(bytes.length)}${given.has("verify") ? ", read back and identical" : ""}${
        format === "brain" ? "" : "; an export: no command takes it for a brain"
      }`,
    );
    return EXIT.done;
  },
};

function formatOf(given: string | undefined, path: string): Format {
  const name = given ?? (path === "-" ? "brain" : path.slice(path.lastIndexOf(".") + 1).toLowerCase());
  if ((FORMATS as readonly string[]).includes(name)) return name as Format;
  throw new InputError(
    `Cannot save as ${show(path)}: no such format; ${knownNames("formats", name, FORMATS)}; give --format`,
  );
}

async function encodeAs(format: Format, brain: Brain): Promise<Uint8Array> {
  if (format === "brain") return (await import("../snapshot/snapshot.ts")).encodeSnapshot(brain);
  const { brainToJson, synapsesToCsv } = await import("../io/export.ts");
  return new TextEncoder().encode(format === "json" ? brainToJson(brain) : synapsesToCsv(brain));
}

/**
 * Reads an export back and compares it with the brain.
 * @throws {FileError} when something differs
 */
async function verify(format: Format, brain: Brain, bytes: Uint8Array, path: string): Promise<void> {
  const differs = (what: string) => new FileError(`"${path}" does not read back: ${what} differs`);
  if (format === "csv") {
    const { synapsesToCsv } = await import("../io/export.ts");
    if (new TextDecoder().decode(bytes) !== synapsesToCsv(brain)) throw differs("the text");
    return;
  }
  const { arrays } = format === "brain"
    ? (await import("../snapshot/snapshot.ts")).decodeSnapshot(bytes)
    : { arrays: (await import("../io/export.ts")).arraysFromJson(new TextDecoder().decode(bytes)) };
  for (const { name, data, derived } of brain.arrays.entries()) {
    if (!derived && !data.every((x, i) => Object.is(x, arrays.entry(name).data[i]))) throw differs(`array "${name}"`);
  }
}
