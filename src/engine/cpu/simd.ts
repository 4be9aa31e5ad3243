/** The WebAssembly module of kernels/simd on the memory of a brain. */

import { SIMD_BINARY } from "../../../kernels/simd/binary.ts";

/** What kernels/simd exports; addresses are bytes in the brain's memory, and `view` is that of a {@linkcode projectionView}. */
export interface SimdExports {
  addCurrents(n: number, current: number, input: number): void;
  gaussianNoise(from: number, to: number, table: number, key: number, input: number, places: number): void;
  poissonNoise(
    from: number,
    to: number,
    thresholds: number,
    count: number,
    amount: number,
    key: number,
    input: number,
  ): void;
  poissonTrain(from: number, n: number, value: number, key: number, v: number): void;
  currentReceptors(from: number, n: number, g: number, mean: number, decay: number, input: number): void;
  conductanceReceptors(
    from: number,
    n: number,
    g: number,
    reversal: number,
    mean: number,
    decay: number,
    input: number,
    conductance: number,
  ): void;
  opposeInput(from: number, n: number, opposing: number, input: number): void;
  noteDrive(from: number, n: number, rest: number, input: number, conductance: number, drive: number): void;
  emitSources(from: number, to: number, rest: number, v: number, spikes: number, count: number): number;
  integratePublished(from: number, to: number, dt: number, ...addresses: number[]): number;
  integrateSmooth(
    from: number,
    to: number,
    dt: number,
    upstroke: number,
    stiff: number,
    ...addresses: number[]
  ): number;
  arriveSparse(view: number, step: number, scale: number, learns: boolean): void;
  arriveDense(view: number, step: number, scale: number, learns: boolean): void;
  spikeSparse(view: number, step: number, learns: boolean): void;
  spikeDense(view: number, step: number, learns: boolean): void;
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

/** Fields of a projection's view, in the order of `Projection` in kernels/simd/projection.ts. */
export const FIELDS = [
  "ring",
  "starts",
  "slots",
  "boundaries",
  "firstPopulation",
  "endPopulation",
  "begin",
  "toPopulation",
  "toBegin",
  "delays",
  "delaySteps",
  "rowStart",
  "target",
  "targets",
  "terminals",
  "weight",
  "out",
  "release",
  "sources",
  "eligibility",
  "settled",
  "preTrace",
  "postTrace",
  "preSlow",
  "postSlow",
  "balance",
  "start",
  "synapse",
  "terminal",
  "soft",
  "nearest",
  "narrowTargets",
  "narrowTerminals",
  "plastic",
] as const;
type Field = Exclude<typeof FIELDS[number], "delays" | "delaySteps">;

/** Numbers that follow the fields: the largest weight, and those of an event. */
export const NUMBERS = 9;
/** Bytes of a view without its list of delays. */
const VIEW_BYTES = 4 * FIELDS.length + 8 * NUMBERS;
/** Bytes of a view with its list. */
const viewBytes = ({ delays }: { delays: readonly number[] }) => Math.ceil((VIEW_BYTES + 4 * delays.length) / 16) * 16;

/** Bytes of a list of neurons, at least: kernels also use it for numbers of their own. */
const LEAST = 32;

/** What has views and a list in the scratch. */
interface Viewed {
  projections: readonly { delays: readonly number[] }[];
  neurons: number;
}

const viewsBytes = (projections: Viewed["projections"]) => projections.reduce((sum, p) => sum + viewBytes(p), 0);

/** Bytes that kernels write on beside the arrays: a view of each projection, then a list of neurons. */
export function scratchBytes({ projections, neurons }: Viewed): number {
  return viewsBytes(projections) + Math.max(LEAST, 4 * neurons);
}

/** The list of neurons. */
export function neuronList(memory: WebAssembly.Memory, scratch: number, { projections, neurons }: Viewed): Uint32Array {
  return new Uint32Array(memory.buffer, scratch + viewsBytes(projections), neurons);
}

/**
 * Writes the view of a projection into the scratch.
 * @param fields arrays, as their addresses, and sizes; what is left out is 0
 * @returns its address, and the numbers of the event at hand
 */
export function projectionView(
  memory: WebAssembly.Memory,
  scratch: number,
  { projections }: Viewed,
  index: number,
  fields: { [F in Field]: ArrayBufferView | number | null | undefined },
  weightMax: number,
): { at: number; now: Float64Array } {
  const { delays } = projections[index];
  const at = scratch + viewsBytes(projections.slice(0, index));
  const words = new Int32Array(memory.buffer, at, FIELDS.length);
  const numbers = new Float64Array(memory.buffer, at + 4 * FIELDS.length, NUMBERS);
  const list = new Int32Array(memory.buffer, at + VIEW_BYTES, delays.length);
  list.set(delays);
  const all: Partial<Record<string, ArrayBufferView | number | null>> = {
    ...fields,
    delays: delays.length,
    delaySteps: list,
  };
  for (const [k, name] of FIELDS.entries()) {
    const field = all[name] ?? 0;
    words[k] = typeof field === "number" ? field : field.byteOffset;
  }
  numbers[0] = weightMax;
  return { at, now: numbers.subarray(1) };
}
