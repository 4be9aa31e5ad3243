/**
 * A layer of one unit a class on top of feature neurons, taught by a local delta rule: a synapse changes by its own
 * presynaptic activity times the error of its own unit (Widrow & Hoff 1960; with softmax units it is logistic regression).
 * The activity of a neuron is the square root of its spikes, which makes their variance alike.
 */

import { RandomStream } from "../state/random.ts";
import { outputsFor } from "./labels.ts";
import { Tally } from "./tally.ts";
import type { Score } from "./task.ts";

/** Passes over the labelled images. */
export const PASSES = 12;
/** The rate of the first pass, from which it falls to nothing. */
const RATE = 0.02;

/** A layer that has learnt. */
export class ClassLayer {
  readonly #weight: Float32Array;
  readonly #classes: number;
  readonly #neurons: number;

  private constructor(neurons: number, classes: number) {
    this.#neurons = neurons;
    this.#classes = classes;
    // One row a neuron, and one for the bias.
    this.#weight = new Float32Array((neurons + 1) * classes);
  }

  /**
   * Learns from spikes and labels.
   * @param counts spikes, one row an image
   */
  static learnt(counts: Uint16Array, labels: readonly number[], neurons: number, seed: number): ClassLayer {
    const layer = new ClassLayer(neurons, outputsFor(labels)), classes = layer.#classes;
    const output = new Float64Array(classes), steps = PASSES * labels.length;
    for (let pass = 0, step = 0; pass < PASSES; pass++) {
      for (const row of new RandomStream(seed, `class layer:${pass}`).permutation(labels.length)) {
        const active = layer.#activate(counts, row, output), rate = RATE * (1 - step++ / steps);
        for (let c = 0; c < classes; c++) {
          const change = rate * ((c === labels[row] ? 1 : 0) - output[c]);
          for (const [neuron, x] of active) layer.#weight[neuron * classes + c] += change * x;
        }
      }
    }
    return layer;
  }

  /** Puts the units' activity, which adds up to one, into `output`; the neurons that were active, with their activity. */
  #activate(counts: Uint16Array, row: number, output: Float64Array): [neuron: number, activity: number][] {
    const active: [number, number][] = [[this.#neurons, 1]], classes = this.#classes, weight = this.#weight;
    for (let j = 0, at = row * this.#neurons; j < this.#neurons; j++, at++) {
      if (counts[at] > 0) active.push([j, Math.sqrt(counts[at])]);
    }
    output.fill(0);
    for (const [neuron, x] of active) {
      for (let c = 0; c < classes; c++) output[c] += x * weight[neuron * classes + c];
    }
    const most = Math.max(...output);
    let all = 0;
    for (let c = 0; c < classes; c++) all += output[c] = Math.exp(output[c] - most);
    for (let c = 0; c < classes; c++) output[c] /= all;
    return active;
  }

  /** The share of images whose strongest unit is their class; where no neuron spiked there is no answer. */
  score(counts: Uint16Array, labels: readonly number[]): Score {
    const output = new Float64Array(this.#classes), tally = new Tally();
    labels.forEach((label, row) => {
      const active = this.#activate(counts, row, output);
      tally.add(output, label, active.length === 1);
    });
    return tally.score();
  }
}
