/** The structure of a brain as its users see it: its log, and lesions. */

import type { Program, RegionProgram } from "../engine/program.ts";
import { killNeurons, livingOf, silence } from "../engine/slow/growth.ts";
import { checkInteger, checkKeys, checkNumber } from "../biology/parameters.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";
import { isLesioned } from "../../kernels/stdp.ts";
import type { ResolvedSpec } from "./spec.ts";

/** How the structure of a region or a projection changed over time, one row a look. */
export interface StructureLog {
  /** `region:NAME` or `projection:NAME`. */
  target: string;
  /** Times, ms. */
  timeMs: Float64Array;
  /** Living neurons of a region, synapses of a projection. */
  count: Uint32Array;
  /** Births, or synapses formed, since the beginning. */
  born: Uint32Array;
  /** Deaths, or synapses pruned, since the beginning; lesions are neither. */
  died: Uint32Array;
  /** Neurons of a region lesioned since the beginning; logs of projections do not tell. */
  lesioned?: Uint32Array;
}

/** The logs of every region that grows and every projection that is rewired. */
export function structureLogs(spec: ResolvedSpec, { regions, projections, dt }: Program): StructureLog[] {
  const read = (target: string, log: Uint32Array, rows: number): StructureLog => {
    const column = (c: number) => Uint32Array.from({ length: rows }, (_, r) => log[4 * r + c]);
    return {
      target,
      timeMs: Float64Array.from(column(0), (step) => step * dt),
      count: column(1),
      born: column(2),
      died: column(3),
    };
  };
  return [
    ...regions.flatMap(({ name, index, mechanisms }) => {
      const data = mechanisms.get("growth")?.data;
      if (!data) return [];
      const log = read(`region:${name}`, data.log as Uint32Array, data.counters[2]);
      // Whoever neither died nor lives was lesioned.
      const all = (k: number) => spec.regions[index].neurons + log.born[k];
      return [{ ...log, lesioned: log.count.map((living, k) => all(k) - log.died[k] - living) }];
    }),
    ...projections.flatMap(({ name, sprouting }) => {
      const structure = sprouting?.structure;
      return structure ? [read(`projection:${name}`, structure.log, structure.counters[2])] : [];
    }),
  ];
}

/** A share of what is left of a region or a projection, 0–1, chosen at random by the brain's seed. */
export interface LesionShare {
  /** 0–1, rounded to whole neurons or synapses. */
  share: number;
}

/**
 * Draws a share of what is left. The seed and the name alone decide, not the time, so that lesions at two times can be
 * compared; a larger share holds a smaller one.
 */
function drawShare(seed: number, what: string, target: string, left: readonly number[], given: LesionShare): number[] {
  checkKeys(what, given as unknown, ["share"]);
  const count = Math.round(checkNumber(`${what}: share`, given.share, 0, 1) * left.length);
  // A permutation is settled from its end on.
  const order = new RandomStream(seed, `lesion:${target}`).permutation(left.length).subarray(left.length - count);
  return Array.from(order, (k) => left[k]);
}

/** @throws {InputError} for what is neither */
function isShare(what: string, given: ArrayLike<number> | LesionShare): given is LesionShare {
  if (typeof given !== "object" || given === null) {
    throw new InputError(`${what}: got ${show(given)}; expected a list of indices, or { share: 0–1 }`);
  }
  return !("length" in given);
}

/**
 * Kills neurons of a region with their synapses.
 * @param given indices within the region, or a share of the living
 * @throws {InputError} for an unknown neuron or a share out of range
 */
export function lesionNeurons(
  program: Program,
  region: RegionProgram,
  given: ArrayLike<number> | LesionShare,
  step: number,
): void {
  const { name, begin, end } = region, what = `Cannot lesion "${name}"`;
  const neurons = isShare(what, given)
    ? drawShare(program.seed, what, `region:${name}`, livingOf(program, region), given)
    : Array.from(given, (i) => begin + checkInteger(`${what}: neuron`, i, 0, end - begin - 1));
  killNeurons(program, region, neurons.filter((i) => program.alive[i] === 1), step);
}

/**
 * Removes synapses of a projection.
 * @param given indices in the order of its weights, or a share of those that are left
 * @throws {InputError} for a projection that stores none, an unknown synapse or a share out of range
 */
export function lesionSynapses(
  program: Program,
  name: string,
  given: ArrayLike<number> | LesionShare,
  step: number,
): void {
  const projection = program.projections.find((p) => p.name === name), what = `Cannot lesion projection ${show(name)}`;
  if (!projection) {
    throw new InputError(`${what}; ${knownNames("projections", name, program.projections.map((p) => p.name))}`);
  }
  const { layout, weight, rows } = projection;
  if (layout === "uniform") throw new InputError(`${what}: it stores no synapses`);
  const left = () => Array.from(weight.keys()).filter((k) => !isLesioned(weight[k]));
  const synapses = isShare(what, given)
    ? drawShare(program.seed, what, `projection:${name}`, left(), given)
    : Array.from(given, (k) => checkInteger(`${what}: synapse`, k, 0, weight.length - 1));
  if (!rows) { for (const k of synapses) silence(projection, k); }
  else {
    const remove = new Uint8Array(weight.length);
    for (const k of synapses) remove[k] = 1;
    program.rewire(projection, { remove, add: [], step });
  }
}
