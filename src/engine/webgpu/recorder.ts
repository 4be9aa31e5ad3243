/** Notes down dispatches, many steps of them, and hands them to the device in one go. */

import { InputError } from "../../state/errors.ts";
import type { Gpu } from "./device.ts";
import { type Kernel, kernelOf, PARAMETER_BYTES } from "./kernel.ts";

/** Numbers for one dispatch, by the names of the kernel's parameters. */
export type Parameters = Readonly<Record<string, number>>;

/** A kernel with its arrays. */
export interface Bound {
  kernel: Kernel;
  group: GPUBindGroup;
  writes: GPUBuffer[];
  /** Whether it was noted among what ran. */
  noted: boolean;
}

/** Dispatches between two submissions at most: while the device works on some, the next are noted down. */
const MOST_DISPATCHES = 1024;
/** Workgroups of a dispatch at most. */
export const MOST_GROUPS = 65_535;
/** Submissions under way at most: more would only wait in a queue. */
const MOST_UNDER_WAY = 16;

/** Records for one brain. */
export class Recorder {
  /** Buffers that kernels have written. */
  readonly written = new Set<GPUBuffer>();
  /** Names of the kernels that ran. */
  readonly ran = new Set<string>();
  readonly #gpu: Gpu;
  readonly #uniforms: GPUBuffer;
  readonly #bytes = new ArrayBuffer(MOST_DISPATCHES * PARAMETER_BYTES);
  readonly #words = new Uint32Array(this.#bytes);
  readonly #floats = new Float32Array(this.#bytes);
  #count = 0;
  #encoder: GPUCommandEncoder | null = null;
  #pass: GPUComputePassEncoder | null = null;
  #current: Kernel | null = null;
  readonly #underWay: Promise<unknown>[] = [];

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#uniforms = gpu.device.createBuffer({
      label: "parameters",
      size: this.#bytes.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /** Binds a kernel to its arrays, by name. */
  bind(name: string, arrays: Readonly<Record<string, GPUBuffer>>): Bound {
    const { device } = this.#gpu, kernel = kernelOf(device, name);
    const buffer = (array: string) => {
      if (!arrays[array]) throw new Error(`kernel ${name} needs ${array}`);
      return arrays[array];
    };
    return {
      kernel,
      group: device.createBindGroup({
        label: name,
        layout: kernel.layout,
        entries: [
          { binding: 0, resource: { buffer: this.#uniforms, offset: 0, size: PARAMETER_BYTES } },
          ...kernel.bindings.map(({ name, binding }) => ({ binding, resource: { buffer: buffer(name) } })),
        ],
      }),
      writes: kernel.bindings.filter(({ writes }) => writes).map(({ name }) => buffer(name)),
      noted: false,
    };
  }

  /** Runs a kernel in as many workgroups, after all that was noted before. */
  run(bound: Bound, parameters: Parameters, workgroups: number): void {
    const { kernel, group } = bound;
    if (workgroups === 0) return;
    if (workgroups > MOST_GROUPS) throw new InputError(`Cannot run on webgpu: too many neurons for ${kernel.name}`);
    if (this.#count === MOST_DISPATCHES) this.submit();
    this.#encoder ??= this.#gpu.device.createCommandEncoder();
    this.#pass ??= this.#encoder.beginComputePass();
    const at = this.#count * (PARAMETER_BYTES / 4);
    for (const { name, at: word, float } of kernel.fields) {
      const value = parameters[name];
      if (value === undefined) throw new Error(`kernel ${kernel.name} needs a number ${name}`);
      if (float) this.#floats[at + word] = value;
      else this.#words[at + word] = value;
    }
    if (this.#current !== kernel) this.#pass.setPipeline(kernel.pipeline);
    this.#current = kernel;
    this.#pass.setBindGroup(0, group, [this.#count * PARAMETER_BYTES]);
    this.#pass.dispatchWorkgroups(workgroups);
    this.#count++;
    if (bound.noted) return;
    bound.noted = true;
    for (const buffer of bound.writes) this.written.add(buffer);
    this.ran.add(kernel.name);
  }

  /** Notes that bytes are copied, after all that was noted before. */
  copy(from: GPUBuffer, at: number, to: GPUBuffer, toAt: number, bytes: number): void {
    this.#endPass();
    this.#encoder ??= this.#gpu.device.createCommandEncoder();
    this.#encoder.copyBufferToBuffer(from, at, to, toAt, bytes);
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = this.#current = null;
  }

  /** Hands over what was noted. */
  submit(): void {
    this.#endPass();
    if (!this.#encoder) return;
    const { queue } = this.#gpu.device;
    // A view: the runtime 2.6.10 refuses plain buffers.
    queue.writeBuffer(this.#uniforms, 0, this.#words.subarray(0, this.#count * (PARAMETER_BYTES / 4)));
    queue.submit([this.#encoder.finish()]);
    this.#encoder = null;
    this.#count = 0;
    this.#underWay.push(queue.onSubmittedWorkDone());
  }

  /** Waits until the device is not far behind. */
  async keepUp(): Promise<void> {
    while (this.#underWay.length > MOST_UNDER_WAY) await this.#underWay.shift();
  }

  /** Frees what it holds. */
  close(): void {
    this.#uniforms.destroy();
  }
}
