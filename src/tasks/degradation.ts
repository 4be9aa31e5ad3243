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
import type { Benchmark, BenchmarkOptions, Score } from "./task.ts";
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
const KINDS = ["neurons", "synapses", "inputs"] as const;
/** The shares, in percent. */
export const PERCENT = [5, 20, 50, 80, 90];
/** The share after which learning goes on. */
const HALF = 50;

type Kind = typeof KINDS[number];
type LearnerName = "network" | "half" | "k-means" | "perceptron";
type Afterwards = "goesOn" | "roused";

interface Arm {
  learner: LearnerName;
  meaning: string;
  loss?: { kind: Kind; percent: number };
  afterwards?: Afterwards;
}

const losses = (prefix: string, learner: LearnerName, kind: Kind, of: string): [string, Arm][] =>
  PERCENT.map((percent) => [
    `${prefix}-${percent}`,
    { learner, loss: { kind, percent }, meaning: `without ${percent} % of ${of}` },
  ]);

const ARMS = new Map<string, Arm>([
  ["intact", { learner: "network", meaning: "the network as it has learnt" }],
  ...KINDS.flatMap((kind) => losses(kind, "network", kind, `its ${kind}`)),
  ["neurons-50-goes-on", {
    learner: "network",
    loss: { kind: "neurons", percent: HALF },
    afterwards: "goesOn",
    meaning: `without half of its neurons, and then ${PROTOCOL.goesOn} images of learning on`,
  }],
  ["intact-roused", {
    learner: "network",
    afterwards: "roused",
    meaning: `all of it, after acetylcholine and ${PROTOCOL.roused} images more`,
  }],
  ...KINDS.map((kind): [string, Arm] => [`${kind}-50-roused`, {
    learner: "network",
    loss: { kind, percent: HALF },
    afterwards: "roused",
    meaning: `without half of its ${kind}, and then acetylcholine and ${PROTOCOL.roused} images of learning on`,
  }]),
  ["half", { learner: "half", meaning: "a network of half the neurons from the beginning" }],
  ["k-means", { learner: "k-means", meaning: "as many centres of online spherical k-means" }],
  ...losses("k-means", "k-means", "neurons", "the centres"),
  ["perceptron", { learner: "perceptron", meaning: "a perceptron with as many hidden units" }],
  ...losses("perceptron", "perceptron", "neurons", "its hidden units"),
]);

/** A loss, if any: another random part for each lesion; and what comes afterwards. */
interface Change {
  kind: Kind;
  percent: number;
  lesion: number;
  afterwards?: Afterwards;
}

/** What is answered right, and how. */
interface Answered extends Pick<Score, "score" | "ties" | "silent"> {
  /** Spikes an image. */
  spikes: number;
}

