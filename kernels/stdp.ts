/**
 * STDP at its two kinds of event; rules and their common form: src/biology/stdp.ts. Each event visits only the synapses
 * of the neurons that spiked. Without reward the weight changes; with reward the eligibility does, after the weight has
 * been settled.
 */

import type { Arrivals, SparseRows } from "./deliver.ts";
import type { RewardedSynapses } from "./reward.ts";
import type { Indices } from "../src/state/arrays.ts";

/**
 * The weight of a lesioned synapse of a dense projection, whose place stays: minus zero. It delivers nothing and nothing
 * changes it. Weights that learn, or are scaled, come to plus zero only.
 */
export const LESIONED = -0;

/** Whether a synapse of a dense projection is lesioned. */
export function isLesioned(weight: number): boolean {
  return Object.is(weight, LESIONED);
}

/** One projection's plastic synapses. */
export interface PlasticSynapses {
  weight: Float32Array;
  weightMax: number;
  softness: number;
  /** The same synapses under reward, or null: then weights change at once. */
  rewarded: RewardedSynapses | null;
}

/** The numbers of one kind of event in the present step, in units of the weight. */
export interface EventNow {
  /** Change for a stored trace of one. */
  slope: number;
  /** The same, for each unit of the stored slow trace of the neuron that spikes. */
  slow: number;
  /** Change whatever the trace. */
  offset: number;
  /** Change for each unit of the weight. */
  pull: number;
  /** e^(+t/τ_e) since the origin: turns an eligibility of now into a stored one. */
  eligibilityGrow: number;
  /** Gain of the reward (see kernels/reward.ts), as a single-precision number. */
  gain: number;
  /** What the event adds to a trace of its own, and to the slow one. */
  mark: number;
  markSlow: number;
}

/** Incoming synapses by postsynaptic neuron, for postsynaptic events on sparse projections. */
export interface Incoming {
  /** First entry of each postsynaptic neuron. */
  start: Uint32Array;
  /** Index of the synapse. */
  synapse: Uint32Array;
  /** Index of its presynaptic trace (presynaptic neuron × delays + delay number). */
  terminal: Indices;
}

/** Changes one synapse by slope · trace + offset − pull · w, times a factor and its bound factor. */
function changeSynapse(
  p: PlasticSynapses,
  k: number,
  slope: number,
  trace: number,
  factor: number,
  now: EventNow,
): void {
  const { weight, weightMax, softness, rewarded } = p;
  let w = weight[k];
  if (rewarded !== null) {
    const gained = now.gain - rewarded.settled[k];
    if (gained !== 0) {
      w = Math.max(0, Math.min(weightMax, w + rewarded.eligibility[k] * gained));
      weight[k] = w;
      rewarded.settled[k] = now.gain;
    }
  }
  let change = (slope * trace + now.offset - now.pull * w) * factor;
  if (softness !== 0) {
    const room = change > 0 ? 1 - w / weightMax : w / weightMax;
    change *= softness === 1 ? room : Math.pow(Math.max(0, room), softness);
  }
  if (rewarded !== null) rewarded.eligibility[k] += change * now.eligibilityGrow;
  else weight[k] = Math.max(0, Math.min(weightMax, w + change));
}

/** Arrivals, along the rows of a sparse projection, by the targets' postsynaptic traces. */
export function arriveSparse(
  { spikes, first, last, base }: Arrivals,
  { delays, rowStart, target }: SparseRows,
  delay: number,
  p: PlasticSynapses,
  postTrace: Float32Array,
  slowTrace: Float32Array | null,
  now: EventNow,
): void {
  const all = now.offset !== 0;
  for (let s = first; s < last; s++) {
    const row = (spikes[s] - base) * delays + delay;
    const slope = slowTrace === null ? now.slope : now.slope + now.slow * slowTrace[row];
    for (let k = rowStart[row], end = rowStart[row + 1]; k < end; k++) {
      const y = postTrace[target[k]];
      if (y !== 0 || all) changeSynapse(p, k, slope, y, 1, now);
    }
  }
}

/** Arrivals, along the rows of a dense projection. */
export function arriveDense(
  { spikes, first, last, base }: Arrivals,
  p: PlasticSynapses,
  postTrace: Float32Array,
  slowTrace: Float32Array | null,
  now: EventNow,
): void {
  const n = postTrace.length, all = now.offset !== 0;
  for (let s = first; s < last; s++) {
    const pre = spikes[s] - base, row = pre * n;
    const slope = slowTrace === null ? now.slope : now.slope + now.slow * slowTrace[pre];
    for (let j = 0; j < n; j++) {
      const y = postTrace[j];
      if ((y !== 0 || all) && !isLesioned(p.weight[row + j])) changeSynapse(p, row + j, slope, y, 1, now);
    }
  }
}

/** Postsynaptic neurons' own factors. */
export interface PostFactors {
  /** Stored slow trace, or null. */
  slow: Float32Array | null;
  /** Metaplastic balance: multiplies what potentiates, or null. */
  balance: Float32Array | null;
  /** What maturity leaves of plasticity: multiplies all changes at the neuron's own spikes, or null. */
  plastic: Float32Array | null;
}

function slopeOf(post: number, { slow, balance }: PostFactors, now: EventNow): number {
  const slope = slow === null ? now.slope : now.slope + now.slow * slow[post];
  return balance === null ? slope : slope * balance[post];
}

/**
 * Postsynaptic spikes, on the incoming synapses of each spiking neuron, by the presynaptic traces.
 * @param base index of the target region's first neuron
 */
export function spikeSparse(
  spikes: Uint32Array,
  first: number,
  last: number,
  base: number,
  incoming: Incoming,
  p: PlasticSynapses,
  preTrace: Float32Array,
  factors: PostFactors,
  now: EventNow,
): void {
  const all = now.offset !== 0 || now.pull !== 0;
  for (let s = first; s < last; s++) {
    const post = spikes[s] - base, slope = slopeOf(post, factors, now), factor = factors.plastic?.[post] ?? 1;
    for (let q = incoming.start[post], end = incoming.start[post + 1]; q < end; q++) {
      const x = preTrace[incoming.terminal[q]];
      if (x !== 0 || all) changeSynapse(p, incoming.synapse[q], slope, x, factor, now);
    }
  }
}

/** Postsynaptic spikes, on the columns of a dense projection of `targets` columns. */
export function spikeDense(
  spikes: Uint32Array,
  first: number,
  last: number,
  base: number,
  targets: number,
  p: PlasticSynapses,
  preTrace: Float32Array,
  factors: PostFactors,
  now: EventNow,
): void {
  const all = now.offset !== 0 || now.pull !== 0;
  for (let s = first; s < last; s++) {
    const post = spikes[s] - base, slope = slopeOf(post, factors, now), factor = factors.plastic?.[post] ?? 1;
    for (let i = 0, k = post; i < preTrace.length; i++, k += targets) {
      const x = preTrace[i];
      if ((x !== 0 || all) && !isLesioned(p.weight[k])) changeSynapse(p, k, slope, x, factor, now);
    }
  }
}
