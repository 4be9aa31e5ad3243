/**
 * The description of a brain: plain JSON data. Times in ms, rates in Hz. src/brain/resolve.ts checks it and fills every
 * default, so that what is saved says all there is to say and later changes of defaults do not change old brains. A
 * resolved description is itself a description, and resolves to itself.
 */

import type { BackgroundValues } from "../biology/background.ts";
import type { CompetitionValues } from "../biology/competition.ts";
import type { ExcitabilityValues } from "../biology/excitability.ts";
import type { FieldValues } from "../biology/field.ts";
import type { GrowthValues } from "../biology/growth.ts";
import type { MorphologySpec, MorphologyValues, TemplateName } from "../biology/morphology.ts";
import type { MemoryValues } from "../biology/memory.ts";
import type { StructureValues } from "../biology/structure.ts";
import type { OscillationValues } from "../biology/oscillation.ts";
import type { ScalingValues } from "../biology/scaling.ts";
import type { MaturationValues } from "../biology/maturation.ts";
import type { MetaplasticityValues } from "../biology/metaplasticity.ts";
import type { Place } from "../biology/mechanism.ts";
import type { ModulatorValues } from "../biology/modulators.ts";
import type {
  Distribution,
  NeuronDistribution,
  NeuronParameters,
  PatternName,
  RegionTypeName,
  SchemeName,
} from "../biology/neuron.ts";
import type { Receptor, ReceptorName, TransmitterName } from "../biology/neurotransmitter.ts";
import type { NormalizationValues } from "../biology/normalization.ts";
import type { RewardValues } from "../biology/reward.ts";
import type { ShortTerm, ShortTermName } from "../biology/short_term.ts";
import type { PositionsSpec, SpatialRule } from "../biology/space.ts";
import type { PairingName, RuleName, StdpValues } from "../biology/stdp.ts";
import type { ThresholdValues } from "../biology/threshold.ts";

export type { Distribution, NeuronDistribution };

/** The mechanisms of a region with their resolved values; the table that makes them work is src/engine/mechanisms.ts. */
export interface MechanismValues {
  /** Adaptive threshold. */
  threshold?: ThresholdValues;
  /** Intrinsic excitability with a set point. */
  excitability?: ExcitabilityValues;
  /** Plasticity that falls with use. */
  maturation?: MaturationValues;
  /** Poisson shot noise. */
  background?: BackgroundValues;
  /** Rhythmic drive. */
  oscillation?: OscillationValues;
  /** Neuromodulators that the region responds to. */
  modulators?: ModulatorValues;
  /** Competition for the next spike. */
  competition?: CompetitionValues;
  /** Proxy of the local field potential. */
  field?: FieldValues;
  /** Synaptic scaling. */
  scaling?: ScalingValues;
  /** Memory traces and their replay. */
  memory?: MemoryValues;
  /** Birth and death of neurons. */
  growth?: GrowthValues;
  /** Dendrites. */
  morphology?: MorphologyValues;
}

/** The same as options: `true` takes the defaults, an object some of the parameters. */
export type MechanismOptions = {
  [M in Exclude<keyof MechanismValues, "morphology">]?:
    | true
    | { [K in keyof NonNullable<MechanismValues[M]>]?: PartOf<MechanismValues[M], K> };
};

/** A parameter, or where it is a group of parameters, some of them. */
export type PartOf<V, K extends keyof NonNullable<V>> = NonNullable<V>[K] extends number | undefined ? NonNullable<V>[K]
  : Partial<NonNullable<V>[K]>;

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
export interface RegionSpec extends MechanismOptions {
  /** Dendrites: a template by name, or more. */
  morphology?: true | TemplateName | MorphologySpec;
  /** Unique name. */
  name: string;
  /** Sets the defaults of the other fields. */
  type: RegionTypeName;
  /** Number of neurons, both populations together. */
  neurons: number;
  /** Room for neurons that are born later (default: none; see `growth`). */
  maxNeurons?: number;
  /** Firing pattern of the excitatory neurons, by name or as a, b, c, d; each may be a distribution. */
  pattern?: PatternName | NeuronDistribution;
  /** Firing pattern of the inhibitory neurons. */
  inhibitoryPattern?: PatternName | NeuronDistribution;
  /** Relative standard deviation of a, b, c, d from neuron to neuron: one for all, or by parameter. */
  spread?: number | Partial<NeuronParameters>;
  /** Groups of equal size among the excitatory neurons, for competition, lateral inhibition and receptive fields. */
  groups?: number;
  /** Where the neurons lie. */
  positions?: PositionsSpec;
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
  inhibitoryReceptor?: ReceptorName | Receptor & { name?: string };
}

