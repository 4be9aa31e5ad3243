/**
 * Synaptic scaling (Turrigiano et al. 1998, Nature 391:892): a neuron that fires too little multiplies all its incoming
 * excitatory weights by one factor, one that fires too much divides them; ratios are kept, except at bounds. With r the
 * neuron's rate, averaged over τ_r:
 *
 *     every T:  w ← w · (1 + T/τ · e),   e = (target − r)/target, cut to [−1, 1]
 *
 * All excitatory projections onto the region take part, plastic or not, internal or not, unless frozen; uniform ones
 * store no weights of their own and do not. Inhibition takes part only when asked, and then the other way round.
 */

import { type Biology, fromTable, local, type Place } from "./mechanism.ts";
import type { ValuesOf } from "./parameters.ts";

/** Parameters. */
export const SCALING = {
  targetHz: { default: 5, min: 0.01, max: 1000, unit: "Hz", meaning: "rate that each neuron approaches" },
  tauMs: { default: 300_000, min: 1, max: 1e9, unit: "ms", meaning: "τ: slowness of the change" },
  tauRateMs: { default: 10_000, min: 1, max: 1e9, unit: "ms", meaning: "τ_r: over which the rate is averaged" },
  everyMs: { default: 1000, min: 0.01, max: 1e9, unit: "ms", meaning: "interval T" },
  inhibition: { default: 0, min: 0, max: 1, unit: "1", meaning: "share of the change that inhibitory weights make" },
} as const;

/** Resolved parameters. */
export type ScalingValues = ValuesOf<typeof SCALING>;

const arrays = (_: ScalingValues, { neurons }: Place) => ({
  rate: local("f32", [neurons], "Hz", "averaged rate"),
  counted: local("u32", [neurons], "1", "spikes at the last look"),
});

/** The option `scaling` of a region. */
export const scaling: Biology<ScalingValues, ReturnType<typeof arrays>> = {
  ...fromTable(SCALING),
  arrays,
  rest: ({ rate }, { targetHz }) => rate.fill(targetHz),
};
