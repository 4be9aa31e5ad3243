/**
 * Sparse projections: twins of kernels/deliver.ts, kernels/reward.ts and kernels/stdp.ts, in AssemblyScript. The same arithmetic
 * in the same order, so the same bytes. They gain by reading ahead, and under plain STDP by working on four or two weights
 * at once; each target is added to by itself.
 */

import { bounded, change, changed, changedByTraces, gather, plasticOf, room, settledWeight, slopeOf } from "./change";
import { low } from "./lanes";
import { markArrivals, markSpikes, Projection, releaseOf, spikeAt, startOf } from "./projection";

/** Arrivals of a step at sparse synapses: settle, add to the target, learn, mark. */
export function arriveSparse(p: Projection, step: i32, scale: f64, learns: bool): void {
  if (p.narrowTargets !== 0) arrive<u16>(p, step, scale, learns);
  else arrive<u32>(p, step, scale, learns);
}

/** The element of a list of indices that belongs to the synapse at byte offset k of a list of weights, times four. */
@inline
function indexAt<T>(list: usize, k: usize): usize {
  return <usize>load<T>(list + (sizeof<T>() === 2 ? k >> 1 : k)) << 2;
}

/** Keeps reads whose value nobody wants from being left out. */
let touched: i32 = 0;
/** Rows that are read ahead at a time, so that they are still near when they are delivered. */
const BATCH = 32;
/** Bytes of a list of weights between two reads ahead: a line of the cache; in rows of many lines the processor foresees the next itself. */
const STRIDE: usize = 64, STRIDE_OF_LONG: usize = 2048, LONG: usize = 1024;

/**
 * Reads a little of the row of each spike: lines of memory that are far away come at the same time, instead of each row's
 * when it begins. Rows lie anywhere, so that no processor foresees them.
 */
@inline
function readAhead<T>(p: Projection, first: i32, last: i32, d: i32): void {
  const target = p.target, weight = p.weight, delays = <usize>p.delays, rowStart = p.rowStart + (<usize>d << 2);
  for (let s = first; s < last; s++) {
    const row = rowStart + ((spikeAt(p.ring, s, p.begin) * delays) << 2);
    const begin = <usize>load<u32>(row) << 2, end = <usize>load<u32>(row, 4) << 2;
    const stride = end - begin > LONG ? STRIDE_OF_LONG : STRIDE;
    for (let k = begin; k < end; k += stride) {
      touched ^= load<i32>(weight + k) ^ <i32>indexAt<T>(target, k);
    }
  }
}

function arrive<T>(p: Projection, step: i32, scale: f64, learns: bool): void {
  const now = step % p.slots, delays = p.delays;
  for (let d = 0; d < delays; d++) {
    const delay = load<i32>(p.delaySteps + (<usize>d << 2));
    if (delay > step) return; // delays ascend
    const slot = now >= delay ? now - delay : now - delay + p.slots;
    const first = startOf(p, slot, p.firstPopulation), last = startOf(p, slot, p.endPopulation);
    if (first === last) continue;
    const release = releaseOf(p, slot);
    for (let from = first; from < last; from += BATCH) {
      const to = min(last, from + BATCH);
      readAhead<T>(p, from, to, d);
      if (p.eligibility !== 0) arriveLearning<T>(p, from, to, d, scale, release, learns, true);
      else if (learns) arriveLearning<T>(p, from, to, d, scale, release, true, false);
      else arriveStatic<T>(p, from, to, d, scale, release);
    }
    markArrivals(p, first, last, d);
  }
}

