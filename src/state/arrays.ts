/**
 * The registry of arrays: all state of a brain, by name. Snapshots, uploads to a GPU, `inspect`, memory accounting and
 * tests walk it, so that an array that a mechanism adds is saved, loaded, uploaded and documented for nothing. State
 * held anywhere else is a bug: a resumed run would differ from an uninterrupted one.
 */

/** Element types, named as in WGSL and numpy. */
export type Dtype = "f32" | "f64" | "i32" | "u32" | "u16" | "u8";

/** The typed array that holds elements of a {@linkcode Dtype}. */
export interface ArrayOf {
  /** 32-bit floats. */
  f32: Float32Array;
  /** 64-bit floats. */
  f64: Float64Array;
  /** Signed 32-bit integers. */
  i32: Int32Array;
  /** Unsigned 32-bit integers. */
  u32: Uint32Array;
  /** Unsigned 16-bit integers. */
  u16: Uint16Array;
  /** Bytes. */
  u8: Uint8Array;
}

/** Any of the typed arrays of a registry. */
export type AnyArray = ArrayOf[Dtype];

const CONSTRUCTORS: {
  [D in Dtype]: { new (length: number): ArrayOf[D]; BYTES_PER_ELEMENT: number };
} = {
  f32: Float32Array,
  f64: Float64Array,
  i32: Int32Array,
  u32: Uint32Array,
  u16: Uint16Array,
  u8: Uint8Array,
};

/** Bytes of one element. */
export function bytesPerElement(dtype: Dtype): number {
  return CONSTRUCTORS[dtype].BYTES_PER_ELEMENT;
}

/** An array of indices: as narrow as their number allows. */
export type Indices = Uint32Array | Uint16Array;

/** The element type of indices below a number. */
export function indexDtype(below: number): "u16" | "u32" {
  return below <= 2 ** 16 ? "u16" : "u32";
}

/** Whether a string names an element type. */
export function isDtype(name: unknown): name is Dtype {
  return typeof name === "string" && Object.hasOwn(CONSTRUCTORS, name);
}

/** A typed array with a copy of little-endian bytes; their number must be a multiple of the element size. */
export function toArray(dtype: Dtype, bytes: Uint8Array): AnyArray {
  const array = new CONSTRUCTORS[dtype](bytes.length / bytesPerElement(dtype));
  new Uint8Array(array.buffer).set(bytes);
  return array;
}

/** What an array is: the declaration is also its documentation. */
export interface ArrayInfo<D extends Dtype = Dtype> {
  /** Unique path such as `neuron.v` or `projection.input->cortex.weight`. */
  name: string;
  /** Element type. */
  dtype: D;
  /** Sizes, outermost first; row-major. */
  shape: number[];
  /** Unit of the elements, or "1". */
  unit: string;
  /** One sentence. */
  meaning: string;
  /** True when it follows from other arrays: rebuilt after loading, never saved. */
  derived?: boolean;
  /** True when there is one element a synapse of a sparse projection: it follows when synapses come and go. */
  perSynapse?: boolean;
  /** True when it changes between runs only: backends read it. */
  constant?: boolean;
  /** First neuron of the brain, when element k is state of neuron … + k that its membrane or its synapses make. */
  ofNeurons?: number;
}

/** One array with its declaration. */
export interface Entry<D extends Dtype = Dtype> extends ArrayInfo<D> {
  /** The elements. */
  data: ArrayOf[D];
}

/** Product of the sizes. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Bytes to which arrays are aligned in a shared memory, and that are left free at its end: SIMD reads beyond. */
const ALIGNMENT = 16, SLACK = 64;
/** Largest WebAssembly memory, in pages of 64 KiB. */
const MOST_PAGES = 65536;

/**
 * Bytes of an array's place. A block of four that begins with its last element is read and written back whole: what it
 * reaches beyond the end must be nobody's.
 */
function aligned({ dtype, shape }: ArrayInfo): number {
  const bytes = elements(shape) * bytesPerElement(dtype);
  return Math.ceil((bytes + ALIGNMENT - 4) / ALIGNMENT) * ALIGNMENT;
}

/** Named typed arrays in the order of their declaration. */
export class Arrays {
  readonly #entries = new Map<string, Entry>();
  /** What holds the arrays that SIMD kernels reach; null when there is none. */
  readonly memory: WebAssembly.Memory | null = null;
  /** Address of as many bytes of that memory as were asked for, for kernels to write on; they are no state. */
  readonly scratch: number = ALIGNMENT;
  #free: number;
  readonly #holdsSynapses: boolean;

