/** Times meet the grid of steps. */

import type { Output } from "./output.ts";

/** Warns of a time that lies between two steps, and says which is used instead. */
export function warnOfRounding(what: string, ms: number, dt: number, output: Output): void {
  const used = Math.round(ms / dt) * dt;
  if (Math.abs(used - ms) < 1e-6 * dt) return;
  output.warning(`${what}: ${ms} ms lies between steps of ${dt} ms; ${Number(used.toFixed(6))} ms is used`);
}
