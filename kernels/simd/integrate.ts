/**
 * SIMD twins of kernels/integrate.ts, in AssemblyScript: membranes are advanced four at a time in single precision, so
 * they follow their plain twins within its rounding. Arrays are addresses in the brain's memory; ranges need no
 * alignment, and neurons left over at the end of a range are lanes of their own.
 */

import { held } from "./held";

/** Lanes of four that lie before the end of a range. */
@inline
function inside(left: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left));
}

/** Appends the neurons of set lanes to a list. */
@inline
function append(list: usize, count: i32, i: i32, lanes: v128): i32 {
  let bits = i32x4.bitmask(lanes);
  while (bits !== 0) {
    store<u32>(list + (<usize>count << 2), i + ctz(bits));
    count++;
    bits &= bits - 1;
  }
  return count;
}

/** Twin of `integratePublished`: spiking neurons are appended to `spikes`, which has `count`; returns the new count. */
export function integratePublished(
  from: i32,
  to: i32,
  dt: f32,
  v: usize,
  u: usize,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  input: usize,
  conductance: usize,
  spikes: usize,
  count: i32,
): i32 {
  const step = f32x4.splat(dt), half = f32x4.splat(dt / 2), one = held(1), peak = held(30), none = f32x4.splat(0);
  const k04 = held(0.04), k5 = held(5), k140 = held(140);
  for (let i = from; i < to; i += 4) {
    const o = <usize>i << 2, v0 = v128.load(v + o), u0 = v128.load(u + o);
    const x = v128.load(input + o), g = v128.load(conductance + o), open = v128.any_true(g);
    const current = f32x4.sub(f32x4.add(x, k140), u0);
    let w = f32x4.add(v0, f32x4.mul(half, f32x4.add(square(v0, k04, k5), current)));
    if (open) {
      const damp = f32x4.div(one, f32x4.add(one, f32x4.mul(half, g)));
      w = f32x4.mul(w, damp);
      w = f32x4.mul(f32x4.add(w, f32x4.mul(half, f32x4.add(square(w, k04, k5), current))), damp);
    } else w = f32x4.add(w, f32x4.mul(half, f32x4.add(square(w, k04, k5), current)));
    const rate = f32x4.mul(step, v128.load(a + o));
    let z = f32x4.add(u0, f32x4.mul(rate, f32x4.sub(f32x4.mul(v128.load(b + o), w), u0)));
    // A neuron that was lifted to the peak spikes as well.
    let fired = f32x4.ge(f32x4.pmax(w, v0), peak);
    if (i + 4 <= to) {
      v128.store(input + o, none);
      if (open) v128.store(conductance + o, none);
    } else {
      // Lanes beyond the end are left alone.
      const live = inside(to - i);
      fired = v128.and(fired, live);
      w = v128.bitselect(w, v0, live);
      z = v128.bitselect(z, u0, live);
      v128.store(input + o, v128.andnot(x, live));
      if (open) v128.store(conductance + o, v128.andnot(g, live));
    }
    if (v128.any_true(fired)) {
      w = v128.bitselect(v128.load(c + o), w, fired);
      z = v128.bitselect(f32x4.add(z, v128.load(d + o)), z, fired);
      count = append(spikes, count, i, fired);
    }
    v128.store(v + o, w);
    v128.store(u + o, z);
  }
  return count;
}

/** (0.04 v + 5) v, given the two numbers. */
@inline
function square(v: v128, k04: v128, k5: v128): v128 {
  return f32x4.mul(f32x4.add(f32x4.mul(k04, v), k5), v);
}

/**
 * Twin of `integrateRiccati` for neurons far from the peak. Neurons near it are left as they are and appended to `near`,
 * in ascending order; the plain kernel takes their step. Returns their number.
 *
 * Single precision suffices because the step is computed as increments, which are small, and added once: with
 * y = v + shift, the map of the plain kernel is y + p (κ + 0.04 y²)/(q − 0.04 y p), and 140 − (5 − g)²·6.25 is expanded
 * to g (62.5 − 6.25 g) − 16.25, so that nothing large cancels.
 */
