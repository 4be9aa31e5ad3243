/** The built-in tasks by name. */

import { InputError, knownNames, show } from "../state/errors.ts";
import type { Task } from "./task.ts";

/** The built-in tasks; each is loaded when it is needed. */
export const TASKS: Record<string, () => Promise<Task>> = {
  iris: async () => (await import("./iris.ts")).iris,
  mnist: async () => (await import("./mnist.ts")).mnist,
  "mnist-local": async () => (await import("./mnist.ts")).mnistLocal,
  "mnist-reward": async () => (await import("./mnist_reward.ts")).mnistReward,
  association: async () => (await import("./association.ts")).association,
  degradation: async () => (await import("./degradation.ts")).degradation,
  diagnosis: async () => (await import("./diagnosis.ts")).diagnosis,
  "few-shot": async () => (await import("./few_shot.ts")).fewShot,
  forgetting: async () => (await import("./forgetting.ts")).forgetting,
  sleep: async () => (await import("./sleep.ts")).sleep,
  growth: async () => (await import("./growth.ts")).growth,
  "grid-navigation": async () => (await import("./grid_navigation.ts")).gridNavigation,
};

/**
 * A task by name.
 * @throws {InputError} naming the known ones
 */
export function findTask(name: string): Promise<Task> {
  if (Object.hasOwn(TASKS, name)) return TASKS[name]();
  throw new InputError(`no such task ${show(name)}; ${knownNames("tasks", name, Object.keys(TASKS))}`);
}
