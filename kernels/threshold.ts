/** Thresholds as currents that oppose the input; equations in src/biology/threshold.ts and excitability.ts. */

/** input ← input − θ, for the neurons from `from` on. */
export function opposeInput(from: number, theta: Float32Array, input: Float32Array): void {
  for (let k = 0; k < theta.length; k++) input[from + k] -= theta[k];
}

/** θ decays by one step. */
export function decayThreshold(decay: number, theta: Float32Array): void {
  for (let k = 0; k < theta.length; k++) theta[k] *= decay;
}

/** Each spike of `spikes[first … last − 1]` raises its neuron's θ. */
export function raiseThreshold(
  spikes: Uint32Array,
  first: number,
  last: number,
  from: number,
  increment: number,
  theta: Float32Array,
): void {
  for (let s = first; s < last; s++) theta[spikes[s] - from] += increment;
}
