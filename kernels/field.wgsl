// What an electrode would see; twin of field.ts. One workgroup sums over a region.

struct Parameters {
  base: u32,
  count: u32,
  living: f32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read> kind: array<u32>;
@group(0) @binding(2) var<storage, read> v: array<f32>;
@group(0) @binding(3) var<storage, read> input: array<f32>;
@group(0) @binding(4) var<storage, read> conductance: array<f32>;
@group(0) @binding(5) var<storage, read_write> lfp: array<f32>;

var<workgroup> sums: array<f32, 256>;

@compute @workgroup_size(256)
fn sumCurrents(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var i = p.base + lane; i < p.base + p.count; i += 256u) {
    if (kind[i] != 0u) { sum += input[i] - conductance[i] * v[i]; }
  }
  sums[lane] = sum;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half >>= 1u) {
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { lfp[0] = select(0.0, sums[0] / p.living, p.living > 0.0); }
}
