// Competition of the neurons that reach the peak in one step; twin of competition.ts. A thread a neuron.
// Uses random.wgsl.

const REST_MV = -65.0;

struct Parameters {
  base: u32, // first neuron of the population
  size: u32,
  each: u32, // neurons of a group
  winners: u32,
  key: u32,
  row: u32, // first word of this step in `fired`
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> fired: array<atomic<u32>>;
@group(0) @binding(2) var<storage, read_write> drive: array<f32>;
@group(0) @binding(3) var<storage, read_write> loses: array<u32>;
@group(0) @binding(4) var<storage, read_write> v: array<f32>;
@group(0) @binding(5) var<storage, read_write> u: array<f32>;
@group(0) @binding(6) var<storage, read> pattern: array<vec4f>; // a, b, c, d
@group(0) @binding(7) var<storage, read> input: array<f32>;
@group(0) @binding(8) var<storage, read> conductance: array<f32>;
@group(0) @binding(9) var<storage, read_write> many: array<atomic<u32>>; // spikes of each block of 256 neurons

@compute @workgroup_size(256)
fn noteDrive(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.size) { return; }
  drive[id.x] = input[p.base + id.x] - conductance[p.base + id.x] * REST_MV;
}

// Whether neuron j comes before neuron i in this step's random order.
fn isBefore(j: u32, i: u32) -> bool {
  let a = bits32(p.key, j);
  let b = bits32(p.key, i);
  return a < b || (a == b && j < i);
}

fn hasFired(i: u32) -> bool {
  return ((atomicLoad(&fired[p.row + (i >> 5u)]) >> (i & 31u)) & 1u) == 1u;
}

// First: who loses, while all bits stand.
@compute @workgroup_size(64)
fn compete(@builtin(global_invocation_id) id: vec3u) {
  let k = id.x;
  if (k >= p.size) { return; }
  let i = p.base + k;
  loses[k] = 0u;
  if (!hasFired(i)) { return; }
  let begin = k / p.each * p.each;
  let end = begin + p.each;
  var ahead = 0u;
  for (var other = begin; other < end && ahead < p.winners; other++) {
    let j = p.base + other;
    if ((j & 31u) == 0u && other + 32u <= end && atomicLoad(&fired[p.row + (j >> 5u)]) == 0u) {
      other += 31u; // none of these 32
      continue;
    }
    if (j == i || !hasFired(j)) { continue; }
    if (drive[other] > drive[k] || (drive[other] == drive[k] && isBefore(j, i))) { ahead++; }
  }
  loses[k] = select(0u, 1u, ahead >= p.winners);
}

// Then: losers return to their reset potential without adaptation.
@compute @workgroup_size(256)
fn dropLosers(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.size || loses[id.x] == 0u) { return; }
  let i = p.base + id.x;
  atomicAnd(&fired[p.row + (i >> 5u)], ~(1u << (i & 31u)));
  atomicSub(&many[i >> 8u], 1u);
  u[i] -= pattern[i].w;
  v[i] = pattern[i].z;
}
