/** Brains as text: JSON with everything, CSV with the synapses. */

import type { Brain } from "../brain/brain.ts";
import { type ArrayInfo, Arrays } from "../state/arrays.ts";
import { FileError } from "../state/errors.ts";

/** All of a brain as JSON: description, step, and every saved array with type, shape, unit and elements. */
export function brainToJson(brain: Brain): string {
  const arrays: Record<string, unknown> = {};
  for (const { name, dtype, shape, unit, meaning, data, derived } of brain.arrays.entries()) {
    if (!derived) arrays[name] = { dtype, shape, unit, meaning, data: Array.from(data, toJsonNumber) };
  }
  return JSON.stringify({ format: "brainsim-json", version: 1, spec: brain.spec, step: brain.stepCount, arrays }) +
    "\n";
}

/** A number, or as text what JSON has no number for. */
function toJsonNumber(x: number): number | string {
  return Object.is(x, -0) ? "-0" : Number.isFinite(x) ? x : String(x);
}

/**
 * The arrays of a brain exported by {@linkcode brainToJson}, for verification.
 * @throws {FileError} when the text is no such export
 */
export function arraysFromJson(text: string): Arrays {
  const arrays = new Arrays();
  try {
    const all = JSON.parse(text).arrays as Record<string, ArrayInfo & { data: (number | string)[] }>;
    for (const [name, { data, ...info }] of Object.entries(all)) arrays.add({ ...info, name }).set(data.map(Number));
  } catch (error) {
    throw new FileError(`not an exported brain: ${error instanceof Error ? error.message : error}`);
  }
  return arrays;
}

/** All stored synapses: columns `projection,from,pre,to,post,sign,weight,delay_ms`, neurons counted within regions. */
export function synapsesToCsv(brain: Brain): string {
  const lines = [
    "# pre, post: index within the region; sign: 1 excites, -1 inhibits; weight: magnitude (unit: see inspect); delay_ms: ms",
    "projection,from,pre,to,post,sign,weight,delay_ms",
  ];
  for (const projection of brain.projections) {
    const { name, from, to, transmitter } = projection.spec, sign = transmitter === "gaba" ? -1 : 1;
    const { pre, post, weight, delay } = projection.synapseTable();
    for (let k = 0; k < weight.length; k++) {
      lines.push(`${name},${from},${pre[k]},${to},${post[k]},${sign},${weight[k]},${delay[k]}`);
    }
  }
  return lines.join("\n") + "\n";
}
