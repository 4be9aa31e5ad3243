/**
 * What a backend runs: the arrays of a brain, grouped by the kernels that use them, with all constants worked out. A
 * program follows from a description and the registry; it holds no state of its own.
 */

import type { SchemeName } from "../biology/neuron.ts";
import type { ShortTerm } from "../biology/short_term.ts";
import type { Arrays } from "../state/arrays.ts";
import type { SparseRows } from "../../kernels/deliver.ts";
import type { Membranes } from "../../kernels/integrate.ts";
import type { DopamineConstants } from "../../kernels/reward.ts";
import type { Resources } from "../../kernels/short_term.ts";
import type { Incoming, PlasticSynapses } from "../../kernels/stdp.ts";
import type { TraceClock } from "../../kernels/traces.ts";

/** A receptor channel of a region. */
export interface ReceptorProgram {
  g: Float32Array;
  reversalMv?: number;
  /** Mean over a step, relative to its start. */
  mean: number;
  /** Decay over a step. */
  decay: number;
}

/** A region. */
export interface RegionProgram {
  name: string;
  begin: number;
  split: number;
  end: number;
  /** Input lines without membrane. */
  source: boolean;
  /** Standard deviation of the noise of one step, by population, mV/ms. */
  noise: { excitatory: number; inhibitory: number };
  noiseKey: number;
  receptors: ReceptorProgram[];
  stimulus: { value: Float32Array; phase: Float32Array; control: Int32Array; key: number };
}

/** STDP of a projection. */
export interface PlasticityProgram {
  synapses: PlasticSynapses;
  /** One element: 1, or 0 while frozen. */
  enabled: Uint8Array;
  /** Whether events pair with the nearest one only. */
  nearest: boolean;
  aPlus: number;
  aMinus: number;
  preTrace: Float32Array;
  preClock: TraceClock;
  postTrace: Float32Array;
  postClock: TraceClock;
  /** Of sparse projections. */
  incoming: Incoming | null;
  normalization: { mean: number; everySteps: number } | null;
  reward: { dopamine: Float64Array; constants: DopamineConstants; clock: TraceClock } | null;
}

/** A projection. */
export interface ProjectionProgram {
  name: string;
  layout: "sparse" | "dense" | "uniform";
  /** First source neuron, and the populations it spans as indices into a row of `spikes.start`. */
  begin: number;
  firstPopulation: number;
  endPopulation: number;
  /** Index of the target region. */
  to: number;
  /** Offset of the source population within the target region, or −1 when it lies elsewhere. */
  self: number;
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
  plasticity: PlasticityProgram | null;
}

/** A brain, ready to run. */
export interface Program {
  arrays: Arrays;
  dt: number;
  scheme: SchemeName;
  neurons: number;
  slots: number;
  membranes: Membranes;
  current: Float32Array;
  spikes: { ring: Uint32Array; start: Uint32Array };
  activity: { count: Uint32Array; last: Int32Array; rate: Float32Array; rateClock: TraceClock };
  regions: RegionProgram[];
  projections: ProjectionProgram[];
}
