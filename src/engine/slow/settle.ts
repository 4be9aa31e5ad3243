/** What every process that reads or writes all weights of a projection does first. */

import { gainNow, settle } from "../../../kernels/reward.ts";
import type { ProjectionProgram } from "../program.ts";

/** Brings the weights of a projection under reward up to now. */
export function settleProjection({ weight, plasticity }: ProjectionProgram): void {
  const rewarded = plasticity?.synapses.rewarded;
  if (rewarded) settle(rewarded, 0, weight.length, gainNow(plasticity.reward!.dopamine));
}
