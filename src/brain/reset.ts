/** Putting parts of a brain's state back to the beginning. */

import { REST_MV } from "../biology/neuron.ts";
import type { Program } from "../engine/program.ts";
import { settle } from "../../kernels/reward.ts";
import type { ResolvedSpec } from "./spec.ts";

/** Membranes at rest, receptors closed, nothing in flight, short-term resources full. */
export function resetActivity(
  { membranes, spikes, slots, neurons, regions, projections }: Program,
): void {
  const { v, u, b } = membranes;
  v.fill(REST_MV);
  for (let i = 0; i < u.length; i++) u[i] = b[i] * REST_MV;
  const boundaries = 2 * regions.length + 1;
  for (let slot = 0; slot < slots; slot++) {
    spikes.start.fill(slot * neurons, slot * boundaries, (slot + 1) * boundaries);
  }
  for (const { receptors } of regions) for (const { g } of receptors) g.fill(0);
  for (const { shortTerm } of projections) shortTerm?.resources.last.fill(-1);
}

/** STDP traces and eligibilities zero, dopamine tonic. What reward has done up to now is kept in the weights. */
export function resetTraces(spec: ResolvedSpec, { projections }: Program): void {
  projections.forEach(({ plasticity: p }, k) => {
    if (!p) return;
    p.preTrace.fill(0);
    p.postTrace.fill(0);
    const { rewarded } = p.synapses;
    if (!rewarded || !p.reward) return;
    settle(rewarded, 0, rewarded.weight.length, Math.fround(p.reward.dopamine[1]));
    rewarded.eligibility.fill(0);
    rewarded.settled.fill(0);
    p.reward.dopamine[0] = spec.projections[k].plasticity!.reward!.tonic;
    p.reward.dopamine.fill(0, 1);
  });
}
