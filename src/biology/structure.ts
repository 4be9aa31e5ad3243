/**
 * Birth and death of synapses in one sparse projection (Butz, Wörgötter & van Ooyen 2009, Brain Res. Rev. 60:287;
 * Holtmaat & Svoboda 2009, Nature Rev. Neurosci. 10:647). Every T:
 *
 * - Synaptogenesis: of the pairs of a source and a target neuron that both spiked within the last `windowMs`, at random,
 *   forms · T/1000 for each such target; a pair that is connected already, a target with `maxDegree` inputs, or a draw
 *   against e^(−d²/2σ²) of their distance (where both regions have positions and `sigmaMm` is set) forms none. New
 *   synapses start with `newWeight`.
 * - Pruning: a synapse older than `graceMs` goes when its weight is below `pruneBelow`, or when its source neuron has
 *   been silent for `unusedMs`; at most the share `prunes` of the projection in each interval, the weakest first.
 *
 * Weights here are in units of weightMax, or of the mean initial weight where there is no plasticity.
 */

import type { ValuesOf } from "./parameters.ts";

/** Parameters. */
export const STRUCTURE = {
  forms: { default: 0.2, min: 0, max: 1e6, unit: "1/s", meaning: "synapses formed a second for each active target" },
  windowMs: { default: 50, min: 1, max: 1e6, unit: "ms", meaning: "how recently both neurons must have spiked" },
  maxDegree: {
    default: 100,
    min: 1,
    max: 1e6,
    unit: "1",
    meaning: "largest number of inputs of a target",
    whole: true,
  },
  sigmaMm: { default: 0, min: 0, max: 1e6, unit: "mm", meaning: "range of growth; 0: distance does not matter" },
  newWeight: { default: 0.25, min: 0, max: 1, unit: "of weightMax", meaning: "weight of a new synapse" },
  pruneBelow: { default: 0.1, min: 0, max: 1, unit: "of weightMax", meaning: "weight below which a synapse is pruned" },
  unusedMs: { default: 60_000, min: 1, max: 1e9, unit: "ms", meaning: "silence of the source that prunes" },
  graceMs: { default: 5000, min: 0, max: 1e9, unit: "ms", meaning: "age below which a synapse is not pruned" },
  prunes: { default: 0.05, min: 0, max: 1, unit: "1", meaning: "largest share that is pruned in an interval" },
  everyMs: { default: 1000, min: 1, max: 1e9, unit: "ms", meaning: "interval T" },
} as const;

/** Resolved parameters. */
export type StructureValues = ValuesOf<typeof STRUCTURE>;
