/** Advances a built brain: backend, slow processes and recordings, each at its time. */

import type { RunInput } from "../engine/backend.ts";
import { CpuBackend } from "../engine/cpu.ts";
import type { Program } from "../engine/program.ts";
import { applySlow, slowIntervals } from "../engine/slow/mod.ts";
import { InputError } from "../state/errors.ts";
import type { Recording } from "./recording.ts";

/** Steps between two looks at the clock. */
const CHUNK_STEPS = 1000;
/** Longest time without a turn of the event loop, ms: signals and timers get through. */
const BREATH_MS = 50;
let lastBreath = performance.now();

/** Lets the event loop turn when it has been kept waiting. */
async function breathe(): Promise<void> {
  if (performance.now() - lastBreath < BREATH_MS) return;
  await new Promise((resolve) => setTimeout(resolve, 0));
  lastBreath = performance.now();
}

/** A program with its backend and its place in time. */
export class Runner {
  /** Steps done. */
  step = 0;
  /** What notes down what happens. */
  readonly recordings = new Set<Recording>();
  readonly #backend = new CpuBackend();
  readonly #slowIntervals: number[];
  #busy = false;

  constructor(readonly program: Program) {
    this.#slowIntervals = slowIntervals(program);
    this.#backend.loadNow(program);
  }

  /** Advances at once, stopping where a slow process is due or a recording wants to look. */
  advance(steps: number): void {
    const end = this.step + steps;
    while (this.step < end) {
      const stops = [...this.#slowIntervals, ...Array.from(this.recordings, (r) => r.everySteps)];
      let next = end;
      for (const every of stops) if (every > 0) next = Math.min(next, this.step + every - this.step % every);
      this.#backend.runNow(this.step, next - this.step, this.#input());
      this.step = next;
      applySlow(this.program, next);
      this.#note();
    }
  }

  /**
   * Advances, letting the event loop turn from time to time.
   * @throws {InputError} when another run is under way
   */
  async run(steps: number): Promise<void> {
    if (this.#busy) throw new InputError("Cannot run: another run of this brain is under way; await it first");
    this.#busy = true;
    try {
      for (let left = steps; left > 0;) {
        const chunk = Math.min(left, CHUNK_STEPS);
        this.advance(chunk);
        left -= chunk;
        await breathe();
      }
    } finally {
      this.#busy = false;
    }
  }

  /** What the recordings want of the backend. */
  #input(): RunInput {
    const recordings = [...this.recordings];
    return {
      recordSpikes: recordings.some((r) => r.wantsSpikes),
      samples: recordings.flatMap((r) => r.requests),
    };
  }

  /** Hands the recordings what happened. */
  #note(): void {
    if (this.recordings.size === 0) return;
    const drained = this.#backend.drain();
    for (const recording of this.recordings) {
      recording.add(drained);
      if (recording.everySteps > 0 && this.step % recording.everySteps === 0) recording.track(this.step);
    }
  }
}
