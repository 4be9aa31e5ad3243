/**
 * Birth and death of neurons (adult neurogenesis: Kempermann, Song & Gage 2015, Cold Spring Harb. Perspect. Biol.
 * 7:a018812; activity-dependent survival: Tashiro et al. 2006, Nature 442:929). Every T:
 *
 * - Births: births · T/1000 · drive · (1 − n/maxNeurons) neurons are expected. The drive is the region's mean rate over
 *   the target rate, at most 1, or, as far as `novelty` says, 1 − the cosine between the region's rates in the last
 *   interval and its long-term rates. A newborn gets inputs and outputs in every sparse projection of its population, as
 *   many as its fellows have on average, with weights from the projection's description; partners are random, by distance
 *   where the projection's rule is, also where it paired neurons one by one.
 * - Youth: a newborn is more excitable; the additional current falls linearly to zero over its maturation.
 * - Deaths: a mature neuron whose averaged rate is below `silentHz` dies, the most silent first, at most the share
 *   `deaths` of the region in each interval. All its synapses go; its place is used again. Who has lived through the
 *   critical period is there to stay, however seldom it is needed then (Tashiro et al. 2007, J. Neurosci. 27:3252).
 *
 * Births fall as room is used up, and deaths rise as neurons starve each other of activity, so growth settles.
 */

import { InputError } from "../state/errors.ts";
import { type Biology, fromTable, local, type Place } from "./mechanism.ts";
import type { ValuesOf } from "./parameters.ts";

/** Parameters. */
export const GROWTH = {
  births: { default: 1, min: 0, max: 1e6, unit: "1/s", meaning: "births a second at full drive in an empty region" },
  targetHz: { default: 5, min: 0.01, max: 1000, unit: "Hz", meaning: "mean rate at which the drive is full" },
  novelty: { default: 0, min: 0, max: 1, unit: "1", meaning: "how far novelty drives births instead of activity" },
  silentHz: { default: 0.2, min: 0, max: 1000, unit: "Hz", meaning: "averaged rate below which a mature neuron dies" },
  deaths: { default: 0.05, min: 0, max: 1, unit: "1", meaning: "largest share of the region that dies in an interval" },
  maturationMs: { default: 5000, min: 0, max: 1e9, unit: "ms", meaning: "age of maturity" },
  criticalMs: { default: 1e9, min: 0, max: 1e9, unit: "ms", meaning: "age after which no neuron dies of silence" },
  youthCurrent: { default: 2, min: 0, max: 1000, unit: "mV/ms", meaning: "additional current of a newborn" },
  tauRateMs: { default: 5000, min: 1, max: 1e9, unit: "ms", meaning: "over which rates are averaged" },
  everyMs: { default: 1000, min: 1, max: 1e9, unit: "ms", meaning: "interval T" },
} as const;

/** Resolved parameters. */
export type GrowthValues = ValuesOf<typeof GROWTH>;

/** Rows of a structure log. */
export const LOG_ROWS = 1024;

/** The array of a structure log: bounded, so that a long life is kept in coarser steps. */
export function logArray(meaning: string) {
  return local("u32", [LOG_ROWS, 4], "1", meaning);
}

/** What is wrong with the counters of a structure log. */
export function checkLog(counters: Uint32Array): string | undefined {
  return counters[2] <= LOG_ROWS && counters[3] >= 1 ? undefined : "counters do not fit the log";
}

const arrays = (_: GrowthValues, { neurons }: Place) => ({
  rate: local("f32", [neurons], "Hz", "averaged rate"),
  counted: local("u32", [neurons], "1", "spikes at the last look"),
  born: local("i32", [neurons], "step", "step of birth; 0: from the beginning"),
  youth: local("f32", [neurons], "mV/ms", "additional current of the young, as a negative threshold"),
  counters: local("u32", [4], "1", "births; deaths; rows of the log; ticks between two rows"),
  log: logArray("step, living neurons, births so far, deaths so far"),
});

const table = fromTable(GROWTH);

/** The option `growth` of a region. */
export const growth: Biology<GrowthValues, ReturnType<typeof arrays>> = {
  parameters: GROWTH,
  resolve(what, given, place) {
    if (place.groups > 1) throw new InputError(`${what}: groups have a fixed size; a region with groups cannot grow`);
    const values = table.resolve(what, given), { maturationMs, criticalMs } = values;
    if (criticalMs < maturationMs) {
      throw new InputError(
        `${what}: criticalMs is ${criticalMs}, before maturity at ${maturationMs} ms; no neuron could die: give deaths 0, or more`,
      );
    }
    return values;
  },
  arrays,
  rest: ({ rate, counters }, { targetHz }) => {
    rate.fill(targetHz);
    counters[3] = 1;
  },
  check: ({ counters }) => checkLog(counters),
};
