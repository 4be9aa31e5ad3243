/**
 * Delivery: the spikes that arrive now, `spikes[first … last − 1]`, add their weights to the target region's receptor.
 * Spikes wait in the ring of spike lists and weights are read on arrival, so that plasticity in flight counts.
 * `release`, where given, holds short-term plasticity's factor for each presynaptic neuron at the time of its spike.
 */

import type { Indices } from "../src/state/arrays.ts";

/** Spikes arriving now at the terminals of one projection. */
export interface Arrivals {
  spikes: Uint32Array;
  first: number;
  last: number;
  /** Index of the source population's first neuron; rows count from it. */
  base: number;
}

/** Rows of a sparse projection: the synapses of neuron r with delay number k are row r·delays + k. */
export interface SparseRows {
  delays: number;
  rowStart: Uint32Array;
  target: Indices;
}

/** Sparse: along the row of each spike. */
export function deliverSparse(
  { spikes, first, last, base }: Arrivals,
  { delays, rowStart, target }: SparseRows,
  delay: number,
  weight: Float32Array,
  scale: number,
  release: Float32Array | null,
  out: Float32Array,
): void {
  for (let s = first; s < last; s++) {
    const pre = spikes[s] - base, row = pre * delays + delay;
    const factor = release === null ? scale : scale * release[pre];
    for (let k = rowStart[row], end = rowStart[row + 1]; k < end; k++) {
      out[target[k]] += factor * weight[k];
    }
  }
}

/** Dense: a contiguous row of weights, one for each target. */
export function deliverDense(
  { spikes, first, last, base }: Arrivals,
  weight: Float32Array,
  scale: number,
  release: Float32Array | null,
  out: Float32Array,
): void {
  const n = out.length;
  for (let s = first; s < last; s++) {
    const pre = spikes[s] - base, row = pre * n;
    const factor = release === null ? scale : scale * release[pre];
    for (let j = 0; j < n; j++) out[j] += factor * weight[row + j];
  }
}

/**
 * Uniform: all pairs share one weight, so one pass over the targets serves any number of spikes.
 * @param self offset of the source population within the target region, or −1 when it lies elsewhere; a neuron does not
 * receive its own spike
 */
export function deliverUniform(
  { spikes, first, last, base }: Arrivals,
  weight: number,
  release: Float32Array | null,
  self: number,
  out: Float32Array,
): void {
  if (first === last) return;
  const all = weight * sumArrivals({ spikes, first, last, base }, release);
  for (let j = 0; j < out.length; j++) out[j] += all;
  if (self < 0) return;
  for (let s = first; s < last; s++) {
    const pre = spikes[s] - base;
    out[self + pre] -= weight * (release === null ? 1 : release[pre]);
  }
}

/**
 * Uniform within groups: a spike reaches the neurons of its own group. Groups are equal shares of the first `size`
 * neurons of the region, which are also the first of the source population.
 * @param sums scratch, one element a group, zero
 */
export function deliverUniformGroups(
  { spikes, first, last, base }: Arrivals,
  weight: number,
  release: Float32Array | null,
  size: number,
  sums: Float64Array,
  out: Float32Array,
): void {
  if (first === last) return;
  const groups = sums.length;
  for (let s = first; s < last; s++) {
    const pre = spikes[s] - base;
    if (pre < size) sums[Math.floor(pre * groups / size)] += release === null ? 1 : release[pre];
  }
  for (let g = 0, j = 0; g < groups; g++) {
    const end = Math.ceil((g + 1) * size / groups), all = weight * sums[g];
    if (sums[g] === 0) j = end;
    else for (; j < end; j++) out[j] += all;
    sums[g] = 0;
  }
  for (let s = first; s < last; s++) {
    const pre = spikes[s] - base;
    if (pre < size) out[pre] -= weight * (release === null ? 1 : release[pre]);
  }
}

/** All that arrives now: spikes, or with short-term plasticity the sum of their releases. */
export function sumArrivals({ spikes, first, last, base }: Arrivals, release: Float32Array | null): number {
  if (release === null) return last - first;
  let sum = 0;
  for (let s = first; s < last; s++) sum += release[spikes[s] - base];
  return sum;
}
