/** Intrinsic excitability; see src/biology/excitability.ts. */

import type { excitability, ExcitabilityValues } from "../../biology/excitability.ts";
import type { ModulatorValues } from "../../biology/modulators.ts";
import type { Slow } from "../mechanism.ts";
import type { RegionProgram, Site } from "../program.ts";
import { interval } from "./slow.ts";

type ExcitabilitySite = Site<ExcitabilityValues, ReturnType<typeof excitability.arrays>>;

/** Moves each neuron's threshold by its distance from the set point. */
export const adaptExcitability: Slow<ExcitabilitySite> = {
  everySteps: ({ values, program }) => interval(values.everyMs, program.dt).steps,
  apply({ program, region, values: p, data: { bias, counted }, enabled }) {
    const { count } = program.activity, expected = p.targetHz * interval(p.everyMs, program.dt).ms / 1000;
    const gain = p.gain * learningOf(region), plastic = region.mechanisms.get("maturation")?.data.plastic;
    for (let k = 0; k < bias.length; k++) {
      const spikes = count[region.begin + k] - counted[k];
      counted[k] += spikes;
      if (enabled[0] === 1) {
        bias[k] = Math.max(
          p.lowest,
          Math.min(p.highest, bias[k] + gain * (plastic ? plastic[k] : 1) * (spikes - expected)),
        );
      }
    }
  },
};

/** What acetylcholine multiplies learning by, as the last step left it. */
function learningOf({ mechanisms }: RegionProgram): number {
  const site = mechanisms.get("modulators"), values = site?.values as ModulatorValues | undefined;
  return values?.acetylcholine ? 1 + values.acetylcholine.learning * site!.data.level[0] : 1;
}
