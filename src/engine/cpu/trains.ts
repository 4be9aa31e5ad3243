/**
 * Regular trains by their next spikes, instead of asking every line in every step: a line waits in the slot of a wheel for
 * the step of its next spike (Varghese and Lauck 1987). The same spikes as `regularTrain` (kernels/stimulus.ts).
 */

import { PEAK_MV } from "../../biology/neuron.ts";

/** Slots of a wheel; a line that waits for longer is passed over once a turn. */
const SLOTS = 64;
/** How far rounding may move a spike, in steps, generously. */
const MARGIN = 1e-3;
/** And of a phase, in turns. */
const PRECISION = 2 ** -51;
/** Later spikes are none: no run lasts as long. */
const NEVER = 2 ** 31 - 1;

/** Whether a train passes a whole number in a step. */
function passes(rate: number, phase: number, age: number): boolean {
  const at = rate * age + phase;
  return Math.floor(at + rate) > at;
}

/** The first step, not before `age`, in which a train spikes. */
function nextSpike(rate: number, phase: number, age: number): number {
  for (let whole = Math.floor(rate * age + phase) + 1;; whole++) {
    const time = (whole - phase) / rate;
    if (!(time < NEVER)) return NEVER;
    // Where the time is nearly a whole number, rounding decides about the steps beside it; of the slowest trains, about more.
    const margin = MARGIN + PRECISION / rate, last = Math.ceil(time + margin);
    for (let step = Math.max(age, Math.ceil(time - margin) - 1); step <= last; step++) {
      if (passes(rate, phase, step)) return step;
    }
  }
}

/** The trains of a region's lines. */
export class TrainWheel {
  /** First line that waits in each slot, the next one after each line (−1: none), and when each spikes. */
  readonly #first = new Int32Array(SLOTS);
  readonly #after: Int32Array;
  readonly #due: Int32Array;
  #age = -1;

  /** Of `value[k]` spikes a step, starting from `phase[k]`; whoever changes them calls {@linkcode TrainWheel.forget}. */
  constructor(readonly value: Float32Array, readonly phase: Float32Array) {
    this.#after = new Int32Array(value.length);
    this.#due = new Int32Array(value.length);
  }

  /** Asks all lines anew, when value or phase have changed. */
  forget(): void {
    this.#age = -1;
  }

  /** Lifts v of the lines that spike in a step to the peak; those of the step after cost least. */
  lift(from: number, age: number, v: Float32Array): void {
    const first = this.#first, after = this.#after, due = this.#due, slot = age & (SLOTS - 1);
    if (age !== this.#age) this.#setTo(age);
    this.#age = age + 1;
    let k = first[slot];
    first[slot] = -1;
    while (k >= 0) {
      const next = after[k];
      if (due[k] === age) {
        v[from + k] = PEAK_MV;
        due[k] = nextSpike(this.value[k], this.phase[k], age + 1);
      }
      this.#wait(k);
      k = next;
    }
  }

  #setTo(age: number): void {
    this.#first.fill(-1);
    for (let k = 0; k < this.value.length; k++) {
      this.#due[k] = this.value[k] > 0 ? nextSpike(this.value[k], this.phase[k], age) : NEVER;
      this.#wait(k);
    }
  }

  #wait(k: number): void {
    if (this.#due[k] === NEVER) return;
    const slot = this.#due[k] & (SLOTS - 1);
    this.#after[k] = this.#first[slot];
    this.#first[slot] = k;
  }
}
