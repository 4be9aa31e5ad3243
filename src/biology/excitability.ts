/**
 * Intrinsic excitability with a set point: each neuron moves its own threshold until it fires at the target rate
 * (Turrigiano 2008, Cell 135:422; intrinsic plasticity: Desai, Rutherford & Turrigiano 1999, Nature Neurosci. 2:515).
 * With n the neuron's spikes in the last interval T:
 *
 *     I ← I − b        every T: b ← b + gain · (n − target · T)        lowest ≤ b ≤ highest
 *
 * Slow, kept in the brain's state, and still while plasticity is frozen.
 */

import { type Biology, fromTable, local, type Place } from "./mechanism.ts";
import type { ValuesOf } from "./parameters.ts";

/** Parameters. */
export const EXCITABILITY = {
  targetHz: { default: 5, min: 0, max: 1000, unit: "Hz", meaning: "rate that each neuron approaches" },
  gain: { default: 0.1, min: 0, max: 1000, unit: "mV/ms", meaning: "change of b by a spike too many" },
  everyMs: { default: 1000, min: 0.01, max: 1e9, unit: "ms", meaning: "interval T" },
  lowest: { default: -20, min: -1000, max: 0, unit: "mV/ms", meaning: "bound of b: most excitable" },
  highest: { default: 100, min: 0, max: 1e6, unit: "mV/ms", meaning: "bound of b: least excitable" },
} as const;

/** Resolved parameters. */
export type ExcitabilityValues = ValuesOf<typeof EXCITABILITY>;

const arrays = (_: ExcitabilityValues, { neurons }: Place) => ({
  bias: local("f32", [neurons], "mV/ms", "intrinsic threshold: current that opposes the input"),
  counted: local("u32", [neurons], "1", "spikes at the last look"),
});

/** The option `excitability` of a region. */
export const excitability: Biology<ExcitabilityValues, ReturnType<typeof arrays>> = {
  ...fromTable(EXCITABILITY),
  arrays,
};
