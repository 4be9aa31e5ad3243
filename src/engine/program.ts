/**
 * What a backend runs: the arrays of a brain, grouped by the kernels that use them, with all constants worked out. A
 * program follows from a description and the registry; it holds no state of its own.
 */

import type { Distribution } from "../biology/neuron.ts";
import type { SpatialRule } from "../biology/space.ts";
import type { StructureValues } from "../biology/structure.ts";
import type { DataOf, LocalArrays } from "../biology/mechanism.ts";
import type { TransmitterName } from "../biology/neurotransmitter.ts";
import type { SchemeName } from "../biology/neuron.ts";
import type { ShortTerm } from "../biology/short_term.ts";
import type { RuleForm } from "../biology/stdp.ts";
import type { Arrays } from "../state/arrays.ts";
import type { SparseRows } from "../../kernels/deliver.ts";
import type { Membranes } from "../../kernels/integrate.ts";
import type { DopamineParameters } from "../../kernels/reward.ts";
import type { Resources } from "../../kernels/short_term.ts";
import type { Incoming, PlasticSynapses, PostFactors } from "../../kernels/stdp.ts";
import type { TraceClock } from "../../kernels/traces.ts";

/** Neurons from … to − 1. */
export type Range = [from: number, to: number];

/** A receptor channel of a region, at the soma or at another compartment. */
export interface ReceptorProgram {
  /** Where its current and conductance go, and the potential that it sees: the first neuron is element `from`. */
  at: { from: number; v: Float32Array; input: Float32Array; conductance: Float32Array };
  g: Float32Array;
  reversalMv?: number;
  magnesiumMm?: number;
  /** Mean over a step, relative to its start. */
  mean: number;
  /** Decay over a step. */
  decay: number;
}

/** Factors of the present step, worked out anew in each (stage `modulate`); 1 where nothing modulates. */
export interface Gains {
  /** Of all changes of weights onto the region. */
  learning: number;
  /** Of inhibitory input. */
  inhibition: number;
  /** Of the eligibility's time constant. */
  patience: number;
}

/** A region. */
export interface RegionProgram {
  name: string;
  index: number;
  begin: number;
  split: number;
  end: number;
  /** Ranges of living neurons, of the excitatory and of the inhibitory population, and the gaps between them. */
  living: [excitatory: Range[], inhibitory: Range[]];
  gaps: Range[];
  /** Input lines without membrane. */
  source: boolean;
  /** Groups among the excitatory neurons. */
  groups: number;
  /** Quantiles of the noise of one step, by population, mV/ms; null: none. */
  noise: (Float32Array | null)[];
  noiseKey: number;
  receptors: ReceptorProgram[];
  stimulus: { value: Float32Array; phase: Float32Array; control: Int32Array; key: number };
  gains: Gains;
  /** By name, in the order of the table (src/engine/mechanisms.ts). */
  mechanisms: Map<string, Site>;
}

/** Where a mechanism works. */
// deno-lint-ignore no-explicit-any
export interface Site<V = any, A extends LocalArrays = any> {
  program: Program;
  region: RegionProgram;
  values: V;
  data: DataOf<A>;
  /** One element: 1, or 0 while frozen; always there when the mechanism learns. */
  enabled: Uint8Array;
  /** Makes neuron k of the region as new, for this mechanism. */
  renew(k: number): void;
}

/** STDP of a projection. */
export interface PlasticityProgram {
  synapses: PlasticSynapses;
  /** Whether events pair with the nearest one only. */
  nearest: boolean;
  form: RuleForm;
  /** Whether arrivals change anything under the rule. */
  arrives: boolean;
  preTrace: Float32Array;
  preClock: TraceClock;
  postTrace: Float32Array;
  postClock: TraceClock;
  /** Slow traces, of rules that use them. */
  preSlow: { trace: Float32Array; clock: TraceClock } | null;
  postSlow: { trace: Float32Array; clock: TraceClock } | null;
  factors: PostFactors;
  /** Of sparse projections. */
  incoming: Incoming | null;
  normalization: { mean: number; everySteps: number } | null;
  metaplasticity:
    | {
      targetHz: number;
      tauMs: number;
      everySteps: number;
      threshold: Float32Array;
      balance: Float32Array;
      slow: boolean;
    }
    | null;
  reward: { dopamine: Float64Array; parameters: DopamineParameters; critic: number } | null;
}

