/**
 * Background: spikes from neurons that are not simulated. Each neuron of the region receives a Poisson train of its own,
 * every spike of which steps its potential (shot noise: Stein 1965, Biophys. J. 5:173). Mean and variance of the current
 * over a millisecond are weight · rate/1000 and weight² · rate/1000.
 */

import { type Biology, fromTable, local, type Place } from "./mechanism.ts";
import { InputError } from "../state/errors.ts";
import type { ValuesOf } from "./parameters.ts";

/** Parameters. */
export const BACKGROUND = {
  rateHz: { default: 1000, min: 0, max: 1e6, unit: "Hz", meaning: "spikes a second, of all sources together" },
  weight: { default: 1, min: -1000, max: 1000, unit: "mV", meaning: "step of the potential by a spike" },
} as const;

/** Resolved parameters. */
export type BackgroundValues = ValuesOf<typeof BACKGROUND>;

/** Expected number of events a step and neuron below which events are drawn for blocks of neurons. */
const RARE = 1 / 8;
/** Expected number of events of a block, at most. */
const BLOCK_EVENTS = 4;

/** How the events of a step are drawn. */
export interface BackgroundDraw {
  /** Neurons of a block; 1: each neuron draws for itself. */
  block: number;
  /** Expected number of events of a block. */
  mean: number;
}

/**
 * Frequent events are drawn neuron by neuron. Rare ones are drawn block by block, each then given to a random neuron of
 * its block: n Poisson trains of rate λ are one of rate n·λ, of which each event falls to any of them alike (Kingman
 * 1993, Poisson Processes, section 5.1), so this is the same process, for work that grows with the events.
 */
export function backgroundDraw({ rateHz }: BackgroundValues, dt: number): BackgroundDraw {
  const mean = rateHz * dt / 1000;
  if (mean >= RARE || mean === 0) return { block: 1, mean };
  const block = Math.min(2 ** 20, Math.floor(BLOCK_EVENTS / mean));
  return { block, mean: block * mean };
}

const arrays = (values: BackgroundValues, { dt }: Place) => {
  const length = backgroundThresholds(backgroundDraw(values, dt)).length;
  return { thresholds: local("u32", [length], "1", "cumulative probabilities", true) };
};

/** Thresholds of the number of events of a block, or of a neuron that draws for itself. */
export function backgroundThresholds({ block, mean }: BackgroundDraw): Uint32Array {
  return poissonThresholds(mean, block > 1 ? 32 : 16);
}

/** Largest expected number of events in a step. */
const MOST_EVENTS = 600;

const table = fromTable(BACKGROUND);

/** The option `background` of a region. */
export const background: Biology<BackgroundValues, ReturnType<typeof arrays>> = {
  parameters: BACKGROUND,
  resolve(what, given, { dt }) {
    const values = table.resolve(what, given), mean = values.rateHz * dt / 1000;
    if (mean > MOST_EVENTS) {
      throw new InputError(
        `${what}: rateHz is ${values.rateHz}: ${mean} events a step of ${dt} ms; at most ${MOST_EVENTS}, use fewer and larger`,
      );
    }
    return values;
  },
  arrays,
};

/**
 * Cumulative probabilities of 0, 1, 2 … Poisson events, as thresholds: the number of thresholds at or below a uniform
 * number of so many bits is the number of events. With 16 bits probabilities are right to 10⁻⁵, and means to 10⁻⁴.
 * @param mean expected number of events, at most 600
 */
export function poissonThresholds(mean: number, bits: 16 | 32): Uint32Array {
  const list: number[] = [], all = 2 ** bits;
  let probability = Math.exp(-mean), cumulative = 0;
  for (let k = 0; k < 2000; k++) {
    cumulative += probability;
    probability *= mean / (k + 1);
    const threshold = Math.round(cumulative * all);
    if (threshold >= all || (k > mean && probability < 1e-12)) break;
    list.push(threshold);
  }
  return Uint32Array.from(list);
}

/** What 0, 1, 2 … events add: whole multiples in single precision, so that all kernels add the same. */
export function poissonAmounts(amount: number, most: number): Float32Array {
  const one = Math.fround(amount);
  return Float32Array.from({ length: most + 1 }, (_, n) => one * n);
}
