/**
 * How spikes should add to their targets on a GPU, where WGSL has no atomic addition of floats: the same scatter of
 * random synapses by
 *
 * - integer: a weight as a fixed-point integer, one atomicAdd (what kernels/deliver.wgsl does);
 * - exchange: a float, added in a loop of atomicCompareExchangeWeak;
 * - gather: no atomics: a thread a target goes through all its incoming synapses and adds those of neurons that spiked.
 *
 *     deno run -A bench/scatter.ts [--neurons 1000000] [--write]
 */

import { parseArgs } from "../src/deps.ts";
import { provenance } from "../src/cli/provenance.ts";
import { openDevice } from "../src/engine/webgpu/device.ts";
import { RandomStream } from "../src/state/random.ts";
import { median, writeRows } from "./rows.ts";

const flags = parseArgs(Deno.args, { string: ["neurons"], boolean: ["write"], default: { neurons: "100000" } });
const gpu = await openDevice(), { device } = gpu;
const EACH = 100, ROUNDS = 5, REPEATS = 20;

const HEAD = `
const EACH = ${EACH}u;
@group(0) @binding(0) var<storage, read> spikes: array<u32>;
@group(0) @binding(1) var<storage, read> synapse: array<u32>;
@group(0) @binding(2) var<storage, read> weight: array<f32>;
@group(0) @binding(4) var<storage, read> fired: array<u32>;
`;
/** Four spikes a workgroup, 64 lanes a row. */
const PUSH = (add: string) => `
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {
  for (var s = group.x; s < arrayLength(&spikes); s += groups.x) {
    let row = spikes[s] * EACH;
    for (var at = row + lane; at < row + EACH; at += 64u) { ${add} }
  }
}`;
const WAYS: Record<string, string> = {
  integer: `${HEAD}
@group(0) @binding(3) var<storage, read_write> sum: array<atomic<i32>>;
${PUSH("atomicAdd(&sum[synapse[at]], i32(round(weight[at] * 65536.0)));")}`,
  exchange: `${HEAD}
@group(0) @binding(3) var<storage, read_write> sum: array<atomic<u32>>;
fn add(place: u32, x: f32) {
  var old = atomicLoad(&sum[place]);
  loop {
    let done = atomicCompareExchangeWeak(&sum[place], old, bitcast<u32>(bitcast<f32>(old) + x));
    if (done.exchanged) { break; }
    old = done.old_value;
  }
}
${PUSH("add(synapse[at], weight[at]);")}`,
  gather: `${HEAD}
@group(0) @binding(3) var<storage, read_write> sum: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= arrayLength(&sum)) { return; }
  var arrived = 0.0;
  for (var at = id.x * EACH; at < id.x * EACH + EACH; at++) {
    let source = synapse[at];
    if (((fired[source >> 5u] >> (source & 31u)) & 1u) == 1u) { arrived += weight[at]; }
  }
  sum[id.x] += arrived;
}`,
};

const rows: unknown[] = [];
const n = Number(flags.neurons), random = new RandomStream(1, "scatter");
const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
function upload(data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): GPUBuffer {
  const buffer = device.createBuffer({ size: data.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}
const synapse = upload(Uint32Array.from({ length: n * EACH }, () => random.integer(n)));
const weight = upload(Float32Array.from({ length: n * EACH }, () => random.uniform()));
for (const share of [0.001, 0.01, 0.1]) {
  const list = random.permutation(n).subarray(0, Math.round(n * share)).sort(),
    bits = new Uint32Array(Math.ceil(n / 32));
  for (const i of list) bits[i >> 5] |= 1 << (i & 31);
  const buffers = [upload(list.slice()), synapse, weight, device.createBuffer({ size: 4 * n, usage }), upload(bits)];
  for (const [way, code] of Object.entries(WAYS)) {
    const used = [...code.matchAll(/@binding\((\d)\)/g)].map(([, k]) => Number(k))
      .filter((k) => way === "gather" ? k !== 0 : k !== 4);
    const module = device.createShaderModule({ code });
    const pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: used.map((binding) => ({ binding, resource: { buffer: buffers[binding] } })),
    });
    const groups = way === "gather" ? Math.ceil(n / 64) : Math.min(16384, list.length);
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const submit = async (repeats: number) => {
        const encoder = device.createCommandEncoder(), pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        for (let k = 0; k < repeats; k++) pass.dispatchWorkgroups(groups);
        pass.end();
        const started = performance.now();
        device.queue.submit([encoder.finish()]);
        await device.queue.onSubmittedWorkDone();
        return performance.now() - started;
      };
      // Waiting costs milliseconds of its own: what more repeats take is what they need.
      const few = await submit(REPEATS), many = await submit(11 * REPEATS);
      if (round > 0) times.push((many - few) / (10 * REPEATS) * 1000);
    }
    const us = median(times), events = list.length * EACH;
    const row = {
      way,
      neurons: n,
      share,
      events,
      us,
      eventsPerS: events / us * 1e6,
      adapter: gpu.adapter,
      ...await provenance(),
    };
    rows.push(row);
    console.log(JSON.stringify(row));
  }
}
if (gpu.failure) throw new Error(gpu.failure);
if (flags.write) await writeRows("scatter", rows);
