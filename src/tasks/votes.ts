/** Reading out what neurons have come to stand for: each votes for the classes of the images that it answered to. */

import { outputsFor } from "./labels.ts";
import { Tally } from "./tally.ts";
import type { Score } from "./task.ts";

/** Answers by votes, from the spikes of each image (one row of counts an image). */
export function scoreOf(votes: Votes, counts: Uint16Array, labels: readonly number[], neurons: number): Score {
  const { classes, share } = votes;
  const tally = new Tally();
  labels.forEach((label, row) => {
    const score = new Float64Array(classes);
    let spikes = 0;
    for (let j = 0; j < neurons; j++) {
      const n = counts[row * neurons + j];
      spikes += n;
      if (n > 0) { for (let c = 0; c < classes; c++) score[c] += n * share[j * classes + c]; }
    }
    tally.add(score, label, spikes === 0);
  });
  return tally.score();
}

/** What neurons stand for. */
export interface Votes {
  classes: number;
  /** Neuron by neuron, its share for each class. */
  share: Float64Array;
}

/** How much of a neuron's answers goes to each class: mean answers to the class, over their sum. */
export function votesOf(counts: Uint16Array, labels: readonly number[], neurons: number): Votes {
  const classes = outputsFor(labels),
    votes = new Float64Array(neurons * classes),
    shown = new Float64Array(classes);
  labels.forEach((label, row) => {
    shown[label]++;
    for (let j = 0; j < neurons; j++) votes[j * classes + label] += counts[row * neurons + j];
  });
  for (let j = 0; j < neurons; j++) {
    const own = votes.subarray(j * classes, (j + 1) * classes);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += own[c] = shown[c] > 0 ? own[c] / shown[c] : 0;
    if (sum > 0) { for (let c = 0; c < classes; c++) own[c] /= sum; }
  }
  return { classes, share: votes };
}

/** The share of right answers. */
export function shareRight(answers: readonly (number | null)[], labels: readonly number[]): number {
  return answers.filter((answer, k) => answer === labels[k]).length / labels.length;
}
