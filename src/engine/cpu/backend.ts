/** The CPU backend: walks the stages of a step with the typed-array kernels, on the registry's own arrays. */

import type { AnyArray } from "../../state/arrays.ts";
import type { BackendInfo, Drained, RunInput, Samples, SynchronousBackend } from "../backend.ts";
import type { Work } from "../kernels.ts";
import type { Program } from "../program.ts";
import { SpikeLog } from "../spike_log.ts";
import { workOf } from "../stages.ts";
import type { StageName } from "../step.ts";
import { type CpuKernels, cpuKernels } from "./kernels.ts";

/** What else happens after stages of a step, where these have work. */
export type AfterStages = Readonly<Partial<Record<StageName, Work>>>;

/** Runs brains on one thread. */
export class CpuBackend implements SynchronousBackend {
  readonly info: BackendInfo;
  readonly #plain: boolean;
  readonly #after: AfterStages;
  #program: Program | null = null;
  #kernels: CpuKernels | null = null;
  #work: Work[] = [];
  #log = new SpikeLog();
  #samples: Samples[] = [];

  /**
   * @param options `plain`: without SIMD, as the tests' judge does; `after`: what else happens in a step
   */
  constructor({ plain = false, after = {} }: { plain?: boolean; after?: AfterStages } = {}) {
    this.#plain = plain;
    this.#after = after;
    this.info = {
      name: "cpu",
      adapter: `typed arrays, one thread${plain ? ", no SIMD" : ""}`,
      precision: `f32 state, ${plain ? "f64" : "f32 and f64"} arithmetic`,
    };
  }

  supports(_program: Program): true {
    return true;
  }

  load(program: Program): Promise<void> {
    this.loadNow(program);
    return Promise.resolve();
  }

  /** {@linkcode load}, without waiting. */
  loadNow(program: Program): void {
    this.#program = program;
    program.injects = program.current.some((x) => x !== 0);
    const kernels = this.#kernels = cpuKernels(program, this.#plain);
    this.#work = workOf(program, kernels).flatMap(({ stage, work }) => {
      const after = this.#after[stage];
      return work.length > 0 && after ? [...work, after] : work;
    });
  }

  run(from: number, steps: number, input: RunInput = {}): Promise<void> {
    this.runNow(from, steps, input);
    return Promise.resolve();
  }

  /** {@linkcode run}, without waiting. */
  runNow(from: number, steps: number, input: RunInput = {}): void {
    const program = this.#loaded(), work = this.#work;
    const sampling = (input.samples ?? []).map((request): Samples => ({
      request,
      steps: [],
      values: [],
    }));
    this.#samples.push(...sampling);
    for (let step = from; step < from + steps; step++) {
      for (let k = 0; k < work.length; k++) work[k](step);
      if (input.recordSpikes) this.#log.addStep(program, step);
      for (const samples of sampling) takeSample(program, samples, step);
    }
  }

  drain(): Drained {
    const drained = { ...this.#log.take(), samples: this.#samples };
    this.#samples = [];
    return drained;
  }

  read(_names: readonly string[]): Promise<void> {
    return Promise.resolve(); // the registry's arrays are the backend's own
  }

  write(name: string, data: AnyArray): Promise<void> {
    this.writeNow(name, data);
    return Promise.resolve();
  }

  /** {@linkcode write}, without waiting. */
  writeNow(name: string, data: AnyArray): void {
    const program = this.#loaded(), own = program.arrays.entry(name).data;
    if (own !== data) own.set(data);
    this.#kernels?.written?.(own);
    if (name === "neuron.current") program.injects = program.current.some((x) => x !== 0);
  }

  close(): void {
    this.#program = this.#kernels = null;
    this.#work = [];
  }

  #loaded(): Program {
    if (!this.#program) throw new Error("the backend has no brain loaded");
    return this.#program;
  }
}

function takeSample({ arrays }: Program, { request, steps, values }: Samples, step: number): void {
  if ((step + 1) % request.everySteps !== 0) return;
  steps.push(step);
  const { data } = arrays.entry(request.array);
  for (const index of request.indices) values.push(data[index]);
}