/** Arrivals with delay number d at synapses that do not learn: they add to the target. */
@inline
function arriveStatic<T>(p: Projection, first: i32, last: i32, d: i32, scale: f64, release: usize): void {
  const target = p.target, weight = p.weight, out = p.out, ring = p.ring, begin = p.begin, delays = <usize>p.delays;
  const rowStart = p.rowStart + (<usize>d << 2);
  for (let s = first; s < last; s++) {
    const pre = spikeAt(ring, s, begin), row = rowStart + ((pre * delays) << 2);
    const factor = release !== 0 ? scale * <f64>load<f32>(release + (pre << 2)) : scale;
    let k = <usize>load<u32>(row) << 2;
    const end = <usize>load<u32>(row, 4) << 2;
    // A factor of one leaves single-precision sums: the same numbers without conversions.
    if (factor === 1) {
      for (; k < end; k += 4) {
        const at = out + indexAt<T>(target, k);
        store<f32>(at, load<f32>(at) + load<f32>(weight + k));
      }
    } else if (factor === -1) {
      for (; k < end; k += 4) {
        const at = out + indexAt<T>(target, k);
        store<f32>(at, load<f32>(at) - load<f32>(weight + k));
      }
    } else {
      for (; k < end; k += 4) {
        const at = out + indexAt<T>(target, k);
        store<f32>(at, <f32>(<f64>load<f32>(at) + factor * <f64>load<f32>(weight + k)));
      }
    }
  }
}

/**
 * The same at synapses that learn: each adds its weight to the target, then meets the postsynaptic trace. Under reward,
 * what that has done to the weight is settled first, and what is learnt is an eligibility.
 * @param rewarded known where this is called, so that one form makes two loops
 */
@inline
function arriveLearning<T>(
  p: Projection,
  first: i32,
  last: i32,
  d: i32,
  scale: f64,
  release: usize,
  learns: bool,
  rewarded: bool,
): void {
  const target = p.target, weight = p.weight, out = p.out, ring = p.ring, begin = p.begin, delays = <usize>p.delays;
  const rowStart = p.rowStart, postTrace = p.postTrace, preSlow = p.preSlow, weightMax = p.weightMax;
  const offset = p.offset, pull = p.pull, soft = p.soft !== 0, all = offset !== 0;
  const eligibility = p.eligibility, settled = p.settled, gain = p.gain, grow = p.grow;
  const offsets = f64x2.splat(offset), pulls = f64x2.splat(pull), most = f64x2.splat(weightMax);
  for (let s = first; s < last; s++) {
    const pre = spikeAt(ring, s, begin), terminal = (pre * delays + <usize>d) << 2, row = rowStart + terminal;
    const factor = release !== 0 ? scale * <f64>load<f32>(release + (pre << 2)) : scale;
    const slope = preSlow !== 0 ? p.slope + p.slow * <f64>load<f32>(preSlow + terminal) : p.slope;
    const end = <usize>load<u32>(row, 4) << 2;
    let k = <usize>load<u32>(row) << 2;
    if (!rewarded && factor === 1) {
      const slopes = f64x2.splat(slope);
      for (; k + 12 < end; k += 16) {
        const a = indexAt<T>(target, k), b = indexAt<T>(target, k + 4);
        const c = indexAt<T>(target, k + 8), e = indexAt<T>(target, k + 12);
        const w = v128.load(weight + k), y = gather(postTrace, a, b, c, e);
        // In order: a row may have several synapses with one target.
        store<f32>(out + a, load<f32>(out + a) + f32x4.extract_lane(w, 0));
        store<f32>(out + b, load<f32>(out + b) + f32x4.extract_lane(w, 1));
        store<f32>(out + c, load<f32>(out + c) + f32x4.extract_lane(w, 2));
        store<f32>(out + e, load<f32>(out + e) + f32x4.extract_lane(w, 3));
        v128.store(weight + k, changedByTraces(w, y, slopes, offsets, pulls, most, soft, all));
      }
      // Rows may be short: of what is left, two at once.
      if (k + 4 < end) {
        const a = indexAt<T>(target, k), b = indexAt<T>(target, k + 4), w = v128.load64_zero(weight + k);
        const y = v128.load32_lane(postTrace + b, v128.load32_zero(postTrace + a), 1);
        store<f32>(out + a, load<f32>(out + a) + f32x4.extract_lane(w, 0));
        store<f32>(out + b, load<f32>(out + b) + f32x4.extract_lane(w, 1));
        const next = f32x4.demote_f64x2_zero(changed(low(w), slopes, low(y), offsets, pulls, most, soft));
        v128.store64_lane(weight + k, all ? next : v128.bitselect(w, next, f32x4.eq(y, f32x4.splat(0))), 0);
        k += 8;
      }
    }
    for (; k < end; k += 4) {
      const to = indexAt<T>(target, k);
      const w = rewarded
        ? settledWeight(k, weight, eligibility, settled, weightMax, gain)
        : <f64>load<f32>(weight + k);
      store<f32>(out + to, <f32>(<f64>load<f32>(out + to) + factor * w));
      const y = <f64>load<f32>(postTrace + to);
      if (!learns || (y === 0 && !all)) continue;
      let by = slope * y + offset - pull * w;
      if (soft) by *= room(by, w, weightMax);
      if (rewarded) store<f32>(eligibility + k, <f32>(<f64>load<f32>(eligibility + k) + by * grow));
      else store<f32>(weight + k, <f32>bounded(w + by, weightMax));
    }
  }
}

