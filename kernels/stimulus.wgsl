// Stimuli and noise; twin of stimulus.ts. A thread a neuron, but for rare events: a thread a block of neurons.
// Uses random.wgsl.

const PEAK_MV = 30.0;
const BLOCK_STRIDE = 64u;

struct Parameters {
  base: u32, // first neuron
  count: u32, // neurons, or blocks
  end: u32, // first neuron behind the last block
  key: u32,
  age: u32,
  period: u32,
  thresholds: u32,
  block: u32,
  amount: f32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> v: array<f32>;
@group(0) @binding(3) var<storage, read> kind: array<u32>; // 0: nobody lives there
@group(0) @binding(4) var<storage, read> value: array<f32>;
@group(0) @binding(5) var<storage, read> phase: array<f32>;
@group(0) @binding(6) var<storage, read> table: array<f32>;
@group(0) @binding(7) var<storage, read> threshold: array<u32>;

@compute @workgroup_size(256)
fn addCurrents(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < p.count) { input[p.base + id.x] += value[id.x]; }
}

@compute @workgroup_size(256)
fn gaussianNoise(@builtin(global_invocation_id) id: vec3u) {
  let i = p.base + id.x;
  if (id.x >= p.count || kind[i] == 0u) { return; }
  let bits = bits32(p.key, i >> 1u);
  input[i] += table[select(bits << 12u, bits, (i & 1u) == 0u) >> 20u];
}

@compute @workgroup_size(256)
fn poissonNoise(@builtin(global_invocation_id) id: vec3u) {
  let i = p.base + id.x;
  if (id.x >= p.count || kind[i] == 0u) { return; }
  let bits = bits32(p.key, i >> 1u);
  let u = select(bits >> 16u, bits & 0xffffu, (i & 1u) == 0u);
  var n = 0u;
  while (n < p.thresholds && threshold[n] <= u) { n++; }
  input[i] += p.amount * f32(n);
}

// The upper half of the product of two 32-bit numbers.
fn scaled(x: u32, below: u32) -> u32 {
  let high = x >> 16u;
  let low = x & 0xffffu;
  let above = below >> 16u;
  let under = below & 0xffffu;
  let middle = ((low * under) >> 16u) + ((low * above) & 0xffffu) + ((high * under) & 0xffffu);
  return high * above + ((low * above) >> 16u) + ((high * under) >> 16u) + (middle >> 16u);
}

@compute @workgroup_size(64)
fn rareEvents(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.count) { return; }
  let u = bits32(p.key, id.x);
  for (var n = 0u; n < p.thresholds && threshold[n] <= u; n++) {
    let i = p.base + id.x * p.block + scaled(bits32(~p.key, id.x * BLOCK_STRIDE + n), p.block);
    if (i < p.end && kind[i] != 0u) { input[i] += p.amount; }
  }
}

@compute @workgroup_size(256)
fn poissonTrain(@builtin(global_invocation_id) id: vec3u) {
  let k = id.x;
  if (k >= p.count) { return; }
  let uniform01 = f32(bits32(p.key, k) >> 8u) * 5.9604644775390625e-8;
  if (value[k] > 0.0 && uniform01 < value[k]) { v[p.base + k] = PEAK_MV; }
}

// The count of spikes so far, modulo one, in units of 2^-32: a train spikes when the next step carries it over.
@compute @workgroup_size(256)
fn regularTrain(@builtin(global_invocation_id) id: vec3u) {
  let k = id.x;
  if (k >= p.count || value[k] <= 0.0) { return; }
  let step = u32(value[k] * 65536.0 * 65536.0);
  let at = step * p.age + u32(phase[k] * 65536.0 * 65536.0);
  if (value[k] >= 1.0 || at + step < at) { v[p.base + k] = PEAK_MV; }
}

@compute @workgroup_size(256)
fn latencyTrain(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < p.count && value[id.x] == f32(p.age % p.period)) { v[p.base + id.x] = PEAK_MV; }
}
