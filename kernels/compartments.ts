/**
 * Potentials of the compartments of a region's neurons, advanced by one implicit (backward Euler) step over the tree with
 * the soma's potential at the start of the step as its boundary (Hines 1984, Int. J. Biomed. Comput. 15:69: from the tips
 * to the soma and back, no fill-in). What flows into the soma is handed over as a conductance towards the new potential
 * of the neighbour, so that the soma's own step is implicit in it as well: any coupling is stable.
 */

import type { Cable } from "../src/biology/morphology.ts";

/** Arrays of one region; rows of n neurons, one a compartment but the soma. */
export interface Dendrites {
  v: Float32Array;
  /** Current in the soma's unit, mV/ms; cleared. */
  input: Float32Array;
  /** Conductance in the soma's unit, 1/ms; cleared. */
  conductance: Float32Array;
}

/**
 * @param from index of the region's first neuron
 * @param n its neurons
 * @param diagonal,right scratch, as long as `dendrites.v`
 */
export function advanceCompartments(
  from: number,
  n: number,
  dt: number,
  { parent, leak, leakMv, up, down, fromSoma }: Cable,
  { v, input, conductance }: Dendrites,
  diagonal: Float64Array,
  right: Float64Array,
  soma: { v: Float32Array; input: Float32Array; conductance: Float32Array },
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
    if (parent[c] === 0) continue;
    const row = (c - 1) * n, above = (parent[c] - 1) * n, both = down[c] * up[c];
    for (let k = 0; k < n; k++) {
      diagonal[above + k] -= both / diagonal[row + k];
      right[above + k] += down[c] * right[row + k] / diagonal[row + k];
    }
  }
  for (let c = 1; c < parts; c++) {
    const row = (c - 1) * n, above = (parent[c] - 1) * n;
    if (parent[c] === 0) {
      for (let k = 0; k < n; k++) {
        const x = (right[row + k] + up[c] * soma.v[from + k]) / diagonal[row + k];
        v[row + k] = x;
        soma.input[from + k] += down[c] * x;
        soma.conductance[from + k] += down[c];
      }
    } else {
      for (let k = 0; k < n; k++) v[row + k] = (right[row + k] + up[c] * v[above + k]) / diagonal[row + k];
    }
  }
}
