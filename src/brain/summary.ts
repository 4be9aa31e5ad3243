/** What is in a brain, and is it healthy: numbers for a person and for `inspect`. */

import { MODE, type ModeName } from "../biology/stimulus.ts";
import type { Program } from "../engine/program.ts";
import type { Projection } from "./projection.ts";
import type { Region } from "./region.ts";
import type { ResolvedSpec } from "./spec.ts";

/** One region. */
export interface RegionSummary {
  /** Unique name. */
  name: string;
  /** Kind of region. */
  type: string;
  /** Number of neurons. */
  neurons: number;
  /** Excitatory neurons. */
  excitatory: number;
  /** Inhibitory neurons. */
  inhibitory: number;
  /** Neurons that exist. */
  alive: number;
  /** Neurons that have not spiked yet. */
  silent: number;
  /** Mean rate over the last second (exponential average). */
  rateHz: number;
  /** Mean rate since the beginning. */
  lifetimeRateHz: number;
  /** Kind of the present stimulus, or null. */
  stimulus: string | null;
}

/** One projection. */
export interface ProjectionSummary {
  /** Unique name. */
  name: string;
  /** Source region. */
  from: string;
  /** Target region. */
  to: string;
  /** Transmitter. */
  transmitter: string;
  /** Receptor. */
  receptor: string;
  /** Number of synapses. */
  synapses: number;
  /** How synapses are stored. */
  layout: string;
  /** Whether weights can change now. */
  plastic: boolean;
  /** Rule in words: "stdp", "rstdp" or null. */
  plasticity: string | null;
  /** Whether short-term plasticity is present. */
  shortTerm: boolean;
  /** Mean magnitude. */
  meanWeight: number;
  /** Largest weight of a plastic projection, else null. */
  weightMax: number | null;
  /** Share of plastic weights at zero or at the maximum, else null. */
  saturated: number | null;
  /** Dopamine level of a projection under reward, else null. */
  dopamine: number | null;
  /** Bytes of its arrays. */
  bytes: number;
}

/** A brain. */
export interface Summary {
  /** All neurons. */
  neurons: number;
  /** All synapses. */
  synapses: number;
  /** Steps so far. */
  step: number;
  /** Simulated time so far, ms. */
  timeMs: number;
  /** Time step, ms. */
  dtMs: number;
  /** Seed of everything random. */
  seed: number;
  /** How membranes are advanced. */
  scheme: string;
  /** Spikes since the beginning. */
  spikes: number;
  /** Bytes of all arrays. */
  bytes: number;
  /** Each region. */
  regions: RegionSummary[];
  /** Each projection. */
  projections: ProjectionSummary[];
}

/** Collects the summary of a brain. */
export function summarise(
  spec: ResolvedSpec,
  step: number,
  program: Program,
  regions: readonly Region[],
  projections: readonly Projection[],
): Summary {
  const seconds = step * spec.dt / 1000;
  const summaries = projections.map((projection) => summariseProjection(projection, program));
  return {
    neurons: program.neurons,
    synapses: summaries.reduce((n, p) => n + p.synapses, 0),
    step,
    timeMs: step * spec.dt,
    dtMs: spec.dt,
    seed: spec.seed,
    scheme: spec.scheme,
    spikes: sum(program.activity.count),
    bytes: program.arrays.bytes(),
    regions: regions.map((region, k) => {
      const { begin, split, end, stimulus: { control } } = program.regions[k], counts = region.spikeCounts;
      return {
        name: region.name,
        type: region.spec.type,
        neurons: region.neurons,
        excitatory: split - begin,
        inhibitory: end - split,
        alive: region.neurons,
        silent: counts.filter((n) => n === 0).length,
        rateHz: sum(region.rates) / region.neurons,
        lifetimeRateHz: seconds > 0 ? sum(counts) / region.neurons / seconds : 0,
        stimulus: step < control[2] ? Object.keys(MODE).find((name) => MODE[name as ModeName] === control[0])! : null,
      };
    }),
    projections: summaries,
  };
}

function summariseProjection(projection: Projection, program: Program): ProjectionSummary {
  const { spec, weights } = projection, plasticity = spec.plasticity;
  const max = plasticity?.weightMax ?? null;
  const edge = max === null ? 0 : weights.filter((w) => w <= 0 || w >= Math.fround(max)).length;
  return {
    name: spec.name,
    from: spec.from,
    to: spec.to,
    transmitter: spec.transmitter,
    receptor: spec.receptor.name,
    synapses: projection.synapses,
    layout: spec.layout,
    plastic: projection.plastic,
    plasticity: plasticity ? (plasticity.reward ? "rstdp" : "stdp") : null,
    shortTerm: spec.shortTerm !== undefined,
    meanWeight: weights.length > 0 ? sum(weights) / weights.length : 0,
    weightMax: max,
    saturated: max === null ? null : weights.length > 0 ? edge / weights.length : 0,
    dopamine: projection.dopamine ?? null,
    bytes: program.arrays.bytes(`projection.${spec.name}.`),
  };
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
