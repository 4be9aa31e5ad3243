/**
 * The kernels that pass over all neurons, bound to a program: as plain loops, or as SIMD on the same memory. The plain
 * ones are the clear twins that the tests hold the fast ones against; they also run where a brain is too large for one
 * WebAssembly memory.
 */

import type { Program, ProjectionProgram } from "./program.ts";
import type { SynapseKernels } from "./synapse_kernels.ts";
import { onMemory, type SimdExports } from "./simd.ts";
import { STIFF, UPSTROKE_MV } from "../../kernels/integrate.ts";
import { integratePublished, integrateRiccati } from "../../kernels/integrate.ts";
import { addCurrents, gaussianNoise, poissonNoise } from "../../kernels/stimulus.ts";

/** Passes over neurons from … to − 1. */
export interface NeuronKernels {
  /** Adds the injected currents to the input of all neurons. */
  addCurrents(): void;
  /** Adds a draw from a table of quantiles. */
  gaussianNoise(from: number, to: number, table: Float32Array, key: number): void;
  /** Adds Poisson shot noise. */
  poissonNoise(from: number, to: number, thresholds: Uint32Array, amounts: Float32Array, key: number): void;
  /** Advances membranes; spikes are appended to the ring, which has `count`; returns the new count. */
  integrate(from: number, to: number, count: number): number;
}

/** All kernels of a program. */
export interface Kernels extends NeuronKernels {
  /** Those of one projection. */
  synapses(projection: ProjectionProgram): SynapseKernels;
}

/** Plain loops. */
export function plainKernels({ dt, scheme, membranes, current, spikes: { ring } }: Program): NeuronKernels {
  const integrate = scheme === "riccati" ? integrateRiccati : integratePublished, { input } = membranes;
  return {
    addCurrents: () => addCurrents(0, current, input),
    gaussianNoise: (from, to, table, key) => gaussianNoise(from, to, table, key, input),
    poissonNoise: (from, to, thresholds, amounts, key) => poissonNoise(from, to, thresholds, amounts, key, input),
    integrate: (from, to, count) => integrate(from, to, dt, membranes, ring, count),
  };
}

/** SIMD; null when the program's arrays share no WebAssembly memory. */
export function simdKernels(program: Program, simd: SimdExports): NeuronKernels | null {
  const { arrays: { memory, scratch }, dt, scheme, neurons, membranes: m, current, spikes: { ring } } = program;
  if (!memory || !onMemory(ring, memory)) return null;
  const input = m.input.byteOffset, conductance = m.conductance.byteOffset;
  const [v, u, a, b, c, d] = [m.v, m.u, m.a, m.b, m.c, m.d].map((array) => array.byteOffset);
  const near = new Uint32Array(memory.buffer, scratch, neurons),
    recovery = m.recovery.byteOffset,
    spikes = ring.byteOffset;
  return {
    addCurrents: () => simd.addCurrents(neurons, current.byteOffset, input),
    gaussianNoise: (from, to, table, key) => simd.gaussianNoise(from, to, table.byteOffset, key, input),
    poissonNoise: (from, to, thresholds, amounts, key) =>
      simd.poissonNoise(from, to, thresholds.byteOffset, thresholds.length, amounts[1], key, input),
    integrate: scheme === "izhikevich2003"
      ? (from, to, count) => simd.integratePublished(from, to, dt, v, u, a, b, c, d, input, conductance, spikes, count)
      : (from, to, count) => {
        const many = simd.integrateSmooth(
          from,
          to,
          dt,
          UPSTROKE_MV,
          STIFF,
          v,
          u,
          b,
          recovery,
          input,
          conductance,
          scratch,
        );
        // The plain kernel takes the step of neurons near the peak.
        for (let k = 0; k < many; k++) count = integrateRiccati(near[k], near[k] + 1, dt, m, ring, count);
        return count;
      },
  };
}
