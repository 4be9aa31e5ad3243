/**
 * The arrays of a brain on a device: one buffer each, made when a kernel first asks for it. Exceptions: the lists of
 * spikes share a buffer, so do all small arrays of doubles ("scalars"), because kernels may bind few; and arrays of one
 * element a synapse may be cut into pieces, because a kernel sees no more of a buffer than the device allows.
 *
 * Devices know 32-bit numbers. Doubles are held in single precision, bytes one to a word, 16-bit indices two to a word.
 */

import type { AnyArray, Arrays, Dtype, Entry } from "../../state/arrays.ts";
import { InputError } from "../../state/errors.ts";
import type { Gpu } from "./device.ts";
import type { Recorder } from "./recorder.ts";

/** Elements from … to − 1 of an array of the registry, and where they lie. */
interface Part {
  entry: Entry;
  from: number;
  to: number;
  buffer: GPUBuffer;
  /** First word in the buffer. */
  at: number;
}

/** Floats for scalars. */
const SCALARS = 16384;
/** Bytes written to, or read from, the device at once. */
const PORTION = 2 ** 26;

/** Elements of a type that a word holds. */
const perWord = (dtype: Dtype) => dtype === "u16" ? 2 : 1;

/** Memory of one brain on a device. */
export class DeviceMemory {
  readonly #gpu: Gpu;
  readonly #arrays: Arrays;
  readonly #parts = new Map<string, Part[]>();
  readonly #buffers = new Set<GPUBuffer>();
  readonly #none = new Map<string, GPUBuffer>();
  readonly scalars: GPUBuffer;
  #scalarCount = 0;
  readonly #scalarOf = new Map<object, number>();

  constructor(gpu: Gpu, arrays: Arrays) {
    this.#gpu = gpu;
    this.#arrays = arrays;
    this.scalars = this.words(SCALARS, "scalars");
    const start = arrays.entry("spikes.start"), ring = arrays.entry("spikes.ring");
    const spikes = this.words(start.data.length + ring.data.length, "spikes");
    this.#place({ entry: start, from: 0, to: start.data.length, buffer: spikes, at: 0 });
    this.#place({ entry: ring, from: 0, to: ring.data.length, buffer: spikes, at: start.data.length });
  }

  /** A buffer of so many words, zero or with content. */
  words(count: number, label: string, content?: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): GPUBuffer {
    const size = Math.max(16, 4 * count);
    if (size > this.#gpu.bindingBytes) {
      throw new InputError(
        `Cannot run on webgpu: "${label}" needs ${megabytes(size)} in one piece; the GPU sees ${
          megabytes(this.#gpu.bindingBytes)
        }`,
      );
    }
    const buffer = this.#gpu.device.createBuffer({
      label,
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
    this.#buffers.add(buffer);
    if (content && content.length > 0) this.#gpu.device.queue.writeBuffer(buffer, 0, content);
    return buffer;
  }

  /** Frees a buffer made by {@linkcode words}. */
  free(buffer: GPUBuffer): void {
    this.#buffers.delete(buffer);
    buffer.destroy();
  }

  /** Something to bind where a kernel needs an array that there is not. */
  none(name: string): GPUBuffer {
    let buffer = this.#none.get(name);
    if (!buffer) this.#none.set(name, buffer = this.words(4, `no ${name}`));
    return buffer;
  }

  /** Puts content into a buffer made by {@linkcode words}. */
  fill(buffer: GPUBuffer, content: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): void {
    this.#gpu.device.queue.writeBuffer(buffer, 0, content);
  }

