/** The WebAssembly module of kernels/simd on the memory of a brain. */

import { SIMD_BINARY } from "../../kernels/simd/binary.ts";

/** What kernels/simd exports; addresses are bytes in the brain's memory. */
export interface SimdExports {
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
  deliverSparse(...numbers: number[]): void;
  settleSparse(...numbers: number[]): void;
  arriveSparse(...numbers: number[]): void;
  spikeSparse(...numbers: number[]): void;
}

let compiled: WebAssembly.Module | null = null;
const instances = new WeakMap<WebAssembly.Memory, SimdExports>();

/** The module on a brain's memory. */
export function simdOn(memory: WebAssembly.Memory): SimdExports {
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

/** Whether an array lies in a memory. */
export function onMemory(array: ArrayBufferView, memory: WebAssembly.Memory): boolean {
  return array.buffer === memory.buffer;
}
