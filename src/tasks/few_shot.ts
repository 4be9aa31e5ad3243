/**
 * How far a few labels go. Two tracks: *strict*, in which nothing but the K labelled images of each class is ever seen; and
 * *semi-supervised*, in which a network has learnt from all images without labels (images.ts), and then K images of each
 * class get theirs, which spread over neurons that answered together (spreading.ts). All arms see the same draws of images.
 */

import { RandomStream } from "../state/random.ts";
import { benchmarkOnly } from "./benchmark_only.ts";
import { drawPerClass } from "./draws.ts";
import { type ImageSets, ImageTrainer, type Learning } from "./images.ts";
import { outputsFor } from "./labels.ts";
import { imageSets } from "./mnist.ts";
import { NearestMean, nearestNeighbour } from "./nearest.ts";
import { PROTOTYPES, Prototypes } from "./prototypes.ts";
import { BATCH, Perceptron } from "./perceptron.ts";
import { Shared } from "./shared.ts";
import { associate, type Association, SPREADING, spreadVotes } from "./spreading.ts";
import { statistics } from "./statistics.ts";
import type { Benchmark, BenchmarkOptions, Outcome } from "./task.ts";
import { scoreOf, shareRight, votesOf } from "./votes.ts";

/** The protocol. */
const PROTOCOL = {
  /** Labelled images of a class. */
  shots: [1, 2, 5, 10, 20, 50, 100],
  /** Draws of labelled images for each seed. */
  draws: 4,
  testedPerClass: 300,
  /** Of the semi-supervised track: neurons, images without labels, and those of them that neurons are associated by. */
  neurons: 1600,
  unlabelled: 60_000,
  associated: 20_000,
  /** Of the strict track: neurons, and passes over the labelled images. */
  strictNeurons: 800,
  strictPasses: 10,
  /** Passes of the perceptrons, and hidden units of the one that has any. */
  passes: 100,
  hidden: 128,
  batch: BATCH,
};
/** A quick one. */
const QUICK: typeof PROTOCOL = {
  ...PROTOCOL,
  shots: [1, 10],
  draws: 2,
  testedPerClass: 10,
  neurons: 50,
  unlabelled: 300,
  associated: 300,
  strictNeurons: 50,
  strictPasses: 2,
  passes: 20,
};

/** The number of labels at which arms are compared by one number. */
const PRIMARY = 10;

/**
 * What the strict track changes in a network for a life: there are few images, so that a neuron is recruited by less of
 * novelty; and many may answer to an image, since each knows little: the fewer images there were, the softer is inhibition.
 */
const STRICT = { maturation: { spikes: 20, power: 2, youthCurrent: 4 }, inhibitionOfTen: 0.1, inhibitionPower: 0.35 };

const ARMS = {
  "semi": "semi-supervised: a network that has learnt without labels; the few labels spread over it",
  "semi-votes": "semi-supervised: the same network; labels do not spread",
  "semi-random": "semi-supervised: random weights, only thresholds learnt; labels spread",
  "semi-k-means": "semi-supervised: as many centres of k-means in place of neurons; labels spread",
  "strict": "strict: a network that has seen the labelled images only",
  "nearest-mean": "strict: the mean image of each class",
  "nearest-neighbour": "strict: the class of the nearest image",
  "logistic": "strict: logistic regression",
  "perceptron": `strict: a perceptron with ${PROTOCOL.hidden} hidden units`,
};
type Arm = keyof typeof ARMS;

/** One run of the benchmark: an arm, what it learns from, and the test images. */
interface Run {
  arm: Arm;
  sets: ImageSets;
  seed: number;
  p: typeof PROTOCOL;
  asked: number[];
  options: BenchmarkOptions;
}

/** Names the test images of a run, from labelled ones. */
interface Answerer {
  answer(labelled: number[], draw: number): Promise<(number | null)[]> | (number | null)[];
  /** For the raw row, when it has answered. */
  details(): Outcome["details"];
}

/** A network's spikes in answer to images of which some will get labels, and to the test images. */
interface Answered {
  seen: Uint16Array;
  counts: Uint16Array;
  association: Association;
  details: Outcome["details"];
}

/** A network that has learnt without labels is the same for `semi` and `semi-votes`. */
const answered = new Shared<Answered>();

async function learnWithoutLabels(
  { sets, seed, p, asked, options: { backend } }: Run,
  learning: Learning,
): Promise<Answered> {
  const trainer = ImageTrainer.create(sets, {
    seed,
    task: "few-shot",
    neurons: p.neurons,
    samples: p.unlabelled,
    learning,
  });
  using brain = trainer.brain;
  await brain.moveTo({ backend });
  while (trainer.done < trainer.total) await trainer.next();
  const seen = await trainer.responses(sets.train, [...sets.train.labels.keys()].slice(0, p.associated));
  return {
    seen,
    counts: await trainer.responses(sets.test, asked),
    association: associate(seen, p.neurons),
    details: { backend: brain.backend, parameters: trainer.parameters },
  };
}

