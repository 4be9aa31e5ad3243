/**
 * Normalization of incoming weights: every so often, each target neuron scales all its incoming weights of a projection
 * by one factor, so that their mean stays where it was set. Synapses of a neuron then compete: what one gains the others
 * lose, ratios are kept except where a weight meets its bound (the others then share the rest), and no neuron can fall
 * silent by losing everything: all-zero weights become equal ones. (Oja 1982, J. Math.
 * Biol. 15:267, as a limit; in this form e.g. Diehl & Cook 2015, Front. Comput. Neurosci. 9:99; heterosynaptic
 * plasticity: Chistiakova et al. 2015.)
 */

/** Parameters. */
export const NORMALIZATION = {
  mean: { default: 0.5, min: 0.001, max: 1, unit: "of weightMax", meaning: "mean incoming weight that is kept" },
  everyMs: {
    default: 1000,
    min: 0.01,
    max: 1e9,
    unit: "ms",
    meaning: "interval; each time all synapses of the projection are visited",
  },
} as const;

/** Resolved parameters. */
export type NormalizationValues = { [K in keyof typeof NORMALIZATION]: number };
