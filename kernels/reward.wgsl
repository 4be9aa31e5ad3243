// Reward-modulated weights; twin of reward.ts. Dopamine is held in single precision here.
// Uses spikes.wgsl and rows.wgsl.

// Places within a projection's dopamine, and within what one step leaves to the pass over its synapses.
const LEVEL = 0u;
const GAIN = 1u;
const SIGN = 2u;
const GROW = 3u;
const SETTLES = 0u;
const UP_TO = 1u;
const MOVES = 2u;
const GAINED = 3u;
const SHRINK = 4u;
const PATIENCE = 2u;
const GROW_LIMIT = 3000.0;
const LESIONED = 0x80000000u; // minus zero

struct Parameters {
  step: u32,
  slots: u32,
  boundaries: u32,
  firstPopulation: u32,
  endPopulation: u32,
  begin: u32,
  firstRow: u32,
  rows: u32,
  delays: u32,
  delay: u32,
  lanes: u32,
  targets: u32,
  narrow: u32,
  population: u32,
  targetBegin: u32,
  synapses: u32,
  every: u32, // whether spikes change synapses without a trace, too
  weightMax: f32,
  dopamine: u32, // places among the scalars
  todo: u32,
  gains: u32,
  enabled: u32,
  dt: f32,
  tonic: f32,
  baseline: f32,
  learningRate: f32,
  tauEligibility: f32,
  tauDopamine: f32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> spikes: array<u32>;
@group(0) @binding(2) var<storage, read> rowStart: array<u32>;
@group(0) @binding(3) var<storage, read_write> weight: array<f32>;
@group(0) @binding(4) var<storage, read_write> eligibility: array<f32>;
@group(0) @binding(5) var<storage, read_write> settled: array<f32>;
@group(0) @binding(6) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(7) var<storage, read> incomingStart: array<u32>;
@group(0) @binding(8) var<storage, read> incoming: array<vec2u>;
@group(0) @binding(9) var<storage, read> synapse: array<u32>;
@group(0) @binding(10) var<storage, read> preTrace: array<f32>;

fn settle(at: u32, gain: f32) {
  let gained = gain - settled[at];
  if (gained == 0.0) { return; }
  let e = eligibility[at];
  if (e != 0.0) { weight[at] = clamp(weight[at] + e * gained, 0.0, p.weightMax); }
  settled[at] = gain;
}

// Rows of what arrives now.
@compute @workgroup_size(256)
fn settleSparse(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let lane = id.x % p.lanes;
  let workers = 256u * groups.x / p.lanes;
  var turn = id.x / p.lanes;
  for (var k = 0u; k < p.delays && rowStart[k] <= p.step; k++) {
    let slot = (p.step - rowStart[k]) % p.slots;
    let last = startOf(slot, p.endPopulation);
    var s = startOf(slot, p.firstPopulation) + turn;
    for (; s < last; s += workers) {
      let row = spikeAt(s) - p.begin - p.firstRow;
      if (row >= p.rows) { continue; }
      let end = rowEnd(row, k);
      for (var at = rowBegin(row, k) + lane; at < end; at += p.lanes) { settle(at, scalars[p.dopamine + GAIN]); }
    }
    turn = s - last;
  }
}

@compute @workgroup_size(64)
fn settleDense(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.targets) { return; }
  let slot = (p.step - p.delay) % p.slots;
  let last = startOf(slot, p.endPopulation);
  for (var s = startOf(slot, p.firstPopulation); s < last; s++) {
    let row = spikeAt(s) - p.begin - p.firstRow;
    if (row < p.rows) { settle(row * p.targets + id.x, scalars[p.dopamine + GAIN]); }
  }
}

