/**
 * STDP at its two kinds of event; equations in src/biology/stdp.ts. Each event visits only the synapses of the neurons
 * that spiked. Without reward the weight changes; with reward the eligibility does, after the weight has been settled.
 */

import type { Arrivals, SparseRows } from "./deliver.ts";
import type { RewardedSynapses } from "./reward.ts";

/** One projection's plastic synapses. */
export interface PlasticSynapses {
  weight: Float32Array;
  weightMax: number;
  softness: number;
  /** The same synapses under reward, or null: then weights change at once. */
  rewarded: RewardedSynapses | null;
}

/** Numbers of the present step. */
export interface PlasticityNow {
  /** Amplitude × w_max × what a stored trace has decayed to: the change for a stored trace of one. */
  amount: number;
  /** e^(+(t − origin)/τ_e): turns an eligibility of now into a stored one. */
  eligibilityGrow: number;
  /** Gain of the reward (see kernels/reward.ts), as a single-precision number. */
  gain: number;
}

/** Presynaptic neurons' incoming synapses by postsynaptic neuron, for postsynaptic events on sparse projections. */
export interface Incoming {
  /** First entry of each postsynaptic neuron. */
  start: Uint32Array;
  /** Index of the synapse. */
  synapse: Uint32Array;
  /** Index of its presynaptic trace (presynaptic neuron × delays + delay number). */
  terminal: Uint32Array;
}

/** Changes one synapse by `change` × its bound factor: potentiation by (1 − w/w_max)^μ, depression by (w/w_max)^μ. */
function changeSynapse(p: PlasticSynapses, k: number, change: number, now: PlasticityNow): void {
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
  if (softness !== 0) {
    const room = change > 0 ? 1 - w / weightMax : w / weightMax;
    change *= softness === 1 ? room : Math.pow(Math.max(0, room), softness);
  }
  if (rewarded !== null) rewarded.eligibility[k] += change * now.eligibilityGrow;
  else weight[k] = Math.max(0, Math.min(weightMax, w + change));
}

/** Arrivals depress: along the rows of a sparse projection, by the targets' postsynaptic traces. */
export function depressSparse(
  { spikes, first, last, base }: Arrivals,
  { delays, rowStart, target }: SparseRows,
  delay: number,
  p: PlasticSynapses,
  postTrace: Float32Array,
  now: PlasticityNow,
): void {
  for (let s = first; s < last; s++) {
    const row = (spikes[s] - base) * delays + delay;
    for (let k = rowStart[row], end = rowStart[row + 1]; k < end; k++) {
      const y = postTrace[target[k]];
      if (y !== 0) changeSynapse(p, k, -now.amount * y, now);
    }
  }
}

/** Arrivals depress: along the rows of a dense projection. */
export function depressDense(
  { spikes, first, last, base }: Arrivals,
  p: PlasticSynapses,
  postTrace: Float32Array,
  now: PlasticityNow,
): void {
  const n = postTrace.length;
  for (let s = first; s < last; s++) {
    const row = (spikes[s] - base) * n;
    for (let j = 0; j < n; j++) {
      const y = postTrace[j];
      if (y !== 0) changeSynapse(p, row + j, -now.amount * y, now);
    }
  }
}

/**
 * Postsynaptic spikes potentiate: the incoming synapses of each spiking neuron, by the presynaptic traces.
 * @param base index of the target region's first neuron
 */
export function potentiateSparse(
  spikes: Uint32Array,
  first: number,
  last: number,
  base: number,
  incoming: Incoming,
  p: PlasticSynapses,
  preTrace: Float32Array,
  now: PlasticityNow,
): void {
  for (let s = first; s < last; s++) {
    const post = spikes[s] - base;
    for (let q = incoming.start[post], end = incoming.start[post + 1]; q < end; q++) {
      const x = preTrace[incoming.terminal[q]];
      if (x !== 0) changeSynapse(p, incoming.synapse[q], now.amount * x, now);
    }
  }
}

/** Postsynaptic spikes potentiate: the columns of a dense projection of `targets` columns. */
export function potentiateDense(
  spikes: Uint32Array,
  first: number,
  last: number,
  base: number,
  targets: number,
  p: PlasticSynapses,
  preTrace: Float32Array,
  now: PlasticityNow,
): void {
  for (let s = first; s < last; s++) {
    const post = spikes[s] - base;
    for (let i = 0, k = post; i < preTrace.length; i++, k += targets) {
      const x = preTrace[i];
      if (x !== 0) changeSynapse(p, k, now.amount * x, now);
    }
  }
}
