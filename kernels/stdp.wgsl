// STDP at its two kinds of event; twin of stdp.ts. Weights under reward are settled before (reward.wgsl).
// Uses spikes.wgsl and rows.wgsl.

const LEARNING = 0u;
const GROW = 3u;
const LESIONED = 0x80000000u; // minus zero

struct Parameters {
  step: u32,
  slots: u32,
  boundaries: u32,
  firstPopulation: u32,
  endPopulation: u32,
  begin: u32, // first source neuron
  firstRow: u32,
  rows: u32,
  delays: u32,
  delay: u32,
  lanes: u32,
  targets: u32,
  narrow: u32,
  terminals: u32, // rows of a dense piece
  population: u32, // first of the target region
  targetBegin: u32, // first neuron of the target region
  slope: f32,
  slow: f32,
  offset: f32,
  pull: f32,
  weightMax: f32,
  softness: f32,
  rewarded: u32,
  gains: u32, // places among the scalars
  dopamine: u32,
  hasSlow: u32,
  hasSlopes: u32,
  hasBalance: u32,
  hasPlastic: u32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> spikes: array<u32>;
@group(0) @binding(2) var<storage, read> rowStart: array<u32>;
@group(0) @binding(3) var<storage, read> synapse: array<u32>;
@group(0) @binding(4) var<storage, read_write> weight: array<f32>;
@group(0) @binding(5) var<storage, read_write> eligibility: array<f32>;
@group(0) @binding(6) var<storage, read> scalars: array<f32>;
@group(0) @binding(7) var<storage, read> postTrace: array<f32>;
@group(0) @binding(8) var<storage, read> preSlow: array<f32>;
@group(0) @binding(9) var<storage, read> preTrace: array<f32>;
@group(0) @binding(10) var<storage, read> postSlow: array<f32>;
@group(0) @binding(11) var<storage, read> balance: array<f32>;
@group(0) @binding(12) var<storage, read_write> slopes: array<vec2f>; // slope, and what maturity leaves of plasticity
@group(0) @binding(13) var<storage, read> incomingStart: array<u32>;
@group(0) @binding(14) var<storage, read> incoming: array<vec2u>; // synapse, and the terminal with its trace
@group(0) @binding(15) var<storage, read> plastic: array<f32>;

// Changes one synapse by slope · trace + offset − pull · w, times a factor and its bound factor.
fn changeSynapse(at: u32, slope: f32, trace: f32, factor: f32) {
  let w = weight[at];
  let learning = scalars[p.gains + LEARNING];
  var change = learning * (slope * trace + p.offset - p.pull * w) * factor;
  if (p.softness != 0.0) {
    var room = w / p.weightMax;
    if (change > 0.0) { room = 1.0 - room; }
    if (p.softness == 1.0) {
      change *= room;
    } else {
      change *= select(0.0, pow(max(room, 1e-30), p.softness), room > 0.0);
    }
  }
  if (p.rewarded != 0u) {
    eligibility[at] += change * scalars[p.dopamine + GROW];
  } else {
    weight[at] = clamp(w + change, 0.0, p.weightMax);
  }
}

// Lanes share the row of a spike.
@compute @workgroup_size(256)
fn arriveSparse(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let lane = id.x % p.lanes;
  let workers = 256u * groups.x / p.lanes;
  var turn = id.x / p.lanes;
  for (var k = 0u; k < p.delays && rowStart[k] <= p.step; k++) {
    let slot = (p.step - rowStart[k]) % p.slots;
    let last = startOf(slot, p.endPopulation);
    var s = startOf(slot, p.firstPopulation) + turn;
    for (; s < last; s += workers) {
      let source = spikeAt(s) - p.begin;
      let row = source - p.firstRow;
      if (row >= p.rows) { continue; }
      var slope = p.slope;
      if (p.hasSlow != 0u) { slope += p.slow * preSlow[source * p.delays + k]; }
      let end = rowEnd(row, k);
      for (var at = rowBegin(row, k) + lane; at < end; at += p.lanes) {
        let y = postTrace[targetOf(at)];
        if (y != 0.0 || p.offset != 0.0) { changeSynapse(at, slope, y, 1.0); }
      }
    }
    turn = s - last;
  }
}

// A thread a target.
@compute @workgroup_size(64)
fn arriveDense(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.targets) { return; }
  let y = postTrace[id.x];
  if (y == 0.0 && p.offset == 0.0) { return; }
  let slot = (p.step - p.delay) % p.slots;
  let last = startOf(slot, p.endPopulation);
  for (var s = startOf(slot, p.firstPopulation); s < last; s++) {
    let source = spikeAt(s) - p.begin;
    let row = source - p.firstRow;
    if (row >= p.rows) { continue; }
    var slope = p.slope;
    if (p.hasSlow != 0u) { slope += p.slow * preSlow[source]; }
    let at = row * p.targets + id.x;
    if (bitcast<u32>(weight[at]) != LESIONED) { changeSynapse(at, slope, y, 1.0); }
  }
}

// Postsynaptic neurons' own factors, for those that spike. A thread a spike.
@compute @workgroup_size(64)
fn findSlopes(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let slot = p.step % p.slots;
  let last = startOf(slot, p.population + 2u);
  for (var s = startOf(slot, p.population) + id.x; s < last; s += 64u * groups.x) {
    let post = spikeAt(s) - p.targetBegin;
    var slope = p.slope;
    if (p.hasSlow != 0u) { slope += p.slow * postSlow[post]; }
    if (p.hasBalance != 0u) { slope *= balance[post]; }
    var factor = 1.0;
    if (p.hasPlastic != 0u) { factor = plastic[post]; }
    slopes[post] = vec2f(slope, factor);
  }
}

fn slopeOf(post: u32) -> vec2f {
  if (p.hasSlopes != 0u) { return slopes[post]; }
  return vec2f(p.slope, 1.0);
}

// Lanes share the incoming synapses of a spike.
@compute @workgroup_size(256)
fn spikeSparse(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let lane = id.x % p.lanes;
  let workers = 256u * groups.x / p.lanes;
  let slot = p.step % p.slots;
  let last = startOf(slot, p.population + 2u);
  for (var s = startOf(slot, p.population) + id.x / p.lanes; s < last; s += workers) {
    let post = spikeAt(s) - p.targetBegin;
    let slope = slopeOf(post);
    for (var q = incomingStart[post] + lane; q < incomingStart[post + 1u]; q += p.lanes) {
      let x = preTrace[incoming[q].y];
      if (x != 0.0 || p.offset != 0.0 || p.pull != 0.0) { changeSynapse(incoming[q].x, slope.x, x, slope.y); }
    }
  }
}

// A thread a source.
@compute @workgroup_size(64)
fn spikeDense(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.terminals) { return; }
  let x = preTrace[p.firstRow + id.x];
  if (x == 0.0 && p.offset == 0.0 && p.pull == 0.0) { return; }
  let slot = p.step % p.slots;
  let last = startOf(slot, p.population + 2u);
  for (var s = startOf(slot, p.population); s < last; s++) {
    let post = spikeAt(s) - p.targetBegin;
    let at = id.x * p.targets + post;
    let slope = slopeOf(post);
    if (bitcast<u32>(weight[at]) != LESIONED) { changeSynapse(at, slope.x, x, slope.y); }
  }
}
