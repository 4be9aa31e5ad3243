// Advances membranes by one step; twin of integrate.ts, where the schemes are explained. A thread a neuron; who fires
// sets its bit.

const PEAK_MV = 30.0;
const REST_MV = -65.0;
const UPSTROKE_MV = -42.5;
const STIFF = -5.38;

// What is at a neuron's place.
const NOBODY = 0u;
const SOURCE = 2u; // an input line

struct Parameters {
  neurons: u32,
  row: u32, // first word of this step in `fired`
  dt: f32,
}
@group(0) @binding(0) var<uniform> p: Parameters;
@group(0) @binding(1) var<storage, read_write> v: array<f32>;
@group(0) @binding(2) var<storage, read_write> u: array<f32>;
@group(0) @binding(3) var<storage, read> pattern: array<vec4f>; // a, b, c, d
@group(0) @binding(4) var<storage, read> kind: array<u32>;
@group(0) @binding(5) var<storage, read_write> input: array<f32>;
@group(0) @binding(6) var<storage, read_write> conductance: array<f32>;
@group(0) @binding(7) var<storage, read_write> fired: array<u32>;
@group(0) @binding(8) var<storage, read_write> many: array<u32>; // spikes of each block of 256 neurons

var<workgroup> bits: array<atomic<u32>, 8>;

struct Membrane {
  v: f32,
  u: f32,
  fired: bool,
}

// One half step near or across the peak.
fn upstroke(start: Membrane, half: f32, abcd: vec4f, drive: f32, shift: f32) -> Membrane {
  var m = start;
  var time = half;
  let peak = PEAK_MV + shift;
  while (time > 0.0) {
    let um = abcd.y * m.v + (m.u - abcd.y * m.v) * exp(-abcd.x * time / 2.0);
    let kappa = drive - um;
    let w = m.v + shift;
    let x2 = min(0.04 * time * time * kappa, 2.2);
    let above = time * (15.0 - x2);
    let q = 15.0 - 6.0 * x2;
    let below = q - 0.04 * w * above;
    var next = (w * q + kappa * above) / below;
    if (x2 < STIFF) { next = -5.0 * sqrt(-kappa); }
    let crosses = below <= 0.0 || next >= peak || w >= peak;
    if (crosses && m.fired) {
      m.v = PEAK_MV;
      m.u = um;
      break;
    }
    // s reaches from w to the end of the half step, or to the peak; `span` is the time that takes.
    var s = above / q;
    var span = time;
    if (crosses) {
      s = max(0.0, (peak - w) / (kappa + 0.04 * peak * w));
      let y2 = 0.04 * kappa * s * s;
      span = min(time, max(0.0, s * (15.0 + 4.0 * y2) / (15.0 + 9.0 * y2)));
    }
    let angle2 = 0.04 * kappa * span * span;
    var cosine = cos(sqrt(clamp(angle2, 0.0, 2.2)));
    if (angle2 < 0.0) { cosine = cosh(sqrt(-angle2)); }
    let y = cosine * (1.0 - 0.04 * w * s);
    var mean = next - shift;
    if (crosses) { mean = m.v; }
    if (span > 0.0 && y > 0.0 && y < 1e38) { mean = -25.0 / span * log(y) - shift; }
    m.u = abcd.y * mean + (m.u - abcd.y * mean) * exp(-abcd.x * span);
    if (!crosses) {
      m.v = next - shift;
      break;
    }
    m.fired = true;
    m.v = abcd.z;
    m.u += abcd.w;
    time -= span;
  }
  return m;
}

// One half step far from the peak; `v` is meaningless where it is not far.
struct Half {
  v: f32,
  u: f32,
  near: bool,
}

