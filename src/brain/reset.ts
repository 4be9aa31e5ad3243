/** Putting parts of a brain's state back to the beginning. */

import { REST_MV } from "../biology/neuron.ts";
import type { Program } from "../engine/program.ts";
import { restDopamine } from "../../kernels/reward.ts";
import { sitesOf } from "../engine/mechanisms.ts";
import type { Arrays } from "../state/arrays.ts";
import { settleProjection } from "../engine/slow/settle.ts";
import type { ResolvedSpec } from "./spec.ts";

/**
 * Membranes at rest, receptors closed, nothing in flight, short-term resources full.
 * @returns names of the arrays that changed
 */
export function resetActivity(
  { arrays, membranes, spikes, slots, neurons, regions, projections }: Program,
): string[] {
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
  const changed = [
    v,
    u,
    spikes.start,
    ...regions.flatMap((region) => [
      ...region.receptors.map(({ g }) => g),
      ...sitesOf(region).flatMap(({ row, site }) => row.reset ? Object.values(site.data) : []),
    ]),
    ...projections.flatMap(({ shortTerm }) => shortTerm ? [shortTerm.resources.last] : []),
  ];
  return namesOf(arrays, changed);
}

/** Names of arrays of the registry. */
function namesOf(arrays: Arrays, changed: readonly unknown[]): string[] {
  const set = new Set(changed);
  return [...arrays.entries()].filter(({ data }) => set.has(data)).map(({ name }) => name);
}

/**
 * STDP traces and eligibilities zero, dopamine tonic. What reward has done up to now is kept in the weights, and what it
 * has taught to expect.
 * @returns names of the arrays that changed
 */
export function resetTraces(spec: ResolvedSpec, { arrays, projections }: Program): string[] {
  const changed: unknown[] = [];
  projections.forEach((projection, k) => {
    const { plasticity: p } = projection;
    if (!p) return;
    changed.push(p.preTrace, p.postTrace, p.preSlow?.trace, p.postSlow?.trace);
    for (const trace of [p.preTrace, p.postTrace, p.preSlow?.trace, p.postSlow?.trace]) trace?.fill(0);
    const { rewarded } = p.synapses;
    if (!rewarded || !p.reward) return;
    settleProjection(projection);
    rewarded.eligibility.fill(0);
    rewarded.settled.fill(0);
    restDopamine(p.reward.dopamine, spec.projections[k].plasticity!.reward!.tonic);
    changed.push(rewarded.weight, rewarded.eligibility, rewarded.settled, p.reward.dopamine);
  });
  return namesOf(arrays, changed);
}
