/** Competition of the neurons that reach the peak in one step; see src/biology/competition.ts. */

import { bits32 } from "../src/state/random.ts";
import type { Membranes } from "./integrate.ts";

/** Notes the net current at rest of neurons from … from + drive.length − 1, before integration clears it. */
export function noteDrive(from: number, restMv: number, m: Membranes, drive: Float32Array): void {
  for (let k = 0; k < drive.length; k++) drive[k] = m.input[from + k] - m.conductance[from + k] * restMv;
}

/**
 * Keeps, in each group, the `winners` spikes with the largest drive of the list `spikes[first … last − 1]` (ascending);
 * the other neurons return to their reset potential without adaptation.
 * @param from first neuron of the population, `size` its number of neurons
 * @param key random numbers of this step, for ties
 * @returns the new end of the list
 */
export function compete(
  spikes: Uint32Array,
  first: number,
  last: number,
  from: number,
  size: number,
  groups: number,
  winners: number,
  drive: Float32Array,
  key: number,
  { v, u, c, d }: Membranes,
): number {
  let kept = first;
  for (let begin = first; begin < last;) {
    const group = Math.floor((spikes[begin] - from) * groups / size);
    let end = begin + 1;
    while (end < last && Math.floor((spikes[end] - from) * groups / size) === group) end++;
    for (let s = begin; s < end; s++) {
      const i = spikes[s], mine = drive[i - from];
      let ahead = 0;
      for (let t = begin; t < end && ahead < winners; t++) {
        const j = spikes[t], other = drive[j - from];
        if (other > mine || (other === mine && j !== i && before(key, j, i))) ahead++;
      }
      if (ahead < winners) marked[s - begin] = 1;
      else {
        u[i] -= d[i];
        v[i] = c[i];
      }
    }
    for (let s = begin; s < end; s++) {
      if (marked[s - begin] === 1) spikes[kept++] = spikes[s];
      marked[s - begin] = 0;
    }
    begin = end;
  }
  return kept;
}

/** Winners of a group; candidates of one step are far fewer than this, or the array grows. */
let marked = new Uint8Array(1024);

/** Makes room for as many candidates in a group. */
export function reserveCandidates(count: number): void {
  if (marked.length < count) marked = new Uint8Array(count);
}

/** Whether neuron j comes before neuron i in this step's random order. */
function before(key: number, j: number, i: number): boolean {
  const a = bits32(key, j) >>> 0, b = bits32(key, i) >>> 0;
  return a < b || (a === b && j < i);
}
