/**
 * Twins of kernels/deliver.ts, kernels/reward.ts and kernels/stdp.ts, in AssemblyScript. The same arithmetic in the same
 * order, so the same bytes. They gain the absence of bounds checks, and lanes: dense rows, and plain STDP along sparse ones, work on
 * four or two weights at once; along sparse rows each target is added to by itself.
 */

import { high, low, narrow } from "./lanes";

/**
 * One projection, as `projectionView` of src/engine/cpu/simd.ts lays it out in the brain's memory: addresses (0 where there
 * is none) and sizes, then numbers; all but the first number are of the event at hand.
 */
@unmanaged
class Projection {
  ring: usize;
  starts: usize;
  slots: i32;
  boundaries: i32;
  firstPopulation: i32;
  endPopulation: i32;
  begin: i32;
  toPopulation: i32;
  toBegin: i32;
  delays: i32;
  delaySteps: usize;
  rowStart: usize;
  target: usize;
  targets: i32;
  terminals: i32;
  weight: usize;
  out: usize;
  release: usize;
  sources: i32;
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
  nearest: i32;
  narrowTargets: i32;
  narrowTerminals: i32;
  plastic: usize;
  weightMax: f64;
  slope: f64;
  slow: f64;
  offset: f64;
  pull: f64;
  grow: f64;
  gain: f64;
  mark: f64;
  markSlow: f64;
}

/** A neuron of the list of spikes, counted from `begin`. */
@inline
function spikeAt(ring: usize, s: i32, begin: i32): usize {
  return <usize>(load<i32>(ring + (<usize>s << 2)) - begin);
}

/** Where the spikes of a population and slot begin in the ring. */
@inline
function startOf(p: Projection, slot: i32, population: i32): i32 {
  return load<i32>(p.starts + (<usize>(slot * p.boundaries + population) << 2));
}

/** What of a slot's releases belongs to this projection; 0 where there is no short-term plasticity. */
@inline
function releaseOf(p: Projection, slot: i32): usize {
  return p.release !== 0 ? p.release + (<usize>(slot * p.sources) << 2) : 0;
}

/** Adds to or sets a trace of each spike. */
@inline
function mark(p: Projection, first: i32, last: i32, begin: i32, stride: i32, offset: i32, amount: f64, trace: usize): void {
  const nearest = p.nearest !== 0, ring = p.ring;
  for (let s = first; s < last; s++) {
    const at = trace + ((spikeAt(ring, s, begin) * <usize>stride + <usize>offset) << 2);
    store<f32>(at, nearest ? <f32>amount : <f32>(<f64>load<f32>(at) + amount));
  }
}

/** Marks the presynaptic traces of arrivals with delay number d. */
@inline
function markArrivals(p: Projection, first: i32, last: i32, d: i32): void {
  if (p.preTrace !== 0) mark(p, first, last, p.begin, p.delays, d, p.mark, p.preTrace);
  if (p.preSlow !== 0) mark(p, first, last, p.begin, p.delays, d, p.markSlow, p.preSlow);
}

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

