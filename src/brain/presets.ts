/** Brains to begin with, by name. */

import type { BrainSpec } from "./spec.ts";

/** A description under a name. */
export interface Preset {
  /** One line. */
  meaning: string;
  /** The description. */
  spec: BrainSpec;
}

/** The presets. */
export const PRESETS: Record<string, Preset> = {
  quickstart: {
    meaning: "input 50 → cortex 200 → output 10; STDP onto the cortex, reward-modulated STDP onto the output",
    spec: {
      regions: [
        { name: "input", type: "sensory", neurons: 50 },
        { name: "cortex", type: "association", neurons: 200, connectivity: 0.1 },
        { name: "output", type: "motor", neurons: 10 },
      ],
      projections: [
        { from: "input", to: "cortex", density: 0.2, plasticity: "stdp" },
        { from: "cortex", to: "output", density: 0.3, plasticity: "rstdp" },
      ],
    },
  },
  balanced: {
    meaning: "1,000 neurons in a balanced rhythm driven by noise, after Izhikevich 2003",
    spec: {
      regions: [{
        name: "cortex",
        type: "association",
        neurons: 1000,
        noise: { excitatory: 5, inhibitory: 2 },
        connectivity: { density: 0.1, weight: { uniform: [0, 3.5] }, inhibitoryWeight: { uniform: [0, 7] } },
      }],
    },
  },
};
