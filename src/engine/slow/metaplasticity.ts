/** The sliding threshold; see src/biology/metaplasticity.ts. */

import { HIGHEST_BALANCE, LOWEST_THRESHOLD } from "../../biology/metaplasticity.ts";
import { decayBetweenSteps } from "../../../kernels/traces.ts";
import type { Program } from "../program.ts";
import type { SlowProcess } from "./slow.ts";

/** Slides each neuron's threshold by its rate, and derives what its potentiation is multiplied by. */
export const slideThresholds: SlowProcess = {
  name: "metaplasticity",
  intervals: ({ projections }) =>
    projections.flatMap(({ plasticity }) => plasticity?.metaplasticity ? [plasticity.metaplasticity.everySteps] : []),
  apply({ projections, regions, activity, dt }: Program, step: number) {
    const now = decayBetweenSteps(activity.rateClock, step);
    return projections.flatMap(({ name, plasticity, enabled, to }) => {
      const m = plasticity?.metaplasticity;
      if (!m || enabled![0] !== 1 || step % m.everySteps !== 0) return [];
      const { begin } = regions[to], share = 1 - Math.exp(-m.everySteps * dt / m.tauMs);
      const lowest = LOWEST_THRESHOLD * m.targetHz;
      for (let j = 0; j < m.threshold.length; j++) {
        const rate = activity.rate[begin + j] * now;
        m.threshold[j] = Math.max(lowest, m.threshold[j] + share * (rate * rate / m.targetHz - m.threshold[j]));
        m.balance[j] = Math.min(HIGHEST_BALANCE, (m.slow ? m.targetHz : rate) / m.threshold[j]);
      }
      return ["threshold", "balance"].map((key) => `projection.${name}.metaplasticity.${key}`);
    });
  },
};