export function integrateSmooth(
  from: i32,
  to: i32,
  dt: f32,
  upstroke: f32,
  stiff: f32,
  v: usize,
  u: usize,
  b: usize,
  recovery: usize,
  input: usize,
  conductance: usize,
  near: usize,
): i32 {
  const h: f32 = dt / 2, half = held(h), curvature = held(<f32>0.04 * h * h), limit = held(2.2), none = f32x4.splat(0);
  const k04 = held(0.04), k15 = held(15), k6 = held(6), k62 = held(62.5), k16 = held(16.25), one = held(1), peak = held(30);
  const high = held(upstroke), low = held(stiff);
  let count = 0;
  for (let i = from; i < to; i += 4) {
    const o = <usize>i << 2, v0 = v128.load(v + o), u0 = v128.load(u + o);
    const bi = v128.load(b + o), rise = f32x4.sub(one, v128.load(recovery + o));
    const x = v128.load(input + o), g = v128.load(conductance + o), open = v128.any_true(g);
    let shift = k62, drive = f32x4.sub(x, k16);
    if (open) {
      shift = f32x4.sub(shift, f32x4.mul(g, f32x4.splat(12.5)));
      drive = f32x4.add(drive, f32x4.mul(g, f32x4.sub(k62, f32x4.mul(g, f32x4.splat(6.25)))));
    }
    let far = f32x4.lt(v0, peak), w = v0, dv = none;
    let du = f32x4.mul(f32x4.sub(f32x4.mul(bi, v0), u0), rise), z = f32x4.add(u0, du);
    for (let k = 0; k < 2; k++) {
      const kappa = f32x4.sub(drive, z), y = f32x4.add(w, shift), bend = f32x4.mul(k04, y);
      const x2 = f32x4.min(f32x4.mul(curvature, kappa), limit);
      const p = f32x4.mul(half, f32x4.sub(k15, x2)), q = f32x4.sub(k15, f32x4.mul(k6, x2));
      const below = f32x4.sub(q, f32x4.mul(bend, p));
      let change = f32x4.div(f32x4.mul(p, f32x4.add(kappa, f32x4.mul(bend, y))), below);
      const fixed = f32x4.lt(x2, low);
      if (v128.any_true(fixed)) {
        const rest = f32x4.mul(f32x4.splat(-5), f32x4.sqrt(f32x4.neg(kappa)));
        change = v128.bitselect(f32x4.sub(rest, y), change, fixed);
      }
      dv = f32x4.add(dv, change);
      w = f32x4.add(v0, dv);
      // What is no number is not far either: it is left to the plain kernel.
      far = v128.and(far, v128.and(f32x4.gt(below, none), f32x4.le(w, high)));
      const target = f32x4.mul(bi, w);
      du = f32x4.add(du, f32x4.mul(f32x4.sub(target, z), rise));
      z = f32x4.add(u0, du);
      if (k === 0) {
        du = f32x4.add(du, f32x4.mul(f32x4.sub(target, z), rise));
        z = f32x4.add(u0, du);
      }
    }
    if (i + 4 <= to && i32x4.all_true(far)) {
      v128.store(v + o, w);
      v128.store(u + o, z);
      v128.store(input + o, none);
      if (open) v128.store(conductance + o, none);
      continue;
    }
    // Lanes beyond the end are left alone.
    const live = inside(to - i), done = v128.and(far, live);
    v128.store(v + o, v128.bitselect(w, v0, done));
    v128.store(u + o, v128.bitselect(z, u0, done));
    v128.store(input + o, v128.andnot(x, done));
    if (open) v128.store(conductance + o, v128.andnot(g, done));
    count = append(near, count, i, v128.andnot(live, far));
  }
  return count;
}

/** Twin of `emitSources`. */
export function emitSources(from: i32, to: i32, rest: f32, v: usize, spikes: usize, count: i32): i32 {
  const peak = f32x4.splat(30);
  let i = from;
  for (; i + 16 <= to; i += 16) {
    const at = v + (<usize>i << 2);
    const first = i16x8.narrow_i32x4_s(f32x4.ge(v128.load(at), peak), f32x4.ge(v128.load(at, 16), peak));
    const second = i16x8.narrow_i32x4_s(f32x4.ge(v128.load(at, 32), peak), f32x4.ge(v128.load(at, 48), peak));
    count = emit(i, i8x16.bitmask(i8x16.narrow_i16x8_s(first, second)), rest, v, spikes, count);
  }
  for (; i < to; i += 4) {
    const fired = v128.and(f32x4.ge(v128.load(v + (<usize>i << 2)), peak), inside(to - i));
    count = emit(i, i32x4.bitmask(fired), rest, v, spikes, count);
  }
  return count;
}

/** Lists the input lines whose bit is set, and brings them back to rest; the first bit is line i. */
@inline
function emit(i: i32, bits: i32, rest: f32, v: usize, spikes: usize, count: i32): i32 {
  while (bits !== 0) {
    const k = i + ctz(bits);
    store<f32>(v + (<usize>k << 2), rest);
    store<u32>(spikes + (<usize>count << 2), k);
    count++;
    bits &= bits - 1;
  }
  return count;
}
