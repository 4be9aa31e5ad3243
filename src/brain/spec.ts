/**
 * The description of a brain: plain JSON data. Times in ms, rates in Hz. src/brain/resolve.ts checks it and fills every
 * default, so that what is saved says all there is to say and later changes of defaults do not change old brains. A
 * resolved description is itself a description, and resolves to itself.
 */

import type { NeuronParameters, PatternName, RegionTypeName, SchemeName } from "../biology/neuron.ts";
import type { Receptor, ReceptorName, TransmitterName } from "../biology/neurotransmitter.ts";
import type { NormalizationValues } from "../biology/normalization.ts";
import type { RewardValues } from "../biology/reward.ts";
import type { ShortTerm, ShortTermName } from "../biology/short_term.ts";
import type { PairingName, StdpValues } from "../biology/stdp.ts";

/** A number, or a distribution to draw each synapse's number from. Normal draws are cut at the allowed range. */
export type Distribution = number | { uniform: [number, number] } | { normal: [number, number] };

/** A brain. */
export interface BrainSpec {
  /** Time step, ms (default 1). */
  dt?: number;
  /** Seed of everything random, 0 to 2³² − 1 (default 0). */
  seed?: number;
  /** How membranes are advanced (default `riccati`). */
  scheme?: SchemeName;
  /** Its regions. */
  regions: RegionSpec[];
  /** Its projections, beside those of `connectivity`. */
  projections?: ProjectionSpec[];
}

/** A region: a population of excitatory and one of inhibitory neurons. */
export interface RegionSpec {
  /** Unique name. */
  name: string;
  /** Sets the defaults of the other fields. */
  type: RegionTypeName;
  /** Number of neurons, both populations together. */
  neurons: number;
  /** Firing pattern of the excitatory neurons, by name or as a, b, c, d. */
  pattern?: PatternName | NeuronParameters;
  /** Firing pattern of the inhibitory neurons. */
  inhibitoryPattern?: PatternName | NeuronParameters;
  /** Share of inhibitory neurons, 0–1. */
  inhibitory?: number;
  /** Standard deviation of Gaussian current noise, mV/√ms, for all neurons or by population. */
  noise?: number | { excitatory?: number; inhibitory?: number };
  /** Connections inside the region: a density, or more (see {@linkcode ConnectivitySpec}). */
  connectivity?: number | ConnectivitySpec;
}

/** Connections inside a region: one projection from its excitatory and one from its inhibitory neurons to all. */
export interface ConnectivitySpec extends Omit<ProjectionSpec, "from" | "to" | "name" | "transmitter" | "source"> {
  /** Weight of the inhibitory synapses (default: twice that of the excitatory ones). */
  inhibitoryWeight?: Distribution;
  /** Receptor of the inhibitory synapses (default: `gabaA` where the excitatory ones are conductances, else the same). */
  inhibitoryReceptor?: ReceptorName | Receptor;
}

/** Plasticity of a projection: STDP, and with `reward` R-STDP. */
export interface PlasticitySpec extends Partial<StdpValues> {
  /** How events pair (default `all`). */
  pairing?: PairingName;
  /** Largest weight (default: twice the mean of the initial weights). */
  weightMax?: number;
  /** Reward modulation; an empty object takes the defaults. */
  reward?: Partial<RewardValues>;
  /** Normalization of incoming weights; an empty object takes the defaults. */
  normalization?: Partial<NormalizationValues>;
}

/** A projection: synapses from one population to a region. Exactly one of the connection rules applies. */
export interface ProjectionSpec {
  /** Source region. */
  from: string;
  /** Target region. */
  to: string;
  /** Default `from->to`, or `from-|to` for an inhibitory one. */
  name?: string;
  /** Default `glutamate`. */
  transmitter?: TransmitterName;
  /** Which neurons of `from` project (default: those that release the transmitter). */
  source?: "excitatory" | "inhibitory" | "all";
  /** Rule: each pair is connected with this probability (default 0.1; 1 connects all). */
  density?: number;
  /** Rule: each source neuron has this many distinct random targets. */
  outDegree?: number;
  /** Rule: each target neuron has this many distinct random sources. */
  inDegree?: number;
  /** Rule: the k-th source neuron to the k-th target neuron. */
  oneToOne?: boolean;
  /** Rule: these pairs, as indices within the source population and the target region. */
  pairs?: { pre: number[]; post: number[]; weight?: number[]; delay?: number[] };
  /** How synapses are stored; default `dense` for all-to-all between regions, else `sparse`. */
  layout?: "sparse" | "dense" | "uniform";
  /** Magnitude ≥ 0: mV for a pulse, mV/ms for a current, 1/ms for a conductance. Default: see `defaultWeight`. */
  weight?: Distribution;
  /** Axonal delay, ms, at least one step (default 1 ms). */
  delay?: number | { uniform: [number, number] };
  /** What a spike does to the target (default `pulse`). */
  receptor?: ReceptorName | Receptor;
  /** Short-term plasticity, by preset or parameters. */
  shortTerm?: ShortTermName | Partial<ShortTerm>;
  /** `stdp` and `rstdp` take the defaults. */
  plasticity?: "stdp" | "rstdp" | PlasticitySpec;
}

