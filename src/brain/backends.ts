/** Where a brain may run, and how that is chosen. */

import { checkInteger, checkKeys } from "../biology/parameters.ts";
import type { Backend } from "../engine/backend.ts";
import { CpuBackend } from "../engine/cpu/backend.ts";
import type { Program } from "../engine/program.ts";
import { InputError, knownNames, show } from "../state/errors.ts";

/** Backends by name. */
export const BACKENDS = {
  cpu: "typed arrays on one core, or on several workers",
  webgpu: "a GPU, through WebGPU",
  auto: "webgpu where it is faster, else cpu",
} as const;

/** Name of a backend. */
export type BackendName = keyof typeof BACKENDS;

/** Where a brain runs. */
export interface BackendOptions {
  /** `cpu` (default), `webgpu`, or `auto`: the GPU when there is one and the brain is large enough for it. */
  backend?: BackendName;
  /** Cores of the CPU, 1–64 (default 1). */
  workers?: number;
}

/** A choice, in words. */
export interface BackendChoice {
  /** `cpu` or `webgpu`. */
  backend: string;
  /** What it runs on. */
  adapter: string;
  /** Why. */
  why: string;
}

/** Most workers that a brain may have. */
const MOST_WORKERS = 64;

/**
 * Synaptic events and neurons a step from which on a GPU was faster, in units of a neuron's work (BENCHMARKS.md): below,
 * the time to start kernels outweighs what they do.
 */
const WORTH_A_GPU = 40_000;

/** Opens the backend that the options ask for. */
export async function openBackend(
  program: Program,
  options: BackendOptions,
): Promise<{ backend: Backend; choice: BackendChoice }> {
  checkKeys("moveTo", options, ["backend", "workers"]);
  const name = (options.backend ?? "cpu") as string,
    workers = checkInteger("moveTo: workers", options.workers ?? 1, 1, MOST_WORKERS);
  if (!Object.hasOwn(BACKENDS, name)) {
    throw new InputError(`moveTo: backend is ${show(name)}; ${knownNames("backends", name, Object.keys(BACKENDS))}`);
  }
  if (name === "webgpu" && workers > 1) {
    throw new InputError("moveTo: workers are of the CPU; leave them out for a GPU");
  }
  const { backend, why } = name === "cpu"
    ? { backend: await openCpu(workers), why: options.backend === undefined ? "it is the default" : "it was asked for" }
    : name === "webgpu"
    ? { backend: await openGpu(), why: "it was asked for" }
    : await openBest(program, workers);
  return { backend, choice: { backend: backend.info.name, adapter: backend.info.adapter, why } };
}

async function openCpu(workers: number): Promise<Backend> {
  if (workers === 1) return new CpuBackend();
  return new (await import("./workers/backend.ts")).WorkersBackend(workers);
}

async function openGpu(): Promise<Backend> {
  return await (await import("../engine/webgpu/backend.ts")).WebGpuBackend.open();
}

async function openBest(program: Program, workers: number): Promise<{ backend: Backend; why: string }> {
  const cpu = async (why: string) => ({ backend: await openCpu(workers), why });
  const work = workOfStep(program), size = `a step is the work of about ${Math.round(work)} neurons`;
  if (work < WORTH_A_GPU) return await cpu(`${size}; a GPU gains from ${WORTH_A_GPU} on`);
  const { openDevice } = await import("../engine/webgpu/device.ts");
  const { WebGpuBackend } = await import("../engine/webgpu/backend.ts");
  let gpu;
  try {
    gpu = await openDevice();
  } catch (error) {
    if (error instanceof InputError) return await cpu("there is no WebGPU adapter");
    throw error;
  }
  if (gpu.software) return await cpu(`the only WebGPU adapter, ${gpu.adapter}, is a program on the CPU`);
  const backend = new WebGpuBackend(gpu), supported = backend.supports(program);
  if (supported !== true) return await cpu(`${gpu.adapter} cannot: ${supported}`);
  return { backend, why: `${size}, and ${gpu.adapter} is there` };
}

/** Work of a step: a neuron is one, a synapse that is visited at 8 Hz as much as it takes beside that. */
function workOfStep({ neurons, dt, projections }: Program): number {
  const synapses = projections.reduce((sum, { layout, weight }) => sum + (layout === "uniform" ? 0 : weight.length), 0);
  return neurons + synapses * 8 * dt / 1000;
}
