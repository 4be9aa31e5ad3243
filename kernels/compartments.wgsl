// Potentials of dendrites; twin of compartments.ts. A thread a neuron, which goes through its compartments.

const PEAK_MV = 30.0;

struct Parameters {
  base: u32,
  neurons: u32,
  compartments: u32, // the soma included
  dt: f32,
  leak: f32,
  leakMv: f32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> dendriteV: array<f32>;
@group(0) @binding(2) var<storage, read_write> dendriteInput: array<f32>;
@group(0) @binding(3) var<storage, read_write> dendriteConductance: array<f32>;
// A compartment's diagonal and right side; in the soma's row: its potential at the start, and the share of it in its mean.
@group(0) @binding(4) var<storage, read_write> elimination: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> v: array<f32>;
@group(0) @binding(6) var<storage, read_write> input: array<f32>;
@group(0) @binding(7) var<storage, read_write> conductance: array<f32>;
struct Compartment {
  parent: u32,
  up: f32,
  down: f32,
  fromSoma: f32,
  children: f32, // sum of what they draw
}
@group(0) @binding(8) var<storage, read> cable: array<Compartment>;

fn shareOfStart(x: f32) -> f32 {
  // The terms cancel: a series serves where single precision would not.
  if (x < 0.1) { return 0.5 - x / 12.0 * (1.0 - x * x / 60.0); }
  return 1.0 / x - 1.0 / (exp(x) - 1.0);
}

@compute @workgroup_size(64)
fn foldCompartments(@builtin(global_invocation_id) id: vec3u) {
  let k = id.x;
  if (k >= p.neurons) { return; }
  for (var c = 1u; c < p.compartments; c++) {
    let at = (c - 1u) * p.neurons + k;
    let here = cable[c];
    elimination[c * p.neurons + k] = vec2f(
      1.0 / p.dt + p.leak + here.up + here.children + here.fromSoma * dendriteConductance[at],
      dendriteV[at] / p.dt + p.leak * p.leakMv + here.fromSoma * dendriteInput[at],
    );
    dendriteInput[at] = 0.0;
    dendriteConductance[at] = 0.0;
  }
  var current = 0.0;
  var open = 0.0;
  for (var c = p.compartments - 1u; c > 0u; c--) {
    let here = cable[c];
    let own = elimination[c * p.neurons + k];
    if (here.parent == 0u) {
      current += here.down * own.y / own.x;
      open += here.down * (1.0 - here.up / own.x);
    } else {
      elimination[here.parent * p.neurons + k] += vec2f(-here.down * here.up / own.x, here.down * own.y / own.x);
    }
  }
  input[p.base + k] += current;
  conductance[p.base + k] += open;
  elimination[k] = vec2f(v[p.base + k], shareOfStart(p.dt * conductance[p.base + k]));
}

@compute @workgroup_size(64)
fn advanceCompartments(@builtin(global_invocation_id) id: vec3u) {
  let k = id.x;
  if (k >= p.neurons) { return; }
  let before = elimination[k];
  let end = v[p.base + k];
  // A spike has no width of its own: where v stood at the peak, or fell from it, only its end counts.
  let mean = select(end, end + before.y * (before.x - end), before.x < PEAK_MV);
  for (var c = 1u; c < p.compartments; c++) {
    let here = cable[c];
    let own = elimination[c * p.neurons + k];
    var above = mean;
    if (here.parent != 0u) { above = dendriteV[(here.parent - 1u) * p.neurons + k]; }
    dendriteV[(c - 1u) * p.neurons + k] = (own.y + here.up * above) / own.x;
  }
}
