/**
 * Where the time of a step goes: microseconds of each stage (src/engine/step.ts) of the engine's workloads, warm.
 *
 *     deno run -A bench/profile.ts [--write]
 */

import { parseArgs } from "../src/deps.ts";
import { cpuKernels } from "../src/engine/cpu/kernels.ts";
import { workOf } from "../src/engine/stages.ts";
import { WORKLOADS } from "../src/tasks/workloads.ts";
import { environment, writeRows } from "./rows.ts";

const flags = parseArgs(Deno.args, { boolean: ["write"] });
const NETWORKS = [
  { workload: "W1", neurons: 10_000, steps: 3000 },
  { workload: "W1", neurons: 100_000, steps: 500 },
  { workload: "W2", neurons: 1000, steps: 10_000 },
  { workload: "W3", neurons: 20_000, steps: 1000 },
  { workload: "W4", neurons: 400, steps: 6000 },
];

const rows: unknown[] = [];
for (const { workload, neurons, steps } of NETWORKS) {
  const brain = WORKLOADS[workload].create(neurons);
  if (WORKLOADS[workload].run) await WORKLOADS[workload].run!(brain);
  else await brain.run(500);
  if (workload === "W4") {
    brain.stimulate("image", new Array(784).fill(16 / 784 * 4), { train: "regular", maxRateHz: 250 });
  }
  const program = brain.program(),
    stages = workOf(program, cpuKernels(program, false)).filter(({ work }) => work.length > 0);
  const times = new Float64Array(stages.length), first = brain.stepCount;
  // A look at the clock costs time too: it is measured, and taken off.
  const looks = 100_000, before = performance.now();
  for (let k = 0; k < looks; k++) performance.now();
  const look = (performance.now() - before) / looks;
  for (const counted of [false, true]) {
    for (let k = 0; k < steps; k++) {
      const step = first + k + (counted ? steps : 0);
      for (let s = 0; s < stages.length; s++) {
        const started = performance.now();
        for (const work of stages[s].work) work(step);
        if (counted) times[s] += performance.now() - started - look;
      }
    }
  }
  const us = Object.fromEntries(stages.map(({ stage }, s) => [stage, Math.max(0, times[s] / steps * 1000)]));
  const row = {
    workload,
    neurons,
    us,
    ...environment(),
  };
  rows.push(row);
  console.log(workload, neurons, Object.entries(us).map(([stage, t]) => `${stage} ${t.toFixed(2)}`).join(", "));
}
if (flags.write) {
  await writeRows("profile", rows);
}
