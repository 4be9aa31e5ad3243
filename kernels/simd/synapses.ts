/**
 * Twins of kernels/deliver.ts, kernels/reward.ts and kernels/stdp.ts, in AssemblyScript. The same arithmetic in the same
 * order, so the same bytes. Along sparse rows they gain the absence of bounds checks, along dense rows two or four lanes.
 */

import { high, low, narrow } from "./lanes";

/**
 * One projection, as `ProjectionView` of src/engine/synapse_kernels.ts lays it out in the brain's memory: addresses
 * (0 where there is none) and sizes, then numbers; the last five are of the event at hand.
 */
@unmanaged
class Projection {
  spikes: usize;
  base: i32;
  delays: i32;
  rowStart: usize;
  target: usize;
  targets: i32;
  terminals: i32;
  weight: usize;
  out: usize;
  eligibility: usize;
  settled: usize;
  preTrace: usize;
  postTrace: usize;
  preSlow: usize;
  postSlow: usize;
  balance: usize;
  start: usize;
  synapse: usize;
  terminal: usize;
  soft: i32;
  weightMax: f64;
  slope: f64;
  slow: f64;
  offset: f64;
  pull: f64;
  grow: f64;
  gain: f64;
}

/** Index of the source neuron of spike s within its population. */
@inline
function sourceOf(p: Projection, s: i32): i32 {
  return load<i32>(p.spikes + (<usize>s << 2)) - p.base;
}

/** Address, in `rowStart`, of the row of a spike's synapses with a delay. */
@inline
function rowOf(p: Projection, s: i32, delay: i32): usize {
  return p.rowStart + (<usize>(sourceOf(p, s) * p.delays + delay) << 2);
}

/** Adds weights to the target's receptor, along the sparse row of each spike. `release` is 0 where there is none. */
export function deliverSparse(p: Projection, first: i32, last: i32, delay: i32, scale: f64, release: usize): void {
  const target = p.target, weight = p.weight, out = p.out;
  for (let s = first; s < last; s++) {
    const row = rowOf(p, s, delay);
    const factor = release !== 0 ? scale * <f64>load<f32>(release + (<usize>sourceOf(p, s) << 2)) : scale;
    let k = <usize>load<u32>(row) << 2;
    const end = <usize>load<u32>(row, 4) << 2;
    // A factor of one leaves single-precision sums: the same numbers without conversions.
    if (factor === 1) {
      for (; k < end; k += 4) {
        const at = out + (<usize>load<u32>(target + k) << 2);
        store<f32>(at, load<f32>(at) + load<f32>(weight + k));
      }
    } else if (factor === -1) {
      for (; k < end; k += 4) {
        const at = out + (<usize>load<u32>(target + k) << 2);
        store<f32>(at, load<f32>(at) - load<f32>(weight + k));
      }
    } else {
      for (; k < end; k += 4) {
        const at = out + (<usize>load<u32>(target + k) << 2);
        store<f32>(at, <f32>(<f64>load<f32>(at) + factor * <f64>load<f32>(weight + k)));
      }
    }
  }
}

