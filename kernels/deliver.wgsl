// Delivery of the spikes that arrive now; twin of deliver.ts.
//
// Sparse rows meet at targets in any order. WGSL adds no floats atomically, so they are added as integers: a weight times
// `unit` (a power of two, so large that the largest sum that can arrive in a step just fits), rounded. One atomicAdd a
// synapse, no loop of comparing and swapping, and the sum is the same whatever the order. `collect` turns sums into floats.
// Dense and uniform projections need no atomics: a thread a target goes through the spikes in their order.
// Uses spikes.wgsl and rows.wgsl.

const INHIBITION = 1u;

struct Parameters {
  step: u32,
  slots: u32,
  boundaries: u32,
  firstPopulation: u32,
  endPopulation: u32,
  begin: u32, // first source neuron
  firstRow: u32, // first source of this piece of the projection, and their number
  rows: u32,
  delays: u32,
  delay: u32,
  lanes: u32, // threads that share a row
  base: u32, // of the target region's neurons in `out`
  targets: u32,
  sources: u32,
  narrow: u32, // whether targets are of 16 bits
  releases: u32, // whether spikes carry short-term plasticity's factor
  scale: f32, // what a weight of one adds
  unit: f32, // what a weight of one adds, in units of the sum
  inverse: f32, // the unit of the sum
  inhibits: u32,
  gains: u32, // place among the scalars
  within: u32, // whether the sources lie within the target region, from `own` on
  own: u32,
  each: u32, // neurons of a group
  size: u32, // neurons that are divided into groups
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> spikes: array<u32>;
@group(0) @binding(2) var<storage, read> rowStart: array<u32>; // the delays, then where rows begin
@group(0) @binding(3) var<storage, read> synapse: array<u32>; // targets
@group(0) @binding(4) var<storage, read> weight: array<f32>;
@group(0) @binding(5) var<storage, read> release: array<f32>;
@group(0) @binding(6) var<storage, read_write> sum: array<atomic<i32>>;
@group(0) @binding(7) var<storage, read_write> out: array<f32>;
@group(0) @binding(8) var<storage, read_write> scalars: array<f32>;

@compute @workgroup_size(256)
fn deliverSparse(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let lane = id.x % p.lanes;
  let workers = 256u * groups.x / p.lanes;
  var turn = id.x / p.lanes; // the place of this worker's next row among those of all delays
  for (var k = 0u; k < p.delays && rowStart[k] <= p.step; k++) {
    let slot = (p.step - rowStart[k]) % p.slots;
    let first = startOf(slot, p.firstPopulation);
    let last = startOf(slot, p.endPopulation);
    var s = first + turn;
    for (; s < last; s += workers) {
      let source = spikeAt(s) - p.begin;
      let row = source - p.firstRow; // wraps for sources before this piece
      if (row >= p.rows) { continue; }
      var factor = p.unit;
      if (p.releases != 0u) { factor *= release[slot * p.sources + source]; }
      let end = rowEnd(row, k);
      for (var at = rowBegin(row, k) + lane; at < end; at += p.lanes) {
        atomicAdd(&sum[targetOf(at)], i32(round(factor * weight[at])));
      }
    }
    turn = s - last;
  }
}

@compute @workgroup_size(256)
fn collect(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.targets) { return; }
  let arrived = atomicExchange(&sum[id.x], 0);
  out[p.base + id.x] += f32(arrived) * p.inverse * gain();
}

fn gain() -> f32 {
  return select(1.0, scalars[p.gains + INHIBITION], p.inhibits != 0u);
}

@compute @workgroup_size(64)
fn deliverDense(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.targets) { return; }
  let slot = (p.step - p.delay) % p.slots;
  let last = startOf(slot, p.endPopulation);
  var arrived = 0.0;
  for (var s = startOf(slot, p.firstPopulation); s < last; s++) {
    let source = spikeAt(s) - p.begin;
    let row = source - p.firstRow;
    if (row >= p.rows) { continue; }
    var factor = 1.0;
    if (p.releases != 0u) { factor = release[slot * p.sources + source]; }
    arrived += factor * weight[row * p.targets + id.x];
  }
  out[p.base + id.x] += arrived * p.scale * gain();
}

