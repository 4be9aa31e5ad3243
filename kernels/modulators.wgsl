// Gains of a region, and the levels of modulators that set them; see src/biology/modulators.ts. One thread each, but for
// the relief of adaptation: a thread a spike.
// Uses spikes.wgsl.

const LEARNING = 0u;
const INHIBITION = 1u;
const PATIENCE = 2u;

struct Parameters {
  step: u32,
  slots: u32,
  boundaries: u32,
  population: u32, // the region's first
  gains: u32, // places among the scalars
  level: u32,
  factor: f32,
  learning: f32,
  inhibition: f32,
  patience: f32,
  strength: f32,
  decay0: f32,
  decay1: f32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(2) var<storage, read> spikes: array<u32>;
@group(0) @binding(3) var<storage, read_write> u: array<f32>;
@group(0) @binding(4) var<storage, read> pattern: array<vec4f>; // a, b, c, d

@compute @workgroup_size(1)
fn resetGains() {
  scalars[p.gains + LEARNING] = 1.0;
  scalars[p.gains + INHIBITION] = 1.0;
  scalars[p.gains + PATIENCE] = 1.0;
}

@compute @workgroup_size(1)
fn gateLearning() {
  scalars[p.gains + LEARNING] *= p.factor;
}

@compute @workgroup_size(1)
fn modulate() {
  scalars[p.gains + LEARNING] *= 1.0 + p.learning * scalars[p.level];
  scalars[p.gains + INHIBITION] *= 1.0 + p.inhibition * scalars[p.level + 1u];
  scalars[p.gains + PATIENCE] *= 1.0 + p.patience * scalars[p.level + 1u];
}

@compute @workgroup_size(64)
fn relieveAdaptation(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let less = 1.0 - 1.0 / (1.0 + p.strength * scalars[p.level]);
  let slot = p.step % p.slots;
  let last = startOf(slot, p.population + 2u);
  for (var s = startOf(slot, p.population) + id.x; s < last; s += 64u * groups.x) {
    let i = spikeAt(s);
    u[i] -= less * pattern[i].w;
  }
}

@compute @workgroup_size(1)
fn decayLevels() {
  scalars[p.level] *= p.decay0;
  scalars[p.level + 1u] *= p.decay1;
}
