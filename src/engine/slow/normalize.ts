/** Normalization of incoming weights; see src/biology/normalization.ts. */

import { isLesioned } from "../../../kernels/stdp.ts";
import type { PlasticityProgram, Program, ProjectionProgram } from "../program.ts";
import { settleProjection } from "./settle.ts";
import type { SlowProcess } from "./slow.ts";

/** Scales the incoming weights of every target neuron to the mean that is to be kept. */
export const normalize: SlowProcess = {
  name: "normalize",
  intervals: ({ projections }) =>
    projections.flatMap(({ plasticity }) => plasticity?.normalization ? [plasticity.normalization.everySteps] : []),
  apply({ projections }: Program, step: number) {
    return projections.flatMap((projection) => {
      const { name, plasticity: p, enabled } = projection;
      if (!p?.normalization || enabled![0] !== 1 || step % p.normalization.everySteps !== 0) return [];
      normalizeProjection(projection, p);
      return [`projection.${name}.weight`, ...p.reward ? [`projection.${name}.settled`] : []];
    });
  },
};

function normalizeProjection(projection: ProjectionProgram, p: PlasticityProgram): void {
  const { out, weight } = projection, { weightMax } = p.synapses;
  settleProjection(projection);
  const targets = out.length, mean = p.normalization!.mean * weightMax;
  const list = new Uint32Array(p.incoming ? 0 : weight.length / targets);
  /** A dense projection's column, without lesioned synapses. */
  const column = (j: number) => {
    let count = 0;
    for (let k = j; k < weight.length; k += targets) if (!isLesioned(weight[k])) list[count++] = k;
    return list.subarray(0, count);
  };
  for (let j = 0; j < targets; j++) {
    const synapses = p.incoming ? p.incoming.synapse.subarray(p.incoming.start[j], p.incoming.start[j + 1]) : column(j);
    scaleTo(mean, synapses, weight, weightMax);
  }
}

/**
 * Scales weights to a mean. What does not fit below the largest weight is shared out among the others; when nothing is
 * left to scale (all zero), those get equal weights.
 */
function scaleTo(mean: number, synapses: Uint32Array, weight: Float32Array, max: number): void {
  const top = Math.fround(max), count = synapses.length;
  for (let pass = 0; pass < count; pass++) {
    let full = 0, sum = 0;
    for (const s of synapses) {
      if (weight[s] >= top) full++;
      else sum += weight[s];
    }
    const open = count - full, room = mean * count - full * top;
    // All of the mean's share is taken by weights that are larger than it: then they shrink too.
    const all = room < 0 || open === 0;
    const factor = all ? mean * count / (sum + full * top) : room / sum;
    let overflow = false;
    for (const s of synapses) {
      if (!all && weight[s] >= top) continue;
      const scaled = !all && sum === 0 ? room / open : weight[s] * factor;
      overflow ||= scaled > top;
      weight[s] = Math.min(top, scaled);
    }
    if (!overflow) return;
  }
}
