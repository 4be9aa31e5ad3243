// Replay of memory traces; twin of replay.ts. A thread a neuron of the trace.
// Uses random.wgsl.

const MEMBER = 0.5;

struct Parameters {
  base: u32,
  size: u32,
  trace: u32, // first element of the trace
  begin: f32,
  end: f32,
  shuffles: u32,
  key: u32,
  half: u32, // bits of half an index
  current: f32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> input: array<f32>;
@group(0) @binding(2) var<storage, read> membership: array<f32>;
@group(0) @binding(3) var<storage, read> latency: array<f32>;
@group(0) @binding(4) var<storage, read> kind: array<u32>;

// Place of k in a random order: a four-round Feistel permutation, walked until it lies inside.
fn shuffled(first: u32) -> u32 {
  let mask = (1u << p.half) - 1u;
  var k = first;
  loop {
    for (var round = 0u; round < 4u; round++) {
      let right = k & mask;
      k = (right << p.half) | ((k >> p.half) ^ (bits32(p.key + round, right) & mask));
    }
    if (k < p.size) { break; }
  }
  return k;
}

@compute @workgroup_size(256)
fn replayTrace(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= p.size) { return; }
  let at = p.trace + id.x;
  if (membership[at] < MEMBER || latency[at] < p.begin || latency[at] >= p.end) { return; }
  var k = id.x;
  if (p.shuffles != 0u) { k = shuffled(k); }
  if (kind[p.base + k] != 0u) { input[p.base + k] += p.current; } // a permutation: nobody else writes there
}
