/**
 * The kernels that pass over all neurons, bound to a program: as plain loops, or as SIMD on the same memory. The plain
 * ones are the clear twins that the tests hold the fast ones against; they also run where a brain is too large for one
 * WebAssembly memory.
 */

import { REST_MV } from "../biology/neuron.ts";
import { noteDrive } from "../../kernels/competition.ts";
import { emitSources, integratePublished, integrateRiccati, STIFF, UPSTROKE_MV } from "../../kernels/integrate.ts";
import { conductanceReceptors, currentReceptors } from "../../kernels/receptors.ts";
import { addCurrents, gaussianNoise, poissonNoise, poissonTrain, regularTrain } from "../../kernels/stimulus.ts";
import { opposeInput } from "../../kernels/threshold.ts";
import type { Program, ProjectionProgram, ReceptorProgram } from "./program.ts";
import { neuronList, onMemory, type SimdExports } from "./simd.ts";
import type { SynapseKernels } from "./synapse_kernels.ts";

/** Passes over neurons from … to − 1, or over those of a region's array that begins at neuron `from`. */
export interface NeuronKernels {
  /** Adds the injected currents to the input of all neurons. */
  addCurrents(): void;
  /** Adds a draw from a table of quantiles. */
  gaussianNoise(from: number, to: number, table: Float32Array, key: number): void;
  /** Adds Poisson shot noise. */
  poissonNoise(from: number, to: number, thresholds: Uint32Array, amounts: Float32Array, key: number): void;
  /** Stimuli: random and regular trains. */
  poissonTrain(from: number, value: Float32Array, key: number): void;
  regularTrain(from: number, value: Float32Array, phase: Float32Array, age: number): void;
  /** Adds a receptor's current, or its conductance, and lets it decay. */
  receptors(receptor: ReceptorProgram): void;
  /** Subtracts from the input. */
  opposeInput(from: number, opposing: Float32Array): void;
  /** Notes the net current at rest. */
  noteDrive(from: number, drive: Float32Array): void;
  /** Advances membranes; spikes are appended to the ring, which has `count`; returns the new count. */
  integrate(from: number, to: number, count: number): number;
  /** Lists the input lines that spike; returns the new count. */
  emitSources(from: number, to: number, count: number): number;
}

/** All kernels of a program. */
export interface Kernels extends NeuronKernels {
  /** Those of one projection. */
  synapses(projection: ProjectionProgram): SynapseKernels;
}

/** Plain loops. */
export function plainKernels({ dt, scheme, membranes: m, current, spikes: { ring } }: Program): NeuronKernels {
  const integrate = scheme === "riccati" ? integrateRiccati : integratePublished, { input, v } = m;
  return {
    addCurrents: () => addCurrents(0, current, input),
    gaussianNoise: (from, to, table, key) => gaussianNoise(from, to, table, key, input),
    poissonNoise: (from, to, thresholds, amounts, key) => poissonNoise(from, to, thresholds, amounts, key, input),
    poissonTrain: (from, value, key) => poissonTrain(from, value, key, v),
    regularTrain: (from, value, phase, age) => regularTrain(from, value, phase, age, v),
    receptors({ g, mean, decay, reversalMv, at: { from, input, conductance } }) {
      if (reversalMv === undefined) currentReceptors(from, g, mean, decay, input);
      else conductanceReceptors(from, g, reversalMv, mean, decay, input, conductance);
    },
    opposeInput: (from, opposing) => opposeInput(from, opposing, input),
    noteDrive: (from, drive) => noteDrive(from, REST_MV, m, drive),
    integrate: (from, to, count) => integrate(from, to, dt, m, ring, count),
    emitSources: (from, to, count) => emitSources(from, to, REST_MV, v, ring, count),
  };
}

/** SIMD; null when the program's arrays share no WebAssembly memory. */
export function simdKernels(program: Program, simd: SimdExports): NeuronKernels | null {
  const { arrays: { memory, scratch }, dt, scheme, neurons, membranes: m, current, spikes: { ring } } = program;
  if (!memory || !onMemory(ring, memory)) return null;
  const input = m.input.byteOffset, conductance = m.conductance.byteOffset, recovery = m.recovery.byteOffset;
  const [v, u, a, b, c, d] = [m.v, m.u, m.a, m.b, m.c, m.d].map((array) => array.byteOffset);
  const near = neuronList(memory, scratch, program), spikes = ring.byteOffset;
  const published: NeuronKernels["integrate"] = (from, to, count) =>
    simd.integratePublished(from, to, dt, v, u, a, b, c, d, input, conductance, spikes, count);
  const smooth: NeuronKernels["integrate"] = (from, to, count) => {
    const list = near.byteOffset;
    const many = simd.integrateSmooth(from, to, dt, UPSTROKE_MV, STIFF, v, u, b, recovery, input, conductance, list);
    // The plain kernel takes the step of neurons near the peak.
    for (let k = 0; k < many; k++) count = integrateRiccati(near[k], near[k] + 1, dt, m, ring, count);
    return count;
  };
  return {
    addCurrents: () => simd.addCurrents(neurons, current.byteOffset, input),
    gaussianNoise: (from, to, table, key) => simd.gaussianNoise(from, to, table.byteOffset, key, input),
    poissonNoise: (from, to, thresholds, amounts, key) =>
      simd.poissonNoise(from, to, thresholds.byteOffset, thresholds.length, amounts[1], key, input),
    poissonTrain: (from, value, key) => simd.poissonTrain(from, value.length, value.byteOffset, key, v),
    regularTrain: (from, value, phase, age) =>
      simd.regularTrain(from, value.length, value.byteOffset, phase.byteOffset, age, v),
    receptors({ g, mean, decay, reversalMv, at: { from, input, conductance } }) {
      const [n, state, current] = [g.length, g.byteOffset, input.byteOffset];
      if (reversalMv === undefined) simd.currentReceptors(from, n, state, mean, decay, current);
      else simd.conductanceReceptors(from, n, state, reversalMv, mean, decay, current, conductance.byteOffset);
    },
    opposeInput: (from, opposing) => simd.opposeInput(from, opposing.length, opposing.byteOffset, input),
    noteDrive: (from, drive) => simd.noteDrive(from, drive.length, REST_MV, input, conductance, drive.byteOffset),
    integrate: scheme === "izhikevich2003" ? published : smooth,
    emitSources: (from, to, count) => simd.emitSources(from, to, REST_MV, v, spikes, count),
  };
}
