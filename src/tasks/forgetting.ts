/**
 * Learning one thing after the other. Digits come in tasks of a few classes each, every image once, and never again; then
 * all ten are asked for (class-incremental, ten-way: nothing says which task a test image is of). The network learns
 * without labels (images.ts), with neurons that mature or with none that do. One read-out serves for all: after each task
 * the labels of some of its images are added to it, and what was read for earlier classes stays as it was read then.
 */

import type { BackendName } from "../brain/backends.ts";
import type { Images } from "./idx.ts";
import { benchmarkOnly } from "./benchmark_only.ts";
import { FEATURES, type ImageParameters, type ImageSets, ImageTrainer } from "./images.ts";
import { imageSets } from "./mnist.ts";
import { NearestMean } from "./nearest.ts";
import { Perceptron, shareRight } from "./perceptron.ts";
import { type Phase, phasesOf } from "./stream.ts";
import type { Benchmark, Outcome } from "./task.ts";
import { scoreOf, votesOf } from "./votes.ts";

/** The protocol. */
const PROTOCOL = {
  neurons: 1600,
  /** Training images of each class. */
  perClass: 6000,
  /** Of these, with a label for the read-out. */
  labelledPerClass: 1000,
  /** Test images after the last task, and after each other one. */
  tested: 10_000,
  testedBetween: 2000,
  /** Of the perceptrons: hidden units, passes over each task, and images of each earlier class that one of them keeps. */
  hidden: 128,
  passes: 3,
  exemplars: 10,
};
/** A quick one. */
const QUICK: typeof PROTOCOL = {
  ...PROTOCOL,
  neurons: 100,
  perClass: 60,
  labelledPerClass: 30,
  tested: 200,
  testedBetween: 100,
  passes: 1,
};

/** How many classes come at a time. */
const SCENARIOS = { two: 5, five: 2, joint: 10 };

/** What lives through the tasks; an arm is a scenario and a way. */
const WAYS = {
  "": "neurons mature: what they have learnt lasts, and unused ones learn what is new",
  "plain": "no neuron matures",
  "nearest-mean": "the mean image of each class",
  "perceptron": "trained on each task in turn",
  "perceptron-exemplars": `the same, and ${PROTOCOL.exemplars} images of each earlier class are kept and shown again`,
};
type Way = keyof typeof WAYS;

const MEANING = {
  two: "five classes, then the other five",
  five: "two classes at a time",
  joint: "all classes at once",
};

const ARMS = new Map<string, { classes: number; way: Way; meaning: string }>(
  Object.entries(SCENARIOS).flatMap(([scenario, classes]) =>
    Object.entries(WAYS).filter(([way]) => scenario !== "joint" || way === "" || way === "perceptron").map((
      [way, meaning],
    ) => [
      way === "" ? scenario : `${scenario}-${way}`,
      { classes, way: way as Way, meaning: `${MEANING[scenario as keyof typeof MEANING]}: ${meaning}` },
    ])
  ),
);

/** Something that learns task after task. */
export interface Learner {
  /** Learns a task, and to name its classes. */
  learn(phase: Phase): Promise<void>;
  /** Names images; null is a tie or silence. */
  answers(images: Images, samples: readonly number[]): Promise<(number | null)[]> | (number | null)[];
  /** For the raw row. */
  details(): { backend: string } & Record<string, unknown>;
  [Symbol.dispose](): void;
}

/** A network of spiking neurons with votes. */
export class VotingNetwork implements Learner {
  readonly #known: { counts: Uint16Array; labels: number[] }[] = [];

  constructor(readonly trainer: ImageTrainer, readonly images: Images) {}

  /** Begins with a new network. */
  static async create(
    sets: ImageSets,
    seed: number,
    kind: "whole" | "lasting",
    parameters: Partial<ImageParameters> & { neurons: number },
    backend?: BackendName,
  ): Promise<VotingNetwork> {
    const trainer = ImageTrainer.create(sets, {
      seed,
      task: "forgetting",
      kind,
      neurons: parameters.neurons,
      parameters,
    });
    await trainer.brain.moveTo({ backend });
    return new VotingNetwork(trainer, sets.train);
  }

  async learn({ shown, labelled }: Phase): Promise<void> {
    await this.show(shown);
    await this.read(labelled);
  }

  /** Learns from images, without labels. */
  async show(samples: readonly number[]): Promise<void> {
    for (const k of samples) await this.trainer.show(this.images, k);
  }

  /** Adds the labels of images to the read-out. */
  async read(labelled: readonly number[]): Promise<void> {
    const counts = await this.trainer.responses(this.images, labelled);
    this.#known.push({ counts, labels: labelled.map((k) => this.images.labels[k]) });
  }

  async answers(images: Images, samples: readonly number[]): Promise<(number | null)[]> {
    const { neurons } = this.trainer, labels = this.#known.flatMap(({ labels }) => labels);
    const all = new Uint16Array(labels.length * neurons);
    let at = 0;
    for (const { counts } of this.#known) {
      all.set(counts, at);
      at += counts.length;
    }
    const votes = votesOf(all, labels, neurons), counts = await this.trainer.responses(images, samples);
    return scoreOf(votes, counts, samples.map((k) => images.labels[k]), neurons).answers;
  }