/** Plasticity of a projection: STDP by one of the rules, and with `reward` R-STDP. */
export interface PlasticitySpec extends StdpValues {
  /** Rule (default `pair`). */
  rule?: RuleName;
  /** How events pair (default `all`). */
  pairing?: PairingName;
  /** Largest weight (default: twice the mean of the initial weights). */
  weightMax?: number;
  /** Reward modulation; an empty object takes the defaults. */
  reward?: Partial<RewardValues>;
  /** Normalization of incoming weights; an empty object takes the defaults. */
  normalization?: Partial<NormalizationValues>;
  /** Sliding threshold of the rules `pair` and `triplet`; an empty object takes the defaults. */
  metaplasticity?: Partial<MetaplasticityValues>;
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
  /** Rule: probability peak · e^(−d²/2σ²) at distance d; both regions need positions. */
  gaussian?: Partial<NonNullable<SpatialRule["gaussian"]>>;
  /** Rule: one probability between two radii. */
  ring?: Partial<NonNullable<SpatialRule["ring"]>>;
  /** Rule: each group of the target sees all of one patch of the source, which lies on a grid. */
  receptiveField?: Partial<NonNullable<SpatialRule["receptiveField"]>>;
  /** Rule: these pairs, as indices within the source population and the target region, of those that live at first. */
  pairs?: { pre: number[]; post: number[]; weight?: number[]; delay?: number[] };
  /** How synapses are stored; default `dense` for all-to-all between regions, else `sparse`. */
  layout?: "sparse" | "dense" | "uniform";
  /** Uniform layout inside a region: a spike reaches only the neurons of its own group. */
  withinGroups?: boolean;
  /**
   * Magnitude ≥ 0: mV for a pulse, mV/ms for a current, 1/ms for a conductance; of a modulator, concentration a spike.
   * Default: see `defaultWeight`.
   */
  weight?: Distribution;
  /** Axonal delay, ms, at least one step (default 1 ms); or from distance, by the conduction speed in mm/ms. */
  delay?: Delay;
  /** What a spike does to the target (default `pulse`). */
  receptor?: ReceptorName | Receptor & { name?: string };
  /** Compartment of the target neurons to which the synapses attach, of a region with morphology (default: the soma). */
  compartment?: string;
  /** Short-term plasticity, by preset or parameters. */
  shortTerm?: ShortTermName | Partial<ShortTerm>;
  /** `stdp` and `rstdp` take the defaults. */
  plasticity?: "stdp" | "rstdp" | PlasticitySpec;
  /** Synapses form and are pruned; `true` takes the defaults. Sparse layout only. */
  structure?: true | Partial<StructureValues>;
}

/** An axonal delay: ms, drawn for each synapse, or following from distance and a speed in mm/ms. */
export type Delay = number | { uniform: [number, number] } | { speed: number };

/** A region with every default filled. */
export interface ResolvedRegion extends MechanismValues {
  /** Unique name. */
  name: string;
  /** Kind of region. */
  type: RegionTypeName;
  /** Number of neurons. */
  neurons: number;
  /** Room for neurons, at least `neurons`. */
  maxNeurons: number;
  /** Parameters of the excitatory neurons. */
  pattern: NeuronDistribution;
  /** Parameters of the inhibitory neurons. */
  inhibitoryPattern: NeuronDistribution;
  /** Groups of equal size among the excitatory neurons. */
  groups: number;
  /** Where the neurons lie, if anywhere. */
  positions?: PositionsSpec;
  /** Share of inhibitory neurons, 0–1. */
  inhibitory: number;
  /** Standard deviation of Gaussian current noise by population, mV/√ms. */
  noise: { excitatory: number; inhibitory: number };
}

/** Plasticity with every default filled. */
export interface ResolvedPlasticity extends StdpValues {
  /** Rule. */
  rule: RuleName;
  /** How events pair. */
  pairing: PairingName;
  /** Largest weight. */
  weightMax: number;
  /** Reward modulation; absent for plain STDP. */
  reward?: RewardValues;
  /** Normalization of incoming weights, if any. */
  normalization?: NormalizationValues;
  /** Sliding threshold, if any. */
  metaplasticity?: MetaplasticityValues;
}

/** Which pairs of neurons a projection connects: exactly one of these is present. */
export interface Rule extends SpatialRule {
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
  /** Whether a spike of a uniform projection reaches only its own group. */
  withinGroups?: true;
  /** Magnitude: mV for a pulse, mV/ms for a current, 1/ms for a conductance. */
  weight: Distribution;
  /** Axonal delay, ms, or the conduction speed in mm/ms. */
  delay: Delay;
  /** What a spike does to the target. */
  receptor: Receptor & { name: string };
  /** Compartment of the target neurons, if not the soma. */
  compartment?: string;
  /** Short-term plasticity, if any. */
  shortTerm?: ShortTerm;
  /** STDP or R-STDP, if any. */
  plasticity?: ResolvedPlasticity;
  /** Formation and pruning of synapses, if any. */
  structure?: StructureValues;
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

/** Numbers of neurons of a region's two populations. */
export interface Populations {
  excitatory: number;
  inhibitory: number;
}

function split(neurons: number, share: number): Populations {
  const inhibitory = Math.round(neurons * share);
  return { excitatory: neurons - inhibitory, inhibitory };
}

/** Numbers of neurons that a region begins with. */
export function populationSizes(region: Pick<ResolvedRegion, "neurons" | "inhibitory">): Populations {
  return split(region.neurons, region.inhibitory);
}

/** Room for neurons in a region: excitatory ones come first, then inhibitory ones. */
export function populationRoom(region: Pick<ResolvedRegion, "neurons" | "maxNeurons" | "inhibitory">): Populations {
  const room = split(region.maxNeurons, region.inhibitory), now = populationSizes(region);
  const excitatory = Math.max(now.excitatory, Math.min(room.excitatory, region.maxNeurons - now.inhibitory));
  return { excitatory, inhibitory: region.maxNeurons - excitatory };
}

/** Number of source neurons that a projection begins with. */
export function sourceSize(region: ResolvedRegion, source: ResolvedProjection["source"]): number {
  return source === "all" ? region.neurons : populationSizes(region)[source];
}

/** What mechanisms and space may know of a region. */
export function placeOf(
  region: Omit<ResolvedRegion, "type" | "pattern" | "inhibitoryPattern" | "noise">,
  dt: number,
  seed: number,
): Place {
  return {
    name: region.name,
    neurons: region.maxNeurons,
    excitatory: populationRoom(region).excitatory,
    groups: region.groups,
    dt,
    seed,
  };
}
