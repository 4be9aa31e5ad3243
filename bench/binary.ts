/**
 * The compiled program: its size, and the time of short commands from start to end, beside the same ones from sources.
 *
 *     deno task compile && deno run -A bench/binary.ts [--write]
 *
 * With --write, the row goes to bench/results/binary.jsonl.
 */

import { parseArgs } from "../src/deps.ts";
import { provenance } from "../src/cli/provenance.ts";
import { median, writeRows } from "./rows.ts";

const RUNS = 21;
const PROGRAM = new URL("../dist/brainsim", import.meta.url).pathname;
const MAIN = new URL("../src/cli/main.ts", import.meta.url).pathname;

/** What a command prints. */
async function printed(program: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** Median, least and most of the time from start to end, ms; the first time is not counted. */
async function timed(program: string, ...args: string[]) {
  const times: number[] = [];
  for (let k = 0; k <= RUNS; k++) {
    const started = performance.now();
    await printed(program, args);
    if (k > 0) times.push(performance.now() - started);
  }
  return { medianMs: median(times), leastMs: Math.min(...times), mostMs: Math.max(...times) };
}

/** Bytes of a file when it is packed. */
async function packed(path: string): Promise<number> {
  const file = await Deno.open(path);
  let bytes = 0;
  for await (const part of file.readable.pipeThrough(new CompressionStream("gzip"))) bytes += part.length;
  return bytes;
}

const folder = await Deno.makeTempDir(), brain = `${folder}/quick.brain`;
await printed(PROGRAM, ["create", brain, "--preset", "quickstart"]);
const benchmark = "benchmark iris --quick --seeds 1 --arms r-stdp --json".split(" ");
const { machine, version } = JSON.parse((await printed(PROGRAM, benchmark)).split("\n")[1]);
const sources = (...args: string[]) => timed(Deno.execPath(), "run", "-A", MAIN, ...args);
const row = {
  ...await provenance(),
  program: `brainsim ${version} on ${machine}`,
  bytes: (await Deno.stat(PROGRAM)).size,
  gzipBytes: await packed(PROGRAM),
  runs: RUNS,
  help: await timed(PROGRAM, "--help"),
  inspect: await timed(PROGRAM, "inspect", brain),
  helpOfSources: await sources("--help"),
  inspectOfSources: await sources("inspect", brain),
};
await Deno.remove(folder, { recursive: true });
console.log(JSON.stringify(row));
if (parseArgs(Deno.args, { boolean: ["write"] }).write) await writeRows("binary", [row]);
