/** A rewarded projection for tests. */

import type { PlasticitySpec } from "../../src/brain/spec.ts";

/** All parameters of one rewarded projection, in plain view. */
export const PARAMETERS = {
  aPlus: 0.01,
  aMinus: 0.012,
  tauPlusMs: 20,
  tauMinusMs: 25,
  softness: 0,
  weightMax: 4,
  pairing: "all" as "all" | "nearest",
  tauEligibilityMs: 1000,
  tauDopamineMs: 200,
  tonic: 0,
  baseline: 0,
  learningRate: 1,
};

/** The parameters as the simulator takes them. */
export function plasticity(p: typeof PARAMETERS): PlasticitySpec {
  const { tauEligibilityMs, tauDopamineMs, tonic, baseline, learningRate, ...stdp } = p;
  return { ...stdp, reward: { tauEligibilityMs, tauDopamineMs, tonic, baseline, learningRate } };
}
