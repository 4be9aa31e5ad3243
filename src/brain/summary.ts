/** What is in a brain, and is it healthy: numbers for a person and for `inspect`. */

import { MODE, type ModeName } from "../biology/stimulus.ts";
import { sitesOf } from "../engine/mechanisms.ts";
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
  /** Neurons that live: the same as `neurons`. */
  alive: number;
  /** Room for neurons. */
  maxNeurons: number;
  /** Neurons that have not spiked yet. */
  silent: number;
  /** Mean rate over the last second (exponential average). */
  rateHz: number;
  /** Mean rate since the beginning. */
  lifetimeRateHz: number;
  /** Kind of the present stimulus, or null. */
  stimulus: string | null;
  /** The region's mechanisms, with what they are at. */
  mechanisms: Record<string, Record<string, number | string | null>>;
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
  /** "stdp", "rstdp" under reward, or null. */
  plasticity: string | null;
  /** The rule of STDP, or null. */
  rule: string | null;
  /** Whether short-term plasticity is present. */
  shortTerm: boolean;
  /** Mean magnitude. */
  meanWeight: number;
  /** Largest weight of a plastic projection, else null. */
  weightMax: number | null;
  /** Share of plastic weights at zero or at the maximum, else null. */
  saturated: number | null;
  /** Synapses formed and pruned so far, of a projection with structure, else null. */
  formed: number | null;
  /** See `formed`. */
  pruned: number | null;
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
  /** How long the brain still sleeps, ms; 0 while awake. */
  asleepMs: number;
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
    neurons: sum(program.alive),
    synapses: summaries.reduce((n, p) => n + p.synapses, 0),
    step,
    timeMs: step * spec.dt,
    dtMs: spec.dt,
    seed: spec.seed,
    scheme: spec.scheme,
    asleepMs: Math.max(0, program.sleep[1] - step) * spec.dt,
    spikes: sum(program.activity.count),
    bytes: program.arrays.bytes(),
    regions: regions.map((region, k) => {
      const linked = program.regions[k], { begin, split, end, stimulus: { control } } = linked;
      const alive = program.alive.subarray(begin, end), excitatory = sum(alive.subarray(0, split - begin));
      const last = program.activity.last.subarray(begin, end);
      const neurons = sum(alive), counts = region.spikeCounts.filter((_, i) => alive[i] === 1);
      const present = sitesOf(linked).map(({ name, row, site }): [string, Record<string, number | string | null>] => [
        name,
        { ...row.summary?.(site), ...row.freezes && { frozen: site.enabled[0] === 1 ? "no" : "yes" } },
      ]);
      return {
        name: region.name,
        type: region.spec.type,
        neurons,
        excitatory,
        inhibitory: neurons - excitatory,
        alive: neurons,
        maxNeurons: end - begin,
        silent: last.filter((step, i) => step < 0 && alive[i] === 1).length,
        rateHz: neurons > 0 ? sum(region.rates) / neurons : 0,
        lifetimeRateHz: seconds > 0 && neurons > 0 ? sum(counts) / neurons / seconds : 0,
        stimulus: step < control[2] ? Object.keys(MODE).find((name) => MODE[name as ModeName] === control[0])! : null,
        mechanisms: Object.fromEntries(present),
      };
    }),
    projections: summaries,
  };
}

function summariseProjection(projection: Projection, program: Program): ProjectionSummary {
  const { spec, weights } = projection, plasticity = spec.plasticity;
  const counters = program.projections.find((p) => p.name === spec.name)!.sprouting?.structure?.counters;
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
    rule: plasticity?.rule ?? null,
    shortTerm: spec.shortTerm !== undefined,
    meanWeight: weights.length > 0 ? sum(weights) / weights.length : 0,
    weightMax: max,
    saturated: max === null ? null : weights.length > 0 ? edge / weights.length : 0,
    formed: counters?.[0] ?? null,
    pruned: counters?.[1] ?? null,
    dopamine: projection.dopamine ?? null,
    bytes: program.arrays.bytes(`projection.${spec.name}.`),
  };
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
