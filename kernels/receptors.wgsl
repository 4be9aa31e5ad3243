// Postsynaptic currents and conductances; twin of receptors.ts. A thread a neuron. What sparse projections have added up
// (deliver.wgsl) is collected first.

struct Parameters {
  base: u32, // of the region's neurons in v, input and conductance
  count: u32,
  mean: f32,
  decay: f32,
  reversal: f32,
  magnesium: f32, // mM
  inverse: f32, // unit of the sum; 0: there is none
  inhibits: u32,
  gains: u32, // place among the scalars
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> g: array<f32>;
@group(0) @binding(2) var<storage, read_write> input: array<f32>;
@group(0) @binding(3) var<storage, read_write> conductance: array<f32>;
@group(0) @binding(4) var<storage, read> v: array<f32>;
@group(0) @binding(5) var<storage, read_write> sum: array<i32>;
@group(0) @binding(6) var<storage, read> scalars: array<f32>;

const INHIBITION = 1u;

fn arrivedAt(k: u32) -> f32 {
  if (p.inverse == 0.0) { return g[k]; }
  let arrived = f32(sum[k]) * p.inverse;
  sum[k] = 0;
  if (p.inhibits == 0u) { return g[k] + arrived; }
  return g[k] + arrived * scalars[p.gains + INHIBITION];
}

@compute @workgroup_size(256)
fn currentReceptors(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.count) { return; }
  let now = arrivedAt(id.x);
  input[p.base + id.x] += p.mean * now;
  g[id.x] = now * p.decay;
}

@compute @workgroup_size(256)
fn conductanceReceptors(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.count) { return; }
  let now = arrivedAt(id.x);
  let open = p.mean * now;
  conductance[p.base + id.x] += open;
  input[p.base + id.x] += open * p.reversal;
  g[id.x] = now * p.decay;
}

@compute @workgroup_size(256)
fn blockedReceptors(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.count) { return; }
  let now = arrivedAt(id.x);
  if (now == 0.0) { return; }
  let open = p.mean * now / (1.0 + p.magnesium / 3.57 * exp(-0.062 * v[p.base + id.x]));
  conductance[p.base + id.x] += open;
  input[p.base + id.x] += open * p.reversal;
  g[id.x] = now * p.decay;
}
