/**
 * The kernels that pass over all neurons, bound to a program: as plain loops, or as SIMD on the same memory. The plain
 * ones are the clear twins that the tests hold the fast ones against; they also run where a brain is too large for one
 * WebAssembly memory.
 */

import type { Program } from "./program.ts";
import { STIFF, UPSTROKE_MV } from "../../kernels/integrate.ts";
import { integratePublished, integrateRiccati } from "../../kernels/integrate.ts";
import { addCurrents, gaussianNoise, poissonNoise } from "../../kernels/stimulus.ts";
import { SIMD_BINARY } from "../../kernels/simd/binary.ts";

/** Passes over neurons from … to − 1. */
export interface NeuronKernels {
  /** Adds the injected currents to the input of all neurons. */
  addCurrents(): void;
  /** Adds a draw from a table of quantiles. */
  gaussianNoise(from: number, to: number, table: Float32Array, key: number): void;
  /** Adds Poisson shot noise. */
  poissonNoise(from: number, to: number, thresholds: Uint32Array, amount: number, key: number): void;
  /** Advances membranes; spikes are appended to the ring, which has `count`; returns the new count. */
  integrate(from: number, to: number, count: number): number;
}

/** Plain loops. */
export function plainKernels({ dt, scheme, membranes, current, spikes: { ring } }: Program): NeuronKernels {
  const integrate = scheme === "riccati" ? integrateRiccati : integratePublished, { input } = membranes;
  return {
    addCurrents: () => addCurrents(0, current, input),
    gaussianNoise: (from, to, table, key) => gaussianNoise(from, to, table, key, input),
    poissonNoise: (from, to, thresholds, amount, key) => poissonNoise(from, to, thresholds, amount, key, input),
    integrate: (from, to, count) => integrate(from, to, dt, membranes, ring, count),
  };
}

/** What kernels/simd/membranes.ts exports; addresses are bytes in the brain's memory. */
interface SimdExports {
  addCurrents(n: number, current: number, input: number): void;
  gaussianNoise(from: number, to: number, table: number, key: number, input: number): void;
  poissonNoise(
    from: number,
    to: number,
    thresholds: number,
    count: number,
    amount: number,
    key: number,
    input: number,
  ): void;
  integratePublished(from: number, to: number, dt: number, ...addresses: number[]): number;
  integrateSmooth(
    from: number,
    to: number,
    dt: number,
    upstroke: number,
    stiff: number,
    ...addresses: number[]
  ): number;
}

let compiled: WebAssembly.Module | null = null;
const instances = new WeakMap<WebAssembly.Memory, SimdExports>();

/** The SIMD module on a brain's memory. */
function instanceOn(memory: WebAssembly.Memory): SimdExports {
  let instance = instances.get(memory);
  if (!instance) {
    compiled ??= new WebAssembly.Module(
      Uint8Array.from(atob(SIMD_BINARY.replaceAll("\n", "")), (c) => c.charCodeAt(0)),
    );
    instance = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as SimdExports;
    instances.set(memory, instance);
  }
  return instance;
}

/** SIMD; null when the program's arrays share no WebAssembly memory. */
export function simdKernels(program: Program): NeuronKernels | null {
  const { arrays: { memory, scratch }, dt, scheme, neurons, membranes: m, current, spikes: { ring } } = program;
  if (!memory) return null;
  const simd = instanceOn(memory), input = m.input.byteOffset, conductance = m.conductance.byteOffset;
  const [v, u, a, b, c, d] = [m.v, m.u, m.a, m.b, m.c, m.d].map((array) => array.byteOffset);
  const near = new Uint32Array(memory.buffer, scratch, neurons),
    recovery = m.recovery.byteOffset,
    spikes = ring.byteOffset;
  return {
    addCurrents: () => simd.addCurrents(neurons, current.byteOffset, input),
    gaussianNoise: (from, to, table, key) => simd.gaussianNoise(from, to, table.byteOffset, key, input),
    poissonNoise: (from, to, thresholds, amount, key) =>
      simd.poissonNoise(from, to, thresholds.byteOffset, thresholds.length, amount, key, input),
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
