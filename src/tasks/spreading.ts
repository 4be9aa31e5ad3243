/**
 * Labels that spread: neurons that answered to the same images, labelled or not, come to stand for the same class. How often
 * two neurons answered together is what Hebbian synapses between them would have become; activity of a class goes from the
 * neurons that saw its few labels along these to the others (label spreading: Zhou et al. 2004, "Learning with local and
 * global consistency", NIPS 16, with neurons in place of samples).
 */

import { outputsFor } from "./labels.ts";
import type { Votes } from "./votes.ts";

/** How far labels spread. */
export const SPREADING = { share: 0.9, steps: 30 };

/** Which neurons answered together, as a sparse matrix that leaves the length of a vector about as it is. */
export interface Association {
  neurons: number;
  /** First entry of each neuron, and one more. */
  start: Uint32Array;
  other: Uint32Array;
  strength: Float32Array;
}

/**
 * Associates neurons by their spikes, one row of counts an image; roots of counts, as their variance is alike.
 * Strengths are divided by the roots of both neurons' sums (Zhou et al.).
 */
export function associate(counts: Uint16Array, neurons: number): Association {
  const together = new Float32Array(neurons * neurons), sum = new Float64Array(neurons), active: number[] = [];
  for (let row = 0; row < counts.length; row += neurons) {
    active.length = 0;
    for (let j = 0; j < neurons; j++) if (counts[row + j] > 0) active.push(j);
    for (const i of active) {
      for (const j of active) together[i * neurons + j] += Math.sqrt(counts[row + i] * counts[row + j]);
    }
  }
  for (let k = 0; k < together.length; k++) sum[Math.floor(k / neurons)] += together[k];
  const start = new Uint32Array(neurons + 1), entries = together.reduce((n, x) => x > 0 ? n + 1 : n, 0);
  const other = new Uint32Array(entries), strength = new Float32Array(entries);
  let at = 0;
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < neurons; j++) {
      const x = together[i * neurons + j];
      if (x === 0) continue;
      other[at] = j;
      strength[at++] = x / Math.sqrt(sum[i] * sum[j]);
    }
    start[i + 1] = at;
  }
  return { neurons, start, other, strength };
}

/**
 * Spreads what labelled images taught, so many times: F ← share · S F + (1 − share) · Y. Classes are then made
 * equally strong.
 * @param counts spikes in answer to the labelled images, one row an image
 */
export function spreadVotes(
  { neurons, start, other, strength }: Association,
  counts: Uint16Array,
  labels: readonly number[],
  { share, steps } = SPREADING,
): Votes {
  const classes = outputsFor(labels), given = new Float64Array(neurons * classes);
  labels.forEach((label, row) => {
    for (let j = 0; j < neurons; j++) given[j * classes + label] += Math.sqrt(counts[row * neurons + j]);
  });
  let now = given;
  for (let step = 0; step < steps; step++) {
    const next = given.map((x) => (1 - share) * x);
    for (let i = 0; i < neurons; i++) {
      for (let k = start[i]; k < start[i + 1]; k++) {
        const by = share * strength[k], from = other[k] * classes;
        for (let c = 0; c < classes; c++) next[i * classes + c] += by * now[from + c];
      }
    }
    now = next;
  }
  const sums = new Float64Array(classes);
  now.forEach((x, k) => sums[k % classes] += x);
  const votes = now.map((x, k) => sums[k % classes] > 0 ? x / sums[k % classes] : 0);
  for (let j = 0; j < neurons; j++) {
    const own = votes.subarray(j * classes, (j + 1) * classes), all = own.reduce((a, b) => a + b, 0);
    if (all > 0) { for (let c = 0; c < classes; c++) own[c] /= all; }
  }
  return { classes, share: votes };
}
