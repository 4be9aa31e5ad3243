/**
 * SIMD twins of kernels/integrate.ts, in AssemblyScript: membranes are advanced four at a time in single precision, so
 * they follow their plain twins within its rounding. Arrays are addresses in the brain's memory; ranges need no
 * alignment, and neurons left over at the end of a range are lanes of their own.
 */

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
  const half = f32x4.splat(dt / 2), step = f32x4.splat(dt), peak = f32x4.splat(30), one = f32x4.splat(1);
  const k04 = f32x4.splat(0.04), k5 = f32x4.splat(5), k140 = f32x4.splat(140), zero = i64x2.splat(0);
  for (let i = from; i < to; i += 4) {
    const o = <usize>i << 2, whole = i + 4 <= to, live = inside(to - i);
    const v0 = v128.load(v + o), u0 = v128.load(u + o), g = v128.load(conductance + o), x = v128.load(input + o);
    const current = f32x4.sub(f32x4.add(x, k140), u0), forced = f32x4.ge(v0, peak);
    let w = f32x4.add(v0, f32x4.mul(half, f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(k04, v0), k5), v0), current)));
    const open = v128.any_true(g);
    const damp = open ? f32x4.div(one, f32x4.add(one, f32x4.mul(half, g))) : one;
    if (open) w = f32x4.mul(w, damp);
    w = f32x4.add(w, f32x4.mul(half, f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(k04, w), k5), w), current)));
    if (open) w = f32x4.mul(w, damp);
    let z = f32x4.add(
      u0,
      f32x4.mul(f32x4.mul(step, v128.load(a + o)), f32x4.sub(f32x4.mul(v128.load(b + o), w), u0)),
    );
    const fired = v128.and(v128.or(f32x4.ge(w, peak), forced), live);
    if (v128.any_true(fired)) {
      w = v128.bitselect(v128.load(c + o), w, fired);
      z = v128.bitselect(f32x4.add(z, v128.load(d + o)), z, fired);
      count = append(spikes, count, i, fired);
    }
    v128.store(v + o, whole ? w : v128.bitselect(w, v0, live));
    v128.store(u + o, whole ? z : v128.bitselect(z, u0, live));
    v128.store(input + o, whole ? zero : v128.andnot(x, live));
    if (open) v128.store(conductance + o, whole ? zero : v128.andnot(g, live));
  }
  return count;
}

/**
 * Twin of `integrateRiccati` for neurons far from the peak. Neurons near it are left as they are and appended to `near`,
 * in ascending order; the plain kernel takes their step. Returns their number.
 *
 * Single precision suffices because the step is computed as increments, which are small, and added once: with
 * y = v + shift, the map of the plain kernel is y + p (κ + 0.04 y²)/(q − 0.04 y p), and 140 − (5 − g)²·6.25 is expanded to
 * g (62.5 − 6.25 g) − 16.25, so that nothing large cancels.
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
  const h: f32 = dt / 2, half = f32x4.splat(h), curvature = f32x4.splat(<f32>0.04 * h * h), limit = f32x4.splat(2.2);
  const k04 = f32x4.splat(0.04), k15 = f32x4.splat(15), k6 = f32x4.splat(6), none = f32x4.splat(0);
  const peak = f32x4.splat(30), high = f32x4.splat(upstroke), low = f32x4.splat(stiff), minus5 = f32x4.splat(-5);
  let count = 0;
  for (let i = from; i < to; i += 4) {
    const o = <usize>i << 2, live = inside(to - i), v0 = v128.load(v + o), u0 = v128.load(u + o);
    const bi = v128.load(b + o), rise = f32x4.sub(f32x4.splat(1), v128.load(recovery + o));
    const x = v128.load(input + o), g = v128.load(conductance + o), open = v128.any_true(g);
    let shift = f32x4.splat(62.5), drive = f32x4.sub(x, f32x4.splat(16.25));
    if (open) {
      shift = f32x4.sub(shift, f32x4.mul(g, f32x4.splat(12.5)));
      drive = f32x4.add(drive, f32x4.mul(g, f32x4.sub(f32x4.splat(62.5), f32x4.mul(g, f32x4.splat(6.25)))));
    }
    let away = f32x4.ge(v0, peak), w = v0, z = u0, dv = none;
    let du = f32x4.mul(f32x4.sub(f32x4.mul(bi, v0), u0), rise);
    z = f32x4.add(u0, du);
    for (let k = 0; k < 2; k++) {
      const kappa = f32x4.sub(drive, z), y = f32x4.add(w, shift), bend = f32x4.mul(k04, y);
      const x2 = f32x4.min(f32x4.mul(curvature, kappa), limit);
      const p = f32x4.mul(half, f32x4.sub(k15, x2)), q = f32x4.sub(k15, f32x4.mul(k6, x2));
      const below = f32x4.sub(q, f32x4.mul(bend, p));
      let change = f32x4.div(f32x4.mul(p, f32x4.add(kappa, f32x4.mul(bend, y))), below);
      const fixed = f32x4.lt(x2, low);
      if (v128.any_true(fixed)) {
        const rest = f32x4.mul(minus5, f32x4.sqrt(f32x4.neg(kappa)));
        change = v128.bitselect(f32x4.sub(rest, y), change, fixed);
      }
      dv = f32x4.add(dv, change);
      w = f32x4.add(v0, dv);
      // Not below > 0, rather than below ≤ 0: what is no number is left to the plain kernel.
      away = v128.or(away, v128.or(v128.not(f32x4.gt(below, none)), v128.not(f32x4.le(w, high))));
      const target = f32x4.mul(bi, w);
      du = f32x4.add(du, f32x4.mul(f32x4.sub(target, z), rise));
      z = f32x4.add(u0, du);
      if (k === 0) {
        du = f32x4.add(du, f32x4.mul(f32x4.sub(target, z), rise));
        z = f32x4.add(u0, du);
      }
    }
    const done = v128.andnot(live, away);
    v128.store(v + o, v128.bitselect(w, v0, done));
    v128.store(u + o, v128.bitselect(z, u0, done));
    v128.store(input + o, v128.andnot(x, done));
    if (open) v128.store(conductance + o, v128.andnot(g, done));
    away = v128.and(away, live);
    if (v128.any_true(away)) count = append(near, count, i, away);
  }
  return count;
}

/** Twin of `emitSources`. */
export function emitSources(from: i32, to: i32, rest: f32, v: usize, spikes: usize, count: i32): i32 {
  const peak = f32x4.splat(30);
  for (let i = from; i < to; i += 4) {
    const at = v + (<usize>i << 2), fired = f32x4.ge(v128.load(at), peak);
    if (!v128.any_true(fired)) continue;
    const live = v128.and(fired, inside(to - i));
    v128.store(at, v128.bitselect(f32x4.splat(rest), v128.load(at), live));
    count = append(spikes, count, i, live);
  }
  return count;
}
