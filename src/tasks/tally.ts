/** Counting right answers: an answer is the strongest of several outputs. */

import type { Score } from "./task.ts";

/** What was answered so far. Ties and silence are no answers, and count as errors. */
export class Tally {
  #correct = 0;
  #ties = 0;
  #silent = 0;
  readonly #answers: (number | null)[] = [];

  /**
   * Takes the next sample.
   * @param strengths of the outputs
   * @param silent whether nothing spiked, whatever the strengths
   */
  add(strengths: readonly number[] | Float64Array, label: number, silent: boolean): void {
    const most = Math.max(...strengths), first = strengths.indexOf(most), tie = strengths.indexOf(most, first + 1) >= 0;
    if (silent) this.#silent++;
    else if (tie) this.#ties++;
    else if (first === label) this.#correct++;
    this.#answers.push(silent || tie ? null : first);
  }

  /** The accuracy. */
  score(): Score {
    const tested = this.#answers.length;
    return {
      score: this.#correct / tested,
      metric: "accuracy",
      tested,
      ties: this.#ties,
      silent: this.#silent,
      answers: this.#answers,
    };
  }
}

/** Spikes of each class, from those of its neurons; as many a class, one class after the other. */
export function sumOfClasses(spikes: Uint16Array | Uint32Array, neurons: number): number[] {
  const sums = new Array<number>(spikes.length / neurons).fill(0);
  spikes.forEach((n, k) => sums[Math.floor(k / neurons)] += n);
  return sums;
}
