/**
 * The compiled program does what the same sources do when they are run, in the words and bytes that they have there.
 * It is built once for all tests, as `deno task compile` builds it; where no runtime can be had, they are ignored.
 */

import { assert, assertEquals } from "@std/assert";
import { gpu } from "../backends/gpu.ts";
import {
  end,
  inFolder,
  type Outcome,
  program,
  records,
  refused,
  sameBytes,
  succeeded,
  within,
} from "./command_line.ts";

/** The exit code of the script where no runtime can be had. */
const NO_RUNTIME = 3;
/** Bytes that are too many: with data packages in it, it would have 55 MB more. */
const MOST_BYTES = 130e6;
/** Time from start to end of `--help`, ms; alone on a machine it takes less than 100. */
const MOST_HELP_MS = 300;

const ROOT = new URL("../../", import.meta.url).pathname;
const folder = await Deno.makeTempDir(), BINARY = `${folder}/brainsim`;
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

const built = await program(Deno.execPath(), ["run", "-A", ".ci/compile.ts", "--output", BINARY], { cwd: ROOT });
const missing = built.code === NO_RUNTIME ? "no runtime to compile with" : null;
if (missing !== null) console.error(built.err.trim());

const binary = (...args: string[]) => program(BINARY, args);

function binaryTest(name: string, run: () => void | Promise<void>, without: string | null = null): void {
  const reason = missing ?? without;
  Deno.test({ name: reason === null ? name : `${name} (ignored: ${reason})`, ignore: reason !== null, fn: run });
}

/** The last record of a command, without what differs from run to run. */
function outcome(command: Outcome) {
  const { wallS: _time, snapshot: _path, ...rest } = end(command);
  return rest;
}

/** Claims that two files have the same bytes. */
async function assertSameFiles(a: string, b: string): Promise<void> {
  assert(sameBytes(await Deno.readFile(a), await Deno.readFile(b)), `${a} and ${b} differ`);
}

binaryTest("deno task compile builds one file that starts, without data packages in it", async () => {
  assertEquals(built.code, 0, built.err);
  const { size } = await Deno.stat(BINARY);
  assert(size < MOST_BYTES, `${size} bytes`);
  assert(built.err.trim().split("\n").length === 1, `one line at most: ${built.err}`);
});

binaryTest("the compiled program shows its help in little time", async () => {
  const times: number[] = [], help = succeeded(await within("--help")).out;
  for (let k = 0; k < 5; k++) {
    const started = performance.now();
    assertEquals(succeeded(await binary("--help")).out, help);
    times.push(performance.now() - started);
  }
  const median = times.sort((a, b) => a - b)[2];
  assert(median <= MOST_HELP_MS, `${median} ms`);
});

binaryTest(
  "the compiled program creates, runs, inspects and exports brains, byte for byte",
  () =>
    inFolder(async (folder) => {
      const both = async (...args: string[]) => {
        const own = (place: string) => args.map((word) => word.replace("@", `${folder}/${place}`));
        const [a, b] = [await binary(...own("a"), "--json"), await within(...own("b"), "--json")];
        assertEquals(outcome(a), outcome(b));
      };
      await both("create", "@.brain", "--preset", "quickstart", "--seed", "1");
      const stimulus = "input=0.8,0.3,0.5";
      await both(
        "run",
        "@.brain",
        "--steps",
        "300",
        "--stimulate",
        stimulus,
        "--workers",
        "2",
        "--output",
        "@.later.brain",
      );
      await both("inspect", "@.later.brain", "--check");
      await both("save", "@.later.brain", "--to", "@.csv");
      for (const name of [".brain", ".later.brain", ".csv"]) {
        await assertSameFiles(`${folder}/a${name}`, `${folder}/b${name}`);
      }
    }),
);

binaryTest("the compiled program trains on the data that it carries", () =>
  inFolder(async (folder) => {
    const train = (
      file: string,
    ) => ["train", "--task", "iris", "--samples", "30", "--output", `${folder}/${file}`, "--json"];
    assertEquals(outcome(await binary(...train("a.brain"))), outcome(await within(...train("b.brain"))));
    await assertSameFiles(`${folder}/a.brain`, `${folder}/b.brain`);
  }));

binaryTest("the compiled program asks for data that it does not carry", async () => {
  refused(await binary("train", "--task", "mnist", "--output", "-"), 2, "--data DIR");
});

binaryTest("the compiled program runs benchmarks on workers", async () => {
  const values = (command: Outcome) =>
    records(succeeded(command)).filter(({ type }) => type === "metric").map(({ value }) => value);
  const args = ["benchmark", "iris", "--quick", "--seeds", "1", "--arms", "r-stdp", "--json"];
  assertEquals(values(await binary(...args)), values(await within(...args)));
});

binaryTest("the compiled program starts itself to time its engine", async () => {
  const args = ["benchmark", "engine", "--quick", "--workload", "W1", "--json"];
  const [row] = end(await binary(...args, "--runs", "1")).results,
    [expected] = end(await within(...args, "--runs", "0")).results;
  assertEquals([row.synapses, row.meanRateHz], [expected.synapses, expected.meanRateHz]);
});

binaryTest("the compiled program refuses in one line what it was not built for, and never asks", async () => {
  refused(await binary("inspect", "/proc/self/environ"), 3, "/proc/self/environ", "permission");
});

binaryTest("the compiled program has the kernels of GPUs", () =>
  inFolder(async (folder) => {
    const brain = `${folder}/a.brain`, run = "--steps 50 --stimulate input=1 --reward 1@20 --in-place".split(" ");
    succeeded(await binary("create", brain, "--preset", "quickstart"));
    const { backend, spikes } = end(await binary("run", brain, ...run, "--backend", "webgpu", "--json"));
    assertEquals(backend, "webgpu");
    assert(spikes > 0);
  }), gpu === null ? "no WebGPU adapter" : null);
