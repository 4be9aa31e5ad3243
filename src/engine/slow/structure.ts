/** Birth and death of synapses; see src/biology/structure.ts. */

import { RandomStream } from "../../state/random.ts";
import type { NewSynapse, Program, ProjectionProgram } from "../program.ts";
import { livingOf } from "./growth.ts";
import { logRow } from "./log.ts";
import { settleProjection } from "./settle.ts";
import type { SlowProcess } from "./slow.ts";

/** Forms and prunes synapses. */
export const rewireSynapses: SlowProcess = {
  name: "structure",
  intervals: ({ projections }) =>
    projections.flatMap(({ sprouting }) => sprouting?.structure ? [sprouting.structure.everySteps] : []),
  apply(program, step) {
    const changed: string[] = [];
    for (const projection of [...program.projections]) {
      const structure = projection.sprouting?.structure;
      if (!structure || step % structure.everySteps !== 0) continue;
      const { counters, log, enabled, everySteps } = structure, at = `projection.${projection.name}`;
      let { length: synapses } = projection.weight;
      if (enabled[0] === 1) {
        settleProjection(projection);
        if (projection.plasticity?.reward) changed.push(`${at}.weight`, `${at}.settled`);
        const { remove, pruned } = weakest(program, projection, step), add = coactive(program, projection, step);
        if (pruned + add.length > 0) program.rewire(projection, { remove, add, step });
        synapses += add.length - pruned;
        counters[0] += add.length;
        counters[1] += pruned;
      }
      logRow(log, counters, step / everySteps, [step, synapses, counters[0], counters[1]]);
      changed.push(`${at}.structure.counters`, `${at}.structure.log`);
    }
    return changed;
  },
};

/** Marks the synapses that are pruned. */
function weakest({ activity: { last }, dt }: Program, projection: ProjectionProgram, step: number) {
  const { rows, weight, begin, sprouting } = projection,
    { weightMax } = sprouting!,
    { values: p, born } = sprouting!.structure!;
  const { rowStart, delays } = rows!, old: number[] = [];
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const spiked = Math.max(0, last[begin + Math.floor(row / delays)]);
    for (let k = rowStart[row]; k < rowStart[row + 1]; k++) {
      // A synapse is not unused for longer than it exists.
      const unused = (step - Math.max(spiked, born[k])) * dt > p.unusedMs;
      const dies = unused || weight[k] < p.pruneBelow * weightMax;
      if (dies && (step - born[k]) * dt >= p.graceMs) old.push(k);
    }
  }
  const most = Math.ceil(p.prunes * weight.length);
  if (old.length > most) old.sort((a, b) => weight[a] - weight[b] || a - b).length = most;
  const remove = new Uint8Array(weight.length);
  for (const k of old) remove[k] = 1;
  return { remove: old.length > 0 ? remove : null, pruned: old.length };
}

/** New synapses between neurons that were active together. */
function coactive(program: Program, projection: ProjectionProgram, step: number): NewSynapse[] {
  const { rows, begin, to, name, delays, sprouting } = projection, { far, delayAt, weightMax } = sprouting!;
  const { values: p, everySteps } = sprouting!.structure!, { rowStart, target } = rows!;
  const { last } = program.activity, { dt } = program, region = program.regions[to];
  const source = program.regions[projection.firstPopulation >> 1], end = begin + (rowStart.length - 1) / rows!.delays;
  const recent = (i: number) => last[i] >= 0 && (step - last[i]) * dt <= p.windowMs;
  const sources = livingOf(program, source).filter((i) => i >= begin && i < end && recent(i));
  const targets = livingOf(program, region).filter(recent);
  if (sources.length === 0 || targets.length === 0) return [];

  const degree = new Uint32Array(region.end - region.begin);
  for (let k = 0; k < target.length; k++) degree[target[k]]++;
  const random = new RandomStream(program.seed, `synaptogenesis:${name}:${step}`), taken = new Set<number>();
  const connected = (pre: number, post: number) => {
    for (let k = rowStart[pre * rows!.delays]; k < rowStart[(pre + 1) * rows!.delays]; k++) {
      if (target[k] === post) return true;
    }
    return taken.has(pre * degree.length + post);
  };
  const add: NewSynapse[] = [], perTarget = p.forms * everySteps * dt / 1000;
  for (const j of targets) {
    const post = j - region.begin;
    for (let n = Math.floor(perTarget + random.uniform()); n > 0; n--) {
      const i = sources[random.integer(sources.length)], pre = i - begin, mm = far ? far(pre, post) : 0;
      const near = p.sigmaMm === 0 || !far || random.uniform() < Math.exp(-mm * mm / (2 * p.sigmaMm ** 2));
      if (i === j || degree[post] >= p.maxDegree || !near || connected(pre, post)) continue;
      taken.add(pre * degree.length + post);
      degree[post]++;
      add.push({
        pre,
        post,
        delay: delayAt ? delayAt(mm) : random.integer(delays.length),
        weight: p.newWeight * weightMax,
      });
    }
  }
  return add;
}
