/** What labels there are. */

import type { Images } from "./idx.ts";

/** The labels that occur, ascending. */
export function classesOf({ labels }: Images): number[] {
  return [...new Set(labels)].sort((a, b) => a - b);
}

/** Outputs that name labels by their place: one more than the largest. */
export function outputsFor(labels: ArrayLike<number>): number {
  let most = 0;
  for (let k = 0; k < labels.length; k++) most = Math.max(most, labels[k]);
  return 1 + most;
}
