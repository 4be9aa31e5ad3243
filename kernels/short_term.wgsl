// Short-term plasticity of the spikes that leave; twin of short_term.ts. A thread a spike.
// Uses spikes.wgsl.

struct Parameters {
  step: u32,
  slots: u32,
  boundaries: u32,
  firstPopulation: u32,
  endPopulation: u32,
  begin: u32,
  sources: u32,
  dt: f32,
  use_: f32,
  tauRecovery: f32,
  tauFacilitation: f32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> spikes: array<u32>;
@group(0) @binding(2) var<storage, read_write> x: array<f32>;
@group(0) @binding(3) var<storage, read_write> u: array<f32>;
@group(0) @binding(4) var<storage, read_write> lastSpike: array<i32>;
@group(0) @binding(5) var<storage, read_write> release: array<f32>;

@compute @workgroup_size(64)
fn releaseResources(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let slot = p.step % p.slots;
  let last = startOf(slot, p.endPopulation);
  for (var s = startOf(slot, p.firstPopulation) + id.x; s < last; s += 64u * groups.x) {
    let i = spikeAt(s) - p.begin;
    var left = 1.0;
    var used = p.use_;
    if (lastSpike[i] >= 0) {
      let elapsed = f32(i32(p.step) - lastSpike[i]) * p.dt;
      left = 1.0 - (1.0 - x[i]) * exp(-elapsed / p.tauRecovery);
      if (p.tauFacilitation > 0.0) {
        let decayed = u[i] * exp(-elapsed / p.tauFacilitation);
        used = decayed + p.use_ * (1.0 - decayed);
      }
    }
    x[i] = left - used * left;
    u[i] = used;
    lastSpike[i] = i32(p.step);
    release[slot * p.sources + i] = used * left / p.use_;
  }
}
