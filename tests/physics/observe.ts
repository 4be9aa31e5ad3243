/** What the physics tests look at: spike trains by neuron, their intervals, and moments of samples. */

import type { Brain } from "../../src/brain/brain.ts";
import type { Recording, RecordOptions } from "../../src/brain/recording.ts";

/** Runs a brain for a time and returns what was recorded (spikes when nothing else is asked for). */
export async function runFor(brain: Brain, ms: number, record: RecordOptions = { spikes: true }): Promise<Recording> {
  const { recording } = await brain.run(Math.round(ms / brain.dt), { record });
  return recording!;
}

/** The spike times (ms) of each neuron of a region. */
export function spikeTrains(recording: Recording, region: string, neurons: number): number[][] {
  const trains: number[][] = Array.from({ length: neurons }, () => []);
  const { neuron, timeMs } = recording.spikes(region);
  for (let k = 0; k < neuron.length; k++) trains[neuron[k]].push(timeMs[k]);
  return trains;
}

/** Differences between successive numbers. */
export function intervals(times: ArrayLike<number>): number[] {
  return Array.from({ length: Math.max(0, times.length - 1) }, (_, k) => times[k + 1] - times[k]);
}

/** Mean. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k];
  return sum / values.length;
}

/** Variance about the mean. */
export function variance(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += (values[k] - centre) ** 2;
  return sum / values.length;
}

/** Standard deviation of the intervals over their mean: 1 for a Poisson process, 0 for a clock. */
export function coefficientOfVariation(intervals: ArrayLike<number>): number {
  return Math.sqrt(variance(intervals)) / mean(intervals);
}

/** Claims that a number lies within a relative distance of another. */
export function assertWithin(actual: number, expected: number, relative: number, what = ""): void {
  if (!(Math.abs(actual - expected) <= relative * Math.abs(expected))) {
    throw new Error(`${what}: ${actual} is not within ${100 * relative} % of ${expected}`);
  }
}

/** The synapses of a projection. */
export const table = (brain: Brain, name = "a->b") => brain.projection(name).synapseTable();

/** Its pairs of neurons, as text. */
export function pairsOf(brain: Brain, name = "a->b"): Set<string> {
  const { pre, post } = table(brain, name);
  return new Set(Array.from(pre, (i, k) => `${i},${post[k]}`));
}

/** The numbers from … to − 1. */
export const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

/** Numbers in ascending order. */
export const sorted = (list: Iterable<number>) => [...list].sort((a, b) => a - b);