  #place(part: Part): Part {
    const parts = this.#parts.get(part.entry.name) ?? [];
    parts.push(part);
    this.#parts.set(part.entry.name, parts);
    this.#upload(part);
    return part;
  }

  #entryOf(array: AnyArray): Entry {
    for (const entry of this.#arrays.entries()) if (entry.data === array) return entry;
    for (const entry of this.#arrays.entries()) {
      const { data } = entry, end = data.byteOffset + data.byteLength;
      if (data.buffer === array.buffer && array.byteOffset >= data.byteOffset && array.byteOffset < end) return entry;
    }
    throw new Error("an array that kernels use stands in no registry");
  }

  /** The buffer of an array of the registry, or of the one that it is a part of. */
  buffer(array: AnyArray): GPUBuffer {
    const entry = this.#entryOf(array), parts = this.#parts.get(entry.name);
    if (parts) return parts[0].buffer;
    const { data, dtype, name } = entry;
    return this.#place({
      entry,
      from: 0,
      to: data.length,
      at: 0,
      buffer: this.words(Math.ceil(data.length / perWord(dtype)), name),
    }).buffer;
  }

  /** Name of the array of the registry that an array is, or is a part of. */
  nameOf(array: AnyArray): string {
    return this.#entryOf(array).name;
  }

  /** First element of an array within the one of the registry that it is a part of. */
  offset(array: AnyArray): number {
    return (array.byteOffset - this.#entryOf(array).data.byteOffset) / array.BYTES_PER_ELEMENT;
  }

  /** The buffer of elements from … to − 1 of an array, which no other piece holds. */
  piece(array: AnyArray, from: number, to: number): GPUBuffer {
    const entry = this.#entryOf(array), parts = this.#parts.get(entry.name) ?? [];
    const existing = parts.find((part) => part.from === from && part.to === to);
    if (existing) return existing.buffer;
    const words = Math.ceil((to - from) / perWord(entry.dtype));
    return this.#place({ entry, from, to, at: 0, buffer: this.words(words, entry.name) }).buffer;
  }

  /** Place among the scalars of a small array of doubles of the registry. */
  scalarsOf(array: Float64Array): number {
    let at = this.#scalarOf.get(array);
    if (at === undefined) {
      at = this.scratchScalars(array, array.length);
      this.#place({ entry: this.#entryOf(array), from: 0, to: array.length, buffer: this.scalars, at });
    }
    return at;
  }

  /** Place among the scalars of numbers that belong to something; they begin with a value. */
  scratchScalars(owner: object, count: number, value = 0): number {
    const known = this.#scalarOf.get(owner);
    if (known !== undefined) return known;
    const at = this.#scalarCount;
    if (at + count > SCALARS) throw new InputError("Cannot run on webgpu: too many regions and projections");
    this.#scalarCount += count;
    this.#scalarOf.set(owner, at);
    this.#gpu.device.queue.writeBuffer(this.scalars, 4 * at, new Float32Array(count).fill(value));
    return at;
  }

  /** Brings an array of the device up to date with the host, as far as the device has it. */
  upload(name: string): void {
    for (const part of this.#parts.get(name) ?? []) this.#upload(part);
  }

  #upload({ entry: { data, dtype }, from, to, buffer, at }: Part): void {
    const { queue } = this.#gpu.device, portion = PORTION / 4 * perWord(dtype);
    for (let first = from; first < to; first += portion) {
      const own = data.subarray(first, Math.min(to, first + portion));
      const word = at + (first - from) / perWord(dtype);
      queue.writeBuffer(buffer, 4 * word, encode(own, dtype) as Uint8Array<ArrayBuffer>);
      if (to - from > portion) queue.submit([]); // what was written is on its way, and its copy on the host is freed
    }
  }

  /** Whether kernels have written an array. */
  hasWritten(name: string, { written }: Recorder): boolean {
    return (this.#parts.get(name) ?? []).some(({ buffer }) => written.has(buffer));
  }

  /**
   * Where an array lies in one buffer; undefined when the device does not have it.
   * @throws {Error} when it is in pieces, or has two elements a word
   */
  placeOf(name: string): { buffer: GPUBuffer; at: number; dtype: Dtype } | undefined {
    const parts = this.#parts.get(name) ?? [];
    if (parts.length > 1 || parts[0]?.entry.dtype === "u16") throw new Error(`elements of "${name}" cannot be sampled`);
    return parts[0] && { buffer: parts[0].buffer, at: parts[0].at, dtype: parts[0].entry.dtype };
  }

  /** Brings arrays of the host up to date with what kernels have written. */
  async download(names: readonly string[], recorder: Recorder): Promise<void> {
    const parts = names.flatMap((name) => this.#parts.get(name) ?? []).filter(({ buffer }) =>
      recorder.written.has(buffer)
    );
    const pieces = parts.flatMap((part) => {
      const portion = PORTION / 4 * perWord(part.entry.dtype), list = [];
      for (let from = part.from; from < part.to; from += portion) {
        list.push({ part, from, to: Math.min(part.to, from + portion) });
      }
      return list;
    });
    for (let next = 0; next < pieces.length;) {
      // As many at once as fit: each waiting costs milliseconds, whatever it brings.
      let bytes = 0;
      const batch = [];
      while (next < pieces.length) {
        const { part, from, to } = pieces[next], size = 4 * Math.ceil((to - from) / perWord(part.entry.dtype));
        if (batch.length > 0 && bytes + size > PORTION) break;
        batch.push({ ...pieces[next++], at: bytes, size });
        bytes += size;
      }
      const regions = batch.map(({ part, from, size, at }) => ({
        buffer: part.buffer,
        from: 4 * (part.at + (from - part.from) / perWord(part.entry.dtype)),
        bytes: size,
        at,
      }));
      const words = await this.fetch(regions, bytes, recorder);
      for (const { part: { entry: { data, dtype } }, from, to, at, size } of batch) {
        decode(words.subarray(at, at + size), dtype, data.subarray(from, to));
      }
    }
  }

  /** Bytes of buffers, after all that was noted before. */
  async fetch(
    regions: readonly { buffer: GPUBuffer; from: number; bytes: number; at: number }[],
    bytes: number,
    recorder: Recorder,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const staging = this.#gpu.device.createBuffer({
      label: "staging",
      size: Math.max(4, bytes),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    try {
      for (const { buffer, from, bytes, at } of regions) recorder.copy(buffer, from, staging, at, bytes);
      recorder.submit();
      await staging.mapAsync(GPUMapMode.READ);
      return new Uint8Array(staging.getMappedRange().slice(0));
    } finally {
      staging.destroy();
    }
  }

  /** Frees everything. */
  close(): void {
    for (const buffer of this.#buffers) buffer.destroy();
  }
}

/** Words of the device, as bytes. */
function encode(data: AnyArray, dtype: Dtype): Uint8Array {
  if (dtype === "f64") return new Uint8Array(Float32Array.from(data).buffer);
  if (dtype === "u8") return new Uint8Array(Uint32Array.from(data).buffer);
  if (dtype === "u16" && data.length % 2 === 1) {
    const padded = new Uint16Array(data.length + 1);
    padded.set(data);
    return new Uint8Array(padded.buffer);
  }
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}

/** The opposite. */
function decode(bytes: Uint8Array<ArrayBuffer>, dtype: Dtype, data: AnyArray): void {
  const { buffer, byteOffset } = bytes;
  if (dtype === "f64") data.set(new Float32Array(buffer, byteOffset, data.length));
  else if (dtype === "u8") data.set(new Uint32Array(buffer, byteOffset, data.length));
  else new Uint8Array(data.buffer, data.byteOffset, data.byteLength).set(bytes.subarray(0, data.byteLength));
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toPrecision(3)} MiB`;
}
