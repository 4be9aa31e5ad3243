/**
 * The WebGPU backend: walks the same stages as the CPU, but each kernel is a dispatch that is noted down, and hundreds of
 * steps are handed to the device at once. State stays there until somebody reads it.
 */

import type { AnyArray, Dtype } from "../../state/arrays.ts";
import { InputError } from "../../state/errors.ts";
import type { Backend, BackendInfo, Drained, RunInput, SampleRequest, Samples } from "../backend.ts";
import type { Work } from "../kernels.ts";
import type { Program } from "../program.ts";
import { SpikeLog, type Spikes } from "../spike_log.ts";
import { workOf } from "../stages.ts";
import { type Gpu, openDevice } from "./device.ts";
import { gpuKernels } from "./kernels.ts";
import { groupsFor, NARROW, Place, WIDE } from "./place.ts";
import { type Bound, MOST_GROUPS } from "./recorder.ts";

/** Time in which a lost device becomes known, after something has failed. */
const LOSS_MS = 200;

/** Runs a brain on a GPU. */
export class WebGpuBackend implements Backend {
  readonly info: BackendInfo;
  readonly #gpu: Gpu;
  #place: Place | null = null;
  #work: Work[] = [];
  readonly #log = new SpikeLog();
  #samples: Samples[] = [];

  /** @param gpu from {@linkcode openDevice} */
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.info = {
      name: "webgpu",
      adapter: gpu.adapter,
      precision: "f32; input of sparse projections summed in 32-bit integers",
    };
  }

  /**
   * A backend on this process' device.
   * @throws {InputError} where there is none
   */
  static async open(): Promise<WebGpuBackend> {
    return new WebGpuBackend(await openDevice());
  }

  supports({ neurons, slots, projections, regions }: Program): true | string {
    const { bindingBytes } = this.#gpu, mib = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
    const arrays: [string, number][] = [
      ["the neurons", 16 * neurons],
      ["the ring of spikes", 4 * (slots * (neurons + 2 * regions.length + 1))],
      ...regions.flatMap(({ name, mechanisms }): [string, number][] => {
        const dendrites = mechanisms.get("morphology")?.data.v as Float32Array | undefined;
        return dendrites ? [[`the dendrites of "${name}"`, 16 * dendrites.length]] : [];
      }),
      ...projections.flatMap(({ name, rows, shortTerm, out }): [string, number][] => [
        [`the rows of "${name}"`, 4 * (rows?.rowStart.length ?? 0)],
        [`the release of "${name}"`, 4 * (shortTerm?.release.length ?? 0)],
        [`the targets of "${name}"`, 4 * out.length],
      ]),
    ];
    const threads: [string, number][] = [
      ["the neurons", neurons / WIDE],
      ...regions.flatMap(({ name, begin, end, mechanisms }): [string, number][] =>
        mechanisms.has("competition") || mechanisms.has("morphology") ? [[`"${name}"`, (end - begin) / NARROW]] : []
      ),
      ...projections.map(({ name, layout, out }): [string, number] => [
        `the targets of "${name}"`,
        layout === "dense" ? out.length / NARROW : 0,
      ]),
    ];
    const many = threads.find(([, groups]) => groups > MOST_GROUPS);
    if (many) return `${many[0]} are more than its threads`;
    const large = arrays.find(([, bytes]) => bytes > bindingBytes);
    return large ? `${large[0]} take ${mib(large[1])}, and it sees ${mib(bindingBytes)} at once` : true;
  }

  async load(program: Program): Promise<void> {
    this.#check();
    this.#place?.close();
    this.#place = null;
    const { device } = this.#gpu;
    device.pushErrorScope("out-of-memory");
    device.pushErrorScope("validation");
    let failed: unknown;
    try {
      const place = new Place(this.#gpu, program);
      this.#place = place;
      program.injects = program.current.some((x) => x !== 0);
      this.#work = workOf(program, gpuKernels(place)).flatMap(({ work }) => work);
    } catch (error) {
      failed = error;
    }
    // Both at once: another brain may open scopes of its own meanwhile.
    const [invalid, memory] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
    if (!memory && !failed && !invalid) return;
    this.close();
    if (memory) {
      throw new InputError(`the brain does not fit into the memory of ${this.info.adapter}: ${memory.message}`);
    }
    throw failed ?? new Error(`the GPU refuses the brain: ${invalid!.message}`);
  }

  async run(from: number, steps: number, input: RunInput = {}): Promise<void> {
    const { bindingBytes } = this.#gpu;
    const wordsPerStep = (input.samples ?? []).reduce((sum, r) => sum + r.indices.length / r.everySteps, 0);
    const most = Math.max(1, Math.min(steps, Math.floor(bindingBytes / 4 / Math.max(1, wordsPerStep)) - 1));
    await this.#explained(async () => {
      for (let step = from; step < from + steps; step += most) {
        await this.#runPart(step, Math.min(most, from + steps - step), input);
      }
    });
  }

  /** Does something with the device; when that fails because it was lost, the error says so. */
  async #explained(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      await Promise.race([this.#gpu.device.lost, new Promise((resolve) => setTimeout(resolve, LOSS_MS))]);
      this.#check();
      throw error;
    }
    this.#check();
  }

  /** Runs so many steps that their samples fit into one buffer. */
  async #runPart(from: number, steps: number, { recordSpikes = false, samples = [] }: RunInput): Promise<void> {
    const place = this.#loaded(), { recorder } = place, sampling = new Sampling(place, samples, from, steps);
    try {
      for (let step = from; step < from + steps;) {
        const end = Math.min(from + steps, step + place.rows), first = step;
        for (; step < end; step++) {
          for (const work of this.#work) work(step);
          sampling.note(step);
          await recorder.keepUp();
          if (this.#place !== place) return; // closed meanwhile
        }
        recorder.submit();
        if (recordSpikes) this.#log.add(await fetchSpikes(place, first, end));
      }
      if (samples.length > 0) this.#samples.push(...await sampling.take());
    } finally {
      sampling.close();
    }
  }

  drain(): Drained {
    const drained = { ...this.#log.take(), samples: this.#samples };
    this.#samples = [];
    return drained;
  }

  async read(names: readonly string[]): Promise<void> {
    const { memory, recorder } = this.#loaded();
    await this.#explained(() => memory.download(names, recorder));
  }

  async write(name: string, data: AnyArray): Promise<void> {
    const place = this.#loaded(), { program, memory } = place, own = program.arrays.entry(name).data;
    if (own !== data) own.set(data);
    if (name === "neuron.current") program.injects = program.current.some((x) => x !== 0);
    // The host is up to date when it writes: all can be loaded anew.
    if (!place.stillFits(name)) return await this.load(program);
    memory.upload(name);
    place.refresh(name);
  }

  close(): void {
    this.#place?.close();
    this.#place = null;
    this.#work = [];
  }

  #loaded(): Place {
    this.#check();
    if (!this.#place) throw new Error("the backend has no brain loaded");
    return this.#place;
  }

  #check(): void {
    const { failure } = this.#gpu;
    if (failure !== null) throw new Error(`${failure}; the brain is as it was when it was last read or saved`);
  }
}

