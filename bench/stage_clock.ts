/** The time that each stage of a step takes, by a look at the clock after each. */

import type { AfterStages } from "../src/engine/cpu/backend.ts";
import { STEP } from "../src/engine/step.ts";

/** Milliseconds of a look at the clock: taken off. */
const LOOK_MS = (() => {
  const looks = 100_000, started = performance.now();
  for (let k = 0; k < looks; k++) performance.now();
  return (performance.now() - started) / looks;
})();

/** Sums times by stage. */
export class StageClock {
  readonly #ms = new Map<string, number>();
  #last = 0;
  #steps = 0;

  /** For a backend: what it does after its stages. The first stage only starts the clock of a step; it does next to nothing. */
  readonly after: AfterStages = Object.fromEntries(
    STEP.map(({ name }, k) => [name, k === 0 ? () => this.begin() : () => this.mark(name)]),
  );

  /** A step begins. */
  begin(): void {
    this.#steps++;
    this.#last = performance.now();
  }

  /** What was done since the last look at the clock was this. */
  mark(what: string): void {
    const now = performance.now();
    this.#ms.set(what, (this.#ms.get(what) ?? 0) + now - this.#last - LOOK_MS);
    this.#last = now;
  }

  /** Forgets everything. */
  reset(): void {
    this.#ms.clear();
    this.#steps = 0;
  }

  /** Microseconds of each part of a step. */
  get us(): Record<string, number> {
    return Object.fromEntries([...this.#ms].map(([what, ms]) => [what, Math.max(0, ms / this.#steps * 1000)]));
  }
}
