/** Groups of neurons of which one shall win. */

import type { Brain } from "../brain/brain.ts";

/** Each spike of a region inhibits all other regions named. @param weight conductance of a spike, 1/ms */
export function inhibitOthers(brain: Brain, from: string, names: readonly string[], weight: number): void {
  for (const to of names) {
    if (to === from) continue;
    brain.connect(from, to, {
      transmitter: "gaba",
      source: "all",
      layout: "uniform",
      receptor: { tauMs: 10, reversalMv: -85 },
      weight,
    });
  }
}
