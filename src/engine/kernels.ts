/**
 * What the stages of a step are made of (src/engine/stages.ts and the table of mechanisms): kernels, bound to a program.
 * On the CPU a call works on the arrays at once; on a GPU it is noted down, and the arrays stand for the device's own.
 * Callers therefore read no array that a kernel writes; what the host alone changes (stimuli, switches) they may read.
 */

import type { ModulatorValues } from "../biology/modulators.ts";
import type { Cable } from "../biology/morphology.ts";
import type { Dendrites } from "../../kernels/compartments.ts";
import type { TraceClock } from "../../kernels/traces.ts";
import type { ProjectionProgram, Range, ReceptorProgram, RegionProgram } from "./program.ts";

/** A piece of work of every step. */
export type Work = (step: number) => void;

/** Passes over neurons: from … to − 1, ranges of them, or those of a region's array that begins at neuron `from`. */
export interface NeuronKernels {
  /** Adds the injected currents to the input of all neurons. */
  addCurrents(): void;
  /** Adds a current of its own to each neuron. */
  addStimulus(from: number, current: Float32Array): void;
  /** Adds one current. */
  addUniformCurrent(from: number, to: number, current: number): void;
  /** Adds a draw from a table of quantiles. */
  gaussianNoise(ranges: readonly Range[], table: Float32Array, key: number): void;
  /** Adds Poisson shot noise; `amounts`: what 0, 1, 2 … events add. */
  poissonNoise(ranges: readonly Range[], thresholds: Uint32Array, amounts: Float32Array, key: number): void;
  /** The same for rare events, drawn by blocks of neurons. */
  rareEvents(region: RegionProgram, block: number, thresholds: Uint32Array, amount: number, key: number): void;
  /** Stimuli: random, regular and timed spikes. */
  poissonTrain(from: number, value: Float32Array, key: number): void;
  regularTrain(from: number, value: Float32Array, phase: Float32Array, age: number): void;
  latencyTrain(from: number, value: Float32Array, age: number, period: number): void;
  /** Adds a pulse to the neurons of a memory trace whose time is from `begin` to `end` ms. */
  replayTrace(
    from: number,
    membership: Float32Array,
    latency: Float32Array,
    trace: number,
    size: number,
    begin: number,
    end: number,
    shuffle: number | null,
    current: number,
  ): void;
  /** Adds a receptor's current, or its conductance, and lets it decay. */
  receptors(receptor: ReceptorProgram): void;
  /** Dendrites, in two halves around the soma's step. */
  dendrites(region: RegionProgram, cable: Cable, data: Dendrites): { fold: Work; advance: Work };
  /** Mean net current of a region's living neurons. */
  sumCurrents(region: RegionProgram, lfp: Float64Array | Float32Array): void;
  /** Subtracts from the input. */
  opposeInput(from: number, opposing: Float32Array): void;
  /** Notes the net current at rest. */
  noteDrive(from: number, drive: Float32Array): void;
  /** Multiplies by a factor. */
  decay(factor: number, values: Float32Array): void;
  /** Sets to zero. */
  clear(values: Float32Array): void;
  /** Moves the origin of traces. */
  moveOrigin(trace: Float32Array, clock: TraceClock): void;
  /** What the spikes of a region in this step raise. */
  raiseThreshold(region: RegionProgram, step: number, increment: number, theta: Float32Array): void;

  /** A region's gains: to 1, times a factor of learning, and by the levels of modulators. */
  resetGains(region: RegionProgram): void;
  gateLearning(region: RegionProgram, factor: number): void;
  modulate(region: RegionProgram, values: ModulatorValues, level: Float64Array): void;
  /** Takes from the adaptation of the spikes of this step. */
  relieveAdaptation(region: RegionProgram, step: number, strength: number, level: Float64Array): void;
  /** Levels decay. */
  decayLevels(level: Float64Array, factors: readonly number[]): void;
}

/** All kernels of a program. */
export interface Kernels extends NeuronKernels {
  /** Advances all membranes and lists the spikes in the ring, thinned out by competition. */
  integrate: Work;
  /** Counts, last spikes and rates of the spikes just listed. */
  activity: Work;
  /** Those of one projection. */
  projection(projection: ProjectionProgram): ProjectionKernels;
  /** What remains to be done when all spikes have arrived; nothing on the CPU. */
  delivered?: Work;
}

/** What spikes and reward do in one projection; what it does not have, it does not need. */
export interface ProjectionKernels {
  /** Spikes arrive, act, and plasticity acts on them. */
  arrive: Work;
  /** Neurons of the target spike: plasticity acts. */
  spike?: Work;
  /** Spikes leave, and use resources. */
  release?: Work;
  /** Dopamine acts, and the origin of eligibilities moves when it is due. */
  dopamine?: Work;
}

/** How a region's spikes of one step are thinned out: in each group the most driven neurons fire. */
export interface Selection {
  winners: number;
  drive: Float32Array;
  /** Stream of random numbers for ties. */
  key: number;
}
