/** Synapses come and go: all edits of a projection at once, in one pass over it. */

import type { ArrayInfo, Arrays } from "../state/arrays.ts";
import type { SynapseEdits } from "../engine/program.ts";

/**
 * Removes and adds synapses of a sparse projection in the registry. What is one element a synapse moves along; a new
 * synapse begins with zeros.
 * @param name of the projection
 * @param delays number of its delays
 */
export function rewire(arrays: Arrays, name: string, delays: number, { remove, add, step }: SynapseEdits): void {
  const at = `projection.${name}`, prefix = `${at}.`;
  const rowStart = arrays.get(`${at}.rowStart`, "u32"), rows = rowStart.length - 1, old = rowStart[rows];
  const rowOf = (k: number) => add[k].pre * delays + add[k].delay;
  const order = add.map((_, k) => k).sort((a, b) => rowOf(a) - rowOf(b) || add[a].post - add[b].post);
  const removed = remove ? remove.reduce((n, gone) => n + gone, 0) : 0;
  const count = old - removed + add.length;

  // Where each new place takes its synapse from: an old index, or −1 − index of the addition.
  const source = new Int32Array(count), newStart = new Uint32Array(rows + 1);
  let to = 0, next = 0;
  for (let row = 0; row < rows; row++) {
    newStart[row] = to;
    for (let k = rowStart[row]; k < rowStart[row + 1]; k++) if (!remove || remove[k] === 0) source[to++] = k;
    for (; next < order.length && rowOf(order[next]) === row; next++) source[to++] = -1 - order[next];
  }
  newStart[rows] = to;
  rowStart.set(newStart);

  const fresh: Record<string, (k: number) => number> = {
    target: (k) => add[k].post,
    weight: (k) => add[k].weight,
    "structure.born": () => step,
  };
  for (const entry of [...arrays.entries()].filter((e: ArrayInfo) => e.perSynapse && e.name.startsWith(prefix))) {
    const { data } = entry, make = data.constructor as { new (length: number): typeof data };
    const moved = new make(count), begin = fresh[entry.name.slice(prefix.length)];
    if (!entry.derived) {
      for (let k = 0; k < count; k++) {
        if (source[k] >= 0) moved[k] = data[source[k]];
        else if (begin) moved[k] = begin(-1 - source[k]);
      }
    }
    arrays.replace(entry.name, [count], moved);
  }
}
