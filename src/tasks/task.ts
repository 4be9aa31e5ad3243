/** What a task is: data, protocol and metric, for `brainsim train` and `brainsim benchmark`. */

import type { BackendName } from "../brain/backends.ts";
import type { Brain } from "../brain/brain.ts";
import { InputError } from "../state/errors.ts";

/** What an evaluation found. Silence and ties count as errors. */
export interface Score {
  /** Fraction, 0–1. */
  score: number;
  /** What the score is. */
  metric: string;
  /** Samples tested. */
  tested: number;
  /** Samples for which several answers were equally strong. */
  ties: number;
  /** Samples for which no output neuron spiked. */
  silent: number;
  /** The answer to each sample; null for ties and silence. */
  answers: (number | null)[];
  /** What else is worth saying, where samples are not answered once; then there are no ties and no silence of samples. */
  more?: string;
}

/** Is told the share of something that is done. */
export type Progress = (share: number) => void;

/** How an evaluation runs; its result does not depend on it. */
export interface Evaluation {
  /** Is told the share that is done. */
  progress?: Progress;
  /** Cores that share the samples (default 1), where they are answered one by one. */
  workers?: number;
}

/** A training under way. All its progress is in the brain's state and notes. */
export interface Trainer {
  /** The brain that learns. */
  readonly brain: Brain;
  /** What the score is. */
  readonly metric: string;
  /** Samples planned. */
  readonly total: number;
  /** Samples done. */
  readonly done: number;
  /** Of a classifier: its regions by the label that each stands for. */
  readonly regions?: Readonly<Record<string, string>>;
  /** Trains on the next sample. */
  next(): Promise<void>;
  /**
   * Where it can be known in the midst of a training: the share of right answers to samples that were not shown yet, though
   * they will be; changes nothing. Undefined when too few are left.
   */
  validate?(samples: number): Promise<number | undefined>;
  /** The score on held-out data; changes nothing. */
  evaluate(how?: Evaluation): Promise<Score>;
}

/** How to begin a training. */
export interface TrainOptions {
  seed: number;
  epochs?: number;
  samples?: number;
  /** Neurons of the network, of tasks that leave it open. */
  neurons?: number;
  /** Folder of the user's own data, of tasks that read files. */
  data?: string;
}

/** A built-in task. */
export interface Task {
  name: string;
  /** One line for `--help`. */
  meaning: string;
  /** Begins with a new brain. */
  create(options: TrainOptions): Trainer | Promise<Trainer>;
  /** Goes on with a saved brain; `more` asks for further epochs beyond what was planned. */
  resume(brain: Brain, more?: { epochs?: number; samples?: number }, data?: string): Trainer | Promise<Trainer>;
  /** The benchmark of the task. */
  benchmark: Benchmark;
}

/** One measured number, and a second one beside it. */
export interface Outcome {
  value: number;
  also?: { meaning: string; value: number };
  /** Whatever else belongs into the raw row. */
  details: { backend: string } & Record<string, unknown>;
}

/** What a benchmark may leave to the command line. */
export interface BenchmarkOptions {
  /** Neurons of the network. */
  neurons?: number;
  /** Folder of the user's own data. */
  data?: string;
  /** Where brains run; every benchmark takes it. */
  backend?: BackendName;
}

/** A benchmark: a protocol that gives one number a seed, for the thing itself and for its controls. */
export interface Benchmark {
  metric: string;
  /** Whether values are ratios of any size; else they are fractions, 0–1. */
  ratio?: true;
  /** What is measured, with the primary arm first and its controls after it. */
  arms: Record<string, string>;
  /** What may be chosen on the command line. */
  options?: readonly (keyof BenchmarkOptions)[];
  /** Everything that made the number, beside the seed. */
  hyperparameters(quick: boolean, options: BenchmarkOptions): object;
  /** Runs one arm with one seed. */
  run(arm: string, seed: number, quick: boolean, options: BenchmarkOptions): Promise<Outcome>;
}

/**
 * For tasks of which a training has one plan, with rates or phases that belong to its length.
 * @param more further epochs that were asked for
 * @throws {InputError} when any were
 */
export function refuseMore(task: string, more: unknown): void {
  if (more === undefined) return;
  throw new InputError(
    `Cannot train the brain further: a training on ${task} has one plan, of one length; begin a new one ` +
      "(--samples, --epochs), or finish one that was interrupted with --resume",
  );
}
