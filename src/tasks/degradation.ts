/**
 * What is left of what has been learnt when a part of the learner dies: neurons, synapses or input lines of a network that has
 * learnt digits without labels, removed at random, several times over; and as many parts of prototypes and of a perceptron
 * (damage.ts). Afterwards learning may go on for a while, still without labels and with the same read-out.
 */

import { benchmarkOnly } from "./benchmark_only.ts";
import { type Afterwards, type Answered, type Kind, KINDS, learn, type Learner, type LearnerName } from "./damage.ts";
import { drawPerClass } from "./draws.ts";
import { imageSets } from "./mnist.ts";
import { Shared } from "./shared.ts";
import { statistics } from "./statistics.ts";
import type { Benchmark } from "./task.ts";

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

/** The shares that are lost, in percent. */
export const PERCENT = [5, 20, 50, 80, 90];
/** The share after which learning goes on. */
const HALF = 50;

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
