// Exponential traces; twin of traces.ts.
// Uses spikes.wgsl.

struct Parameters {
  step: u32,
  slots: u32,
  boundaries: u32,
  firstPopulation: u32,
  endPopulation: u32,
  begin: u32,
  delays: u32,
  count: u32,
  factor: f32,
  mark: f32,
  markSlow: f32,
  nearest: u32,
  hasSlow: u32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> spikes: array<u32>;
@group(0) @binding(2) var<storage, read> delay: array<u32>;
@group(0) @binding(3) var<storage, read_write> trace: array<f32>;
@group(0) @binding(4) var<storage, read_write> slow: array<f32>;

fn mark(at: u32) {
  trace[at] = select(trace[at] + p.mark, p.mark, p.nearest != 0u);
  if (p.hasSlow != 0u) { slow[at] = select(slow[at] + p.markSlow, p.markSlow, p.nearest != 0u); }
}

// Terminals at which spikes arrive now. A thread a spike.
@compute @workgroup_size(64)
fn markArrivals(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var k = 0u; k < p.delays && delay[k] <= p.step; k++) {
    let slot = (p.step - delay[k]) % p.slots;
    let last = startOf(slot, p.endPopulation);
    for (var s = startOf(slot, p.firstPopulation) + id.x; s < last; s += 64u * groups.x) {
      mark((spikeAt(s) - p.begin) * p.delays + k);
    }
  }
}

// Neurons that spike now. A thread a spike.
@compute @workgroup_size(64)
fn markSpikes(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let slot = p.step % p.slots;
  let last = startOf(slot, p.endPopulation);
  for (var s = startOf(slot, p.firstPopulation) + id.x; s < last; s += 64u * groups.x) {
    mark(spikeAt(s) - p.begin);
  }
}

// A thread a trace.
@compute @workgroup_size(256)
fn moveOrigin(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < p.count) { trace[id.x] *= p.factor; }
}