/** A region with every default filled. */
export interface ResolvedRegion {
  /** Unique name. */
  name: string;
  /** Kind of region. */
  type: RegionTypeName;
  /** Number of neurons. */
  neurons: number;
  /** Parameters of the excitatory neurons. */
  pattern: NeuronParameters;
  /** Parameters of the inhibitory neurons. */
  inhibitoryPattern: NeuronParameters;
  /** Share of inhibitory neurons, 0–1. */
  inhibitory: number;
  /** Standard deviation of Gaussian current noise by population, mV/√ms. */
  noise: { excitatory: number; inhibitory: number };
}

/** Plasticity with every default filled. */
export interface ResolvedPlasticity extends StdpValues {
  /** How events pair. */
  pairing: PairingName;
  /** Largest weight. */
  weightMax: number;
  /** Reward modulation; absent for plain STDP. */
  reward?: RewardValues;
  /** Normalization of incoming weights, if any. */
  normalization?: NormalizationValues;
}

/** Which pairs of neurons a projection connects: exactly one of these is present. */
export interface Rule {
  /** Each pair with this probability. */
  density?: number;
  /** Distinct random targets of each source neuron. */
  outDegree?: number;
  /** Distinct random sources of each target neuron. */
  inDegree?: number;
  /** The k-th source neuron to the k-th target neuron. */
  oneToOne?: true;
  /** Explicit pairs. */
  pairs?: { pre: number[]; post: number[]; weight?: number[]; delay?: number[] };
}

/** A projection with every default filled. */
export interface ResolvedProjection extends Rule {
  /** Unique name. */
  name: string;
  /** Source region. */
  from: string;
  /** Target region. */
  to: string;
  /** Sets the sign. */
  transmitter: TransmitterName;
  /** Which neurons of `from` project. */
  source: "excitatory" | "inhibitory" | "all";
  /** How synapses are stored. */
  layout: "sparse" | "dense" | "uniform";
  /** Magnitude: mV for a pulse, mV/ms for a current, 1/ms for a conductance. */
  weight: Distribution;
  /** Axonal delay, ms. */
  delay: number | { uniform: [number, number] };
  /** What a spike does to the target. */
  receptor: Receptor & { name: string };
  /** Short-term plasticity, if any. */
  shortTerm?: ShortTerm;
  /** STDP or R-STDP, if any. */
  plasticity?: ResolvedPlasticity;
}

/** A brain with every default filled: what a snapshot holds. */
export interface ResolvedSpec {
  /** Time step, ms. */
  dt: number;
  /** Seed of everything random. */
  seed: number;
  /** How membranes are advanced. */
  scheme: SchemeName;
  /** All regions. */
  regions: ResolvedRegion[];
  /** All projections. */
  projections: ResolvedProjection[];
}

/** Mean of a distribution. */
export function meanOf(distribution: Distribution): number {
  if (typeof distribution === "number") return distribution;
  return "uniform" in distribution ? (distribution.uniform[0] + distribution.uniform[1]) / 2 : distribution.normal[0];
}

/** Numbers of neurons of a region's two populations. */
export function populationSizes(region: Pick<ResolvedRegion, "neurons" | "inhibitory">): {
  excitatory: number;
  inhibitory: number;
} {
  const inhibitory = Math.round(region.neurons * region.inhibitory);
  return { excitatory: region.neurons - inhibitory, inhibitory };
}

/** Number of source neurons of a projection. */
export function sourceSize(region: ResolvedRegion, source: ResolvedProjection["source"]): number {
  return source === "all" ? region.neurons : populationSizes(region)[source];
}
