/**
 * The engine beside other programs on the same workloads (src/tasks/workloads.ts), in one run on one machine: plain C
 * (bench/peers/*.c, compiled here with gcc) and numpy. CPU seconds of the run alone; ours is the second run of a process,
 * since the compile time of the others is not counted either. Rounds alternate; medians.
 *
 *     deno run -A bench/peers.ts [--runs 3] [--rounds 5] [--workload W1] [--write]
 */

import { parseArgs } from "../src/deps.ts";
import { provenance } from "../src/cli/provenance.ts";
import { median, writeRows } from "./rows.ts";

const flags = parseArgs(Deno.args, {
  string: ["rounds", "runs", "workload"],
  boolean: ["write"],
  default: { rounds: "5", runs: "1" },
});
const here = new URL("peers/", import.meta.url).pathname, folder = await Deno.makeTempDir();

/** Each workload's size, and how its peers are called. */
const WORKLOADS: {
  workload: string;
  neurons: number;
  c: string[];
  env?: Record<string, string>;
  numpy: string[] | null;
}[] = [
  { workload: "W1", neurons: 10_000, c: ["w1", "10000"], numpy: ["W1", "10000"] },
  { workload: "W1", neurons: 100_000, c: ["w1", "100000"], numpy: ["W1", "100000"] },
  // Weights change at each event, as ours do, not once a second.
  { workload: "W2", neurons: 1000, c: ["w2", "10"], env: { IMM: "1" }, numpy: ["W2", "1000"] },
  { workload: "W3", neurons: 20_000, c: ["w3", "20000", "1000", "200", ".1", "5", "2000", "1.5"], numpy: null },
  { workload: "W4", neurons: 400, c: ["w4", "400"], numpy: null },
  { workload: "W4", neurons: 1600, c: ["w4", "1600"], numpy: null },
].filter(({ workload }: { workload: string }) => flags.workload === undefined || flags.workload === workload);

/** Runs a program; the last line of its output, as JSON. */
// deno-lint-ignore no-explicit-any
async function json(program: string, args: string[], env: Record<string, string> = {}): Promise<any> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, env }).output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
}

const python = await new Deno.Command("/usr/bin/python3", { args: ["-c", "import numpy"] }).output()
  .then(({ success }) => success, () => false);
if (!python) console.error("no numpy in /usr/bin/python3: its rows are left out");

const cli = new URL("../src/cli/main.ts", import.meta.url).href;
/** Builds a peer; returns its file. */
async function compile(name: string): Promise<string> {
  const gcc = "-O3 -march=native -ffast-math -fno-math-errno -w".split(" "), binary = `${folder}/${name}`;
  const args = [...gcc, `-I${here}`, `${here}${name}.c`, "-o", binary, "-lmvec", "-lm"];
  const { success, stderr } = await new Deno.Command("gcc", { args }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return binary;
}

const rows: unknown[] = [];
for (let run = 0; run < Number(flags.runs); run++) {
  for (const { workload, neurons, c, env, numpy } of WORKLOADS) {
    const binary = await compile(c[0]);
    const ours: number[] = [],
      first: number[] = [],
      frozen: number[] = [],
      plainC: number[] = [],
      arrays: number[] = [];
    let own, peer;
    for (let round = 0; round < Number(flags.rounds); round++) {
      const size = ["--workload", workload, "--neurons", String(neurons)];
      own = (await json(Deno.execPath(), ["run", "-A", cli, "benchmark", "engine", ...size, "--runs", "0", "--json"]))
        .results[0];
      ours.push(own.cpuS);
      first.push(own.wallS / own.warmS);
      if (own.frozenS !== null) frozen.push(own.frozenS);
      peer = await json(binary, c.slice(1), env);
      plainC.push(peer.user_s);
      if (python && numpy) {
        const args = ["-W", "ignore", `${here}numpy_workloads.py`, ...numpy];
        arrays.push((await json("/usr/bin/python3", args)).user_s);
      }
    }
    const over = (other: number[]) =>
      other.length > 0 ? { s: median(other), ratio: median(ours) / median(other) } : null;
    const row = {
      run,
      workload,
      neurons,
      simMs: own.simMs,
      ours: median(ours),
      // The first run over the second, both by the wall.
      first: median(first),
      frozenS: frozen.length > 0 ? median(frozen) : null,
      c: over(plainC),
      numpy: over(arrays),
      rateHz: [own.meanRateHz, peer.mean_rate_hz],
      bytesPerSynapse: own.bytesPerSynapse,
      rounds: ours.length,
      ...await provenance(),
    };
    rows.push(row);
    console.log(JSON.stringify(row));
  }
}
if (flags.write) {
  await writeRows("peers", rows);
}
