/**
 * One network on one core and on two (src/brain/workers): wall time of the same run, warm, in alternating rounds, and
 * whether the two brains are the same in every byte.
 *
 *     deno run -A bench/workers.ts [--rounds 5] [--workers 2] [--write]
 */

import { parseArgs } from "../src/deps.ts";
import type { Brain } from "../src/brain/brain.ts";
import { WORKLOADS } from "../src/tasks/workloads.ts";
import { environment, median, writeRows } from "./rows.ts";

const flags = parseArgs(Deno.args, {
  string: ["rounds", "workers"],
  boolean: ["write"],
  default: { rounds: "5", workers: "2" },
});
const workers = Number(flags.workers);

/** Networks, and times long enough that what a runtime compiles at the beginning does not count. */
const NETWORKS = [
  { workload: "W1", neurons: 10_000, simMs: 5000 },
  { workload: "W1", neurons: 100_000, simMs: 2000 },
  { workload: "W3", neurons: 20_000, simMs: 2000 },
];

async function seconds(brain: Brain, simMs: number): Promise<number> {
  const started = performance.now();
  await brain.run(Math.round(simMs / brain.dt));
  return (performance.now() - started) / 1000;
}

const rows: unknown[] = [];
for (const { workload, neurons, simMs } of NETWORKS) {
  const one = WORKLOADS[workload].create(neurons), several = WORKLOADS[workload].create(neurons);
  await several.moveTo({ workers });
  const times: { one: number[]; several: number[] } = { one: [], several: [] };
  for (let round = 0; round <= Number(flags.rounds); round++) {
    const [a, b] = [await seconds(one, simMs), await seconds(several, simMs)];
    if (round === 0) continue; // the runtime compiles
    times.one.push(a);
    times.several.push(b);
  }
  several.close();
  const same = [...one.arrays.entries()].every(({ name, data, derived }) => {
    const other = several.arrays.entry(name).data;
    return derived || data.every((x, k) => Object.is(x, other[k]));
  });
  const row = {
    workload,
    neurons,
    simMs,
    workers,
    oneS: median(times.one),
    severalS: median(times.several),
    ratio: median(times.one.map((a, k) => a / times.several[k])),
    same,
    rounds: times.one.length,
    ...environment(),
  };
  rows.push(row);
  console.log(JSON.stringify(row));
  if (!same) Deno.exitCode = 1;
}
if (flags.write) {
  await writeRows("workers", rows);
}
