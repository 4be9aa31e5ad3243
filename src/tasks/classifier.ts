/**
 * Learning to classify the rows of a table with reward-modulated STDP.
 *
 * Every column is represented by input lines with Gaussian tuning curves (Bohte, La Poutré & Kok 2002). Every class has
 * a small region of neurons; a spike of one region inhibits the others. A sample is shown for a while; then each class
 * region is rewarded by the difference between what it should have done and what it did: 1 for the right class and 0 for
 * the others, minus its share of the spikes. The class whose region spikes most is the answer.
 */

import { Brain } from "../brain/brain.ts";
import type { StimulusOptions } from "../brain/encode.ts";
import { respond } from "../evaluation/respond.ts";
import { crc32 } from "../std/node/zlib.ts";
import { InputError, show } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";
import { inhibitOthers } from "./rivals.ts";
import { columnRanges, type Split, splitTable, type Table } from "./table.ts";
import { sumOfClasses, Tally } from "./tally.ts";
import type { Evaluation, Score, Trainer } from "./task.ts";

/** Hyperparameters; chosen on splits of seeds ≥ 1000 (see BENCHMARKS.md). */
export interface ClassifierParameters {
  /** Tuning curves a column. */
  centres: number;
  /** Width of a tuning curve in spacings. */
  sigma: number;
  /** Spikes of a line at its preferred value, Hz. */
  maxRateHz: number;
  /** Neurons a class. */
  neurons: number;
  /** Gaussian current noise, mV/√ms. */
  noise: number;
  /** Largest weight for four columns, mV/ms; scaled so that drive does not depend on the number of columns. */
  weightMax: number;
  /** Conductance by which a spike inhibits the other classes, 1/ms. */
  inhibition: number;
  /** Time a sample is shown, ms. */
  sampleMs: number;
  /** Time dopamine is given to act, ms. */
  rewardMs: number;
  /** Decay of dopamine, ms. */
  tauDopamineMs: number;
  /** Weight change per eligibility, dopamine and second, at the beginning. */
  learningRate: number;
  /** Learning rate at the end, relative to the beginning (falls geometrically). */
  finalRate: number;
  /** Potentiation, relative to the largest weight. */
  aPlus: number;
  /** Depression, relative to the largest weight. */
  aMinus: number;
  /** μ of the soft bounds. */
  softness: number;
  /** Mean initial weight, relative to the largest. */
  initialWeight: number;
  /** Passes over the training rows. */
  epochs: number;
}

/** Defaults. */
export const CLASSIFIER: ClassifierParameters = {
  centres: 8,
  sigma: 0.6,
  maxRateHz: 200,
  neurons: 5,
  noise: 0.5,
  weightMax: 2,
  inhibition: 1,
  sampleMs: 200,
  rewardMs: 40,
  tauDopamineMs: 10,
  learningRate: 100,
  finalRate: 0.1,
  aPlus: 0.01,
  aMinus: 0.001,
  softness: 1,
  initialWeight: 0.35,
  epochs: 30,
};

/** What the teacher does: `reward` is the real one, the others are controls. */
export type Teacher = "reward" | "shuffledReward" | "frozen";

/** What is kept with the brain, so that training resumes and the brain can be used. */
interface Notes {
  task: string;
  /** Where a table of the user's came from, so that a message can ask for it again. */
  table?: { file: string; label: string };
  seed: number;
  parameters: ClassifierParameters;
  teacher: Teacher;
  /** Presentations planned, and done. */
  total: number;
  done: number;
  columns: string[];
  classes: string[];
  /** CRC-32 of the table: the split is that of these rows. */
  rows: number;
  low: number[];
  high: number[];
  [key: string]: unknown;
}

const INPUT = "features";

/** Names of the class regions: the labels, as far as they can be names. */
function regionNames(classes: readonly string[]): string[] {
  const names = classes.map((label) => label.replace(/[^A-Za-z0-9_]+/g, "_"));
  const usable = new Set(names).size === names.length &&
    names.every((n) => /^[A-Za-z0-9_]{1,60}$/.test(n) && n !== INPUT);
  return usable ? names : classes.map((_, k) => `class${k}`);
}

