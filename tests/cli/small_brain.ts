/** The brain that tests of `brainsim run` advance. */

import { Brain } from "../../src/brain/brain.ts";
import { saveBrain } from "../../src/snapshot/file.ts";
import { inFolder } from "./command_line.ts";

/** Input lines onto a small cortex that learns from reward; dt is half a millisecond, so that steps are not ms. */
export function small(): Brain {
  const brain = new Brain({ seed: 3, dt: 0.5 });
  brain.addRegion("eye", "input", { neurons: 8 });
  brain.addRegion("v1", "sensory", { neurons: 20, connectivity: 0.2, noise: 3 });
  brain.connect("eye", "v1", { density: 0.5, plasticity: "stdp" });
  brain.connect("eye", "v1", { name: "paid", density: 0.5, plasticity: "rstdp" });
  return brain;
}

/** Runs with a folder that holds `a.brain`. */
export function withBrain(act: (path: string, folder: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    await saveBrain(small(), `${folder}/a.brain`);
    await act(`${folder}/a.brain`, folder);
  });
}
