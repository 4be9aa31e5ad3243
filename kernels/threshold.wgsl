// Thresholds as currents that oppose the input; twin of threshold.ts.
// Uses spikes.wgsl.

struct Parameters {
  step: u32,
  slots: u32,
  boundaries: u32,
  population: u32, // the region's first
  base: u32,
  count: u32,
  change: f32, // the factor of decay, less one: near one it would be rounded
  increment: f32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> spikes: array<u32>;
@group(0) @binding(2) var<storage, read_write> input: array<f32>;
@group(0) @binding(3) var<storage, read_write> theta: array<f32>;

// A thread a neuron.
@compute @workgroup_size(256)
fn opposeInput(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < p.count) { input[p.base + id.x] -= theta[id.x]; }
}

@compute @workgroup_size(256)
fn decayThreshold(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < p.count) { theta[id.x] += theta[id.x] * p.change; }
}

// A thread a spike.
@compute @workgroup_size(64)
fn raiseThreshold(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let slot = p.step % p.slots;
  let last = startOf(slot, p.population + 2u);
  for (var s = startOf(slot, p.population) + id.x; s < last; s += 64u * groups.x) {
    theta[spikeAt(s) - p.base] += p.increment;
  }
}