/** Something that has learnt digits; it answers whole, or after a change. */
interface Learner extends Partial<Disposable> {
  backend: string;
  intact: Answered;
  changed(change: Change): Promise<Answered>;
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
function lost({ kind, percent, lesion }: Change, seed: number, all: number): Uint32Array {
  return new RandomStream(seed, `lesion:${kind}:${lesion}`).permutation(all).subarray(
    0,
    Math.round(percent / 100 * all),
  );
}

/** Removes a part of a network. */
function remove(brain: Brain, change: Change): void {
  const projection = `${IMAGE}->${FEATURES}`, neurons = brain.region(FEATURES).neurons;
  const { synapses } = brain.projection(projection), inputs = brain.region(IMAGE).neurons;
  const gone = lost(change, brain.seed, { neurons, synapses, inputs }[change.kind]);
  if (change.kind === "neurons") brain.lesion(FEATURES, gone);
  else if (change.kind === "synapses") brain.lesionSynapses(projection, gone);
  else {
    // A line is lost with all that it reaches: its row of the dense projection.
    const reached = (line: number) => Array.from({ length: neurons }, (_, j) => line * neurons + j);
    brain.lesionSynapses(projection, [...gone].flatMap(reached));
  }
}

async function networkOf({ sets, seed, p, asked, options: { backend } }: Run, neurons: number): Promise<Learner> {
  const { train, test } = sets, right = asked.map((k) => test.labels[k]);
  const trainer = ImageTrainer.create(sets, { seed, task: "mnist", neurons, samples: p.samples });
  await trainer.brain.moveTo({ backend });
  while (trainer.done < trainer.total) await trainer.next();
  const votes = await trainer.votes(Array.from({ length: p.labelled }, (_, k) => trainer.sampleOf(k)));
  const answersOf = async (it: ImageTrainer): Promise<Answered> => {
    const counts = await it.responses(test, asked), { score, ties, silent } = scoreOf(votes, counts, right, neurons);
    return { score, ties, silent, spikes: counts.reduce((a, b) => a + b, 0) / asked.length };
  };
  return {
    backend: trainer.brain.backend,
    intact: await answersOf(trainer),
    async changed(change) {
      const damaged = ImageTrainer.resume(sets, trainer.brain.clone());
      using brain = damaged.brain;
      if (change.percent > 0) remove(brain, change);
      await brain.moveTo({ backend });
      // Rates have fallen while it learnt; acetylcholine raises them to what they were in the beginning.
      if (change.afterwards === "roused") brain.release(FEATURES, "acetylcholine", 1);
      const images = change.afterwards ? p[change.afterwards] : 0;
      for (let k = 0; k < images; k++) await damaged.show(train, trainer.sampleOf(k));
      return await answersOf(damaged);
    },
    [Symbol.dispose]: () => trainer.brain.close(),
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
  const answers = (gone?: Uint32Array) => ({
    ...scoreOf(votes, counts(test, asked, gone), right, p.neurons),
    spikes: 1,
  });
  return {
    backend: "none",
    intact: answers(),
    changed: (change) => Promise.resolve(answers(lost(change, seed, p.neurons))),
  };
}

async function perceptronOf({ sets: { train, test }, seed, p, asked }: Run): Promise<Learner> {
  const order = new RandomStream(seed, "order:0").permutation(train.labels.length).subarray(0, p.samples);
  const perceptron = await Perceptron.create(train, { seed, classes: outputsFor(train.labels), hidden: p.neurons });
  await perceptron.learn(train, [...order], p.passes);
  const right = asked.map((k) => test.labels[k]);
  const answers = (gone?: Uint32Array) => {
    return { score: shareRight(perceptron.answers(test, asked, gone), right), ties: 0, silent: 0, spikes: 0 };
  };
  return {
    backend: "none",
    intact: answers(),
    changed: (change) => Promise.resolve(answers(lost(change, seed, p.neurons))),
    [Symbol.dispose]: () => perceptron[Symbol.dispose](),
  };
}

async function learn(name: LearnerName, run: Run): Promise<Learner> {
  if (name === "k-means") return prototypesOf(run);
  if (name === "perceptron") return await perceptronOf(run);
  return await networkOf(run, name === "half" ? run.p.neurons >> 1 : run.p.neurons);
}

/** A learner is the same for all that it may lose. */
const learnt = new Shared<Learner>();

/** What an arm answers: once, or once for each lesion. */
async function answersOf(
  { loss, afterwards }: Arm,
  { intact, changed }: Learner,
  lesions: number,
): Promise<Answered[]> {
  if (loss) {
    const list: Answered[] = [];
    for (let lesion = 0; lesion < lesions; lesion++) list.push(await changed({ ...loss, afterwards, lesion }));
    return list;
  }
  return [afterwards ? await changed({ kind: "neurons", percent: 0, afterwards, lesion: 0 }) : intact];
}

const benchmark: Benchmark = {
  metric: "accuracy",
  arms: Object.fromEntries([...ARMS].map(([arm, { meaning }]) => [arm, meaning])),
  options: ["data"],
  hyperparameters: (quick) => quick ? QUICK : PROTOCOL,
  async run(name, seed, quick, options) {
    const arm = ARMS.get(name)!, p = quick ? QUICK : PROTOCOL, sets = await imageSets(options.data);
    const asked = drawPerClass(sets.test, p.testedPerClass, seed, "test");
    const make = () => learn(arm.learner, { sets, seed, p, asked, options });
    const { value: learner, madeS } = await learnt.of([arm.learner, seed, p, options], make);
    const answers = await answersOf(arm, learner, p.lesions);
    const mean = (key: keyof Answered) => statistics(answers.map((a) => a[key])).mean;
    return {
      value: mean("score"),
      ...arm.loss && { also: { meaning: "of the intact", value: mean("score") / learner.intact.score } },
      details: {
        backend: learner.backend,
        lesions: arm.loss ? answers.map(({ score }) => score) : [],
        intact: learner.intact.score,
        tested: asked.length,
        ties: mean("ties"),
        silent: mean("silent"),
        spikes: mean("spikes"),
        madeS,
      },
    };
  },
};

/** Only a benchmark. */
export const degradation = benchmarkOnly(
  "degradation",
  "digits after the loss of neurons, synapses or inputs; nothing is fitted anew",
  benchmark,
);
