/**
 * Dense projections: twins of kernels/deliver.ts, kernels/reward.ts and kernels/stdp.ts, in AssemblyScript. The same arithmetic in
 * the same order, so the same bytes, by two or four lanes along the rows.
 */

import { change, changedByTraces, isLesioned, LESIONED, plasticOf, settledWeight, slopeOf } from "./change";
import { high, low, narrow } from "./lanes";
import { markArrivals, markSpikes, Projection, releaseOf, spikeAt, startOf } from "./projection";

/** Arrivals of a step at dense synapses: settle, add to the target, learn, mark. */
export function arriveDense(p: Projection, step: i32, scale: f64, learns: bool): void {
  const delay = load<i32>(p.delaySteps), now = step % p.slots;
  if (delay > step) return;
  const slot = now >= delay ? now - delay : now - delay + p.slots;
  const first = startOf(p, slot, p.firstPopulation), last = startOf(p, slot, p.endPopulation);
  if (first === last) return;
  if (p.eligibility !== 0) settleDense(p, first, last);
  deliverDense(p, first, last, scale, releaseOf(p, slot));
  if (learns) learnDense(p, first, last);
  markArrivals(p, first, last, 0);
}

/** Adds weights to the targets. All spikes add to a block of targets before the next block is begun. */
function deliverDense(p: Projection, first: i32, last: i32, scale: f64, release: usize): void {
  const n = <usize>p.targets << 2, weight = p.weight, out = p.out, ring = p.ring, begin = p.begin;
  const ones = release === 0 && (scale === 1 || scale === -1);
  let o: usize = 0;
  if (ones) {
    o = scale === 1 ? deliverOnes(p, first, last, false) : deliverOnes(p, first, last, true);
  } else {
    for (const end = n & ~15; o < end; o += 16) {
      let sum = v128.load(out + o);
      for (let s = first; s < last; s++) {
        const pre = spikeAt(ring, s, begin), w = v128.load(weight + pre * n + o);
        const factor = f64x2.splat(release !== 0 ? scale * <f64>load<f32>(release + (pre << 2)) : scale);
        // Rounded after each spike, as where sums lie in memory.
        sum = narrow(f64x2.add(low(sum), f64x2.mul(factor, low(w))), f64x2.add(high(sum), f64x2.mul(factor, high(w))));
      }
      v128.store(out + o, sum);
    }
  }
  for (; o < n; o += 4) {
    for (let s = first; s < last; s++) {
      const pre = spikeAt(ring, s, begin);
      const factor = release !== 0 ? scale * <f64>load<f32>(release + (pre << 2)) : scale;
      store<f32>(out + o, <f32>(<f64>load<f32>(out + o) + factor * <f64>load<f32>(weight + pre * n + o)));
    }
  }
}

/** Where all factors are one, or minus one: single-precision sums are the same numbers. Returns how far it came, in bytes. */
@inline
function deliverOnes(p: Projection, first: i32, last: i32, negative: bool): usize {
  const n = <usize>p.targets << 2, weight = p.weight, out = p.out, ring = p.ring, begin = p.begin;
  let o: usize = 0;
  for (const end = n & ~127; o < end; o += 128) {
    let a = v128.load(out + o), b = v128.load(out + o, 16), c = v128.load(out + o, 32), d = v128.load(out + o, 48);
    let e = v128.load(out + o, 64), f = v128.load(out + o, 80), g = v128.load(out + o, 96), h = v128.load(out + o, 112);
    for (let s = first; s < last; s++) {
      const w = weight + spikeAt(ring, s, begin) * n + o;
      a = plus(a, v128.load(w), negative);
      b = plus(b, v128.load(w, 16), negative);
      c = plus(c, v128.load(w, 32), negative);
      d = plus(d, v128.load(w, 48), negative);
      e = plus(e, v128.load(w, 64), negative);
      f = plus(f, v128.load(w, 80), negative);
      g = plus(g, v128.load(w, 96), negative);
      h = plus(h, v128.load(w, 112), negative);
    }
    v128.store(out + o, a);
    v128.store(out + o, b, 16);
    v128.store(out + o, c, 32);
    v128.store(out + o, d, 48);
    v128.store(out + o, e, 64);
    v128.store(out + o, f, 80);
    v128.store(out + o, g, 96);
    v128.store(out + o, h, 112);
  }
  for (const end = n & ~15; o < end; o += 16) {
    let a = v128.load(out + o);
    for (let s = first; s < last; s++) a = plus(a, v128.load(weight + spikeAt(ring, s, begin) * n + o), negative);
    v128.store(out + o, a);
  }
  return o;
}

/** a + b, or a − b. */
@inline
function plus(a: v128, b: v128, negative: bool): v128 {
  return negative ? f32x4.sub(a, b) : f32x4.add(a, b);
}

/** Settles the row of each spike. */
function settleDense(p: Projection, first: i32, last: i32): void {
  const n = <usize>p.targets << 2, weight = p.weight, eligibility = p.eligibility, settled = p.settled;
  for (let s = first; s < last; s++) {
    const row = spikeAt(p.ring, s, p.begin) * n;
    for (let k = row; k < row + n; k += 4) settledWeight(k, weight, eligibility, settled, p.weightMax, p.gain);
  }
}

/** Arrivals meet postsynaptic traces, along the row of each spike. */
function learnDense(p: Projection, first: i32, last: i32): void {
  const n = <usize>p.targets << 2, all = p.offset !== 0, postTrace = p.postTrace, preSlow = p.preSlow;
  const lanes = p.eligibility === 0 ? n & ~15 : 0, soft = p.soft !== 0;
  const offsets = f64x2.splat(p.offset), pulls = f64x2.splat(p.pull), most = f64x2.splat(p.weightMax);
  for (let s = first; s < last; s++) {
    const pre = spikeAt(p.ring, s, p.begin), row = pre * n, at = p.weight + row;
    const slope = preSlow !== 0 ? p.slope + p.slow * <f64>load<f32>(preSlow + (pre << 2)) : p.slope;
    const slopes = f64x2.splat(slope);
    let o: usize = 0;
    for (; o < lanes; o += 16) {
      const y = v128.load(postTrace + o);
      if (!all && !v128.any_true(y)) continue;
      const w = v128.load(at + o), next = changedByTraces(w, y, slopes, offsets, pulls, most, soft, all);
      v128.store(at + o, v128.bitselect(w, next, i32x4.eq(w, i32x4.splat(LESIONED))));
    }
    for (; o < n; o += 4) {
      const y = <f64>load<f32>(postTrace + o);
      if ((y !== 0 || all) && !isLesioned(at + o)) change(p, row + o, slope, y, 1);
    }
  }
}

/** Postsynaptic spikes of a step, down the column of each. */
export function spikeDense(p: Projection, step: i32, learns: bool): void {
  const slot = step % p.slots, first = startOf(p, slot, p.toPopulation), last = startOf(p, slot, p.toPopulation + 2);
  if (first === last) return;
  if (learns) {
    const all = p.offset !== 0 || p.pull !== 0, preTrace = p.preTrace, n = <usize>p.targets << 2;
    const end = <usize>p.terminals << 2;
    for (let s = first; s < last; s++) {
      let k = spikeAt(p.ring, s, p.toBegin) << 2;
      const slope = slopeOf(p, k), factor = plasticOf(p, k);
      for (let i: usize = 0; i < end; i += 4, k += n) {
        const x = <f64>load<f32>(preTrace + i);
        if ((x !== 0 || all) && !isLesioned(p.weight + k)) change(p, k, slope, x, factor);
      }
    }
  }
  markSpikes(p, first, last);
}
