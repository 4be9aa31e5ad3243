/** Short-term plasticity at the moment a spike leaves the soma; equations in src/biology/short_term.ts. */

import type { ShortTerm } from "../src/biology/short_term.ts";

/** State of one projection's presynaptic neurons. */
export interface Resources {
  /** Available resources at the last spike, after use. */
  x: Float32Array;
  /** Use at the last spike. */
  u: Float32Array;
  /** Step of the last spike; −1: none yet. */
  last: Int32Array;
}

/**
 * For each spiking neuron, settles recovery since its last spike, uses resources, and stores release / U in `release`.
 */
export function releaseResources(
  spikes: Uint32Array,
  first: number,
  lastSpike: number,
  base: number,
  step: number,
  dt: number,
  p: ShortTerm,
  r: Resources,
  release: Float32Array,
): void {
  for (let s = first; s < lastSpike; s++) {
    const i = spikes[s] - base;
    let x = 1, u = p.use;
    if (r.last[i] >= 0) {
      const elapsed = (step - r.last[i]) * dt;
      x = 1 - (1 - r.x[i]) * Math.exp(-elapsed / p.tauRecoveryMs);
      if (p.tauFacilitationMs > 0) {
        const decayed = r.u[i] * Math.exp(-elapsed / p.tauFacilitationMs);
        u = decayed + p.use * (1 - decayed);
      }
    }
    const used = u * x;
    r.x[i] = x - used;
    r.u[i] = u;
    r.last[i] = step;
    release[i] = used / p.use;
  }
}
