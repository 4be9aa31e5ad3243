/** Advances a built brain: backend, slow processes and recordings, each at its time. */

import type { Backend, RunInput, SynchronousBackend } from "../engine/backend.ts";
import type { Program } from "../engine/program.ts";
import { applySlow, nextLook, slowIntervals } from "../engine/slow/mod.ts";
import { InputError } from "../state/errors.ts";
import type { Recording } from "./recording.ts";

/** Longest time without a turn of the event loop, ms: signals and timers get through. */
const BREATH_MS = 50;
/** Longest time of one run on a backend that lets the event loop turn meanwhile, ms: each costs it a few. */
const ELSEWHERE_MS = 500;
/** Most steps between two looks at the clock. */
const MOST_STEPS = 1000;
let lastBreath = performance.now();

/** Lets the event loop turn when it has been kept waiting. */
async function breathe(): Promise<void> {
  if (performance.now() - lastBreath < BREATH_MS) return;
  await new Promise((resolve) => setTimeout(resolve, 0));
  lastBreath = performance.now();
}

/**
 * A program on a backend, with its place in time. Between runs the registry's arrays are up to date, so that everything
 * else reads them as they are; who changes one says so with {@linkcode Runner.touch}, and the backend learns of it before
 * the next run.
 */
export class Runner {
  /** Steps done. */
  step = 0;
  /** What notes down what happens. */
  readonly recordings = new Set<Recording>();
  readonly #slowIntervals: number[];
  /** All state, and that of it which a run may change. */
  readonly #state: string[];
  readonly #changing: string[];
  readonly #touched = new Set<string>();
  #backend: Backend;
  #loaded: Promise<void>;
  #busy = false;
  #closed = false;
  /** Steps that take about half of the time until the next breath. */
  #chunk = 16;

  /** @throws {InputError} when the backend lacks something that the program needs */
  constructor(readonly program: Program, backend: Backend) {
    this.#slowIntervals = slowIntervals(program);
    const state = [...program.arrays.entries()].filter(({ derived }) => !derived);
    this.#state = state.map(({ name }) => name);
    this.#changing = state.filter(({ constant }) => !constant).map(({ name }) => name);
    this.#backend = backend;
    this.#loaded = this.#take(backend);
  }

  /** What it runs on. */
  get backend(): Backend {
    return this.#backend;
  }