/** A new, untrained brain for a table. */
function buildClassifier(table: Table, seed: number, p: ClassifierParameters): Brain {
  const brain = new Brain({ seed });
  const weightMax = p.weightMax * 4 / table.columns.length;
  const names = regionNames(table.classes);
  brain.addRegion(INPUT, "input", { neurons: p.centres * table.columns.length });
  for (const name of names) {
    brain.addRegion(name, "motor", { neurons: p.neurons, pattern: "regularSpiking", inhibitory: 0, noise: p.noise });
  }
  for (const name of names) {
    brain.connect(INPUT, name, {
      density: 1,
      weight: { uniform: [0.4 * p.initialWeight * weightMax, 1.6 * p.initialWeight * weightMax] },
      receptor: "ampaCurrent",
      plasticity: {
        aPlus: p.aPlus,
        aMinus: p.aMinus,
        softness: p.softness,
        weightMax,
        reward: { tauDopamineMs: p.tauDopamineMs, learningRate: p.learningRate },
      },
    });
  }
  for (const name of names) inhibitOthers(brain, name, names, p.inhibition);
  return brain;
}

/** How to train. */
export interface ClassifierOptions {
  /** Name of the task in messages and notes. */
  task: string;
  /** The table's file, without its folder, and its label column, when it is a table of the user's. */
  table?: { file: string; label: string };
  /** Hyperparameters that differ from the defaults. */
  parameters?: Partial<ClassifierParameters>;
  /** Stop after this many presentations (default: all epochs). */
  samples?: number;
  /** Real reward, or a control (default `reward`). */
  teacher?: Teacher;
}

/** Trains a brain on a table and tests it on the rows held out. All progress is in the brain, so it can be saved. */
export class TableTrainer implements Trainer {
  /** The brain that learns. */
  readonly brain: Brain;
  /** What the score is. */
  readonly metric = "accuracy";
  readonly #table: Table;
  readonly #split: Split;
  readonly #notes: Notes;
  readonly #regions: string[];

  private constructor(table: Table, brain: Brain) {
    this.brain = brain;
    this.#table = table;
    this.#notes = brain.notes.training as Notes;
    this.#split = splitTable(table, this.#notes.seed);
    this.#regions = regionNames(table.classes);
  }

  /** Begins with a new brain. */
  static create(table: Table, seed: number, options: ClassifierOptions): TableTrainer {
    const parameters = { ...CLASSIFIER, ...options.parameters };
    const brain = buildClassifier(table, seed, parameters);
    const { train } = splitTable(table, seed);
    brain.notes.training = {
      task: options.task,
      ...(options.table && { table: options.table }),
      seed,
      parameters,
      teacher: options.teacher ?? "reward",
      total: Math.min(options.samples ?? Infinity, parameters.epochs * train.length),
      done: 0,
      columns: table.columns,
      classes: table.classes,
      rows: fingerprint(table),
      ...columnRanges(table, train),
    } satisfies Notes;
    if (options.teacher === "frozen") brain.freezePlasticity();
    return new TableTrainer(table, brain);
  }

  /**
   * Goes on with a brain from a snapshot: to the end of its plan, or (`more`) for further epochs.
   * @throws {InputError} when the brain was not made for such a table
   */
  static resume(table: Table, brain: Brain, more?: { epochs?: number; samples?: number }): TableTrainer {
    const notes = brain.notes.training as Partial<Notes> | undefined;
    const same = notes?.columns?.join("\n") === table.columns.join("\n") &&
      notes?.classes?.join("\n") === table.classes.join("\n");
    if (!same || !notes?.parameters) {
      throw new InputError(
        `Cannot train on table "${table.name}": the brain was ${
          notes?.columns
            ? `made for columns ${show(notes.columns)} and labels ${show(notes.classes)}`
            : "not made by train"
        }; leave the brain file out to begin with a new one`,
      );
    }
    if (notes.rows !== fingerprint(table)) {
      throw new InputError(
        `Cannot train on table "${table.name}": its rows are not those, or not in the order, that the brain was trained on, ` +
          `so that rows it has seen would be tested on; give the same table`,
      );
    }
    if (more) {
      const { train } = splitTable(table, notes.seed!);
      notes.parameters = { ...notes.parameters, epochs: more.epochs ?? notes.parameters.epochs };
      notes.total = Math.min(more.samples ?? Infinity, notes.parameters.epochs * train.length);
      notes.done = 0;
    }
    return new TableTrainer(table, brain);
  }

  /** Presentations planned. */
  get total(): number {
    return this.#notes.total;
  }