fn halfStep(v0: f32, u0: f32, b: f32, left: f32, drive: f32, shift: f32, h: f32) -> Half {
  let bottom = b * v0;
  let um = bottom + (u0 - bottom) * left;
  let kappa = drive - um;
  let w = v0 + shift;
  let x2 = min(0.04 * h * h * kappa, 2.2);
  let above = h * (15.0 - x2);
  let q = 15.0 - 6.0 * x2;
  let below = q - 0.04 * w * above;
  var next = (w * q + kappa * above) / below - shift;
  if (x2 < STIFF) { next = -5.0 * sqrt(-kappa) - shift; }
  let bottomNext = b * next;
  return Half(next, bottomNext + (um - bottomNext) * left, below <= 0.0 || next > UPSTROKE_MV);
}

fn riccati(i: u32) -> bool {
  let abcd = pattern[i];
  let h = p.dt / 2.0;
  let left = exp(-abcd.x * p.dt / 4.0); // of u's distance to b v after a quarter of a step
  let leak = 5.0 - conductance[i];
  let shift = leak * 12.5;
  let drive = 140.0 + input[i] - leak * leak * 6.25;
  var m = Membrane(v[i], u[i], false);
  let first = halfStep(m.v, m.u, abcd.y, left, drive, shift, h);
  if (first.near || m.v >= PEAK_MV) {
    m = upstroke(upstroke(m, h, abcd, drive, shift), h, abcd, drive, shift);
  } else {
    let second = halfStep(first.v, first.u, abcd.y, left, drive, shift, h);
    if (second.near) {
      m = upstroke(Membrane(first.v, first.u, false), h, abcd, drive, shift);
    } else {
      m = Membrane(second.v, second.u, false);
    }
  }
  v[i] = m.v;
  u[i] = m.u;
  return m.fired;
}

fn published(i: u32) -> bool {
  let abcd = pattern[i];
  let h = p.dt / 2.0;
  let current = input[i] + 140.0 - u[i];
  let damp = 1.0 / (1.0 + h * conductance[i]);
  var next = v[i];
  for (var half = 0; half < 2; half++) { next = (next + h * ((0.04 * next + 5.0) * next + current)) * damp; }
  let adapted = u[i] + p.dt * abcd.x * (abcd.y * next - u[i]);
  let fires = next >= PEAK_MV || v[i] >= PEAK_MV;
  v[i] = select(next, abcd.z, fires);
  u[i] = select(adapted, adapted + abcd.w, fires);
  return fires;
}

// An input line: forced to the peak, it spikes; nothing else happens.
fn emits(i: u32) -> bool {
  let fires = v[i] >= PEAK_MV;
  if (fires) { v[i] = REST_MV; }
  return fires;
}

fn note(lane: u32, block: u32, fires: bool) {
  if (lane < 8u) { atomicStore(&bits[lane], 0u); }
  workgroupBarrier();
  if (fires) { atomicOr(&bits[lane >> 5u], 1u << (lane & 31u)); }
  workgroupBarrier();
  if (lane < 8u) { fired[p.row + block * 8u + lane] = atomicLoad(&bits[lane]); }
  if (lane == 0u) {
    var sum = 0u;
    for (var w = 0u; w < 8u; w++) { sum += countOneBits(atomicLoad(&bits[w])); }
    many[block] = sum;
  }
}

fn finish(i: u32) {
  input[i] = 0.0;
  conductance[i] = 0.0;
}

@compute @workgroup_size(256)
fn integrateRiccati(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = group.x * 256u + lane;
  var fires = false;
  if (i < p.neurons) {
    if (kind[i] == SOURCE) { fires = emits(i); } else if (kind[i] != NOBODY) { fires = riccati(i); }
    finish(i);
  }
  note(lane, group.x, fires);
}

@compute @workgroup_size(256)
fn integratePublished(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let i = group.x * 256u + lane;
  var fires = false;
  if (i < p.neurons) {
    if (kind[i] == SOURCE) { fires = emits(i); } else if (kind[i] != NOBODY) { fires = published(i); }
    finish(i);
  }
  note(lane, group.x, fires);
}