/** A new synapse of a sparse projection. */
export interface NewSynapse {
  /** Row of the source neuron. */
  pre: number;
  /** Target neuron within its region. */
  post: number;
  /** Index of its delay. */
  delay: number;
  weight: number;
}

/** What changes in a projection at one structural tick. */
export interface SynapseEdits {
  /** One element a synapse: 1 for those that go; null when none does. */
  remove: Uint8Array | null;
  add: NewSynapse[];
  /** When. */
  step: number;
}

/** How new synapses of a sparse projection come to be. */
export interface Sprouting {
  /** Initial weights of the description. */
  weight: Distribution;
  /** Largest weight, or twice the mean of the initial weights. */
  weightMax: number;
  /** Distance of a row's neuron from a target, mm; null without positions. */
  far: ((pre: number, post: number) => number) | null;
  rule: SpatialRule;
  /** Index of the delay that a distance makes; null when delays are drawn. */
  delayAt: ((distance: number) => number) | null;
  /** The option `structure`, if the projection has it. */
  structure:
    | {
      values: StructureValues;
      everySteps: number;
      enabled: Uint8Array;
      born: Int32Array;
      counters: Uint32Array;
      log: Uint32Array;
    }
    | null;
}

/** A projection. */
export interface ProjectionProgram {
  name: string;
  transmitter: TransmitterName;
  /** +1 excites, −1 inhibits, 0 modulates. */
  sign: number;
  layout: "sparse" | "dense" | "uniform";
  /** First source neuron, and the populations it spans as indices into a row of `spikes.start`. */
  begin: number;
  firstPopulation: number;
  endPopulation: number;
  /** Index of the target region. */
  to: number;
  /** Offset of the source population within the target region, or −1 when it lies elsewhere. */
  self: number;
  /** Whether a uniform projection reaches only the neurons of the source neuron's own group. */
  withinGroups: boolean;
  /** Delays in steps, ascending. */
  delays: number[];
  rows: SparseRows | null;
  weight: Float32Array;
  /** What a weight of one adds to `out`: sign, and 1/dt for pulses. */
  scale: number;
  /** The target region's receptor or input. */
  out: Float32Array;
  shortTerm:
    | { parameters: ShortTerm; resources: Resources; release: Float32Array; sources: number }
    | null;
  /** One element: 1, or 0 while frozen; null when nothing changes the weights. */
  enabled: Uint8Array | null;
  plasticity: PlasticityProgram | null;
  /** Of sparse projections. */
  sprouting: Sprouting | null;
}

/** A brain, ready to run. */
export interface Program {
  /** The description that it follows from, as plain data. */
  description: unknown;
  arrays: Arrays;
  dt: number;
  seed: number;
  scheme: SchemeName;
  neurons: number;
  slots: number;
  membranes: Membranes;
  alive: Uint8Array;
  /** First step of the present sleep, and the step in which it ends; zeros while awake. */
  sleep: Int32Array;
  current: Float32Array;
  /** Whether any injected current is not zero; kept by the backend. */
  injects: boolean;
  spikes: { ring: Uint32Array; start: Uint32Array };
  activity: { count: Uint32Array; last: Int32Array; rate: Float32Array; rateClock: TraceClock };
  regions: RegionProgram[];
  projections: ProjectionProgram[];
  /** Changes the synapses of a projection, which gets a new program; the backend must load the whole program anew. */
  rewire(projection: ProjectionProgram, edits: SynapseEdits): void;
  /** Learns which neurons of a region live now; the backend must load the program anew. */
  census(region: RegionProgram): void;
  /** Whether the program has changed since a backend loaded it. */
  stale: boolean;
}

/** Whether the brain sleeps in a step. */
export function isAsleep({ sleep }: Program, step: number): boolean {
  return step >= sleep[0] && step < sleep[1];
}

/** Where the populations' spikes begin within a row of `spikes.start`: one entry for each population, and the end. */
export function boundariesOf({ regions }: Program): number {
  return 2 * regions.length + 1;
}

/** Where the spikes of a region in the step just integrated lie in the ring: [first, end). */
export function spikesOf(program: Program, region: RegionProgram, step: number): [first: number, last: number] {
  const { start } = program.spikes;
  const at = step % program.slots * boundariesOf(program) + 2 * region.index;
  return [start[at], start[at + 2]];
}
