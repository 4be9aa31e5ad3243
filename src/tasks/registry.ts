/** The built-in tasks by name. */

import { InputError, knownNames, show } from "../state/errors.ts";
import type { Task } from "./task.ts";

/** Tasks that `train` knows what to do with; each is loaded when it is needed. */
export const TRAININGS: Record<string, () => Promise<Task>> = {
  iris: async () => (await import("./iris.ts")).iris,
  mnist: async () => (await import("./mnist.ts")).mnist,
  "mnist-local": async () => (await import("./mnist.ts")).mnistLocal,
  "mnist-reward": async () => (await import("./mnist_reward.ts")).mnistReward,
  association: async () => (await import("./association.ts")).association,
  "grid-navigation": async () => (await import("./grid_navigation.ts")).gridNavigation,
};

/** The built-in tasks: these, and those that are a benchmark only. */
export const TASKS: Record<string, () => Promise<Task>> = {
  ...TRAININGS,
  degradation: async () => (await import("./degradation.ts")).degradation,
  diagnosis: async () => (await import("./diagnosis.ts")).diagnosis,
  "few-shot": async () => (await import("./few_shot.ts")).fewShot,
  forgetting: async () => (await import("./forgetting.ts")).forgetting,
  sleep: async () => (await import("./sleep.ts")).sleep,
  growth: async () => (await import("./growth.ts")).growth,
};

/**
 * A task by name.
 * @param kind what it is to be: for messages
 * @throws {InputError} naming the known ones
 */
export function findTask(name: string, kind: "task" | "benchmark" = "task"): Promise<Task> {
  if (Object.hasOwn(TASKS, name)) return TASKS[name]();
  const known = kind === "task" ? Object.keys(TRAININGS) : [...Object.keys(TASKS), "engine"];
  throw new InputError(`no such ${kind} ${show(name)}; ${knownNames(`${kind}s`, name, known)}`);
}
