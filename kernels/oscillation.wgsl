// One current for all neurons of a region; twin of oscillation.ts. A thread a neuron.

struct Parameters {
  base: u32,
  count: u32,
  current: f32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> input: array<f32>;

@compute @workgroup_size(256)
fn addUniformCurrent(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < p.count) { input[p.base + id.x] += p.current; }
}