/** The same for a dense projection. All spikes add to a block of targets before the next block is begun. */
export function deliverDense(p: Projection, first: i32, last: i32, scale: f64, release: usize): void {
  const n = <usize>p.targets << 2, weight = p.weight, out = p.out;
  const ones = release === 0 && (scale === 1 || scale === -1), negate = scale === -1;
  let o: usize = 0;
  if (ones) {
    for (const end = n & ~63; o < end; o += 64) {
      let a = v128.load(out + o), b = v128.load(out + o, 16), c = v128.load(out + o, 32), d = v128.load(out + o, 48);
      for (let s = first; s < last; s++) {
        const w = weight + <usize>sourceOf(p, s) * n + o;
        if (negate) {
          a = f32x4.sub(a, v128.load(w));
          b = f32x4.sub(b, v128.load(w, 16));
          c = f32x4.sub(c, v128.load(w, 32));
          d = f32x4.sub(d, v128.load(w, 48));
        } else {
          a = f32x4.add(a, v128.load(w));
          b = f32x4.add(b, v128.load(w, 16));
          c = f32x4.add(c, v128.load(w, 32));
          d = f32x4.add(d, v128.load(w, 48));
        }
      }
      v128.store(out + o, a);
      v128.store(out + o, b, 16);
      v128.store(out + o, c, 32);
      v128.store(out + o, d, 48);
    }
  } else {
    for (const end = n & ~15; o < end; o += 16) {
      let sum = v128.load(out + o);
      for (let s = first; s < last; s++) {
        const pre = <usize>sourceOf(p, s), w = v128.load(weight + pre * n + o);
        const factor = f64x2.splat(release !== 0 ? scale * <f64>load<f32>(release + (pre << 2)) : scale);
        // Rounded after each spike, as where sums lie in memory.
        sum = narrow(f64x2.add(low(sum), f64x2.mul(factor, low(w))), f64x2.add(high(sum), f64x2.mul(factor, high(w))));
      }
      v128.store(out + o, sum);
    }
  }
  for (; o < n; o += 4) {
    for (let s = first; s < last; s++) {
      const pre = <usize>sourceOf(p, s);
      const factor = release !== 0 ? scale * <f64>load<f32>(release + (pre << 2)) : scale;
      store<f32>(out + o, <f32>(<f64>load<f32>(out + o) + factor * <f64>load<f32>(weight + pre * n + o)));
    }
  }
}

/** Settles synapses from … to, in bytes, up to the gain of the reward. */
@inline
function settleRange(p: Projection, from: usize, to: usize): void {
  const weight = p.weight, eligibility = p.eligibility, settled = p.settled, weightMax = p.weightMax, gain = p.gain;
  for (let k = from; k < to; k += 4) {
    const gained = gain - <f64>load<f32>(settled + k);
    if (gained === 0) continue;
    const w = <f64>load<f32>(weight + k) + <f64>load<f32>(eligibility + k) * gained;
    store<f32>(weight + k, <f32>max(0, min(weightMax, w)));
    store<f32>(settled + k, <f32>gain);
  }
}

/** Settles the synapses of each spike's sparse row. */
export function settleSparse(p: Projection, first: i32, last: i32, delay: i32): void {
  for (let s = first; s < last; s++) {
    const row = rowOf(p, s, delay);
    settleRange(p, <usize>load<u32>(row) << 2, <usize>load<u32>(row, 4) << 2);
  }
}

/** Settles the synapses of each spike's dense row. */
export function settleDense(p: Projection, first: i32, last: i32): void {
  const n = <usize>p.targets << 2;
  for (let s = first; s < last; s++) {
    const row = <usize>sourceOf(p, s) * n;
    settleRange(p, row, row + n);
  }
}

/** Changes the synapse at byte offset k; see `changeSynapse`. */
@inline
function change(p: Projection, k: usize, slope: f64, trace: f64): void {
  const weight = p.weight, eligibility = p.eligibility, weightMax = p.weightMax;
  let w = <f64>load<f32>(weight + k);
  if (eligibility !== 0) {
    const settled = p.settled, gained = p.gain - <f64>load<f32>(settled + k);
    if (gained !== 0) {
      w = max(0, min(weightMax, w + <f64>load<f32>(eligibility + k) * gained));
      store<f32>(weight + k, <f32>w);
      store<f32>(settled + k, <f32>p.gain);
    }
  }
  let by = slope * trace + p.offset - p.pull * w;
  if (p.soft !== 0) by *= by > 0 ? 1 - w / weightMax : w / weightMax;
  if (eligibility !== 0) {
    store<f32>(eligibility + k, <f32>(<f64>load<f32>(eligibility + k) + by * p.grow));
  } else store<f32>(weight + k, <f32>max(0, min(weightMax, w + by)));
}

/** Arrivals meet postsynaptic traces, along the sparse row of each spike. */
export function arriveSparse(p: Projection, first: i32, last: i32, delay: i32): void {
  const all = p.offset !== 0, target = p.target, postTrace = p.postTrace, preSlow = p.preSlow;
  for (let s = first; s < last; s++) {
    const row = rowOf(p, s, delay);
    const slope = preSlow !== 0 ? p.slope + p.slow * <f64>load<f32>(preSlow + (row - p.rowStart)) : p.slope;
    const end = <usize>load<u32>(row, 4) << 2;
    for (let k = <usize>load<u32>(row) << 2; k < end; k += 4) {
      const y = <f64>load<f32>(postTrace + (<usize>load<u32>(target + k) << 2));
      if (y !== 0 || all) change(p, k, slope, y);
    }
  }
}