/** Postsynaptic spikes of a step at sparse synapses: they meet presynaptic traces, and mark their own. */
export function spikeSparse(p: Projection, step: i32, learns: bool): void {
  if (p.narrowTerminals !== 0) spike<u16>(p, step, learns);
  else spike<u32>(p, step, learns);
}

function spike<T>(p: Projection, step: i32, learns: bool): void {
  const slot = step % p.slots, first = startOf(p, slot, p.toPopulation), last = startOf(p, slot, p.toPopulation + 2);
  if (first === last) return;
  const start = p.start, ring = p.ring, begin = p.toBegin;
  if (learns) {
    // Plain weights change in this loop, all others as `change` does it.
    const all = p.offset !== 0 || p.pull !== 0, plain = p.eligibility === 0 && p.plastic === 0;
    const preTrace = p.preTrace, synapse = p.synapse, terminal = p.terminal;
    const weight = p.weight, weightMax = p.weightMax, offset = p.offset, pull = p.pull, soft = p.soft !== 0;
    const offsets = f64x2.splat(offset), pulls = f64x2.splat(pull), most = f64x2.splat(weightMax);
    for (let s = first; s < last; s++) {
      const post = spikeAt(ring, s, begin) << 2, slope = slopeOf(p, post), factor = plasticOf(p, post);
      const end = <usize>load<u32>(start + post, 4) << 2;
      let q = <usize>load<u32>(start + post) << 2;
      if (plain) {
        const slopes = f64x2.splat(slope);
        for (; q + 12 < end; q += 16) {
          const x = gather(
            preTrace,
            indexAt<T>(terminal, q),
            indexAt<T>(terminal, q + 4),
            indexAt<T>(terminal, q + 8),
            indexAt<T>(terminal, q + 12),
          );
          if (!all && !v128.any_true(x)) continue;
          const a = <usize>load<u32>(synapse + q) << 2, b = <usize>load<u32>(synapse + q, 4) << 2;
          const c = <usize>load<u32>(synapse + q, 8) << 2, e = <usize>load<u32>(synapse + q, 12) << 2;
          const next = changedByTraces(gather(weight, a, b, c, e), x, slopes, offsets, pulls, most, soft, all);
          v128.store32_lane(weight + a, next, 0);
          v128.store32_lane(weight + b, next, 1);
          v128.store32_lane(weight + c, next, 2);
          v128.store32_lane(weight + e, next, 3);
        }
      }
      for (; q < end; q += 4) {
        const x = <f64>load<f32>(preTrace + indexAt<T>(terminal, q));
        if (x === 0 && !all) continue;
        const k = <usize>load<u32>(synapse + q) << 2;
        if (!plain) {
          change(p, k, slope, x, factor);
          continue;
        }
        const w = <f64>load<f32>(weight + k);
        let by = slope * x + offset - pull * w;
        if (soft) by *= room(by, w, weightMax);
        store<f32>(weight + k, <f32>bounded(w + by, weightMax));
      }
    }
  }
  markSpikes(p, first, last);
}
