/**
 * What is left of what has been learnt when a part of the learner dies. A network learns digits without labels (images.ts) and
 * is read out once; then neurons, synapses or input lines are removed at random, several times over, and test images are shown.
 * Nothing is fitted anew. Afterwards learning may go on for a while, still without labels and with the same read-out. Beside it,
 * prototypes and a perceptron of the same size lose as many of theirs.
 */

import type { Brain } from "../brain/brain.ts";
import { RandomStream } from "../state/random.ts";
import { benchmarkOnly } from "./benchmark_only.ts";
import { drawPerClass } from "./draws.ts";
import type { Images } from "./idx.ts";
import { FEATURES, IMAGE } from "./image_network.ts";
import { type ImageSets, ImageTrainer } from "./images.ts";
import { outputsFor } from "./labels.ts";
import { imageSets } from "./mnist.ts";
import { Perceptron } from "./perceptron.ts";
import { Prototypes } from "./prototypes.ts";
import { Shared } from "./shared.ts";
import { statistics } from "./statistics.ts";
import type { Benchmark, BenchmarkOptions } from "./task.ts";
import { scoreOf, shareRight, votesOf } from "./votes.ts";

/** The protocol. */
const PROTOCOL = {
  neurons: 400,
  samples: 60_000,
  labelled: 10_000,
  testedPerClass: 200,
  lesions: 5,
  /** Images of learning on. */
  goesOn: 1000,
  roused: 10_000,
  /** Passes of the perceptron. */
  passes: 5,
};
/** A quick one. */
const QUICK: typeof PROTOCOL = {
  neurons: 50,
  samples: 300,
  labelled: 300,
  testedPerClass: 10,
  lesions: 2,
  goesOn: 50,
  roused: 100,
  passes: 20,
};

/** What can be lost, and which share of it. */
const KINDS = ["neurons", "synapses", "inputs"] as const, SHARES = [0.05, 0.2, 0.5, 0.8, 0.9];
/** The share after which learning goes on. */
const HALF = 0.5;

type Kind = typeof KINDS[number];
type LearnerName = "network" | "half" | "k-means" | "perceptron";
type Afterwards = "goesOn" | "roused";

interface Arm {
  learner: LearnerName;
  meaning: string;
  loss?: { kind: Kind; share: number; afterwards?: Afterwards };
}

const percent = (share: number) => Math.round(100 * share);
const losses = (prefix: string, learner: LearnerName, kind: Kind, of: string): [string, Arm][] =>
  SHARES.map((share) => [
    `${prefix}-${percent(share)}`,
    { learner, loss: { kind, share }, meaning: `without ${percent(share)} % of ${of}` },
  ]);

const ARMS = new Map<string, Arm>([
  ["intact", { learner: "network", meaning: "the network as it has learnt" }],
  ...KINDS.flatMap((kind) => losses(kind, "network", kind, `its ${kind}`)),
  ["neurons-50-goes-on", {
    learner: "network",
    loss: { kind: "neurons", share: HALF, afterwards: "goesOn" },
    meaning: `without half of its neurons, and then ${PROTOCOL.goesOn} images of learning on`,
  }],
  ...KINDS.map((kind): [string, Arm] => [`${kind}-50-roused`, {
    learner: "network",
    loss: { kind, share: HALF, afterwards: "roused" },
    meaning: `without half of its ${kind}, and then acetylcholine and ${PROTOCOL.roused} images of learning on`,
  }]),
  ["half", { learner: "half", meaning: "a network of half the neurons from the beginning" }],
  ["k-means", { learner: "k-means", meaning: "as many centres of online spherical k-means" }],
  ...losses("k-means", "k-means", "neurons", "the centres"),
  ["perceptron", { learner: "perceptron", meaning: "a perceptron with as many hidden units" }],
  ...losses("perceptron", "perceptron", "neurons", "its hidden units"),
]);

/** A loss: another random part for each lesion. */
interface Loss {
  kind: Kind;
  share: number;
  lesion: number;
  afterwards?: Afterwards;
}

/** Something that has learnt digits. */
interface Learner {
  backend: string;
  /** The share of right answers of all of it, and of what a loss leaves. */
  intact: number;
  without(loss: Loss): Promise<number>;
}

/** What a learner learns from, and by. */
interface Run {
  sets: ImageSets;
  seed: number;
  p: typeof PROTOCOL;
  asked: number[];
  options: BenchmarkOptions;
}

/** The part that is lost. */
function lost({ kind, share, lesion }: Loss, seed: number, all: number): Uint32Array {
  return new RandomStream(seed, `lesion:${kind}:${lesion}`).permutation(all).subarray(0, Math.round(share * all));
}

/** Removes a part of a network. */
function remove(brain: Brain, loss: Loss): void {
  const projection = `${IMAGE}->${FEATURES}`, neurons = brain.region(FEATURES).neurons;
  const lines = brain.region(IMAGE).neurons;
  const gone = lost(
    loss,
    brain.seed,
    { neurons, synapses: brain.projection(projection).synapses, inputs: lines }[loss.kind],
  );
  if (loss.kind === "neurons") brain.lesion(FEATURES, gone);
  else if (loss.kind === "synapses") brain.lesionSynapses(projection, gone);
  else {
    // A line is lost with all that it reaches.
    const reached = (line: number) => Array.from({ length: neurons }, (_, j) => line * neurons + j);
    brain.lesionSynapses(projection, [...gone].flatMap(reached));
  }
}

