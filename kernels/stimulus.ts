/**
 * Stimuli and noise, drawn inside the step from the counter-based generator. A stimulus makes a neuron spike by lifting
 * its v to the peak; integration then treats it as any spike.
 */

import { PEAK_MV } from "../src/biology/neuron.ts";
import { bits32, toUniform } from "../src/state/random.ts";

/** Spikes with probability `value[k]` in this step. */
export function poissonTrain(
  from: number,
  value: Float32Array,
  key: number,
  v: Float32Array,
): void {
  for (let k = 0; k < value.length; k++) {
    if (value[k] > 0 && toUniform(bits32(key, k)) < value[k]) v[from + k] = PEAK_MV;
  }
}

/** Regular trains: `value[k]` spikes a step, starting from `phase[k]`; `age` counts steps since the stimulus began. */
export function regularTrain(
  from: number,
  value: Float32Array,
  phase: Float32Array,
  age: number,
  v: Float32Array,
): void {
  for (let k = 0; k < value.length; k++) {
    const at = value[k] * age + phase[k];
    if (Math.floor(at + value[k]) > Math.floor(at)) v[from + k] = PEAK_MV;
  }
}

/** One spike a period, `value[k]` steps after its start; negative: none. */
export function latencyTrain(
  from: number,
  value: Float32Array,
  age: number,
  period: number,
  v: Float32Array,
): void {
  const now = age % period;
  for (let k = 0; k < value.length; k++) if (value[k] === now) v[from + k] = PEAK_MV;
}

/** Adds a current of its own to each neuron. */
export function addCurrents(from: number, current: Float32Array, input: Float32Array): void {
  for (let k = 0; k < current.length; k++) input[from + k] += current[k];
}

/**
 * Adds Gaussian noise to the input of neurons from … to − 1.
 * @param table `normalTable` times the standard deviation, mV/ms
 */
export function gaussianNoise(from: number, to: number, table: Float32Array, key: number, input: Float32Array): void {
  // A hash serves two neighbours: its 12 top bits the even neuron, the next 12 the odd one.
  for (let i = from; i < to; i++) {
    const bits = bits32(key, i >> 1);
    input[i] += table[((i & 1) === 0 ? bits : bits << 12) >>> 20];
  }
}

/**
 * Adds Poisson shot noise to the input of neurons from … to − 1.
 * @param thresholds from `poissonThresholds` of the expected number of events in a step, of 16 bits
 * @param amounts what 0, 1, 2 … events add, mV/ms; as long as the thresholds and one more
 */
export function poissonNoise(
  from: number,
  to: number,
  thresholds: Uint32Array,
  amounts: Float32Array,
  key: number,
  input: Float32Array,
): void {
  const last = thresholds.length;
  // A hash serves two neighbours: its lower half the even neuron, its upper half the odd one.
  for (let i = from; i < to; i++) {
    const bits = bits32(key, i >> 1), u = (i & 1) === 0 ? bits & 0xffff : bits >>> 16;
    let n = 0;
    while (n < last && thresholds[n] <= u) n++;
    input[i] += amounts[n];
  }
}

/** Most events of a block that are told apart. */
const BLOCK_STRIDE = 64;

/**
 * Rare Poisson events, drawn for blocks of neurons. The numbers do not depend on which neurons live.
 * @param begin,end neurons, dead ones included
 * @param living ranges of those that receive
 * @param thresholds from `poissonThresholds` of the expected number of events of a block, of 32 bits
 * @param amount what an event adds, mV/ms
 */
export function rareEvents(
  begin: number,
  end: number,
  living: readonly (readonly (readonly [from: number, to: number])[])[],
  block: number,
  thresholds: Uint32Array,
  amount: number,
  key: number,
  input: Float32Array,
): void {
  for (let first = begin, b = 0; first < end; first += block, b++) {
    const u = bits32(key, b) >>> 0;
    for (let n = 0; n < thresholds.length && thresholds[n] <= u; n++) {
      // What falls behind the end of a last, shorter block is nobody's.
      const i = first + Math.floor((bits32(~key, b * BLOCK_STRIDE + n) >>> 0) * block / 2 ** 32);
      for (const ranges of living) {
        for (const [from, to] of ranges) if (i >= from && i < to) input[i] += amount;
      }
    }
  }
}
