/**
 * The engine beside other programs on the same workloads (src/tasks/workloads.ts), in one run on one machine: plain C
 * (bench/peers/*.c, compiled here with gcc) and numpy. CPU seconds of the run alone; ours is the second run of a process,
 * since the compile time of the others is not counted either. Rounds alternate; medians.
 *
 *     deno run -A bench/peers.ts [--rounds 5] [--workload W1]
 */

import { parseArgs } from "../src/deps.ts";

const flags = parseArgs(Deno.args, { string: ["rounds", "workload"], default: { rounds: "5" } });
const here = new URL("peers/", import.meta.url).pathname, folder = await Deno.makeTempDir();

/** Each workload's size, and how its peers are called. */
const WORKLOADS = [
  { workload: "W1", neurons: 10_000, c: ["w1", "10000"], numpy: ["W1", "10000"] },
  { workload: "W1", neurons: 100_000, c: ["w1", "100000"], numpy: ["W1", "100000"] },
  // Weights change at each event, as ours do, not once a second.
  { workload: "W2", neurons: 1000, c: ["w2", "10"], env: { IMM: "1" }, numpy: ["W2", "1000"] },
  { workload: "W3", neurons: 20_000, c: ["w3", "20000", "1000", "200", ".1", "5", "2000", "1.5"], numpy: null },
].filter(({ workload }) => flags.workload === undefined || flags.workload === workload);

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
const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const rows: unknown[] = [];
for (const { workload, neurons, c, env, numpy } of WORKLOADS) {
  const binary = `${folder}/${c[0]}`, source = `${here}${c[0]}.c`;
  const gcc = "-O3 -march=native -ffast-math -fno-math-errno -w".split(" ");
  const built = await new Deno.Command("gcc", { args: [...gcc, `-I${here}`, source, "-o", binary, "-lmvec", "-lm"] })
    .output();
  if (!built.success) throw new Error(new TextDecoder().decode(built.stderr));
  const ours: number[] = [], first: number[] = [], plainC: number[] = [], arrays: number[] = [];
  let rates: number[] = [], bytesPerSynapse = 0;
  for (let round = 0; round < Number(flags.rounds); round++) {
    const args = [
      "run",
      "-A",
      cli,
      "benchmark",
      "engine",
      "--workload",
      workload,
      "--neurons",
      String(neurons),
      "--runs",
      "0",
    ];
    const own = (await json(Deno.execPath(), [...args, "--json"])).results[0],
      peer = await json(binary, c.slice(1), env);
    ours.push(own.cpuS);
    first.push(own.wallS);
    plainC.push(peer.user_s);
    if (python && numpy) {
      arrays.push(
        (await json("/usr/bin/python3", ["-W", "ignore", `${here}numpy_workloads.py`, ...numpy, "numpy"])).user_s,
      );
    }
    rates = [own.meanRateHz, peer.mean_rate_hz];
    bytesPerSynapse = own.bytesPerSynapse;
  }
  const row = {
    workload,
    neurons,
    ours: median(ours),
    firstS: median(first),
    c: median(plainC),
    numpy: arrays.length > 0 ? median(arrays) : null,
    perC: median(ours) / median(plainC),
    perNumpy: arrays.length > 0 ? median(ours) / median(arrays) : null,
    rateHz: rates,
    bytesPerSynapse,
    rounds: Number(flags.rounds),
    machine: `${Deno.build.arch}, ${navigator.hardwareConcurrency} cores, Deno ${Deno.version.deno}`,
    date: new Date().toISOString().slice(0, 10),
  };
  rows.push(row);
  console.log(JSON.stringify(row));
}
if (flags.workload === undefined) {
  const text = rows.map((row) => JSON.stringify(row) + "\n").join("");
  await Deno.writeTextFile(new URL("results/peers.jsonl", import.meta.url), text);
}
