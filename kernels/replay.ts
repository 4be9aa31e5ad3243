/** Replay of memory traces; see src/biology/memory.ts. */

import { MEMBER } from "../src/biology/memory.ts";
import { bits32 } from "../src/state/random.ts";

/**
 * Adds a pulse to the neurons of a trace whose time has come.
 * @param from index of the region's first neuron
 * @param trace first element of the trace's row in `membership` and `latency`
 * @param size neurons of the region
 * @param begin,end the part of the trace, in ms of its own time, that this step plays
 * @param shuffle key of a permutation of the region's neurons, or null
 * @param current what makes a neuron fire in this step, mV/ms
 */
export function replayTrace(
  from: number,
  membership: Float32Array,
  latency: Float32Array,
  trace: number,
  size: number,
  begin: number,
  end: number,
  shuffle: number | null,
  alive: Uint8Array,
  current: number,
  input: Float32Array,
): void {
  for (let k = 0; k < size; k++) {
    if (membership[trace + k] < MEMBER || latency[trace + k] < begin || latency[trace + k] >= end) continue;
    const i = from + (shuffle === null ? k : shuffled(k, size, shuffle));
    if (alive[i] === 1) input[i] += current;
  }
}

/** Place of k in a random order of 0 … size − 1: a four-round Feistel permutation, walked until it lies inside. */
function shuffled(k: number, size: number, key: number): number {
  const half = Math.max(1, Math.ceil(Math.log2(size) / 2)), mask = (1 << half) - 1;
  do {
    for (let round = 0; round < 4; round++) {
      const left = k >>> half, right = k & mask;
      k = (right << half) | (left ^ (bits32(key + round, right) & mask));
    }
  } while (k >= size);
  return k;
}
