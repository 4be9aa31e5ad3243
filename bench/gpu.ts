/**
 * The workloads W1 and W3 on the GPU and on one core, over sizes: milliseconds a step, synaptic events a second, and what
 * share of the memory's speed (measured by a kernel that copies) that is. JSON Lines; needs nothing but the checkout.
 *
 *     deno run -A bench/gpu.ts [--workloads W1,W3] [--neurons 1000,10000,100000,1000000] [--most-synapses 2e8]
 *         [--most-cpu-neurons 200000] [--steps 200] [--write]
 */

import { parseArgs } from "../src/deps.ts";
import { provenance } from "../src/cli/provenance.ts";
import type { Brain } from "../src/brain/brain.ts";
import { type Gpu, openDevice } from "../src/engine/webgpu/device.ts";
import { WORKLOADS } from "../src/tasks/workloads.ts";
import { median, writeRows } from "./rows.ts";

const flags = parseArgs(Deno.args, {
  string: ["workloads", "neurons", "most-synapses", "most-cpu-neurons", "steps"],
  boolean: ["write"],
  default: {
    workloads: "W1,W3",
    neurons: "1000,10000,100000,1000000",
    "most-synapses": "2e8",
    "most-cpu-neurons": "200000",
    steps: "200",
  },
});
const list = (text: string) => text.split(",");
const ROUNDS = 3;

/** GB/s read and written together by a kernel that copies large buffers: what the memory can do. */
async function copySpeed({ device, bindingBytes, software }: Gpu): Promise<number> {
  const size = Math.min(software ? 2 ** 25 : 2 ** 29, bindingBytes), usage = GPUBufferUsage.STORAGE;
  const code = `
    @group(0) @binding(0) var<storage, read> a: array<vec4f>;
    @group(0) @binding(1) var<storage, read_write> b: array<vec4f>;
    @compute @workgroup_size(256)
    fn copy(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
      for (var k = id.x; k < arrayLength(&a); k += 256u * groups.x) { b[k] = a[k]; }
    }`;
  const pipeline = device.createComputePipeline({
    layout: "auto",
    compute: { module: device.createShaderModule({ code }) },
  });
  const buffers = [0, 1].map(() => device.createBuffer({ size, usage }));
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  const seconds = async (copies: number) => {
    const encoder = device.createCommandEncoder(), pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let k = 0; k < copies; k++) pass.dispatchWorkgroups(32768);
    pass.end();
    const started = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return (performance.now() - started) / 1000;
  };
  await seconds(2);
  const copies = software ? 20 : 400, few = await seconds(2), many = await seconds(2 + copies);
  for (const buffer of buffers) buffer.destroy();
  return 2 * size * copies / (many - few) / 1e9;
}

/**
 * Bytes that a step must move on a GPU: what each kernel reads and writes of a neuron (noise 12, membrane 52, each
 * receptor 28, each sum of arrivals 20), and of an event (target, weight, and the sum twice).
 */
function bytesOfStep(brain: Brain, eventsPerStep: number): number {
  const { neurons, regions, projections } = brain.program();
  const receptors = regions.reduce((sum, region) => sum + region.receptors.length * (region.end - region.begin), 0);
  const wide = projections[0].rows!.target.BYTES_PER_ELEMENT;
  return 64 * neurons + 48 * receptors + (12 + wide) * eventsPerStep;
}

/** Runs, and the time that a step takes; until the device has done all of it. */
async function timeSteps(brain: Brain, steps: number): Promise<{ ms: number; spikes: number }> {
  const started = performance.now(), { spikes } = await brain.run(steps);
  return { ms: (performance.now() - started) / steps, spikes };
}

const gpu = await openDevice(), gbPerS = await copySpeed(gpu), rows: unknown[] = [];
console.error(`${gpu.adapter}: copies at ${gbPerS.toFixed(0)} GB/s`);
for (const workload of list(flags.workloads)) {
  const each = workload === "W1" ? 100 : 1000;
  for (const neurons of list(flags.neurons).map(Number)) {
    if (neurons * each > Number(flags["most-synapses"])) continue;
    const built = performance.now(), brain = WORKLOADS[workload].create(neurons);
    brain.program();
    const buildS = (performance.now() - built) / 1000;
    for (const backend of ["cpu", "webgpu"] as const) {
      if (backend === "cpu" && neurons > Number(flags["most-cpu-neurons"])) continue;
      const moved = performance.now();
      const { adapter } = await brain.moveTo({ backend }), loadS = (performance.now() - moved) / 1000;
      await timeSteps(brain, backend === "webgpu" ? 20 : 50); // what is compiled at the beginning does not count
      const times = [];
      for (let round = 0; round < ROUNDS; round++) times.push(await timeSteps(brain, Number(flags.steps)));
      const msPerStep = median(times.map(({ ms }) => ms)), { synapses } = brain.summary();
      const eventsPerStep = median(times.map(({ spikes }) => spikes)) / Number(flags.steps) * synapses / neurons;
      const row = {
        workload,
        neurons,
        synapses,
        backend,
        adapter,
        msPerStep,
        eventsPerS: eventsPerStep / msPerStep * 1000,
        ...backend === "webgpu" &&
          { share: bytesOfStep(brain, eventsPerStep) / msPerStep * 1000 / 1e9 / gbPerS, copyGbPerS: gbPerS, loadS },
        buildS,
        steps: Number(flags.steps),
        dtMs: brain.dt,
        ...await provenance(),
      };
      rows.push(row);
      console.log(JSON.stringify(row));
    }
    brain.close();
  }
}
if (flags.write) await writeRows("gpu", rows);
