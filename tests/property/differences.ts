/** Comparing brains. */

import type { Brain } from "../../src/brain/brain.ts";

/** Names of the arrays in which two brains differ, in any byte; with "step" where that differs. */
export function differences(a: Brain, b: Brain): string[] {
  const found = a.stepCount === b.stepCount ? [] : ["step"];
  const names = new Set([...a.arrays.entries(), ...b.arrays.entries()].map(({ name }) => name));
  for (const name of names) {
    const same = a.arrays.has(name) && b.arrays.has(name) &&
      equalBytes(a.arrays.entry(name).data, b.arrays.entry(name).data);
    if (!same) found.push(name);
  }
  return found;
}

function equalBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const x = new Uint8Array(a.buffer, a.byteOffset, a.byteLength),
    y = new Uint8Array(b.buffer, b.byteOffset, b.byteLength);
  return x.length === y.length && x.every((byte, k) => byte === y[k]);
}
