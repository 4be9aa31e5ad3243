/** The structure of a brain as its users see it: its log, and lesions. */

import type { Program, RegionProgram } from "../engine/program.ts";
import { killNeurons, silence } from "../engine/slow/growth.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
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

/** Kills neurons of a region (indices in the whole brain) with their synapses. */
export function lesionNeurons(program: Program, region: RegionProgram, neurons: readonly number[], step: number): void {
  killNeurons(program, region, neurons.filter((i) => program.alive[i] === 1), step);
}

/**
 * Removes synapses of a projection.
 * @param synapses indices in the order of its weights
 * @throws {InputError} for a projection that stores none
 */
export function lesionSynapses(program: Program, name: string, synapses: readonly number[], step: number): void {
  const projection = program.projections.find((p) => p.name === name);
  if (!projection) {
    const known = program.projections.map((p) => p.name);
    throw new InputError(`Cannot lesion projection ${show(name)}; ${knownNames("projections", name, known)}`);
  }
  const { layout, weight, rows } = projection;
  if (layout === "uniform") throw new InputError(`Cannot lesion projection ${show(name)}: it stores no synapses`);
  const wrong = synapses.find((k) => !Number.isInteger(k) || k < 0 || k >= weight.length);
  if (wrong !== undefined) {
    throw new InputError(
      `Cannot lesion projection ${show(name)}: synapse ${wrong}; expected 0 to ${weight.length - 1}`,
    );
  }
  if (!rows) { for (const k of synapses) silence(projection, k); }
  else {
    const remove = new Uint8Array(weight.length);
    for (const k of synapses) remove[k] = 1;
    program.rewire(projection, { remove, add: [], step });
  }
}