function arrive<T>(p: Projection, step: i32, scale: f64, learns: bool): void {
  const now = step % p.slots, delays = p.delays;
  for (let d = 0; d < delays; d++) {
    const delay = load<i32>(p.delaySteps + (<usize>d << 2));
    if (delay > step) return; // delays ascend
    const slot = now >= delay ? now - delay : now - delay + p.slots;
    const first = startOf(p, slot, p.firstPopulation), last = startOf(p, slot, p.endPopulation);
    if (first === last) continue;
    const release = releaseOf(p, slot);
    if (p.eligibility !== 0) arriveLearning<T>(p, first, last, d, scale, release, learns, true);
    else if (learns) arriveLearning<T>(p, first, last, d, scale, release, true, false);
    else arriveStatic<T>(p, first, last, d, scale, release);
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

/** A weight within its bounds; by lanes, since scalar minima and maxima take many instructions. */
@inline
function bounded(w: f64, weightMax: f64): f64 {
  const at = f64x2.pmin(f64x2.splat(w), f64x2.splat(weightMax));
  return f64x2.extract_lane(f64x2.pmax(at, f64x2.splat(0)), 0);
}

/** The factor of the bounds of a change of weight w. */
@inline
function room(by: f64, w: f64, weightMax: f64): f64 {
  return by > 0 ? 1 - w / weightMax : w / weightMax;
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

/** Four numbers of a list, at byte offsets. */
@inline
function gather(list: usize, a: usize, b: usize, c: usize, d: usize): v128 {
  return v128.load32_lane(
    list + d,
    v128.load32_lane(list + c, v128.load32_lane(list + b, v128.load32_zero(list + a), 1), 2),
    3,
  );
}

/** Four weights under plain STDP, where they meet a trace, or always if there is an offset. */
@inline
function changedByTraces(
  w: v128,
  trace: v128,
  slopes: v128,
  offsets: v128,
  pulls: v128,
  most: v128,
  soft: bool,
  all: bool,
): v128 {
  const next = narrow(
    changed(low(w), slopes, low(trace), offsets, pulls, most, soft),
    changed(high(w), slopes, high(trace), offsets, pulls, most, soft),
  );
  return all ? next : v128.bitselect(w, next, f32x4.eq(trace, f32x4.splat(0)));
}

/** The bits of minus zero: the weight of a lesioned synapse of a dense projection. */
const LESIONED: i32 = i32.MIN_VALUE;

/** Whether the weight at an address is that of a lesioned synapse. */
@inline
function isLesioned(at: usize): bool {
  return load<i32>(at) === LESIONED;
}

/** Settles the synapse at byte offset k up to a gain of the reward; its weight as it is stored then. */
@inline
function settledWeight(k: usize, weight: usize, eligibility: usize, settled: usize, weightMax: f64, gain: f64): f64 {
  const w = <f64>load<f32>(weight + k), gained = gain - <f64>load<f32>(settled + k);
  if (gained === 0) return w;
  store<f32>(settled + k, <f32>gain);
  const e = <f64>load<f32>(eligibility + k);
  if (e === 0) return w;
  const now = <f32>bounded(w + e * gained, weightMax);
  store<f32>(weight + k, now);
  return <f64>now;
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

/** Marks the postsynaptic traces of spikes. */
@inline
function markSpikes(p: Projection, first: i32, last: i32): void {
  mark(p, first, last, p.toBegin, 1, 0, p.mark, p.postTrace);
  if (p.postSlow !== 0) mark(p, first, last, p.toBegin, 1, 0, p.markSlow, p.postSlow);
}

/** What a postsynaptic spike makes of a presynaptic trace; `post` is the neuron, in bytes. */
@inline
function slopeOf(p: Projection, post: usize): f64 {
  const slope = p.postSlow !== 0 ? p.slope + p.slow * <f64>load<f32>(p.postSlow + post) : p.slope;
  return p.balance !== 0 ? slope * <f64>load<f32>(p.balance + post) : slope;
}

/** What maturity leaves of a neuron's plasticity; `post` is the neuron, in bytes. */
@inline
function plasticOf(p: Projection, post: usize): f64 {
  return p.plastic !== 0 ? <f64>load<f32>(p.plastic + post) : 1;
}

/** Changes the synapse at byte offset k; see `changeSynapse`. */
@inline
function change(p: Projection, k: usize, slope: f64, trace: f64, factor: f64): void {
  const weight = p.weight, eligibility = p.eligibility, weightMax = p.weightMax;
  let w = <f64>load<f32>(weight + k);
  if (eligibility !== 0) {
    const settled = p.settled, gained = p.gain - <f64>load<f32>(settled + k);
    if (gained !== 0) {
      w = bounded(w + <f64>load<f32>(eligibility + k) * gained, weightMax);
      store<f32>(weight + k, <f32>w);
      store<f32>(settled + k, <f32>p.gain);
    }
  }
  let by = (slope * trace + p.offset - p.pull * w) * factor;
  if (p.soft !== 0) by *= room(by, w, weightMax);
  if (eligibility !== 0) store<f32>(eligibility + k, <f32>(<f64>load<f32>(eligibility + k) + by * p.grow));
  else store<f32>(weight + k, <f32>bounded(w + by, weightMax));
}

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
  const ones = release === 0 && (scale === 1 || scale === -1), negate = scale === -1;
  let o: usize = 0;
  if (ones) {
    for (const end = n & ~63; o < end; o += 64) {
      let a = v128.load(out + o), b = v128.load(out + o, 16), c = v128.load(out + o, 32), d = v128.load(out + o, 48);
      for (let s = first; s < last; s++) {
        const w = weight + spikeAt(ring, s, begin) * n + o;
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

/** Settles the row of each spike. */
function settleDense(p: Projection, first: i32, last: i32): void {
  const n = <usize>p.targets << 2, weight = p.weight, eligibility = p.eligibility, settled = p.settled;
  for (let s = first; s < last; s++) {
    const row = spikeAt(p.ring, s, p.begin) * n;
    for (let k = row; k < row + n; k += 4) settledWeight(k, weight, eligibility, settled, p.weightMax, p.gain);
  }
}

/** Two synapses under plain STDP: w + slope · trace + offset, within their bounds. */
@inline
function changed(w: v128, slope: v128, trace: v128, offset: v128, pull: v128, most: v128, soft: bool): v128 {
  const none = f64x2.splat(0);
  let by = f64x2.sub(f64x2.add(f64x2.mul(slope, trace), offset), f64x2.mul(pull, w));
  if (soft) {
    const share = f64x2.div(w, most);
    by = f64x2.mul(by, v128.bitselect(f64x2.sub(f64x2.splat(1), share), share, f64x2.gt(by, none)));
  }
  return f64x2.pmax(f64x2.pmin(f64x2.add(w, by), most), none);
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
