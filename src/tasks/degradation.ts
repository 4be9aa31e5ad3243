/**
 * What is left of what a network has learnt when a part of it dies. A network learns digits without labels (images.ts) and
 * is read out once; then neurons, synapses or input lines are removed at random, several times over, and the test images
 * are shown again. Nothing is fitted anew. `…-recovery`: after the loss, learning goes on for a while, still without labels
 * and with the same read-out.
 */

import type { Brain } from "../brain/brain.ts";
import { RandomStream } from "../state/random.ts";
import { benchmarkOnly } from "./benchmark_only.ts";
import { FEATURES, IMAGE } from "./image_network.ts";
import { type ImageSets, ImageTrainer } from "./images.ts";
import { imageSets } from "./mnist.ts";
import { Shared } from "./shared.ts";
import { statistics } from "./statistics.ts";
import type { Benchmark, BenchmarkOptions } from "./task.ts";
import { scoreOf, type Votes, votesOf } from "./votes.ts";

/** The protocol. */
const PROTOCOL = { neurons: 400, samples: 60_000, labelled: 10_000, tested: 2000, lesions: 5, recovery: 1000 };
/** A quick one. */
const QUICK: typeof PROTOCOL = { neurons: 50, samples: 300, labelled: 300, tested: 100, lesions: 2, recovery: 50 };

/** What dies, as the share of it. */
const KINDS = ["neurons", "synapses", "inputs"] as const;
const SHARES = [0.2, 0.5, 0.8];

interface Damage {
  kind: typeof KINDS[number];
  share: number;
  recovers: boolean;
}

const ARMS = new Map<string, { damage: Damage | null; meaning: string }>([
  ["intact", { damage: null, meaning: "the network as it has learnt" }],
  ...KINDS.flatMap((kind) =>
    SHARES.map((share): [string, { damage: Damage; meaning: string }] => [
      `${kind}-${100 * share}`,
      { damage: { kind, share, recovers: false }, meaning: `without ${100 * share} % of its ${kind}` },
    ])
  ),
  ["neurons-50-recovery", {
    damage: { kind: "neurons", share: 0.5, recovers: true },
    meaning: `without 50 % of its neurons, and then ${PROTOCOL.recovery} images of learning on`,
  }],
]);

/** A network that has learnt, and what its neurons stand for. */
interface Learnt {
  trainer: ImageTrainer;
  votes: Votes;
  intact: number;
}

const learnt = new Shared<Learnt>();

async function learn(seed: number, quick: boolean, { data, backend }: BenchmarkOptions): Promise<Learnt> {
  const sets = await imageSets(data), p = quick ? QUICK : PROTOCOL, { train } = sets;
  const trainer = ImageTrainer.create(sets, { seed, task: "mnist", neurons: p.neurons, samples: p.samples });
  await trainer.brain.moveTo({ backend });
  while (trainer.done < trainer.total) await trainer.next();
  const known = [...new RandomStream(seed, "read-out").permutation(train.labels.length).subarray(0, p.labelled)];
  const votes = votesOf(await trainer.responses(train, known), known.map((k) => train.labels[k]), p.neurons);
  return { trainer, votes, intact: await accuracy(trainer, votes, sets, p.tested) };
}

async function accuracy(trainer: ImageTrainer, votes: Votes, { test }: ImageSets, tested: number): Promise<number> {
  const samples = Array.from({ length: Math.min(tested, test.labels.length) }, (_, k) => k);
  const counts = await trainer.responses(test, samples);
  return scoreOf(votes, counts, samples.map((k) => test.labels[k]), trainer.neurons).score;
}

/** Removes a random part, another one for each lesion. */
function remove(brain: Brain, { kind, share }: Damage, lesion: number): void {
  const projection = `${IMAGE}->${FEATURES}`, neurons = brain.region(FEATURES).neurons;
  const all = { neurons, synapses: brain.projection(projection).synapses, inputs: brain.region(IMAGE).neurons }[kind];
  const random = new RandomStream(brain.seed, `lesion:${kind}:${lesion}`);
  const gone = random.permutation(all).subarray(0, Math.round(share * all));
  if (kind === "neurons") brain.lesion(FEATURES, gone);
  else if (kind === "synapses") brain.lesionSynapses(projection, gone);
  // A line is lost with all that it reaches.
  else {brain.lesionSynapses(
      projection,
      [...gone].flatMap((line) => Array.from({ length: neurons }, (_, j) => line * neurons + j)),
    );}
}

const benchmark: Benchmark = {
  metric: "accuracy",
  arms: Object.fromEntries([...ARMS].map(([arm, { meaning }]) => [arm, meaning])),
  options: ["data"],
  hyperparameters: (quick) => quick ? QUICK : PROTOCOL,
  async run(arm, seed, quick, options) {
    const { damage } = ARMS.get(arm)!, p = quick ? QUICK : PROTOCOL, sets = await imageSets(options.data);
    const { trainer, votes, intact } = await learnt.of([seed, quick, options], () => learn(seed, quick, options)),
      values: number[] = [];
    for (let lesion = 0; damage && lesion < p.lesions; lesion++) {
      const damaged = ImageTrainer.resume(sets, trainer.brain.clone());
      using brain = damaged.brain;
      remove(brain, damage, lesion);
      await brain.moveTo({ backend: options.backend });
      for (let k = 0; damage.recovers && k < p.recovery; k++) await damaged.show(sets.train, k);
      values.push(await accuracy(damaged, votes, sets, p.tested));
    }
    const value = damage ? statistics(values).mean : intact;
    return {
      value,
      also: { meaning: "of the intact", value: value / intact },
      details: { backend: trainer.brain.backend, lesions: values, intact, neurons: p.neurons, tested: p.tested },
    };
  },
};

/** Only a benchmark. */
export const degradation = benchmarkOnly(
  "degradation",
  "digits after the loss of neurons, synapses or inputs; nothing is fitted anew",
  benchmark,
);
