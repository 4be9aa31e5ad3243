// From bits to the lists of spikes: ascending, as on the CPU, whatever the order in which neurons were advanced. `fired`
// has a bit a neuron; blocks are 256 neurons, 8 words.

struct Parameters {
  step: u32,
  slots: u32,
  boundaries: u32,
  neurons: u32,
  row: u32, // first word of this step
  amount: f32, // what a spike adds to the rate
  scanned: u32, // whether scanSpikes ran; else, of at most 256 blocks, each finds by itself what lies before it
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> fired: array<u32>;
@group(0) @binding(2) var<storage, read_write> offset: array<u32>; // spikes before each block
@group(0) @binding(3) var<storage, read_write> spikes: array<u32>;
@group(0) @binding(4) var<storage, read> boundary: array<u32>; // first neuron of each population, and the end
@group(0) @binding(5) var<storage, read_write> count: array<u32>;
@group(0) @binding(6) var<storage, read_write> lastSpike: array<i32>;
@group(0) @binding(7) var<storage, read_write> rate: array<f32>;
@group(0) @binding(8) var<storage, read> many: array<u32>; // spikes of each block

var<workgroup> sums: array<u32, 256>;

// One workgroup: sums of the blocks before each block. A thread takes a run of blocks.
@compute @workgroup_size(256)
fn scanSpikes(@builtin(local_invocation_index) lane: u32) {
  let blocks = (p.neurons + 255u) / 256u;
  let each = (blocks + 255u) / 256u;
  var sum = 0u;
  for (var b = lane * each; b < min(blocks, (lane + 1u) * each); b++) { sum += many[b]; }
  sums[lane] = sum;
  workgroupBarrier();
  for (var reach = 1u; reach < 256u; reach <<= 1u) {
    let add = select(0u, sums[max(lane, reach) - reach], lane >= reach);
    workgroupBarrier();
    sums[lane] += add;
    workgroupBarrier();
  }
  var before = sums[lane] - sum;
  for (var b = lane * each; b < min(blocks, (lane + 1u) * each); b++) {
    offset[b] = before;
    before += many[b];
  }
}

// Spikes of a block before its neuron number k, which may be the end.
fn before(block: u32, k: u32) -> u32 {
  var sum = 0u;
  for (var w = 0u; w < (k >> 5u); w++) { sum += countOneBits(fired[p.row + block * 8u + w]); }
  if ((k & 31u) != 0u) {
    sum += countOneBits(fired[p.row + block * 8u + (k >> 5u)] & ((1u << (k & 31u)) - 1u));
  }
  return sum;
}

// A thread a neuron: lists it if it has fired, and notes that in its counters.
@compute @workgroup_size(256)
fn listSpikes(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let block = group.x;
  let i = block * 256u + lane;
  let slot = p.step % p.slots;
  var first = slot * p.neurons;
  if (p.scanned != 0u) {
    first += offset[block];
  } else {
    sums[lane] = select(0u, many[lane], lane < block);
    workgroupBarrier();
    for (var half = 128u; half > 0u; half >>= 1u) {
      if (lane < half) { sums[lane] += sums[lane + half]; }
      workgroupBarrier();
    }
    first += sums[0];
  }
  if (i < p.neurons && ((fired[p.row + (i >> 5u)] >> (i & 31u)) & 1u) == 1u) {
    spikes[p.slots * p.boundaries + first + before(block, lane)] = i;
    count[i]++;
    lastSpike[i] = i32(p.step);
    rate[i] += p.amount;
  }
  for (var b = lane; b < p.boundaries; b += 256u) {
    let k = boundary[b] - block * 256u; // wraps for neurons before the block
    if (k < 256u || (k == 256u && block == groups.x - 1u)) {
      spikes[slot * p.boundaries + b] = first + before(block, k);
    }
  }
}
