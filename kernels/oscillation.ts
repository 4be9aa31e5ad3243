/** One current for all neurons of a region; see src/biology/oscillation.ts. */

/** Adds `current` to the input of neurons from … to − 1. */
export function addUniformCurrent(from: number, to: number, current: number, input: Float32Array): void {
  for (let i = from; i < to; i++) input[i] += current;
}
