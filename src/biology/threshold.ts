/**
 * Adaptive threshold: each spike makes the next one harder. θ is a current that opposes the input, so that the rheobase
 * rises with it (for Izhikevich neurons the threshold is no parameter; as in Diehl & Cook 2015, Front. Comput. Neurosci.
 * 9:99, θ is added to it):
 *
 *     I ← I − θ        θ' = −θ/τ        spike: θ ← θ + increment
 *
 * While plasticity is frozen, θ stands still.
 */

import { type Biology, fromTable, local, type Place } from "./mechanism.ts";
import type { ValuesOf } from "./parameters.ts";

/** Parameters. */
export const THRESHOLD = {
  increment: { default: 0.5, min: 0, max: 1000, unit: "mV/ms", meaning: "what a spike adds to θ" },
  tauMs: { default: 200, min: 1, max: 1e9, unit: "ms", meaning: "decay of θ" },
} as const;

/** Resolved parameters. */
export type ThresholdValues = ValuesOf<typeof THRESHOLD>;

const arrays = (_: ThresholdValues, { neurons }: Place) => ({
  theta: local("f32", [neurons], "mV/ms", "adaptive threshold: current that opposes the input"),
});

/** The option `threshold` of a region. */
export const threshold: Biology<ThresholdValues, ReturnType<typeof arrays>> = { ...fromTable(THRESHOLD), arrays };
