/**
 * Short-term plasticity (Tsodyks, Pawelzik & Markram 1998, Neural Computation 10:821): per presynaptic neuron and
 * projection, a fraction x of resources is available and a fraction u of it is used by a spike.
 *
 *     between spikes:  x' = (1 − x)/τ_rec        u' = −u/τ_fac      (solved exactly)
 *     at a spike:      u ← u + U (1 − u);  release = u x;  x ← x − release
 *
 * u starts from 0, so the first spike uses U; with τ_fac = 0 every spike does. A spike acts with weight × release / U: the first spike after a long rest
 * releases U, so the weight is what a rested synapse delivers. Release is settled when the spike leaves the soma and
 * travels with it, because all terminals of an axon see the same intervals.
 */

/** Parameters. */
export const SHORT_TERM = {
  use: {
    default: 0.5,
    min: 0.001,
    max: 1,
    unit: "1",
    meaning: "U: share of the available resources used by a spike at rest",
  },
  tauRecoveryMs: {
    default: 800,
    min: 0.1,
    max: 100_000,
    unit: "ms",
    meaning: "recovery of resources",
  },
  tauFacilitationMs: {
    default: 0,
    min: 0,
    max: 100_000,
    unit: "ms",
    meaning: "decay of facilitation; 0: none",
  },
} as const;

/** Resolved parameters of short-term plasticity. */
export type ShortTerm = { [K in keyof typeof SHORT_TERM]: number };

/** Named parameter sets. */
export const SHORT_TERM_PRESETS = {
  depressing: { use: 0.5, tauRecoveryMs: 800, tauFacilitationMs: 0 },
  facilitating: { use: 0.15, tauRecoveryMs: 50, tauFacilitationMs: 750 },
  pseudolinear: { use: 0.25, tauRecoveryMs: 200, tauFacilitationMs: 200 },
} as const satisfies Record<string, ShortTerm>;

/** Name of a short-term preset. */
export type ShortTermName = keyof typeof SHORT_TERM_PRESETS;
