/**
 * Digits by reward: features are learnt without labels (images.ts); then they stay as they are, and a layer of spiking neurons
 * behind them learns from reward alone (class_groups.ts), the same images once more. The group that spikes most is the answer.
 */

import type { Brain } from "../brain/brain.ts";
import { RandomStream } from "../state/random.ts";
import { CLASS_GROUPS, CLASSES, type ClassGroups, errorsOf, rewardGroups, teach } from "./class_groups.ts";
import { drawPerClass } from "./draws.ts";
import type { Images } from "./idx.ts";
import { IMAGE } from "./image_network.ts";
import { type ImageSets, ImageTrainer } from "./images.ts";
import { outputsFor } from "./labels.ts";
import { imageSets } from "./mnist.ts";
import { Shared } from "./shared.ts";
import { sumOfClasses, Tally } from "./tally.ts";
import { type Benchmark, type Evaluation, refuseMore, type Score, type Task, type Trainer } from "./task.ts";
import { scoreOf } from "./votes.ts";

/** What the teacher does: `reward` is the real one, the others are controls. */
export type ImageTeacher = "reward" | "shuffledReward" | "none";

/** What is kept with the brain, beside what {@linkcode ImageTrainer} keeps. */
interface Notes {
  teacher: ImageTeacher;
  /** Images rewarded so far, and planned. */
  rewarded: number;
  rewards: number;
}

/** How to begin. */
interface RewardOptions {
  seed: number;
  neurons?: number;
  /** Presentations: the first half of them for features, then the same images for reward. */
  samples?: number;
  data?: string;
  teacher?: ImageTeacher;
  /** Numbers of the layer that differ from the defaults. */
  groups?: Partial<ClassGroups>;
  parameters?: Partial<ImageTrainer["parameters"]>;
}

/** Trains features, and then the layer. All progress is in the brain. */
export class RewardTrainer implements Trainer, Disposable {
  readonly metric = "accuracy";
  readonly brain: Brain;

  private constructor(readonly features: ImageTrainer, readonly sets: ImageSets) {
    this.brain = features.brain;
  }

  /** Begins with a new brain. */
  static create(
    sets: ImageSets,
    { teacher = "reward", groups, parameters, samples, ...options }: RewardOptions,
  ): RewardTrainer {
    const classGroups = { ...CLASS_GROUPS, classes: outputsFor(sets.train.labels), ...groups };
    // Many features answer, each a little: their groups hear more than one.
    const features = ImageTrainer.create(sets, {
      ...options,
      ...samples !== undefined && { samples: Math.ceil(samples / 2) },
      task: "mnist-reward",
      parameters: { inhibitionRead: 0.5, ...parameters, classGroups },
    });
    const rewards = Math.min(features.total, (samples ?? Infinity) - features.total);
    Object.assign(features.brain.notes.training as object, { teacher, rewarded: 0, rewards } satisfies Notes);
    return new RewardTrainer(features, sets);
  }

  [Symbol.dispose](): void {
    this.brain.close();
  }

  /** Goes on with a saved brain. */
  static resume(sets: ImageSets, brain: Brain): RewardTrainer {
    return new RewardTrainer(ImageTrainer.resume(sets, brain), sets);
  }

  /** A copy with another teacher; for the time before reward begins. */
  taughtBy(teacher: ImageTeacher): RewardTrainer {
    const copy = RewardTrainer.resume(this.sets, this.brain.clone());
    copy.#notes.teacher = teacher;
    return copy;
  }