/** Spikes of steps first … end − 1, in order of time, then of neuron. */
async function fetchSpikes(place: Place, first: number, end: number): Promise<Spikes> {
  const { memory, recorder, fired, rowWords, rows } = place, bytes = 4 * rowWords, count = end - first;
  // Rows are used in turn: the last ones may lie before the first.
  const wrap = Math.min(count, rows - first % rows);
  const regions = [
    { buffer: fired, from: first % rows * bytes, bytes: wrap * bytes, at: 0 },
    { buffer: fired, from: 0, bytes: (count - wrap) * bytes, at: wrap * bytes },
  ].filter((region) => region.bytes > 0);
  const words = new Uint32Array((await memory.fetch(regions, count * bytes, recorder)).buffer);
  const steps: number[] = [], neurons: number[] = [];
  for (let k = 0; k < words.length; k++) {
    const step = first + Math.floor(k / rowWords), base = 32 * (k % rowWords);
    for (let word = words[k]; word !== 0; word &= word - 1) {
      steps.push(step);
      neurons.push(base + 31 - Math.clz32(word & -word));
    }
  }
  return { step: Uint32Array.from(steps), neuron: Uint32Array.from(neurons) };
}

/** Samples of one run. */
class Sampling {
  readonly #requests: { samples: Samples; every: number; words: number[]; index: GPUBuffer; bound?: Bound }[];
  #sampled: GPUBuffer | null = null;
  #count = 0;

  constructor(private readonly place: Place, requests: readonly SampleRequest[], from: number, steps: number) {
    let most = 0;
    this.#requests = requests.map((request) => {
      const { everySteps: every, indices } = request;
      most += indices.length * (Math.floor((from + steps) / every) - Math.floor(from / every));
      const index = place.memory.words(indices.length, "indices", Uint32Array.from(indices));
      return { samples: { request, steps: [], values: [] }, every, words: [], index };
    });
    if (most > 0) this.#sampled = place.memory.words(most, "samples");
  }

  /** Notes what is due at the end of a step. */
  note(step: number): void {
    const { memory, recorder, program: { arrays } } = this.place;
    for (const own of this.#requests) {
      const { samples: { request, steps, values }, every, words, index } = own;
      if ((step + 1) % every !== 0) continue;
      steps.push(step);
      const { array, indices } = request, found = memory.placeOf(array);
      if (!found || !memory.hasWritten(array, recorder)) {
        // Only the host changes it.
        const { data } = arrays.entry(array);
        for (const k of indices) values.push(data[k]);
        continue;
      }
      own.bound ??= recorder.bind("sample", { source: found.buffer, index, sampled: this.#sampled! });
      const numbers = { count: indices.length, at: this.#count, offset: found.at };
      recorder.run(own.bound, numbers, groupsFor(indices.length, NARROW));
      words.push(this.#count);
      this.#count += indices.length;
    }
  }

  /** All that was noted. */
  async take(): Promise<Samples[]> {
    const { memory, recorder, program: { arrays } } = this.place;
    if (this.#count > 0) {
      const region = { buffer: this.#sampled!, from: 0, bytes: 4 * this.#count, at: 0 };
      const bytes = await memory.fetch([region], region.bytes, recorder);
      for (const { samples: { request: { array, indices }, values }, words } of this.#requests) {
        const all = numbersOf(bytes, arrays.entry(array).dtype);
        for (const at of words) for (let k = 0; k < indices.length; k++) values.push(all[at + k]);
      }
    }
    return this.#requests.map(({ samples }) => samples);
  }

  /** Frees what it holds. */
  close(): void {
    if (this.#sampled) this.place.memory.free(this.#sampled);
    for (const { index } of this.#requests) this.place.memory.free(index);
  }
}

/** Words of the device as numbers. */
function numbersOf({ buffer }: Uint8Array<ArrayBuffer>, dtype: Dtype) {
  if (dtype === "f32" || dtype === "f64") return new Float32Array(buffer);
  return dtype === "i32" ? new Int32Array(buffer) : new Uint32Array(buffer);
}