// Incoming synapses of the target's spikes, as far as these change them.
@compute @workgroup_size(256)
fn settleIncoming(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let lane = id.x % p.lanes;
  let workers = 256u * groups.x / p.lanes;
  let slot = p.step % p.slots;
  let last = startOf(slot, p.population + 2u);
  for (var s = startOf(slot, p.population) + id.x / p.lanes; s < last; s += workers) {
    let post = spikeAt(s) - p.targetBegin;
    for (var q = incomingStart[post] + lane; q < incomingStart[post + 1u]; q += p.lanes) {
      if (p.every != 0u || preTrace[incoming[q].y] != 0.0) { settle(incoming[q].x, scalars[p.dopamine + GAIN]); }
    }
  }
}

@compute @workgroup_size(64)
fn settleColumns(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.rows || (p.every == 0u && preTrace[p.firstRow + id.x] == 0.0)) { return; }
  let slot = p.step % p.slots;
  let last = startOf(slot, p.population + 2u);
  for (var s = startOf(slot, p.population); s < last; s++) {
    let at = id.x * p.targets + spikeAt(s) - p.targetBegin;
    if (bitcast<u32>(weight[at]) != LESIONED) { settle(at, scalars[p.dopamine + GAIN]); }
  }
}

// tau (1 − e^(−dt/tau)), also where dt is much less than tau.
fn meanOver(tau: f32) -> f32 {
  let x = p.dt / tau;
  if (x < 0.05) { return p.dt * (1.0 - x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0))); }
  return tau * (1.0 - exp(-x));
}

// e^x − 1, also where x is small: a factor so near to one would be rounded to another time constant.
fn growth(x: f32) -> f32 {
  if (abs(x) < 0.05) { return x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0))); }
  return exp(x) - 1.0;
}

// Dopamine and the gain move by one step. One thread.
@compute @workgroup_size(1)
fn advanceDopamine() {
  let d = p.dopamine;
  let tau = p.tauEligibility * scalars[p.gains + PATIENCE];
  let each = p.learningRate / 1000.0;
  let tonicGain = (p.tonic - p.baseline) * meanOver(tau) * each;
  let phasicGain = meanOver(1.0 / (1.0 / p.tauDopamine + 1.0 / tau)) * each;
  let above = scalars[d + LEVEL] - p.tonic;
  let change = tonicGain + above * phasicGain;
  scalars[p.todo + SETTLES] = 0.0;
  if (p.enabled != 0u && change != 0.0) {
    let turn = sign(change);
    // When the gain's change turns, all synapses are settled first: what lies beyond a bound is cut off.
    if (turn == -scalars[d + SIGN]) {
      scalars[p.todo + SETTLES] = 1.0;
      scalars[p.todo + UP_TO] = scalars[d + GAIN];
    }
    scalars[d + SIGN] = turn;
    scalars[d + GAIN] += change / scalars[d + GROW];
  }
  scalars[d + LEVEL] += above * growth(-p.dt / p.tauDopamine);
  scalars[d + GROW] += scalars[d + GROW] * growth(p.dt / tau);
  scalars[p.todo + MOVES] = 0.0;
  if (scalars[d + GROW] >= GROW_LIMIT) {
    scalars[p.todo + MOVES] = 1.0;
    scalars[p.todo + GAINED] = scalars[d + GAIN];
    scalars[p.todo + SHRINK] = 1.0 / scalars[d + GROW];
    scalars[d + GAIN] = 0.0;
    scalars[d + GROW] = 1.0;
  }
}

// What that leaves to do for all synapses: mostly nothing.
@compute @workgroup_size(256)
fn settleAll(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let settles = scalars[p.todo + SETTLES] != 0.0;
  let moves = scalars[p.todo + MOVES] != 0.0;
  if (!settles && !moves) { return; }
  for (var at = id.x; at < p.synapses; at += 256u * groups.x) {
    if (settles) { settle(at, scalars[p.todo + UP_TO]); }
    if (moves) {
      settle(at, scalars[p.todo + GAINED]);
      eligibility[at] *= scalars[p.todo + SHRINK];
      settled[at] = 0.0;
    }
  }
}
