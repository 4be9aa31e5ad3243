/** Lets a brain run where the flags say. */

import { type BackendChoice, type BackendName, type BackendOptions, BACKENDS } from "../brain/backends.ts";
import type { Brain } from "../brain/brain.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import type { Given } from "./command.ts";
import type { Output } from "./output.ts";

/**
 * Where `--backend` and `--workers` let a brain run.
 * @throws {InputError} when workers are no number from 1 to 64, or are asked for on a GPU
 */
export function placeOf(given: Given): { backend: BackendName; workers: number } {
  const backend = (given.text("backend") ?? "cpu") as BackendName;
  return { backend, workers: workersOf(given, [backend], "backend") };
}

/**
 * The cores that `--workers` asks for, for brains on these backends.
 * @param flag that names the backends
 * @throws {InputError} when workers are no number from 1 to 64, or are asked for on a GPU
 */
export function workersOf(given: Given, backends: readonly BackendName[], flag: "backend" | "backends"): number {
  const workers = given.number("workers", { min: 1, max: 64, whole: true }) ?? 1;
  if (workers > 1 && backends.includes("webgpu")) {
    throw new InputError(`--workers are cores of the CPU; leave them out with --${flag} webgpu`);
  }
  return workers;
}

/** Moves a brain, and tells of it when that was left open, or when it runs elsewhere than usual. */
export async function moveBrain(brain: Brain, place: BackendOptions, output: Output): Promise<BackendChoice> {
  const choice = await brain.moveTo(place);
  if (place.backend === "auto") output.message(`running on ${choice.backend} (${choice.adapter}): ${choice.why}`);
  else if (choice.backend !== "cpu") output.message(`running on ${choice.backend} (${choice.adapter})`);
  return choice;
}

/**
 * Asks for the GPU before anything is run.
 * @throws {InputError} where it is asked for and there is none
 */
export async function refuseMissing(backends: readonly BackendName[]): Promise<void> {
  if (backends.includes("webgpu")) await (await import("../engine/webgpu/device.ts")).openDevice();
}

/**
 * The backends that `--backends` names.
 * @throws {InputError} for an unknown one
 */
export function backendsOf(given: Given): BackendName[] {
  const names = given.text("backends")?.split(",") ?? ["cpu"],
    unknown = names.find((name) => !Object.hasOwn(BACKENDS, name));
  if (unknown !== undefined) {
    throw new InputError(`--backends: ${knownNames("backends", unknown, Object.keys(BACKENDS))}; got ${show(unknown)}`);
  }
  return [...new Set(names)] as BackendName[];
}
