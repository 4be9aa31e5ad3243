/**
 * Where the time of a step goes: microseconds of each stage (src/engine/step.ts) while the engine's workloads run, the
 * second time of two.
 *
 *     deno run -A bench/profile.ts [--write]
 */

import { parseArgs } from "../src/deps.ts";
import { CpuBackend } from "../src/engine/cpu/backend.ts";
import { type CpuKernels, cpuKernels } from "../src/engine/cpu/kernels.ts";
import type { Work } from "../src/engine/kernels.ts";
import type { Program } from "../src/engine/program.ts";
import { workOf } from "../src/engine/stages.ts";
import type { AnyArray } from "../src/state/arrays.ts";
import { WORKLOADS } from "../src/tasks/workloads.ts";
import { environment, writeRows } from "./rows.ts";

const flags = parseArgs(Deno.args, { boolean: ["write"] });
const NETWORKS = [["W1", 10_000], ["W1", 100_000], ["W2", 1000], ["W3", 20_000], ["W4", 400]] as const;

/** Milliseconds of a look at the clock: taken off. */
const LOOK_MS = (() => {
  const looks = 100_000, started = performance.now();
  for (let k = 0; k < looks; k++) performance.now();
  return (performance.now() - started) / looks;
})();

/** The CPU backend, with a look at the clock after each stage. */
class TimedBackend extends CpuBackend {
  readonly ms = new Map<string, number>();
  steps = 0;
  #kernels!: CpuKernels;
  #program!: Program;
  #stages: { stage: string; work: Work[] }[] = [];

  override loadNow(program: Program): void {
    super.loadNow(program);
    this.#program = program;
    this.#kernels = cpuKernels(program, false);
    this.#stages = workOf(program, this.#kernels).filter(({ work }) => work.length > 0);
  }

  override runNow(from: number, steps: number): void {
    for (let step = from; step < from + steps; step++) {
      for (const { stage, work } of this.#stages) {
        const started = performance.now();
        for (let k = 0; k < work.length; k++) work[k](step);
        this.ms.set(stage, (this.ms.get(stage) ?? 0) + performance.now() - started - LOOK_MS);
      }
    }
    this.steps += steps;
  }

  override writeNow(name: string, data: AnyArray): void {
    super.writeNow(name, data);
    this.#kernels.written?.(this.#program.arrays.entry(name).data);
  }
}

const rows: unknown[] = [];
for (const [workload, neurons] of NETWORKS) {
  const { create, run, simMs } = WORKLOADS[workload], brain = create(neurons), backend = new TimedBackend();
  await brain.runOn(backend);
  for (let round = 0; round < 2; round++) {
    backend.ms.clear();
    backend.steps = 0;
    await (run ? run(brain) : brain.run(Math.round(simMs / brain.dt)));
  }
  const us = Object.fromEntries([...backend.ms].map(([stage, ms]) => [stage, Math.max(0, ms / backend.steps * 1000)]));
  rows.push({ workload, neurons, us, ...environment() });
  console.log(workload, neurons, Object.entries(us).map(([stage, t]) => `${stage} ${t.toFixed(2)}`).join(", "));
}
if (flags.write) await writeRows("profile", rows);
