/** Synaptic scaling; see src/biology/scaling.ts. */

import type { scaling, ScalingValues } from "../../biology/scaling.ts";
import type { Slow } from "../mechanism.ts";
import type { ProjectionProgram, Site } from "../program.ts";
import { settleProjection } from "./settle.ts";
import { interval } from "./slow.ts";

type ScalingSite = Site<ScalingValues, ReturnType<typeof scaling.arrays>>;

/** Multiplies all weights onto each neuron by its factor. */
export const scaleSynapses: Slow<ScalingSite> = {
  everySteps: ({ values, program }) => interval(values.everyMs, program.dt).steps,
  apply({ program, region, values: p, data: { rate, counted }, enabled }) {
    const { count } = program.activity;
    const { ms } = interval(p.everyMs, program.dt), forget = 1 - Math.exp(-ms / p.tauRateMs), perHz = 1000 / ms;
    const up = new Float32Array(rate.length), down = new Float32Array(rate.length);
    for (let k = 0; k < rate.length; k++) {
      const spikes = count[region.begin + k] - counted[k];
      counted[k] += spikes;
      rate[k] += forget * (spikes * perHz - rate[k]);
      const error = Math.max(-1, Math.min(1, (p.targetHz - rate[k]) / p.targetHz));
      const change = Math.max(-0.9, Math.min(9, ms / p.tauMs * error));
      up[k] = 1 + change;
      down[k] = 1 / (1 + p.inhibition * change);
    }
    if (enabled[0] !== 1) return;
    const touched = program.projections.filter((projection) =>
      program.regions[projection.to] === region && projection.layout !== "uniform" &&
      projection.enabled?.[0] === 1 && (projection.sign > 0 || p.inhibition > 0)
    );
    for (const projection of touched) multiply(projection, projection.sign > 0 ? up : down);
    return touched.flatMap(({ name, plasticity }) => [
      `projection.${name}.weight`,
      ...plasticity?.reward ? [`projection.${name}.settled`] : [],
    ]);
  },
};

function multiply(projection: ProjectionProgram, factor: Float32Array): void {
  settleProjection(projection);
  const { weight, rows, plasticity } = projection, n = factor.length;
  const max = plasticity ? plasticity.synapses.weightMax : Infinity;
  for (let k = 0; k < weight.length; k++) {
    weight[k] = Math.min(max, weight[k] * factor[rows ? rows.target[k] : k % n]);
  }
}
