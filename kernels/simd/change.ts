/** How a weight changes: settled up to a gain of the reward, and by what an event makes of a trace, within its bounds. */

import { high, low, narrow } from "./lanes";
import { Projection } from "./projection";

/** A weight within its bounds; by lanes, since scalar minima and maxima take many instructions. */
@inline
export function bounded(w: f64, weightMax: f64): f64 {
  const at = f64x2.pmin(f64x2.splat(w), f64x2.splat(weightMax));
  return f64x2.extract_lane(f64x2.pmax(at, f64x2.splat(0)), 0);
}

/** The factor of the bounds of a change of weight w. */
@inline
export function room(by: f64, w: f64, weightMax: f64): f64 {
  return by > 0 ? 1 - w / weightMax : w / weightMax;
}

/** Four numbers of a list, at byte offsets. */
@inline
export function gather(list: usize, a: usize, b: usize, c: usize, d: usize): v128 {
  return v128.load32_lane(
    list + d,
    v128.load32_lane(list + c, v128.load32_lane(list + b, v128.load32_zero(list + a), 1), 2),
    3,
  );
}

/** Four weights under plain STDP, where they meet a trace, or always if there is an offset. */
@inline
export function changedByTraces(
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
export const LESIONED: i32 = i32.MIN_VALUE;

/** Whether the weight at an address is that of a lesioned synapse. */
@inline
export function isLesioned(at: usize): bool {
  return load<i32>(at) === LESIONED;
}

/** Settles the synapse at byte offset k up to a gain of the reward; its weight as it is stored then. */
@inline
export function settledWeight(k: usize, weight: usize, eligibility: usize, settled: usize, weightMax: f64, gain: f64): f64 {
  const w = <f64>load<f32>(weight + k), gained = gain - <f64>load<f32>(settled + k);
  if (gained === 0) return w;
  store<f32>(settled + k, <f32>gain);
  const e = <f64>load<f32>(eligibility + k);
  if (e === 0) return w;
  const now = <f32>bounded(w + e * gained, weightMax);
  store<f32>(weight + k, now);
  return <f64>now;
}

/** What a postsynaptic spike makes of a presynaptic trace; `post` is the neuron, in bytes. */
@inline
export function slopeOf(p: Projection, post: usize): f64 {
  const slope = p.postSlow !== 0 ? p.slope + p.slow * <f64>load<f32>(p.postSlow + post) : p.slope;
  return p.balance !== 0 ? slope * <f64>load<f32>(p.balance + post) : slope;
}

/** What maturity leaves of a neuron's plasticity; `post` is the neuron, in bytes. */
@inline
export function plasticOf(p: Projection, post: usize): f64 {
  return p.plastic !== 0 ? <f64>load<f32>(p.plastic + post) : 1;
}

/** Changes the synapse at byte offset k; see `changeSynapse`. */
@inline
export function change(p: Projection, k: usize, slope: f64, trace: f64, factor: f64): void {
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

/** Two synapses under plain STDP: w + slope · trace + offset, within their bounds. */
@inline
export function changed(w: v128, slope: v128, trace: v128, offset: v128, pull: v128, most: v128, soft: bool): v128 {
  const none = f64x2.splat(0);
  let by = f64x2.sub(f64x2.add(f64x2.mul(slope, trace), offset), f64x2.mul(pull, w));
  if (soft) {
    const share = f64x2.div(w, most);
    by = f64x2.mul(by, v128.bitselect(f64x2.sub(f64x2.splat(1), share), share, f64x2.gt(by, none)));
  }
  return f64x2.pmax(f64x2.pmin(f64x2.add(w, by), most), none);
}