/** Two synapses under plain STDP: w + slope · trace + offset, within their bounds. */
@inline
function changed(p: Projection, w: v128, slope: v128, trace: v128): v128 {
  const none = f64x2.splat(0), most = f64x2.splat(p.weightMax);
  let by = f64x2.sub(f64x2.add(f64x2.mul(slope, trace), f64x2.splat(p.offset)), f64x2.mul(f64x2.splat(p.pull), w));
  if (p.soft !== 0) {
    const share = f64x2.div(w, most);
    by = f64x2.mul(by, v128.bitselect(f64x2.sub(f64x2.splat(1), share), share, f64x2.gt(by, none)));
  }
  return f64x2.max(none, f64x2.min(most, f64x2.add(w, by)));
}

/** The same along the dense row of each spike. */
export function arriveDense(p: Projection, first: i32, last: i32): void {
  const n = <usize>p.targets << 2, all = p.offset !== 0, postTrace = p.postTrace, preSlow = p.preSlow;
  const lanes = p.eligibility === 0 ? n & ~15 : 0;
  for (let s = first; s < last; s++) {
    const pre = <usize>sourceOf(p, s), row = pre * n, at = p.weight + row;
    const slope = preSlow !== 0 ? p.slope + p.slow * <f64>load<f32>(preSlow + (pre << 2)) : p.slope;
    const slopes = f64x2.splat(slope);
    let o: usize = 0;
    for (; o < lanes; o += 16) {
      const y = v128.load(postTrace + o);
      if (!all && !v128.any_true(y)) continue;
      const w = v128.load(at + o);
      const next = narrow(changed(p, low(w), slopes, low(y)), changed(p, high(w), slopes, high(y)));
      v128.store(at + o, all ? next : v128.bitselect(w, next, f32x4.eq(y, f32x4.splat(0))));
    }
    for (; o < n; o += 4) {
      const y = <f64>load<f32>(postTrace + o);
      if (y !== 0 || all) change(p, row + o, slope, y);
    }
  }
}

/** What a postsynaptic spike makes of a presynaptic trace; `post` is the neuron, in bytes. */
@inline
function slopeOf(p: Projection, post: usize): f64 {
  const slope = p.postSlow !== 0 ? p.slope + p.slow * <f64>load<f32>(p.postSlow + post) : p.slope;
  return p.balance !== 0 ? slope * <f64>load<f32>(p.balance + post) : slope;
}

/** Postsynaptic spikes, `ring[first … last − 1]` of the region that begins at `base`, meet presynaptic traces. */
export function spikeSparse(p: Projection, first: i32, last: i32, base: i32): void {
  const all = p.offset !== 0 || p.pull !== 0, preTrace = p.preTrace, start = p.start;
  const synapse = p.synapse, terminal = p.terminal;
  for (let s = first; s < last; s++) {
    const post = <usize>(load<i32>(p.spikes + (<usize>s << 2)) - base) << 2, slope = slopeOf(p, post);
    const end = <usize>load<u32>(start + post, 4) << 2;
    for (let q = <usize>load<u32>(start + post) << 2; q < end; q += 4) {
      const x = <f64>load<f32>(preTrace + (<usize>load<u32>(terminal + q) << 2));
      if (x !== 0 || all) change(p, <usize>load<u32>(synapse + q) << 2, slope, x);
    }
  }
}

/** The same down the column of each spike. */
export function spikeDense(p: Projection, first: i32, last: i32, base: i32): void {
  const all = p.offset !== 0 || p.pull !== 0, preTrace = p.preTrace, n = <usize>p.targets << 2;
  const end = <usize>p.terminals << 2;
  for (let s = first; s < last; s++) {
    let k = <usize>(load<i32>(p.spikes + (<usize>s << 2)) - base) << 2;
    const slope = slopeOf(p, k);
    for (let i: usize = 0; i < end; i += 4, k += n) {
      const x = <f64>load<f32>(preTrace + i);
      if (x !== 0 || all) change(p, k, slope, x);
    }
  }
}
