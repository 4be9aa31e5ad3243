/** What may arrive at a neuron in one step, at most. */

import type { ProjectionProgram } from "../program.ts";

/** The most that can arrive at one neuron in a step: all its synapses at once, with all their resources. */
export function largestSum({ rows, weight, plasticity, scale, shortTerm, out }: ProjectionProgram): number {
  const sums = new Float64Array(out.length), { target } = rows!, most = plasticity?.synapses.weightMax;
  for (let k = 0; k < target.length; k++) sums[target[k]] += most ?? weight[k];
  const release = shortTerm ? 1 / shortTerm.parameters.use : 1;
  return Math.abs(scale) * release * sums.reduce((a, b) => Math.max(a, b), 0);
}
