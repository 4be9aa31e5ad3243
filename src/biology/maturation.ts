/**
 * Maturation: a neuron's plasticity falls as it is used, so that what it has learnt stays, while neurons that were not
 * needed yet remain plastic, and more excitable, as young neurons are (critical periods: Hensch 2005, Nature Rev. Neurosci.
 * 6:877; newborn granule cells: Schmidt-Hieber, Jonas & Bischofberger 2004, Nature 429:184). With n the spikes that a
 * neuron made while it could learn,
 *
 *     plasticity m = lowest + (1 − lowest) / (1 + n/spikes)^power
 *
 * multiplies every change of its incoming weights at its own spikes, and of its excitability; I ← I + youthCurrent · m.
 * Neurons mature while the region learns (not frozen, and in sleep only where it is named). Normalization and synaptic
 * scaling go on as before. With the rule `instar`, power 1, A₊ · `spikes` = 1 and one spike in an
 * interval, a neuron's weights are the mean of what it answered to (MacQueen 1967); with a greater power it settles on what it
 * answered to first.
 */

import { type Biology, fromTable, local, type Place } from "./mechanism.ts";
import type { ValuesOf } from "./parameters.ts";

/** Parameters. */
export const MATURATION = {
  spikes: {
    default: 100,
    min: 0.01,
    max: 1e9,
    unit: "1",
    meaning: "spikes after which plasticity is halved (power 1)",
  },
  power: { default: 1, min: 0, max: 10, unit: "1", meaning: "how steeply plasticity falls" },
  lowest: { default: 0, min: 0, max: 1, unit: "1", meaning: "plasticity that is left for good" },
  youthCurrent: { default: 0, min: 0, max: 1000, unit: "mV/ms", meaning: "additional current of a neuron never used" },
  everyMs: { default: 100, min: 0.01, max: 1e9, unit: "ms", meaning: "interval of its updates" },
} as const;

/** Resolved parameters. */
export type MaturationValues = ValuesOf<typeof MATURATION>;

const arrays = (_: MaturationValues, { neurons }: Place) => ({
  plastic: local("f32", [neurons], "1", "m: what is left of the neuron's plasticity"),
  youth: local("f32", [neurons], "mV/ms", "additional current of the young, as a negative threshold"),
  learnt: local("u32", [neurons], "1", "spikes that the neuron made while it could learn"),
  counted: local("u32", [neurons], "1", "spikes at the last look"),
});

/** The option `maturation` of a region. */
export const maturation: Biology<MaturationValues, ReturnType<typeof arrays>> = {
  ...fromTable(MATURATION),
  arrays,
  rest({ plastic, youth }, { youthCurrent }) {
    plastic.fill(1);
    youth.fill(-youthCurrent);
  },
};
