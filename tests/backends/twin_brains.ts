/** Brains whose next steps run kernels that random brains seldom run. */

import { Brain } from "../../src/brain/brain.ts";
import { sleeper } from "../physics/stages.ts";

/** In the midst of a replay. */
export async function replayingBrain(): Promise<Brain> {
  const brain = sleeper({ replayEveryMs: 20 });
  brain.startSleep(500, { shuffled: true });
  await brain.run(41);
  return brain;
}

/** With background that is drawn by large blocks, and so many neurons that their spikes are listed in two passes. */
export async function rareBrain(): Promise<Brain> {
  const brain = new Brain({ seed: 4, dt: 0.5 });
  brain.addRegion("n", "association", { neurons: 66_000, background: { rateHz: 0.05, weight: 40 }, noise: 8 });
  await brain.run(20);
  return brain;
}

/** With more groups that compete than 16 bits count. */
export async function groupedBrain(): Promise<Brain> {
  const brain = new Brain({ seed: 6 }), neurons = 70_000;
  brain.addRegion("n", "association", { neurons, inhibitory: 0, groups: 35_000, competition: true, noise: 10 });
  brain.region("n").addLateralInhibition({ weight: 0.01, withinGroups: true });
  brain.injectCurrent("n", 8);
  await brain.run(15);
  return brain;
}

/** With all kinds of trains, of more neurons than a workgroup. */
export async function timedBrain(): Promise<Brain> {
  const brain = new Brain({ seed: 5 }), values = (n: number) => Array.from({ length: n }, (_, k) => (k % 97) / 97);
  for (const name of ["regular", "poisson", "latency", "current"]) brain.addRegion(name, "sensory", { neurons: 700 });
  brain.stimulate("regular", values(700), { train: "regular", maxRateHz: 300 });
  brain.stimulate("poisson", values(700), { maxRateHz: 300 });
  brain.stimulate("latency", values(700), { encoding: "temporal" });
  brain.stimulate("current", values(700), { encoding: "current" });
  await brain.run(60);
  return brain;
}