/** Centres of k-means that have learnt from the same images, answering in a network's stead. */
function centres({ sets: { train, test }, seed, p, asked }: Run): Answered {
  const order = new RandomStream(seed, "order:0").permutation(train.labels.length).subarray(0, p.unlabelled);
  const prototypes = Prototypes.learnt(train, p.neurons, seed, order, PROTOTYPES.passes);
  const seen = prototypes.counts(train, [...train.labels.keys()].slice(0, p.associated));
  return {
    seen,
    counts: prototypes.counts(test, asked),
    association: associate(seen, p.neurons),
    details: { backend: "none", prototypes: PROTOTYPES },
  };
}

/** Reads out what has learnt without labels, by a few. */
async function semi(run: Run): Promise<Answerer> {
  const { arm, sets: { train, test }, seed, p, asked, options } = run;
  const learning = arm === "semi-random" ? "homeostasis" : "all", kMeans = arm === "semi-k-means";
  const { value: { seen, counts, association, details } } = await answered.of(
    [kMeans ? "k-means" : learning, seed, p, options],
    () => kMeans ? Promise.resolve(centres(run)) : learnWithoutLabels(run, learning),
  );
  const { neurons } = p, labels = asked.map((k) => test.labels[k]);
  return {
    answer(labelled) {
      const known = new Uint16Array(labelled.length * neurons), own = labelled.map((k) => train.labels[k]);
      labelled.forEach((k, row) => known.set(seen.subarray(k * neurons, (k + 1) * neurons), row * neurons));
      const votes = arm === "semi-votes" ? votesOf(known, own, neurons) : spreadVotes(association, known, own);
      return scoreOf(votes, counts, labels, neurons).answers;
    },
    details: () => details,
  };
}

/** A network that sees nothing but the labelled images; another one for each draw. */
function strict({ sets, seed, p, asked, options: { backend } }: Run): Answerer {
  const { train, test } = sets, neurons = p.strictNeurons, { maturation, inhibitionOfTen, inhibitionPower } = STRICT;
  let details: Outcome["details"] = { backend: "none" };
  return {
    async answer(labelled, draw) {
      const trainer = ImageTrainer.create(sets, {
        seed,
        task: "few-shot",
        kind: "lasting",
        neurons,
        parameters: { maturation, inhibitionRead: inhibitionOfTen * (labelled.length / 10) ** inhibitionPower },
      });
      using brain = trainer.brain;
      await brain.moveTo({ backend });
      for (let pass = 0; pass < p.strictPasses; pass++) {
        const order = new RandomStream(seed, `few:${draw}:${pass}`).permutation(labelled.length);
        for (const k of order) await trainer.show(train, labelled[k]);
      }
      details = { backend: brain.backend, parameters: trainer.parameters };
      const votes = await trainer.votes(labelled);
      return scoreOf(votes, await trainer.responses(test, asked), asked.map((k) => test.labels[k]), neurons).answers;
    },
    details: () => details,
  };
}

/** What others make of the labelled images. */
function baseline({ arm, sets: { train, test }, seed, p, asked }: Run): Answerer {
  return {
    async answer(labelled, draw) {
      if (arm === "nearest-neighbour") return nearestNeighbour(train, labelled, test, asked);
      if (arm === "nearest-mean") {
        const means = new NearestMean(train);
        means.learn(train, labelled);
        return means.answers(test, asked);
      }
      using perceptron = await Perceptron.create(train, {
        seed: seed + 1000 * draw,
        classes: outputsFor(train.labels),
        hidden: arm === "perceptron" ? p.hidden : 0,
      });
      await perceptron.learn(train, labelled, p.passes);
      return perceptron.answers(test, asked);
    },
    details: () => ({ backend: "none" }),
  };
}

async function answererOf(run: Run): Promise<Answerer> {
  if (run.arm.startsWith("semi")) return await semi(run);
  return run.arm === "strict" ? strict(run) : baseline(run);
}

const benchmark: Benchmark = {
  metric: `accuracy with ${PRIMARY} labels a class`,
  arms: ARMS,
  options: ["data"],
  hyperparameters: (quick) => ({ ...quick ? QUICK : PROTOCOL, spreading: SPREADING, strict: STRICT }),
  async run(arm, seed, quick, options) {
    const p = quick ? QUICK : PROTOCOL, sets = await imageSets(options.data), { train, test } = sets;
    const asked = drawPerClass(test, p.testedPerClass, seed, "test"), labels = asked.map((k) => test.labels[k]);
    const answerer = await answererOf({ arm: arm as Arm, sets, seed, p, asked, options });
    const accuracy: Record<string, number[]> = {};
    for (const shots of p.shots) {
      accuracy[shots] = [];
      for (let draw = 0; draw < p.draws; draw++) {
        const labelled = drawPerClass(train, shots, seed, `few:${draw}`, p.associated);
        accuracy[shots].push(shareRight(await answerer.answer(labelled, draw), labels));
      }
    }
    const mean = (shots: number) => statistics(accuracy[shots]).mean;
    return {
      value: mean(PRIMARY),
      also: { meaning: "with one", value: mean(1) },
      details: { ...answerer.details(), accuracy, tested: asked.length },
    };
  },
};

/** Only a benchmark. */
export const fewShot = benchmarkOnly(
  "few-shot",
  "digits from a few labels, with and without images that have none",
  benchmark,
);
