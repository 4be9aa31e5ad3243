/** A brain on a device: what all its kernels share. */

import type { AnyArray } from "../../state/arrays.ts";
import { boundariesOf, type Program, type ProjectionProgram, type RegionProgram } from "../program.ts";
import type { Gpu } from "./device.ts";
import { DeviceMemory } from "./memory.ts";
import { Recorder } from "./recorder.ts";
import { largestSum } from "./largest_sum.ts";

/** Threads of a workgroup: of kernels with a thread a neuron (a few have {@linkcode NARROW}), and of all others. */
export const WIDE = 256, NARROW = 64;

/** What lives at a neuron's place, as kernels/integrate.wgsl knows it. */
const KIND = { nobody: 0, membrane: 1, source: 2 } as const;
/** Bytes for bits of the neurons that fire. */
const FIRED_BYTES = 2 ** 26;
/** Steps of which bits are kept, at most. */
const MOST_ROWS = 2000;

/** Where a brain is. */
export class Place {
  readonly memory: DeviceMemory;
  readonly recorder: Recorder;
  /** What lives at each neuron's place. */
  readonly kind: GPUBuffer;
  /** a, b, c, d of each neuron, together. */
  readonly pattern: GPUBuffer;
  /** Bits of the neurons that fire: a row a step, in turn. */
  readonly fired: GPUBuffer;
  /** Words of a row, and the number of rows. */
  readonly rowWords: number;
  readonly rows: number;
  /** Start of the lists of spikes, then the ring. */
  readonly spikes: GPUBuffer;
  /** What reading the lists of spikes takes. */
  readonly lists: { slots: number; boundaries: number };
  /** Rounded up, so that weights may grow a little before their sums have to be made anew. */
  readonly #largest = once((projection: ProjectionProgram) => 2 ** Math.ceil(Math.log2(largestSum(projection))));

  /** @param gpu the device */
  constructor(readonly gpu: Gpu, readonly program: Program) {
    const { arrays, neurons, slots, spikes } = program;
    this.memory = new DeviceMemory(gpu, arrays);
    this.recorder = new Recorder(gpu);
    this.rowWords = 8 * Math.ceil(neurons / 256);
    const bytes = Math.min(FIRED_BYTES, gpu.bindingBytes);
    this.rows = Math.max(1, Math.min(MOST_ROWS, Math.floor(bytes / 4 / this.rowWords)));
    this.lists = { slots, boundaries: boundariesOf(program) };
    try {
      this.kind = this.memory.words(neurons, "kind", kinds(program));
      this.pattern = this.memory.words(4 * neurons, "pattern", patterns(program));
      this.fired = this.memory.words(this.rows * this.rowWords, "fired");
      this.spikes = this.memory.buffer(spikes.ring);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The buffer of an array of the registry. */
  buffer(array: AnyArray): GPUBuffer {
    return this.memory.buffer(array);
  }

  /** First word of a step's row of bits. */
  rowOf(step: number): number {
    return step % this.rows * this.rowWords;
  }

  /** What can arrive at most through a sparse projection, by its weights when it was loaded: a power of two. */
  largestSum(projection: ProjectionProgram): number {
    return this.#largest(projection);
  }

  /** Whether weights that the host has changed still add up to about what their sums were made for. */
  stillFits(name: string): boolean {
    const projection = this.program.projections.find((p) => `projection.${p.name}.weight` === name);
    if (!projection?.rows || projection.plasticity) return true; // what learns stays within its bound
    const before = this.largestSum(projection), now = largestSum(projection);
    return now <= before && now >= before / 16;
  }

  /** Gains of a region, among the scalars: learning, inhibition, patience. */
  gainsOf(region: RegionProgram): number {
    return this.memory.scratchScalars(region.gains, 3, 1);
  }

  /** Arrays of which the device keeps copies of its own form; to be called when the host has changed one. */
  refresh(name: string): void {
    if (/^neuron\.[abcd]$/.test(name)) this.memory.fill(this.pattern, patterns(this.program));
    if (name === "neuron.alive") this.memory.fill(this.kind, kinds(this.program));
  }

  /** Frees everything. */
  close(): void {
    this.memory.close();
    this.recorder.close();
  }
}

/** Workgroups for so many threads. */
export function groupsFor(threads: number, size: number): number {
  return Math.ceil(threads / size);
}

/** Workgroups of {@linkcode NARROW} threads for the spikes of so many neurons: few spike in a step, and threads go on. */
export function groupsForSpikes(neurons: number): number {
  return Math.max(1, Math.min(256, Math.ceil(neurons / (NARROW * 16))));
}

/** Workgroups of {@linkcode WIDE} threads for the rows of those spikes, each shared by some threads. */
export function groupsForRows(neurons: number, lanes: number): number {
  return Math.max(1, Math.min(2048, Math.ceil(neurons * lanes / (WIDE * 16))));
}

/** Makes something when it is first asked for. */
export function lazily<V>(make: () => V): () => V {
  let value: V | undefined;
  return () => value ??= make();
}

/** Makes something once for each key. */
export function once<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) made.set(key, value = make(key));
    return value;
  };
}

function kinds({ neurons, regions }: Program): Uint32Array<ArrayBuffer> {
  const kind = new Uint32Array(neurons);
  for (const { living, source } of regions) {
    for (const [from, to] of living.flat()) kind.fill(source ? KIND.source : KIND.membrane, from, to);
  }
  return kind;
}

function patterns({ neurons, membranes: { a, b, c, d } }: Program): Float32Array<ArrayBuffer> {
  const pattern = new Float32Array(4 * neurons);
  for (let i = 0; i < neurons; i++) pattern.set([a[i], b[i], c[i], d[i]], 4 * i);
  return pattern;
}