  #take(backend: Backend): Promise<void> {
    const supported = backend.supports(this.program);
    if (supported !== true) {
      throw new InputError(
        `Cannot run on ${backend.info.name}, ${backend.info.adapter}: ${supported}; run it on one core`,
      );
    }
    return backend.load(this.program);
  }

  /**
   * Goes on on another backend; the present one is closed.
   * @throws {InputError} while a run is under way, or when that backend lacks something; all is then as before
   */
  async moveTo(backend: Backend): Promise<void> {
    if (this.#busy) throw new InputError("Cannot change the backend: a run is under way; await it first");
    this.#busy = true;
    try {
      await this.#loaded.catch(() => {}); // what failed there is no reason not to go elsewhere
      await this.#take(backend);
    } catch (error) {
      backend.close();
      throw error;
    } finally {
      this.#busy = false;
    }
    this.#touched.clear();
    this.#backend.close();
    this.#backend = backend;
    this.#loaded = Promise.resolve();
    this.#closed = false;
  }

  /** Frees what the backend holds; a run that is under way ends with an error. */
  close(): void {
    this.#closed = true;
    this.#backend.close();
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new InputError("Cannot run: the brain is closed; let it go on somewhere with moveTo");
  }

  /**
   * This runner, for someone who changes the arrays on the host.
   * @throws {InputError} while a run is under way on a backend with memory of its own: the host's arrays are old then
   */
  toChange(): this {
    if (this.#busy && !("runNow" in this.backend)) {
      throw new InputError("Cannot change the brain: a run is under way elsewhere; await it first");
    }
    return this;
  }

  /** Notes that arrays were changed on the host. */
  touch(...names: string[]): void {
    for (const name of names) this.#touched.add(name);
  }

  /** Notes that any array may have been changed on the host. */
  touchAll(): void {
    this.touch(...this.#state);
  }

  /** Steps until something on the host wants to look: a slow process or a recording. */
  #untilLook(steps: number): number {
    const stops = [...this.#slowIntervals, ...Array.from(this.recordings, (r) => r.everySteps)];
    const soonest = Math.min(steps, nextLook(this.program, this.step) - this.step);
    return stops.reduce((next, every) => every > 0 ? Math.min(next, every - this.step % every) : next, soonest);
  }

  /** Whether something on the host looks at the brain when `steps` more are done. */
  #looksAfter(steps: number): boolean {
    const then = this.step + steps;
    return this.#slowDue(then) ||
      Array.from(this.recordings).some((r) => r.everySteps > 0 && then % r.everySteps === 0);
  }

  #slowDue(then: number): boolean {
    return this.#slowIntervals.some((every) => then % every === 0) || nextLook(this.program, this.step) <= then;
  }

  /**
   * Advances by one step, at once.
   * @throws {InputError} when the backend cannot do so
   */
  stepNow(): void {
    this.#refuseWhenClosed();
    if (this.#busy) throw new InputError("Cannot step: a run of this brain is under way; await it first");
    if (!("runNow" in this.backend)) {
      throw new InputError(`Cannot step on ${this.backend.info.name}: it does not run at once; use await run(1)`);
    }
    const backend = this.backend as SynchronousBackend;
    for (const name of this.#touched) backend.writeNow(name, this.program.arrays.entry(name).data);
    this.#touched.clear();
    backend.runNow(this.step, 1, this.#input());
    this.#look(1);
  }

  /**
   * Advances, letting the event loop turn from time to time.
   * @throws {InputError} when another run is under way
   */
  async run(steps: number): Promise<void> {
    this.#refuseWhenClosed();
    if (this.#busy) throw new InputError("Cannot run: another run of this brain is under way; await it first");
    this.#busy = true;
    let known = this.step; // the step of which the host has all state
    try {
      for (let left = steps; left > 0;) {
        await this.#tellBackend();
        const now = this.#untilLook(Math.min(left, this.#chunk)), started = performance.now();
        await this.backend.run(this.step, now, this.#input());
        this.#refuseWhenClosed();
        left -= now;
        const reads = left === 0 || this.#looksAfter(now);
        if (reads) await this.backend.read(this.#changing);
        const tookMs = performance.now() - started;
        const mostMs = "runNow" in this.backend ? BREATH_MS / 2 : ELSEWHERE_MS;
        if (tookMs > mostMs) this.#chunk = Math.max(1, this.#chunk >> 1);
        else if (now === this.#chunk && tookMs < mostMs / 4) this.#chunk = Math.min(MOST_STEPS, this.#chunk << 1);
        this.#look(now);
        if (reads || "runNow" in this.backend) known = this.step;
        await breathe();
        this.#refuseWhenClosed();
      }
    } catch (error) {
      // What was done since is lost with the backend.
      this.step = known;
      for (const recording of this.recordings) recording.forgetFrom(known);
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  /** When structure has changed, the backend takes the program over anew, all arrays included. */
  reloadWhenStale(): void {
    if (!this.program.stale) return;
    this.program.stale = false;
    this.#touched.clear();
    if (this.#closed) return;
    this.#loaded = this.backend.load(this.program);
    this.#loaded.catch(() => {}); // told to whoever runs next
  }

  async #tellBackend(): Promise<void> {
    await this.#loaded;
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const name of touched) await this.backend.write(name, this.program.arrays.entry(name).data);
  }

  /** What the recordings want of the backend. */
  #input(): RunInput {
    const recordings = [...this.recordings];
    return {
      recordSpikes: recordings.some((r) => r.wantsSpikes),
      samples: recordings.flatMap((r) => r.requests),
    };
  }

  /** Lets slow processes act and recordings note, after some steps. */
  #look(steps: number): void {
    const due = this.#slowDue(this.step + steps);
    this.step += steps;
    if (due) {
      this.touch(...applySlow(this.program, this.step));
      this.reloadWhenStale();
    }
    if (this.recordings.size === 0) return;
    const drained = this.backend.drain();
    for (const recording of this.recordings) {
      recording.add(drained);
      if (recording.everySteps > 0 && this.step % recording.everySteps === 0) recording.track(this.step);
    }
  }
}
