/**
 * Potentials of the compartments of a region's neurons: one implicit (backward Euler) step over the tree (Hines 1984, Int.
 * J. Biomed. Comput. 15:69: from the tips to the soma and back, no fill-in), in two halves around the soma's own step.
 * Inwards, everything but the soma is eliminated: what is left is a conductance towards a potential, which the soma's step
 * takes like any other. Outwards, the dendrites follow the soma as it has moved: its mean potential over the step, so that
 * what leaves the soma is what the dendrites get. Any coupling is stable, and none adds to a capacitance.
 */

import type { Cable } from "../src/biology/morphology.ts";
import { PEAK_MV } from "../src/biology/neuron.ts";

/** Arrays of one region; rows of n neurons, one a compartment but the soma. */
export interface Dendrites {
  v: Float32Array;
  /** Current in the soma's unit, mV/ms; cleared. */
  input: Float32Array;
  /** Conductance in the soma's unit, 1/ms; cleared. */
  conductance: Float32Array;
}

/** The somata of all regions. */
export interface Somata {
  v: Float32Array;
  input: Float32Array;
  conductance: Float32Array;
}

/** What the first half leaves to the second. */
export interface Elimination {
  /** As long as `Dendrites.v`. */
  diagonal: Float64Array;
  right: Float64Array;
  /** Potential of each soma at the start of the step, and how much of it is in its mean over the step. */
  before: Float64Array;
  share: Float64Array;
}

/** Room for the elimination of a region. */
export function eliminationOf(neurons: number, compartments: number): Elimination {
  const array = (length: number) => new Float64Array(length);
  return {
    diagonal: array(neurons * compartments),
    right: array(neurons * compartments),
    before: array(neurons),
    share: array(neurons),
  };
}

/**
 * Inwards: takes the input of the step and hands the soma what is left of the tree.
 * @param from index of the region's first neuron
 * @param n its neurons
 */
export function foldCompartments(
  from: number,
  n: number,
  dt: number,
  { parent, leak, leakMv, up, down, fromSoma }: Cable,
  { v, input, conductance }: Dendrites,
  { diagonal, right, before, share }: Elimination,
  soma: Somata,
): void {
  const parts = parent.length, children = new Float64Array(parts);
  for (let c = 1; c < parts; c++) children[parent[c]] += down[c];
  for (let c = 1; c < parts; c++) {
    const row = (c - 1) * n, fixed = 1 / dt + leak + up[c] + children[c], relative = fromSoma[c];
    for (let k = 0; k < n; k++) {
      diagonal[row + k] = fixed + relative * conductance[row + k];
      right[row + k] = v[row + k] / dt + leak * leakMv + relative * input[row + k];
      input[row + k] = 0;
      conductance[row + k] = 0;
    }
  }
  for (let c = parts - 1; c > 0; c--) {
    const row = (c - 1) * n;
    if (parent[c] === 0) {
      for (let k = 0; k < n; k++) {
        soma.input[from + k] += down[c] * right[row + k] / diagonal[row + k];
        soma.conductance[from + k] += down[c] * (1 - up[c] / diagonal[row + k]);
      }
      continue;
    }
    const above = (parent[c] - 1) * n, both = down[c] * up[c];
    for (let k = 0; k < n; k++) {
      diagonal[above + k] -= both / diagonal[row + k];
      right[above + k] += down[c] * right[row + k] / diagonal[row + k];
    }
  }
  for (let k = 0; k < n; k++) {
    before[k] = soma.v[from + k];
    share[k] = shareOfStart(dt * soma.conductance[from + k]);
  }
}

/** What the start weighs in the mean of an exponential approach over x time constants, relative to its end: ½ to 0. */
function shareOfStart(x: number): number {
  return x < 1e-3 ? 0.5 - x / 12 : 1 / x - 1 / Math.expm1(x);
}

/** Outwards: the potentials at the end of the step, after the soma's. See {@linkcode foldCompartments}. */
export function advanceCompartments(
  from: number,
  n: number,
  { parent, up }: Cable,
  { v }: Dendrites,
  { diagonal, right, before, share }: Elimination,
  soma: Somata,
): void {
  for (let c = 1; c < parent.length; c++) {
    const row = (c - 1) * n, above = (parent[c] - 1) * n;
    if (parent[c] === 0) {
      for (let k = 0; k < n; k++) {
        // A spike has no width of its own: where v stood at the peak, or fell from it, only its end counts.
        const end = soma.v[from + k], mean = before[k] < PEAK_MV ? end + share[k] * (before[k] - end) : end;
        v[row + k] = (right[row + k] + up[c] * mean) / diagonal[row + k];
      }
    } else {
      for (let k = 0; k < n; k++) v[row + k] = (right[row + k] + up[c] * v[above + k]) / diagonal[row + k];
    }
  }
}
