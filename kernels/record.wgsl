// Elements of an array, noted at the end of a step. A thread an element.

struct Parameters {
  count: u32,
  at: u32, // where they are put
  offset: u32, // where the array begins in its buffer
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> source: array<u32>; // whatever the type: bits are copied
@group(0) @binding(2) var<storage, read> index: array<u32>;
@group(0) @binding(3) var<storage, read_write> sampled: array<u32>;

@compute @workgroup_size(64)
fn sample(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < p.count) { sampled[p.at + id.x] = source[p.offset + index[id.x]]; }
}
