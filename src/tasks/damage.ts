/**
 * Learners of digits that can lose parts: a network, read out once; prototypes; a perceptron. Nothing is fitted anew after a loss.
 */

import type { Brain } from "../brain/brain.ts";
import { RandomStream } from "../state/random.ts";
import { FEATURES, IMAGE } from "./image_network.ts";
import { type ImageSets, ImageTrainer } from "./images.ts";
import { outputsFor } from "./labels.ts";
import { Perceptron } from "./perceptron.ts";
import { PROTOTYPES, Prototypes } from "./prototypes.ts";
import type { BenchmarkOptions, Score } from "./task.ts";
import { scoreOf, shareRight, votesOf } from "./votes.ts";

/** What can be lost. */
export const KINDS = ["neurons", "synapses", "inputs"] as const;
/** One of them. */
export type Kind = typeof KINDS[number];

/** What learns; `half`: a network of half the neurons. */
export type LearnerName = "network" | "half" | "k-means" | "perceptron";

/** How a network learns on after a loss: at the rates of the end, or with those of the beginning. */
export type Afterwards = "goesOn" | "roused";

/** How learners learn. */
export interface Learning extends Record<Afterwards, number> {
  neurons: number;
  /** Images to learn from, and of these with labels for the read-out. */
  samples: number;
  labelled: number;
  /** Passes of the perceptron. */
  passes: number;
}

/** A loss, if any: another random part for each lesion; and what comes afterwards. */
export interface Change {
  kind: Kind;
  percent: number;
  lesion: number;
  afterwards?: Afterwards;
}

/** What is answered right, and how. */
export interface Answered extends Pick<Score, "score" | "ties" | "silent"> {
  /** Spikes an image. */
  spikes: number;
}

/** Something that has learnt digits; it answers whole, or after a change. */
export interface Learner extends Partial<Disposable> {
  backend: string;
  intact: Answered;
  changed(change: Change): Promise<Answered>;
}

/** What a learner learns from, and by. */
export interface Run {
  sets: ImageSets;
  seed: number;
  p: Learning;
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
  const prototypes = Prototypes.learnt(train, p.neurons, seed, order, PROTOTYPES.passes);
  const known = [...order.subarray(0, p.labelled)];
  const votes = votesOf(prototypes.counts(train, known), known.map((k) => train.labels[k]), p.neurons);
  const right = asked.map((k) => test.labels[k]);
  const answers = (gone?: Uint32Array) => ({
    ...scoreOf(votes, prototypes.counts(test, asked, gone), right, p.neurons),
    spikes: PROTOTYPES.spikes.reduce((a, b) => a + b),
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

/** A learner that has learnt. */
export async function learn(name: LearnerName, run: Run): Promise<Learner> {
  if (name === "k-means") return prototypesOf(run);
  if (name === "perceptron") return await perceptronOf(run);
  return await networkOf(run, name === "half" ? run.p.neurons >> 1 : run.p.neurons);
}
