/** Normalization of incoming weights; see src/biology/normalization.ts. */

import { settle } from "../../../kernels/reward.ts";
import type { PlasticityProgram, Program, ProjectionProgram } from "../program.ts";
import type { SlowProcess } from "./slow.ts";

/** Scales the incoming weights of every target neuron to the mean that is to be kept. */
export const normalize: SlowProcess = {
  name: "normalize",
  intervals: ({ projections }) =>
    projections.flatMap(({ plasticity }) => plasticity?.normalization ? [plasticity.normalization.everySteps] : []),
  apply(program: Program, step: number) {
    for (const projection of program.projections) {
      const { plasticity } = projection;
      if (!plasticity?.normalization || plasticity.enabled[0] === 0) continue;
      if (step % plasticity.normalization.everySteps === 0) normalizeProjection(projection, plasticity);
    }
  },
};

function normalizeProjection({ out, weight }: ProjectionProgram, p: PlasticityProgram): void {
  const { rewarded, weightMax } = p.synapses;
  if (rewarded) settle(rewarded, 0, weight.length, Math.fround(p.reward!.dopamine[1]));
  const targets = out.length, mean = p.normalization!.mean * weightMax;
  for (let j = 0; j < targets; j++) {
    // A dense projection's column, or the list of a sparse one's incoming synapses.
    const first = p.incoming ? p.incoming.start[j] : 0;
    const count = p.incoming ? p.incoming.start[j + 1] - first : weight.length / targets;
    const at = (k: number) => p.incoming ? p.incoming.synapse[first + k] : k * targets + j;
    let sum = 0;
    for (let k = 0; k < count; k++) sum += weight[at(k)];
    if (sum === 0) continue;
    const factor = mean * count / sum;
    for (let k = 0; k < count; k++) weight[at(k)] = Math.min(weightMax, weight[at(k)] * factor);
  }
}