  details() {
    const { brain, neurons } = this.trainer, { synapses, step, dtMs } = brain.summary();
    const matured = "region.features.maturation.learnt";
    return {
      backend: brain.backend,
      neurons,
      synapses,
      simMs: step * dtMs,
      parameters: this.trainer.parameters,
      ...brain.arrays.has(matured) && { used: brain.arrays.get(matured, "u32").filter((n) => n > 0).length },
      spikes: brain.region(FEATURES).spikeCounts.reduce((a, b) => a + b, 0),
    };
  }

  [Symbol.dispose](): void {
    this.trainer.brain.close();
  }
}

/** A perceptron that is trained on each task in turn. */
class SequentialPerceptron implements Learner {
  readonly #kept: number[] = [];

  constructor(
    readonly perceptron: Perceptron,
    readonly images: Images,
    readonly passes: number,
    readonly exemplars: number,
  ) {}

  async learn({ classes, shown }: Phase): Promise<void> {
    const { labels } = this.images, perClass = Math.ceil(shown.length / classes.length);
    // What was kept is shown as often as what is new, class by class.
    const times = Math.ceil(perClass / Math.max(1, this.exemplars));
    const again = Array.from({ length: times }, () => this.#kept).flat();
    await this.perceptron.learn(this.images, [...shown, ...again], this.passes);
    for (const c of classes) this.#kept.push(...shown.filter((k) => labels[k] === c).slice(0, this.exemplars));
  }

  answers(images: Images, samples: readonly number[]): number[] {
    return this.perceptron.answers(images, samples);
  }

  details() {
    return { backend: "none", kept: this.#kept.length };
  }

  [Symbol.dispose](): void {
    this.perceptron[Symbol.dispose]();
  }
}

/** The mean image of each class. */
class Means implements Learner {
  readonly #means: NearestMean;

  constructor(readonly images: Images) {
    this.#means = new NearestMean(images);
  }

  learn({ shown }: Phase): Promise<void> {
    this.#means.learn(this.images, shown);
    return Promise.resolve();
  }

  answers(images: Images, samples: readonly number[]): number[] {
    return this.#means.answers(images, samples);
  }

  details() {
    return { backend: "none" };
  }

  [Symbol.dispose](): void {}
}

/** What is left of each task after each: `retention[t][i]` of task i after task t, as the share of right answers. */
export async function liveThrough(
  learner: Learner,
  { test }: ImageSets,
  phases: readonly Phase[],
  tested: number,
  testedBetween: number,
): Promise<{ retention: number[][]; accuracy: number }> {
  const retention: number[][] = [], seen: number[] = [];
  let accuracy = 0;
  for (const [t, phase] of phases.entries()) {
    await learner.learn(phase);
    seen.push(...phase.classes);
    const known = [...test.labels.keys()].filter((k) => seen.includes(test.labels[k]));
    const samples = known.slice(0, t + 1 < phases.length ? testedBetween : tested);
    const labels = samples.map((k) => test.labels[k]), answers = await learner.answers(test, samples);
    accuracy = shareRight(answers, labels);
    retention.push(
      phases.slice(0, t + 1).map(({ classes }) => {
        const own = [...labels.keys()].filter((row) => classes.includes(labels[row]));
        return shareRight(own.map((row) => answers[row]), own.map((row) => labels[row]));
      }),
    );
  }
  return { retention, accuracy };
}

async function learnerOf(
  way: Way,
  sets: ImageSets,
  seed: number,
  { neurons, hidden, passes, exemplars }: typeof PROTOCOL,
  backend?: BackendName,
): Promise<Learner> {
  switch (way) {
    case "nearest-mean":
      return new Means(sets.train);
    case "perceptron":
    case "perceptron-exemplars": {
      const classes = 1 + Math.max(...sets.train.labels);
      const perceptron = await Perceptron.create(sets.train, { seed, classes, hidden });
      return new SequentialPerceptron(perceptron, sets.train, passes, way === "perceptron" ? 0 : exemplars);
    }
    default:
      return await VotingNetwork.create(sets, seed, way === "" ? "lasting" : "whole", {
        neurons,
        // A life has no end towards which rates could fall.
        ...way === "plain" && { finalRate: 1 },
      }, backend);
  }
}

const benchmark: Benchmark = {
  metric: "accuracy over all classes",
  arms: Object.fromEntries([...ARMS].map(([arm, { meaning }]) => [arm, meaning])),
  options: ["neurons", "data"],
  hyperparameters: (quick, { neurons }) => ({ ...quick ? QUICK : PROTOCOL, ...neurons !== undefined && { neurons } }),
  async run(arm, seed, quick, { neurons, data, backend }): Promise<Outcome> {
    const p = { ...quick ? QUICK : PROTOCOL, ...neurons !== undefined && { neurons } };
    const { classes, way } = ARMS.get(arm)!, sets = await imageSets(data);
    const phases = phasesOf(sets.train, seed, classes, p.perClass, p.labelledPerClass);
    using learner = await learnerOf(way, sets, seed, p, backend);
    const { retention, accuracy } = await liveThrough(learner, sets, phases, p.tested, p.testedBetween);
    return {
      value: accuracy,
      also: { meaning: "of the first task lost", value: retention[0][0] - retention.at(-1)![0] },
      details: { ...learner.details(), retention, order: phases.map(({ classes }) => classes) },
    };
  },
};

/** Only a benchmark. */
export const forgetting = benchmarkOnly(
  "forgetting",
  "digits learnt some classes at a time, and all of them asked for at the end",
  benchmark,
);
