/**
 * Postsynaptic currents and conductances with exponential decay. `g[k]` is the value at the start of the step, arrivals
 * included; what acts during the step is its exact mean, g·τ/dt·(1 − e^(−dt/τ)), so that the charge of a spike does not
 * depend on dt. Then g decays to the start of the next step.
 */

import { magnesiumUnblock } from "../src/biology/neurotransmitter.ts";

/** Receptor channels that inject current; g is negative where inhibition prevails. */
export function currentReceptors(
  from: number,
  g: Float32Array,
  mean: number,
  decay: number,
  input: Float32Array,
): void {
  for (let k = 0; k < g.length; k++) {
    input[from + k] += mean * g[k];
    g[k] *= decay;
  }
}

/** Receptor channels that open a conductance towards a reversal potential (mV). */
export function conductanceReceptors(
  from: number,
  g: Float32Array,
  reversal: number,
  mean: number,
  decay: number,
  input: Float32Array,
  conductance: Float32Array,
): void {
  for (let k = 0; k < g.length; k++) {
    const open = mean * g[k];
    conductance[from + k] += open;
    input[from + k] += open * reversal;
    g[k] *= decay;
  }
}

/** Conductances that magnesium blocks according to each neuron's potential at the start of the step (NMDA). */
export function blockedReceptors(
  from: number,
  g: Float32Array,
  reversal: number,
  magnesiumMm: number,
  mean: number,
  decay: number,
  v: Float32Array,
  input: Float32Array,
  conductance: Float32Array,
): void {
  for (let k = 0; k < g.length; k++) {
    if (g[k] === 0) continue;
    const open = mean * g[k] * magnesiumUnblock(v[from + k], magnesiumMm);
    conductance[from + k] += open;
    input[from + k] += open * reversal;
    g[k] *= decay;
  }
}