  /**
   * An empty registry. Given what will be declared, the arrays get a place in one WebAssembly memory, in the order in
   * which they are added: all, or if that is too much, all but those that follow synapses, which have buffers of their own.
   * @param scratchBytes what kernels may write on
   */
  constructor(declared: readonly ArrayInfo[] = [], readonly scratchBytes = 0) {
    this.#free = this.scratch + Math.ceil(scratchBytes / ALIGNMENT) * ALIGNMENT;
    const pagesOf = (list: readonly ArrayInfo[]) =>
      Math.ceil(list.reduce((sum, info) => sum + aligned(info), this.#free + SLACK) / 65536);
    this.#holdsSynapses = pagesOf(declared) < MOST_PAGES;
    const pages = pagesOf(this.#holdsSynapses ? declared : declared.filter((info) => !info.perSynapse));
    if (declared.length === 0 || pages >= MOST_PAGES) return;
    try {
      this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    } catch { /* too large: each array is allocated by itself, with a message of its own if that fails too */ }
  }

  /** An array of zeros, in the shared memory when there is room. */
  #allocate<D extends Dtype>(info: ArrayInfo<D>): ArrayOf[D] {
    const n = elements(info.shape), bytes = aligned(info);
    const make = CONSTRUCTORS[info.dtype] as unknown as {
      new (buffer: ArrayBufferLike, at: number, length: number): ArrayOf[D];
    };
    if (
      this.memory && (this.#holdsSynapses || !info.perSynapse) &&
      this.#free + bytes + SLACK <= this.memory.buffer.byteLength
    ) {
      const at = this.#free;
      this.#free += bytes;
      return new make(this.memory.buffer, at, n);
    }
    try {
      return new CONSTRUCTORS[info.dtype](n);
    } catch {
      throw new RangeError(
        `cannot allocate array "${info.name}" of shape ${info.shape.join(" × ")} (${
          (n * bytesPerElement(info.dtype) / 2 ** 30).toFixed(1)
        } GiB)`,
      );
    }
  }

  /**
   * Declares an array and allocates it, filled with zeros or with `existing` data, which may be taken over.
   * @throws {Error} when the name is taken, existing data do not fit, or the array is too large to allocate
   */
  add<D extends Dtype>(info: ArrayInfo<D>, existing?: AnyArray): ArrayOf[D] {
    if (this.#entries.has(info.name)) throw new Error(`array "${info.name}" is declared twice`);
    if (existing && !(existing instanceof CONSTRUCTORS[info.dtype] && existing.length === elements(info.shape))) {
      throw new TypeError(`data for array "${info.name}" are not ${info.dtype}[${info.shape.join(", ")}]`);
    }
    let data: ArrayOf[D];
    if (existing && !this.memory) data = existing as ArrayOf[D];
    else {
      data = this.#allocate(info);
      if (existing) data.set(existing);
    }
    this.#entries.set(info.name, { ...info, data });
    return data;
  }

  /** Puts other data of another shape in the place of an array; what held the old data must take the new. */
  replace(name: string, shape: number[], data: AnyArray): void {
    const entry = this.entry(name);
    if (data.constructor !== entry.data.constructor || data.length !== elements(shape)) {
      throw new TypeError(`data for array "${name}" are not ${entry.dtype}[${shape.join(", ")}]`);
    }
    this.#entries.set(name, { ...entry, shape, data });
  }

  /** Whether there is an array of this name. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * The array of this name, of the element type the caller expects.
   * @throws {Error} when there is none, or it has another type
   */
  get<D extends Dtype>(name: string, dtype: D): ArrayOf[D] {
    const entry = this.entry(name);
    if (entry.dtype !== dtype) {
      throw new TypeError(`array "${name}" is ${entry.dtype}, not ${dtype}`);
    }
    return entry.data as ArrayOf[D];
  }

  /**
   * An array of indices, of either width.
   * @throws {Error} when there is none, or it has another type
   */
  indices(name: string): Indices {
    return this.entry(name).dtype === "u16" ? this.get(name, "u16") : this.get(name, "u32");
  }

  /** The declaration and data of one array. */
  entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (!entry) throw new Error(`no array named "${name}"`);
    return entry;
  }

  /** All arrays, in the order of declaration. */
  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  /** A copy of the registry and of all data. */
  clone(): Arrays {
    const copy = new Arrays(this.memory ? [...this.#entries.values()] : [], this.scratchBytes);
    for (const { data, ...info } of this.#entries.values()) copy.add(info, data.slice());
    return copy;
  }

  /** Bytes of all arrays whose name begins with a prefix. */
  bytes(prefix = ""): number {
    let sum = 0;
    for (const { name, data } of this.#entries.values()) {
      if (name.startsWith(prefix)) sum += data.byteLength;
    }
    return sum;
  }
}