var<workgroup> sums: array<f32, 256>;

// All that arrives now: spikes, or the sum of their releases.
fn sumArrivals(slot: u32, first: u32, last: u32, lane: u32) -> f32 {
  if (p.releases == 0u) { return f32(last - first); }
  var own = 0.0;
  for (var s = first + lane; s < last; s += 256u) { own += release[slot * p.sources + spikeAt(s) - p.begin]; }
  sums[lane] = own;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half >>= 1u) {
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  return sums[0];
}

// The first place from `first` on, up to `last`, of a spike of neuron i or a later one.
fn placeOf(i: u32, first: u32, last: u32) -> u32 {
  var low = first;
  var high = last;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (spikeAt(middle) < i) { low = middle + 1u; } else { high = middle; }
  }
  return low;
}

fn releaseOf(slot: u32, source: u32) -> f32 {
  if (p.releases == 0u) { return 1.0; }
  return release[slot * p.sources + source];
}

@compute @workgroup_size(256)
fn deliverUniform(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let slot = (p.step - p.delay) % p.slots;
  let first = startOf(slot, p.firstPopulation);
  let last = startOf(slot, p.endPopulation);
  var all = sumArrivals(slot, first, last, lane);
  if (id.x >= p.targets || first == last) { return; }
  let source = id.x - p.own; // wraps, and is then no source
  if (p.within != 0u && source < p.sources) {
    let at = placeOf(p.begin + source, first, last);
    if (at < last && spikeAt(at) == p.begin + source) { all -= releaseOf(slot, source); }
  }
  out[p.base + id.x] += all * p.scale * gain();
}

@compute @workgroup_size(256)
fn deliverUniformGroups(@builtin(global_invocation_id) id: vec3u) {
  let j = id.x;
  if (j >= p.size) { return; }
  let slot = (p.step - p.delay) % p.slots;
  let first = startOf(slot, p.firstPopulation);
  let last = startOf(slot, p.endPopulation);
  let group = j / p.each * p.each;
  let begin = placeOf(p.begin + group, first, last);
  let end = placeOf(p.begin + group + p.each, begin, last);
  var arrived = 0.0;
  for (var s = begin; s < end; s++) {
    let source = spikeAt(s) - p.begin;
    if (source != j) { arrived += releaseOf(slot, source); }
  }
  out[p.base + j] += arrived * p.scale * gain();
}

// A modulator: its level rises by all that arrives. One workgroup.
@compute @workgroup_size(256)
fn receiveModulator(@builtin(local_invocation_index) lane: u32) {
  let slot = (p.step - p.delay) % p.slots;
  let all = sumArrivals(slot, startOf(slot, p.firstPopulation), startOf(slot, p.endPopulation), lane);
  if (lane == 0u) { scalars[p.gains] += p.scale * all; }
}

const LEVEL = 0u;
const EXPECTED = 4u;

// Dopamine: it rises by all that arrives, or by its prediction error. One workgroup; `inverse` is the critic's rate.
@compute @workgroup_size(256)
fn receiveDopamine(@builtin(local_invocation_index) lane: u32) {
  let slot = (p.step - p.delay) % p.slots;
  let first = startOf(slot, p.firstPopulation);
  let last = startOf(slot, p.endPopulation);
  let all = sumArrivals(slot, first, last, lane);
  if (lane != 0u || first == last) { return; }
  var surprise = p.scale * all;
  if (p.inverse > 0.0) { surprise -= scalars[p.gains + EXPECTED]; }
  scalars[p.gains + LEVEL] += surprise;
  scalars[p.gains + EXPECTED] += p.inverse * surprise;
}
