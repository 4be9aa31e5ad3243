/**
 * Where the time of a step goes on a GPU: each kernel of a live step by itself, many times over, and what noting down a
 * step takes on the host, µs.
 *
 *     deno run -A bench/gpu_profile.ts [--workloads W1:10000,W3:20000] [--groups 64,256] [--write]
 *
 * `--groups`: also with so many workgroups, for kernels that follow spikes.
 */

import { parseArgs } from "../src/deps.ts";
import { provenance } from "../src/cli/provenance.ts";
import { openDevice } from "../src/engine/webgpu/device.ts";
import { gpuKernels } from "../src/engine/webgpu/kernels.ts";
import { Place } from "../src/engine/webgpu/place.ts";
import type { Bound, Parameters } from "../src/engine/webgpu/recorder.ts";
import { workOf } from "../src/engine/stages.ts";
import { WORKLOADS } from "../src/tasks/workloads.ts";
import { median, writeRows } from "./rows.ts";

const flags = parseArgs(Deno.args, {
  string: ["workloads", "groups"],
  boolean: ["write"],
  default: { workloads: "W1:10000,W2:1000,W3:20000", groups: "" },
});
const gpu = await openDevice(), rows: unknown[] = [];
/** Times that a kernel is repeated: few, and many more. */
const FEW = 20, MANY = gpu.software ? 60 : 420, ROUNDS = 3;

for (const [workload, size] of flags.workloads.split(",").map((text) => text.split(":"))) {
  const neurons = Number(size), brain = WORKLOADS[workload].create(neurons);
  await brain.run(50);
  const program = brain.program(), place = new Place(gpu, program), { recorder } = place;
  const work = workOf(program, gpuKernels(place)).flatMap(({ work }) => work);
  let step = brain.stepCount;
  const live = (steps: number) => {
    for (let k = 0; k < steps; k++, step++) for (const part of work) part(step);
  };
  const wait = async () => {
    recorder.submit();
    await gpu.device.queue.onSubmittedWorkDone();
  };
  const timeOf = async (repeat: (times: number) => void) => {
    const milliseconds = async (times: number) => {
      const started = performance.now();
      repeat(times);
      await wait();
      return performance.now() - started;
    };
    await milliseconds(FEW);
    const slopes = [];
    for (let round = 0; round < ROUNDS; round++) {
      const few = await milliseconds(FEW), many = await milliseconds(MANY);
      slopes.push((many - few) / (MANY - FEW) * 1000);
    }
    return median(slopes);
  };
  const all = await timeOf(live);
  const started = performance.now();
  live(50);
  const noteUs = (performance.now() - started) / 50 * 1000;
  await wait();
  // One more live step, dispatch by dispatch.
  const noted: [Bound, Parameters, number][] = [], run = recorder.run.bind(recorder);
  recorder.run = (...dispatch) => {
    noted.push(dispatch);
    run(...dispatch);
  };
  live(1);
  recorder.run = run;
  await wait();
  const us: Record<string, number> = {};
  for (const [bound, parameters, groups] of noted) {
    const { name } = bound.kernel, sizes = [groups];
    if (/Sparse|Incoming|mark|raise/.test(name)) sizes.push(...flags.groups.split(",").filter(Boolean).map(Number));
    for (const size of sizes) {
      const key = `${name}/${size}`;
      us[key] = (us[key] ?? 0) + await timeOf((times) => {
        for (let k = 0; k < times; k++) run(bound, parameters, size);
      });
    }
  }
  const row = {
    workload,
    neurons,
    us,
    dispatches: noted.length,
    all,
    noteUs,
    adapter: gpu.adapter,
    ...await provenance(),
  };
  rows.push(row);
  console.log(JSON.stringify(row, (_, x) => typeof x === "number" ? Number(x.toPrecision(4)) : x));
  place.close();
}
if (flags.write) await writeRows("gpu_profile", rows);
