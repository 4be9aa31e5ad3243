/** Putting parts of a brain's state back to the beginning. */

import { REST_MV } from "../biology/neuron.ts";
import type { Program } from "../engine/program.ts";
import { restDopamine } from "../../kernels/reward.ts";
import { sitesOf } from "../engine/mechanisms.ts";
import { settleProjection } from "../engine/slow/settle.ts";
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
  for (const region of regions) {
    for (const { g } of region.receptors) g.fill(0);
    for (const { row, site } of sitesOf(region)) row.reset?.(site);
  }
  for (const { shortTerm } of projections) shortTerm?.resources.last.fill(-1);
}

/**
 * STDP traces and eligibilities zero, dopamine tonic. What reward has done up to now is kept in the weights, and what it
 * has taught to expect.
 */
export function resetTraces(spec: ResolvedSpec, { projections }: Program): void {
  projections.forEach((projection, k) => {
    const { plasticity: p } = projection;
    if (!p) return;
    for (const trace of [p.preTrace, p.postTrace, p.preSlow?.trace, p.postSlow?.trace]) trace?.fill(0);
    const { rewarded } = p.synapses;
    if (!rewarded || !p.reward) return;
    settleProjection(projection);
    rewarded.eligibility.fill(0);
    rewarded.settled.fill(0);
    restDopamine(p.reward.dopamine, spec.projections[k].plasticity!.reward!.tonic);
  });
}
