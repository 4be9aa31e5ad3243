/**
 * The wall between model and backend. A backend owns the state while it runs; everything else talks to it through these
 * members, and all access to data is asynchronous, because a GPU's is.
 */

import type { AnyArray } from "../state/arrays.ts";
import type { Program } from "./program.ts";

/** What a backend says about itself, for logs, snapshots and benchmark rows. */
export interface BackendInfo {
  name: string;
  /** What it runs on, in words. */
  adapter: string;
  precision: string;
}

/** What to note down while running. */
export interface RunInput {
  /** Whether {@linkcode Backend.drain} returns the spikes of the run. */
  recordSpikes?: boolean;
  /** Elements of arrays to sample. */
  samples?: SampleRequest[];
}

/** Elements of one array to be noted every so many steps, at the end of the step. */
export interface SampleRequest {
  array: string;
  indices: Uint32Array;
  everySteps: number;
}

/** Samples of one request: one row each time, one column an index. */
export interface Samples {
  request: SampleRequest;
  steps: number[];
  values: number[];
}

/** What the last run left. */
export interface Drained {
  /** Spikes in order of time, then of neuron. */
  step: Uint32Array;
  neuron: Uint32Array;
  samples: Samples[];
}

/** A backend that can also run at once, without waiting. */
export interface SynchronousBackend extends Backend {
  /** {@linkcode Backend.run}, at once. */
  runNow(from: number, steps: number, input?: RunInput): void;
  /** {@linkcode Backend.write}, at once. */
  writeNow(name: string, data: AnyArray): void;
}

/** A machine that advances brains. */
export interface Backend {
  readonly info: BackendInfo;
  /** true, or what it lacks to run a program, in words. */
  supports(program: Program): true | string;
  /** Takes a brain over: from here on the backend owns the truth. */
  load(program: Program): Promise<void>;
  /** Advances by a number of steps from step `from`, without contact to the host. */
  run(from: number, steps: number, input?: RunInput): Promise<void>;
  /** Spikes and samples of the runs since the last call; recording that overflows is an error, never a silent loss. */
  drain(): Drained;
  /** Brings arrays of the registry up to date with the backend. */
  read(names: readonly string[]): Promise<void>;
  /** Replaces an array of the backend. */
  write(name: string, data: AnyArray): Promise<void>;
  /** Frees everything. */
  close(): void;
}
