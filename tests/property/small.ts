/** A brain whose snapshot is small enough to be damaged in every place. */

import { Brain } from "../../src/brain/brain.ts";
import { encodeSnapshot } from "../../src/snapshot/snapshot.ts";

/** A small brain with one of everything, in the middle of its life. */
export function small(): Brain {
  const brain = new Brain({ seed: 5 });
  brain.addRegion("a", "input", { neurons: 3 });
  brain.addRegion("b", "sensory", { neurons: 4, inhibitory: 0.5, noise: 8 });
  brain.connect("a", "b", { density: 0.7, receptor: "ampa", plasticity: "rstdp", delay: { uniform: [1, 2] } });
  brain.connect("b", "b", { density: 0.5, transmitter: "gaba", shortTerm: "depressing" });
  brain.stimulate("a", [1, 0.5], { maxRateHz: 300 });
  brain.history.push({ step: 0, action: "create" });
  brain.notes.own = { list: [1, "two", null], text: "ü" };
  for (let k = 0; k < 30; k++) brain.step();
  return brain;
}

/** Its snapshot. */
export const BYTES = encodeSnapshot(small());
