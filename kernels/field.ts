/** What an electrode would see; see src/biology/field.ts. */

import type { Membranes } from "./integrate.ts";

/** Sum of the net currents of neurons from … to − 1, before integration clears them. */
export function sumCurrents(from: number, to: number, { v, input, conductance }: Membranes): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += input[i] - conductance[i] * v[i];
  return sum;
}
