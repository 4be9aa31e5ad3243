/** Maturation of neurons; see src/biology/maturation.ts. */

import type { maturation, MaturationValues } from "../../biology/maturation.ts";
import type { Slow } from "../mechanism.ts";
import type { Site } from "../program.ts";
import { interval } from "./slow.ts";

type MaturationSite = Site<MaturationValues, ReturnType<typeof maturation.arrays>>;

/** Counts the spikes that neurons have learnt from, and takes that much of their plasticity. */
export const matureNeurons: Slow<MaturationSite> = {
  everySteps: ({ values, program }) => interval(values.everyMs, program.dt).steps,
  apply({ program, region, values: p, data: { plastic, youth, learnt, counted }, enabled }) {
    const { count } = program.activity;
    for (let k = 0; k < plastic.length; k++) {
      const spikes = count[region.begin + k] - counted[k];
      counted[k] += spikes;
      if (enabled[0] !== 1 || spikes === 0) continue;
      learnt[k] += spikes;
      plastic[k] = p.lowest + (1 - p.lowest) / (1 + learnt[k] / p.spikes) ** p.power;
      youth[k] = -p.youthCurrent * plastic[k];
    }
  },
};
