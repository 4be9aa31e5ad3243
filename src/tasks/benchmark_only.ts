/** Tasks that are no training of their own. */

import { InputError } from "../state/errors.ts";
import type { Benchmark, Task } from "./task.ts";

/** A task that only `brainsim benchmark` knows what to do with. */
export function benchmarkOnly(name: string, meaning: string, benchmark: Benchmark): Task {
  const refuse = (): never => {
    throw new InputError(
      `${name} is a benchmark only: brainsim benchmark ${name}; to train on images, give --task mnist`,
    );
  };
  return { name, meaning, create: refuse, resume: refuse, benchmark };
}