  get #notes(): Notes {
    return this.brain.notes.training as unknown as Notes;
  }

  get #groups(): ClassGroups {
    return this.features.parameters.classGroups!;
  }

  get total(): number {
    return this.features.total + this.#notes.rewards;
  }

  get done(): number {
    return this.features.done + this.#notes.rewarded;
  }

  /** Shows the next image: for features, or, when these are learnt, for reward. */
  async next(): Promise<void> {
    const { features, brain } = this, notes = this.#notes, groups = this.#groups;
    if (features.done < features.total) {
      await features.next();
      if (features.done === features.total) features.finishFeatures();
      return;
    }
    if (notes.rewarded === 0) teach(brain, groups, notes.teacher !== "none");
    const { train } = this.sets, sample = features.sampleOf(notes.rewarded), before = brain.region(CLASSES).spikeCounts;
    await features.show(train, sample);
    brain.clearStimulus(IMAGE);
    const spikes = brain.region(CLASSES).spikeCounts.map((n, k) => n - before[k]);
    const errors = errorsOf(sumOfClasses(spikes, groups.neurons), train.labels[sample]);
    if (notes.teacher === "shuffledReward") {
      const order = new RandomStream(brain.seed, `teacher:${notes.rewarded}`).permutation(errors.length);
      errors.splice(0, errors.length, ...[...order].map((k) => errors[k]));
    }
    const rate = groups.finalRate ** (notes.rewarded / notes.rewards);
    await rewardGroups(brain, notes.teacher === "none" ? [] : errors, rate, groups.rewardMs);
    notes.rewarded++;
  }

  /** Accuracy on test images. */
  evaluate(how?: Evaluation): Promise<Score> {
    return this.evaluateOn(this.sets.test, [...this.sets.test.labels.keys()], how);
  }

  /** Accuracy on images by the group that spikes most; each meets the same frozen brain. */
  async evaluateOn(images: Images, samples: readonly number[], how?: Evaluation): Promise<Score> {
    const groups = this.#groups, { neurons } = this.brain.region(CLASSES), tally = new Tally();
    const answers = await this.features.answers(this.brain, CLASSES, images, samples, how);
    samples.forEach((k, row) => {
      const spikes = sumOfClasses(answers.subarray(row * neurons, (row + 1) * neurons), groups.neurons);
      tally.add(spikes, images.labels[k], spikes.every((n) => n === 0));
    });
    return tally.score();
  }
}

/** The protocol. */
const PROTOCOL = { neurons: 1600, samples: 120_000, labelled: 10_000, testedPerClass: 500 };
/** A quick one. */
const QUICK: typeof PROTOCOL = { neurons: 50, samples: 800, labelled: 300, testedPerClass: 10 };

const ARMS: Record<string, { teacher: ImageTeacher; meaning: string }> = {
  "r-stdp": { teacher: "reward", meaning: "features without labels; a layer of neurons learns from reward" },
  "shuffled-reward": { teacher: "shuffledReward", meaning: "the same rewards, given to the groups in random order" },
  "no-reward": { teacher: "none", meaning: "the layer as it was drawn" },
  "votes": { teacher: "none", meaning: "the same features, read out by votes with labels" },
};

/** A network that has learnt features is the same for all arms. */
const withFeatures = new Shared<RewardTrainer>();

const benchmark: Benchmark = {
  metric: "accuracy",
  arms: Object.fromEntries(Object.entries(ARMS).map(([arm, { meaning }]) => [arm, meaning])),
  options: ["neurons", "data"],
  hyperparameters: (quick, { neurons }) => ({
    ...quick ? QUICK : PROTOCOL,
    ...neurons !== undefined && { neurons },
    groups: CLASS_GROUPS,
  }),
  async run(arm, seed, quick, { neurons, data, backend }) {
    const p = { ...quick ? QUICK : PROTOCOL, ...neurons !== undefined && { neurons } }, { teacher } = ARMS[arm];
    const sets = await imageSets(data), { test } = sets;
    const { value: untaught, madeS } = await withFeatures.of([seed, p, data, backend], async () => {
      const trainer = RewardTrainer.create(sets, { seed, neurons: p.neurons, samples: p.samples });
      await trainer.brain.moveTo({ backend });
      while (trainer.done < trainer.features.total) await trainer.next();
      return trainer;
    });
    const trainer = untaught.taughtBy(teacher), { features } = trainer;
    using brain = trainer.brain;
    await brain.moveTo({ backend });
    while (teacher !== "none" && trainer.done < trainer.total) await trainer.next();
    const asked = drawPerClass(test, p.testedPerClass, seed, "test");
    const score = arm === "votes"
      ? await byVotes(features, test, asked, p.labelled)
      : await trainer.evaluateOn(test, asked);
    const { ties, silent, tested } = score;
    return {
      value: score.score,
      details: { backend: brain.backend, parameters: features.parameters, ties, silent, tested, madeS },
    };
  },
};

async function byVotes(features: ImageTrainer, test: Images, asked: number[], labelled: number) {
  const known = Array.from({ length: labelled }, (_, k) => features.sampleOf(k)), { neurons } = features;
  const votes = await features.votes(known);
  return scoreOf(votes, await features.responses(test, asked), asked.map((k) => test.labels[k]), neurons);
}

/** The task. */
export const mnistReward: Task = {
  name: "mnist-reward",
  meaning: "handwritten digits by reward: features without labels, and R-STDP of a layer behind them",
  create: async ({ seed, samples, neurons, data }) =>
    RewardTrainer.create(await imageSets(data), { seed, samples, neurons, data }),
  async resume(brain, more, data) {
    refuseMore("mnist-reward", more);
    const notes = brain.notes.training as { data?: string } | undefined;
    return RewardTrainer.resume(await imageSets(data ?? notes?.data), brain);
  },
  benchmark,
};
