/**
 * Competition: of the excitatory neurons that reach the peak in the same step, only those with the largest input fire;
 * the others are put back to their reset potential without having fired. This is fast inhibition taken to its limit of
 * zero delay (k winners take all: Maass 2000, Neural Comput. 12:2519). Neurons compete within the region's groups.
 *
 * The input that counts is the net current at rest, thresholds included. Ties are broken by a random number of
 * (seed, step, neuron), not by index.
 */

import { type Biology, fromTable, local, type Place } from "./mechanism.ts";
import type { ValuesOf } from "./parameters.ts";

/** Parameters. */
export const COMPETITION = {
  winners: {
    default: 1,
    min: 1,
    max: 1e6,
    unit: "1",
    meaning: "largest number of spikes a step, in each group",
    whole: true,
  },
} as const;

/** Resolved parameters. */
export type CompetitionValues = ValuesOf<typeof COMPETITION>;

const arrays = (_: CompetitionValues, { excitatory }: Place) => ({
  drive: local("f32", [excitatory], "mV/ms", "net current at rest in this step; zero between steps", true),
});

/** The option `competition` of a region. */
export const competition: Biology<CompetitionValues, ReturnType<typeof arrays>> = {
  ...fromTable(COMPETITION),
  arrays,
};