async function networkOf({ sets, seed, p, asked, options: { backend } }: Run, neurons: number): Promise<Learner> {
  const { train, test } = sets, right = asked.map((k) => test.labels[k]);
  const trainer = ImageTrainer.create(sets, { seed, task: "mnist", neurons, samples: p.samples });
  await trainer.brain.moveTo({ backend });
  while (trainer.done < trainer.total) await trainer.next();
  const known = Array.from({ length: p.labelled }, (_, k) => trainer.sampleOf(k));
  const votes = votesOf(await trainer.responses(train, known), known.map((k) => train.labels[k]), neurons);
  const accuracyOf = async (it: ImageTrainer) => scoreOf(votes, await it.responses(test, asked), right, neurons).score;
  return {
    backend: trainer.brain.backend,
    intact: await accuracyOf(trainer),
    async without(loss) {
      const damaged = ImageTrainer.resume(sets, trainer.brain.clone());
      using brain = damaged.brain;
      remove(brain, loss);
      await brain.moveTo({ backend });
      // Rates have fallen while it learnt; acetylcholine raises them to what they were in the beginning.
      if (loss.afterwards === "roused") brain.release(FEATURES, "acetylcholine", 1);
      const images = loss.afterwards ? p[loss.afterwards] : 0;
      for (let k = 0; k < images; k++) await damaged.show(train, trainer.sampleOf(k));
      return await accuracyOf(damaged);
    },
  };
}

function prototypesOf({ sets: { train, test }, seed, p, asked }: Run): Learner {
  const order = new RandomStream(seed, "order:0").permutation(train.labels.length).subarray(0, p.samples);
  const prototypes = Prototypes.learnt(train, p.neurons, seed, order), known = [...order.subarray(0, p.labelled)];
  const counts = (images: Images, samples: readonly number[], gone?: Uint32Array) => {
    const list = new Uint16Array(samples.length * p.neurons);
    samples.forEach((k, row) => list[row * p.neurons + prototypes.assign(images, k, gone)] = 1);
    return list;
  };
  const votes = votesOf(counts(train, known), known.map((k) => train.labels[k]), p.neurons);
  const right = asked.map((k) => test.labels[k]);
  const accuracy = (gone?: Uint32Array) => scoreOf(votes, counts(test, asked, gone), right, p.neurons).score;
  return {
    backend: "none",
    intact: accuracy(),
    without: (loss) => Promise.resolve(accuracy(lost(loss, seed, p.neurons))),
  };
}

async function perceptronOf({ sets: { train, test }, seed, p, asked }: Run): Promise<Learner> {
  const order = new RandomStream(seed, "order:0").permutation(train.labels.length).subarray(0, p.samples);
  const perceptron = await Perceptron.create(train, { seed, classes: outputsFor(train.labels), hidden: p.neurons });
  await perceptron.learn(train, [...order], p.passes);
  const right = asked.map((k) => test.labels[k]);
  const accuracy = (gone?: Uint32Array) => shareRight(perceptron.answers(test, asked, gone), right);
  return {
    backend: "none",
    intact: accuracy(),
    without: (loss) => Promise.resolve(accuracy(lost(loss, seed, p.neurons))),
  };
}

async function learn(name: LearnerName, run: Run): Promise<Learner> {
  if (name === "k-means") return prototypesOf(run);
  if (name === "perceptron") return await perceptronOf(run);
  return await networkOf(run, name === "half" ? run.p.neurons >> 1 : run.p.neurons);
}

/** A learner is the same for all that it may lose. */
const learnt = new Shared<Learner>();

const benchmark: Benchmark = {
  metric: "accuracy",
  arms: Object.fromEntries([...ARMS].map(([arm, { meaning }]) => [arm, meaning])),
  options: ["data"],
  hyperparameters: (quick) => quick ? QUICK : PROTOCOL,
  async run(arm, seed, quick, options) {
    const { learner: name, loss } = ARMS.get(arm)!, p = quick ? QUICK : PROTOCOL, sets = await imageSets(options.data);
    const asked = drawPerClass(sets.test, p.testedPerClass, seed, "test");
    const learner = await learnt.of([name, seed, p, options], () => learn(name, { sets, seed, p, asked, options }));
    const { intact } = learner, lesions: number[] = [];
    for (let lesion = 0; loss && lesion < p.lesions; lesion++) {
      lesions.push(await learner.without({ ...loss, lesion }));
    }
    const value = loss ? statistics(lesions).mean : intact;
    return {
      value,
      also: { meaning: "of the intact", value: value / intact },
      details: { backend: learner.backend, lesions, intact, tested: asked.length },
    };
  },
};

/** Only a benchmark. */
export const degradation = benchmarkOnly(
  "degradation",
  "digits after the loss of neurons, synapses or inputs; nothing is fitted anew",
  benchmark,
);
