/**
 * Learning one thing after the other. Digits come in tasks of a few classes each, every image once, and never again; then
 * all ten are asked for (class-incremental, ten-way: nothing says which task a test image is of). The network learns
 * without labels (images.ts), with neurons that mature or with none that do. One read-out serves for all: after each task
 * the labels of some of its images are added to it, and what was read for earlier classes stays as it was read then.
 */

import type { BackendName } from "../brain/backends.ts";
import { benchmarkOnly } from "./benchmark_only.ts";
import { type Learner, learnInTurn, VotingNetwork } from "./class_incremental.ts";
import { drawPerClass } from "./draws.ts";
import type { Images } from "./idx.ts";
import type { ImageSets } from "./images.ts";
import { outputsFor } from "./labels.ts";
import { imageSets } from "./mnist.ts";
import { NearestMean } from "./nearest.ts";
import { BATCH, Perceptron } from "./perceptron.ts";
import { type Phase, phasesOf } from "./stream.ts";
import type { Benchmark, Outcome } from "./task.ts";

/** The protocol. */
const PROTOCOL = {
  neurons: 1600,
  /** Training images of each class, at most. */
  perClass: 6000,
  /** Of these, with a label for the read-out. */
  labelledPerClass: 1000,
  /** Test images of each class, drawn for each seed: the same after every task. */
  testedPerClass: 500,
  /** Of the perceptrons: hidden units, passes over each task, and images of each earlier class that one of them keeps. */
  hidden: 128,
  passes: 3,
  batch: BATCH,
  exemplars: 10,
};
/** A quick one. */
const QUICK: typeof PROTOCOL = {
  ...PROTOCOL,
  neurons: 100,
  perClass: 60,
  labelledPerClass: 30,
  testedPerClass: 20,
  passes: 1,
};

/** How many classes come at a time. */
const SCENARIOS = { two: 5, five: 2, joint: Infinity };

/** What learns; an arm is a scenario and a learner. */
const LEARNERS = {
  "": "neurons mature: what they have learnt lasts, and unused ones learn what is new",
  "immature": "the same rates, and no neuron matures",
  "plain": "the recipe of --task mnist, at rates that do not fall where tasks come in turn",
  "nearest-mean": "the mean image of each class",
  "perceptron": "trained on each task in turn",
  "perceptron-exemplars": `the same, and ${PROTOCOL.exemplars} images of each earlier class are kept and shown again`,
};
type LearnerName = keyof typeof LEARNERS;
/** What learns all classes at once. */
const JOINT = ["", "plain", "perceptron"];

const MEANING = {
  two: "five classes, then the other five",
  five: "two classes at a time",
  joint: "all classes at once",
};

const ARMS = new Map<string, { classes: number; learner: LearnerName; meaning: string }>(
  Object.entries(SCENARIOS).flatMap(([scenario, classes]) =>
    Object.entries(LEARNERS).filter(([name]) => scenario !== "joint" || JOINT.includes(name)).map(
      (
        [name, meaning],
      ) => [
        name === "" ? scenario : `${scenario}-${name}`,
        { classes, learner: name as LearnerName, meaning: `${MEANING[scenario as keyof typeof MEANING]}: ${meaning}` },
      ],
    )
  ),
);

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

async function learnerOf(
  name: LearnerName,
  sets: ImageSets,
  seed: number,
  { neurons, hidden, passes, exemplars }: typeof PROTOCOL,
  joint: boolean,
  backend?: BackendName,
): Promise<Learner> {
  switch (name) {
    case "nearest-mean":
      return new Means(sets.train);
    case "perceptron":
    case "perceptron-exemplars": {
      const classes = outputsFor(sets.train.labels);
      const perceptron = await Perceptron.create(sets.train, { seed, classes, hidden });
      return new SequentialPerceptron(perceptron, sets.train, passes, name === "perceptron" ? 0 : exemplars);
    }
    default: {
      const kind = name === "plain" ? "whole" : "lasting";
      const parameters = {
        ...name === "immature" && { maturation: null },
        // Tasks in turn have no end towards which rates could fall.
        ...name === "plain" && !joint && { finalRate: 1 },
      };
      return await VotingNetwork.create(sets, { seed, task: "forgetting", kind, neurons, parameters, backend });
    }
  }
}

const benchmark: Benchmark = {
  metric: "accuracy over all classes",
  arms: Object.fromEntries([...ARMS].map(([arm, { meaning }]) => [arm, meaning])),
  options: ["neurons", "data"],
  hyperparameters: (quick, { neurons }) => ({ ...quick ? QUICK : PROTOCOL, ...neurons !== undefined && { neurons } }),
  async run(arm, seed, quick, { neurons, data, backend }): Promise<Outcome> {
    const p = { ...quick ? QUICK : PROTOCOL, ...neurons !== undefined && { neurons } };
    const { classes, learner: name } = ARMS.get(arm)!, sets = await imageSets(data);
    const phases = phasesOf(sets.train, seed, classes, p.perClass, p.labelledPerClass);
    const asked = drawPerClass(sets.test, p.testedPerClass, seed, "test");
    using learner = await learnerOf(name, sets, seed, p, classes === Infinity, backend);
    const { retention, accuracy } = await learnInTurn(learner, sets, phases, asked);
    return {
      value: accuracy,
      also: { meaning: "of the first task lost", value: retention[0][0] - retention.at(-1)![0] },
      details: {
        ...learner.details(),
        retention,
        tested: asked.length,
        shown: phases.map(({ shown }) => shown.length),
        order: phases.map(({ classes }) => classes),
      },
    };
  },
};

/** Only a benchmark. */
export const forgetting = benchmarkOnly(
  "forgetting",
  "digits learnt some classes at a time, and all of them asked for at the end",
  benchmark,
);