  /** Presentations done. */
  get done(): number {
    return this.#notes.done;
  }

  /** Regions by the label of the class that each stands for. */
  get regions(): Record<string, string> {
    return Object.fromEntries(this.#table.classes.map((label, k) => [label, this.#regions[k]]));
  }

  /** Shows the next training sample and rewards what the classes did. */
  async next(): Promise<void> {
    const { parameters: p, seed, teacher, done, total } = this.#notes;
    const { train } = this.#split;
    const epoch = Math.floor(done / train.length);
    const order = this.#order(seed, epoch);
    const sample = train[order[done % train.length]];
    const { brain } = this, before = this.#counts();
    brain.resetActivity();
    brain.resetTraces();
    brain.stimulate(INPUT, this.#values(sample), this.#stimulus);
    await brain.run(Math.round(p.sampleMs / brain.dt));
    brain.clearStimulus();
    const counts = this.#counts().map((n, k) => n - before[k]);
    const spikes = counts.reduce((a, b) => a + b, 0);
    const rate = Math.pow(p.finalRate, total > 1 ? done / (total - 1) : 0);
    const errors = counts.map((n, k) =>
      (k === this.#table.labels[sample] ? 1 : 0) - (spikes > 0 ? n / spikes : 1 / counts.length)
    );
    if (teacher === "shuffledReward") shuffle(errors, new RandomStream(seed, `teacher:${done}`));
    this.#regions.forEach((name, k) => this.brain.reward(rate * errors[k], { target: `region:${name}` }));
    await this.brain.run(Math.round(p.rewardMs / this.brain.dt));
    this.brain.resetTraces();
    this.#notes.done++;
  }

  #cachedOrder: { epoch: number; order: Uint32Array } = { epoch: -1, order: new Uint32Array(0) };

  #order(seed: number, epoch: number): Uint32Array {
    if (this.#cachedOrder.epoch !== epoch) {
      const order = new RandomStream(seed, `order:${epoch}`).permutation(this.#split.train.length);
      this.#cachedOrder = { epoch, order };
    }
    return this.#cachedOrder.order;
  }

  /** What a sample is to the input, and how it is shown. */
  #values(sample: number): number[] {
    const { low, high } = this.#notes;
    return this.#table.rows[sample].map((x, c) => {
      const span = high[c] - low[c];
      return span > 0 ? Math.min(1, Math.max(0, (x - low[c]) / span)) : 0.5;
    });
  }

  get #stimulus(): StimulusOptions {
    const { maxRateHz, sigma } = this.#notes.parameters;
    return { encoding: "population", train: "regular", maxRateHz, sigma };
  }

  /** Spikes of each class so far. */
  #counts(): number[] {
    return this.#regions.map((name) => this.brain.region(name).spikeCounts.reduce((a, b) => a + b, 0));
  }

  /**
   * Accuracy on the rows held out. The brain is not touched: each row is shown to a frozen copy of it in the same state,
   * so neither order nor number of test rows matters.
   */
  evaluate(how?: Evaluation): Promise<Score> {
    return this.evaluateOn(this.#split.test, how);
  }

  /** Rows held out, as indices into the table. */
  get testRows(): readonly number[] {
    return this.#split.test;
  }

  /** {@linkcode evaluate} on any rows of the table. */
  async evaluateOn(rows: readonly number[], how?: Evaluation): Promise<Score> {
    const { sampleMs, neurons } = this.#notes.parameters, tally = new Tally();
    const samples = { length: rows.length, at: (k: number) => this.#values(rows[k]) };
    const presentation = { stimulate: INPUT, stimulus: this.#stimulus, durationMs: sampleMs, count: this.#regions };
    const answers = await respond(this.brain, samples, { ...presentation, ...how }), all = answers.length / rows.length;
    rows.forEach((sample, row) => {
      const counts = sumOfClasses(answers.subarray(row * all, (row + 1) * all), neurons);
      tally.add(counts, this.#table.labels[sample], counts.every((n) => n === 0));
    });
    return tally.score();
  }
}

/** A number that changes with any row or label of a table. */
function fingerprint({ rows, labels }: Table): number {
  return crc32(new TextEncoder().encode(JSON.stringify([rows, labels])));
}

function shuffle(values: number[], random: RandomStream): void {
  const order = random.permutation(values.length), copy = [...values];
  order.forEach((from, to) => values[to] = copy[from]);
}
