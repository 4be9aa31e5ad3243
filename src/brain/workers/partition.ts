/**
 * A brain on several cores: every worker has all neurons' arrays, but advances a range of neurons of its own and holds
 * only the sparse synapses onto them. Each sum over a neuron's synapses is then made by one worker, in the usual order, so that
 * results do not depend on the number of workers. What follows from spikes alone (traces, rates, dopamine) every worker
 * works out for itself, alike; so it does dense projections, which gain nothing from being spread.
 */

import type { Program, Range } from "../../engine/program.ts";
import { sitesOf } from "../../engine/mechanisms.ts";
import type { AnyArray, ArrayInfo, Arrays, Entry } from "../../state/arrays.ts";

/** Work of a neuron in a step, in synapses: a synapse is visited at about 8 Hz, a neuron in every step. */
const NEURON = 200;

/** Why a program cannot be spread, or true. */
export function canSpread({ regions }: Program): true | string {
  for (const region of regions) {
    const together = sitesOf(region).find(({ row }) => row.together);
    if (together) return `region "${region.name}" has ${together.name}, which looks at its neurons together`;
  }
  return true;
}

/**
 * Where each worker's neurons begin, and the end of the last one's.
 * @param workers at least 1
 */
export function partition({ neurons, regions, projections }: Program, workers: number): number[] {
  const cost = new Float64Array(neurons);
  for (const { source, begin, end } of regions) if (!source) cost.fill(NEURON, begin, end);
  for (const { rows, to } of projections) {
    const { begin } = regions[to];
    if (rows) { for (const target of rows.target) cost[begin + target]++; }
  }
  const total = cost.reduce((a, b) => a + b, 0), bounds = [0];
  let sum = 0;
  for (let i = 0; i < neurons && bounds.length < workers; i++) {
    if (sum >= total * bounds.length / workers) bounds.push(i);
    sum += cost[i];
  }
  while (bounds.length <= workers) bounds.push(neurons);
  return bounds;
}

/** Which synapses of the sparse projections a worker holds, by the projection's name. */
export type Kept = Map<string, { rowStart: Uint32Array; synapses: Uint32Array }>;

/** The synapses onto neurons from … to − 1. */
export function keptSynapses({ regions, projections }: Program, [from, to]: Range): Kept {
  const kept: Kept = new Map();
  for (const { name, rows, to: region } of projections) {
    if (!rows) continue;
    const { rowStart, target } = rows, first = from - regions[region].begin, end = to - regions[region].begin;
    const own = new Uint32Array(rowStart.length), synapses = new Uint32Array(target.length);
    let count = 0;
    for (let r = 0; r + 1 < rowStart.length; r++) {
      own[r] = count;
      for (let k = rowStart[r]; k < rowStart[r + 1]; k++) {
        if (target[k] >= first && target[k] < end) synapses[count++] = k;
      }
    }
    own[rowStart.length - 1] = count;
    kept.set(name, { rowStart: own, synapses: synapses.slice(0, count) });
  }
  return kept;
}

/** The projection that an array of one element a synapse belongs to. */
function projectionOf({ name }: ArrayInfo, kept: Kept) {
  for (const [projection, own] of kept) if (name.startsWith(`projection.${projection}.`)) return own;
  throw new Error(`array "${name}" belongs to no sparse projection`);
}

/** A worker's part of the data of an array. */
export function partOf(info: ArrayInfo, data: AnyArray, kept: Kept): AnyArray {
  if (info.name.endsWith(".rowStart")) return projectionOf(info, kept).rowStart;
  if (!info.perSynapse) return data;
  const { synapses } = projectionOf(info, kept), part = data.slice(0, synapses.length);
  for (let j = 0; j < synapses.length; j++) part[j] = data[synapses[j]];
  return part;
}

/** Puts a worker's part of an array back. */
export function putBack(entry: Entry, part: AnyArray, kept: Kept, [from, to]: Range): void {
  const { data, perSynapse, ofNeurons } = entry;
  if (perSynapse) {
    const { synapses } = projectionOf(entry, kept);
    for (let j = 0; j < synapses.length; j++) data[synapses[j]] = part[j];
  } else if (ofNeurons !== undefined) {
    const [first, last] = overlap(ofNeurons, data.length, from, to);
    data.set(part.subarray(first, last), first);
  } else data.set(part);
}

/** Elements of an array that begins at neuron `base` that lie in a range of neurons. */
function overlap(base: number, length: number, from: number, to: number): Range {
  const first = Math.min(length, Math.max(0, from - base));
  return [first, Math.max(first, Math.min(length, to - base))];
}

/** Declarations and data of a worker's registry. */
export function partsOf(arrays: Arrays, kept: Kept): { info: ArrayInfo; data: AnyArray | null }[] {
  return [...arrays.entries()].map(({ data, ...info }) => {
    const size = info.perSynapse ? projectionOf(info, kept).synapses.length : null;
    return {
      info: size === null ? info : { ...info, shape: [size] },
      data: info.derived ? null : partOf(info, data, kept),
    };
  });
}

/** Lets a program advance only neurons from … to − 1. */
export function restrict(program: Program, [from, to]: Range): void {
  for (const region of program.regions) {
    for (const [population, ranges] of region.living.entries()) {
      region.living[population] = ranges
        .map(([a, b]): Range => [Math.max(a, from), Math.min(b, to)])
        .filter(([a, b]) => a < b);
    }
    for (const receptor of region.receptors) {
      const [first, last] = overlap(region.begin, receptor.g.length, from, to);
      receptor.g = receptor.g.subarray(first, last);
      receptor.at = { ...receptor.at, from: receptor.at.from + first };
    }
  }
}
