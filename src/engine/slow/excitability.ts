/** Intrinsic excitability; see src/biology/excitability.ts. */

import type { excitability, ExcitabilityValues } from "../../biology/excitability.ts";
import type { Slow } from "../mechanism.ts";
import type { Site } from "../program.ts";
import { interval } from "./slow.ts";

type ExcitabilitySite = Site<ExcitabilityValues, ReturnType<typeof excitability.arrays>>;

/** Moves each neuron's threshold by its distance from the set point. */
export const adaptExcitability: Slow<ExcitabilitySite> = {
  everySteps: ({ values, program }) => interval(values.everyMs, program.dt).steps,
  apply({ program, region, values: p, data: { bias, counted }, enabled }) {
    const { count } = program.activity, expected = p.targetHz * interval(p.everyMs, program.dt).ms / 1000;
    for (let k = 0; k < bias.length; k++) {
      const spikes = count[region.begin + k] - counted[k];
      counted[k] += spikes;
      if (enabled[0] === 1) {
        bias[k] = Math.max(p.lowest, Math.min(p.highest, bias[k] + p.gain * (spikes - expected)));
      }
    }
  },
};
