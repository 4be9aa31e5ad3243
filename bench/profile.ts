/**
 * Where the time of a step goes: microseconds of each stage (src/engine/step.ts) while the engine's workloads run, the
 * second time of two.
 *
 *     deno run -A bench/profile.ts [--write]
 */

import { parseArgs } from "../src/deps.ts";
import { provenance } from "../src/cli/provenance.ts";
import { CpuBackend } from "../src/engine/cpu/backend.ts";
import { WORKLOADS } from "../src/tasks/workloads.ts";
import { writeRows } from "./rows.ts";
import { StageClock } from "./stage_clock.ts";

const flags = parseArgs(Deno.args, { boolean: ["write"] });
const NETWORKS = [["W1", 10_000], ["W1", 100_000], ["W2", 1000], ["W3", 20_000], ["W4", 400]] as const;

const rows: unknown[] = [];
for (const [workload, neurons] of NETWORKS) {
  const { create, run, simMs } = WORKLOADS[workload], brain = create(neurons), clock = new StageClock();
  await brain.runOn(new CpuBackend({ after: clock.after }));
  for (let round = 0; round < 2; round++) {
    clock.reset();
    await (run ? run(brain) : brain.run(Math.round(simMs / brain.dt)));
  }
  const { us } = clock;
  rows.push({ workload, neurons, us, ...await provenance() });
  console.log(workload, neurons, Object.entries(us).map(([stage, t]) => `${stage} ${t.toFixed(2)}`).join(", "));
}
if (flags.write) await writeRows("profile", rows);
