/**
 * Images without a teacher: neurons compete for images, the winner's weights move towards the image that it
 * won (spike-timing dependent: towards the presynaptic trace at its spike), and each neuron's threshold moves until it
 * wins its share. Labels are used only afterwards, to see what each neuron has come to stand for. The idea of Diehl & Cook
 * 2015 (Front. Comput. Neurosci. 9:99); the rule is Grossberg's instar, an online k-means.
 */

import type { GrowthValues } from "../biology/growth.ts";
import type { MaturationValues } from "../biology/maturation.ts";
import type { MemoryValues } from "../biology/memory.ts";
import { Brain } from "../brain/brain.ts";
import { InputError, show } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";
import { crc32 } from "../std/node/zlib.ts";
import type { Images } from "./idx.ts";
import { addClassGroups, type ClassGroups, teach } from "./class_groups.ts";
import { ClassLayer } from "./class_layer.ts";
import { type Fields, linesOf, shownOn } from "./fields.ts";
import type { Progress, Score, Trainer } from "./task.ts";
import { scoreOf, votesOf } from "./votes.ts";

/** Numbers of the network and of the protocol. */
export interface ImageParameters {
  /** Neurons that compete; with fields, as many in each. */
  neurons: number;
  /** Patches of the image that groups of neurons see and compete for; null: all neurons see all of it. */
  fields: Fields | null;
  /** Time an image is shown, ms. */
  sampleMs: number;
  /** Spikes of all input lines together (of one field), a ms; every image has the same. */
  spikesPerMs: number;
  /** Spikes of one line, a ms, at most. */
  mostPerMs: number;
  /** Largest weight: current of a spike at its arrival, mV/ms. */
  weightMax: number;
  /** Decay of that current, ms. */
  tauCurrentMs: number;
  /** Mean initial weight is half of this, relative to the largest. */
  initialWeight: number;
  /** Share of its distance to the image by which a weight moves at a spike, at the beginning. */
  learningRate: number;
  /** Decay of presynaptic traces, ms. */
  tauTraceMs: number;
  /** Conductance by which a spike inhibits all other neurons, 1/ms: while learning, and while read. */
  inhibition: number;
  inhibitionRead: number;
  /** Spikes of all neurons together (of one field) that an image should make, and how many share them; null: all. */
  spikesPerImage: number;
  sharedBy: number | null;
  /** Change of a threshold by a spike too many, at the beginning, mV/ms. */
  homeostasis: number;
  /** Both rates at the end, relative to the beginning. */
  finalRate: number;
  /** How neurons mature (src/biology/maturation.ts), so that what they have learnt lasts; null: they do not. */
  maturation: Partial<MaturationValues> | null;
  /** How neurons are born and die, and room for how many; `neurons` are there from the beginning. Null: they do not. */
  growth: Partial<GrowthValues> & { maxNeurons: number } | null;
  /**
   * Whether a region between lines and features, a neuron a line, remembers which lines spiked together, and replays them
   * in sleep (src/biology/memory.ts). Null: there is none.
   */
  memory: Partial<MemoryValues> | null;
  /** A layer behind the features that is taught by reward (class_groups.ts); null: there is none. */
  classGroups: ClassGroups | null;
  /** Passes over the training images. */
  epochs: number;
  /** How labels are used afterwards, and of how many training images. */
  readOut: "votes" | "classLayer";
  labelled: number;
}

/** Images of the plan that the rates below were made for. */
const PLAN = 60_000;

/**
 * Parameters for a number of neurons and of images: the more neurons there are, the more rarely each wins, and the fewer
 * images, the less time there is: the faster it must learn.
 */
export function imageParameters(neurons: number, images = PLAN): ImageParameters {
  return {
    neurons,
    fields: null,
    sampleMs: 150,
    spikesPerMs: 16,
    mostPerMs: 0.25,
    weightMax: 0.5,
    tauCurrentMs: 5,
    initialWeight: 0.3,
    learningRate: Math.min(0.1, 0.03 * Math.max(1, (neurons / 400) ** 0.4) * (PLAN / images) ** 0.25),
    tauTraceMs: 40,
    inhibition: 5,
    inhibitionRead: 2,
    spikesPerImage: 4,
    sharedBy: null,
    homeostasis: 0.1 * neurons / 400 * PLAN / images,
    finalRate: 0.1,
    maturation: null,
    growth: null,
    memory: null,
    classGroups: null,
    epochs: 1,
    readOut: "votes",
    labelled: 10_000,
  };
}

/** The same for fields: `neurons` in each, patches of 10 × 10 pixels, and a class layer that learns from all labels. */
export function fieldParameters(neurons: number, images = PLAN): ImageParameters {
  return {
    ...imageParameters(neurons, images),
    fields: { size: 10, stride: 3, least: 3 },
    sampleMs: 100,
    spikesPerMs: 6,
    weightMax: 0.8,
    learningRate: 0.03 * (PLAN / images) ** 0.25,
    spikesPerImage: 3,
    homeostasis: 0.15 * PLAN / images,
    readOut: "classLayer",
    labelled: images,
  };
}

/**
 * The same for a life in which what is shown changes: neurons mature. A neuron that is used moves its weights to what it
 * first answers to, and its threshold up, and soon neither moves any more. A neuron that was never used keeps its
 * threshold of zero, so that it answers to what all others answer to weakly: it is recruited by what is new.
 */
export function lastingParameters(neurons: number): ImageParameters {
  return {
    ...imageParameters(neurons),
    learningRate: 0.5,
    homeostasis: 0.6,
    finalRate: 1,
    maturation: { spikes: 20, power: 2 },
  };
}

/** What learns: all, or for controls less. */
export type Learning = "all" | "homeostasis" | "nothing";

/** What is kept with the brain. */
interface Notes {
  task: string;
  /** Folder of the user's own set, if it is one. */
  data?: string;
  parameters: ImageParameters;
  learning: Learning;
  /** CRC-32 of the training images. */
  images: number;
  /** Images planned, and shown. */
  total: number;
  done: number;
  [key: string]: unknown;
}

/** Names of the regions; episodes are there where {@linkcode ImageParameters.memory} is. */
export const IMAGE = "image", EPISODES = "episodes", FEATURES = "features";

/** Jump of the potential of an episode's neuron at a spike of its line, mV: it fires. */
const FIRES = 60;

/** Training images, and those that no choice ever sees. */
export interface ImageSets {
  train: Images;
  test: Images;
}

/** Time constants that pass while acetylcholine falls from its beginning to its end: see {@linkcode build}. */
const FALL = 2.85;

/**
 * A new brain. Acetylcholine, released once and decaying over the whole training, carries plasticity from its first rate
 * to its last (Hasselmo 2006: it is high while something new is learnt).
 */
function build(lines: number, fields: number, seed: number, p: ImageParameters, total: number): Brain {
  const brain = new Brain({ seed, scheme: "izhikevich2003" }), { weightMax, finalRate } = p;
  brain.addRegion(IMAGE, "input", { neurons: lines });
  const { maxNeurons, ...growth } = p.growth ?? {};
  const features = brain.addRegion(FEATURES, "association", {
    neurons: fields * p.neurons,
    ...p.growth && { maxNeurons, growth },
    groups: fields,
    inhibitory: 0,
    competition: true,
    excitability: {
      targetHz: 1000 * p.spikesPerImage / (p.sharedBy ?? p.neurons) / p.sampleMs,
      gain: p.homeostasis * finalRate,
      everyMs: p.sampleMs,
      highest: 1000,
      ...p.maturation && { lowest: 0 },
    },
    ...p.maturation && { maturation: { ...p.maturation, everyMs: p.sampleMs } },
    modulators: {
      acetylcholine: { learning: 1 / finalRate - 1, adaptation: 0, tauMs: Math.max(1, total * p.sampleMs / FALL) },
    },
  });
  if (p.memory) {
    // Neurons that follow each spike of their lines.
    brain.addRegion(EPISODES, "memory", { neurons: lines, inhibitory: 0, pattern: "fastSpiking", memory: p.memory });
    brain.connect(IMAGE, EPISODES, { oneToOne: true, weight: FIRES });
  }
  brain.connect(p.memory ? EPISODES : IMAGE, FEATURES, {
    ...fields === 1 ? { density: 1 } : { pairs: pairsOf(fields, lines / fields, p.neurons) },
    weight: { uniform: [0, p.initialWeight * weightMax] },
    receptor: { name: "epsc", tauMs: p.tauCurrentMs },
    plasticity: {
      rule: "instar",
      aPlus: p.learningRate * finalRate,
      tauPlusMs: p.tauTraceMs,
      pairing: "nearest",
      weightMax,
    },
  });
  features.addLateralInhibition({ weight: p.inhibition, withinGroups: fields > 1 });
  if (p.classGroups) {
    addClassGroups(brain, FEATURES, fields * p.neurons, p.classGroups);
    teach(brain, p.classGroups, false);
  }
  brain.release(FEATURES, "acetylcholine", 1);
  return brain;
}

/** All lines of a field with all neurons of its group. */
function pairsOf(fields: number, lines: number, neurons: number): { pre: number[]; post: number[] } {
  const pre: number[] = [], post: number[] = [];
  for (let line = 0; line < fields * lines; line++) {
    const group = Math.floor(line / lines);
    for (let j = 0; j < neurons; j++) {
      pre.push(line);
      post.push(group * neurons + j);
    }
  }
  return { pre, post };
}

/** Parameters by what they are for. */
const KINDS = { whole: imageParameters, local: fieldParameters, lasting: lastingParameters };

/** How to train on images. */
export interface ImageOptions {
  seed: number;
  /** Name of the task, for notes and messages. */
  task: string;
  data?: string;
  parameters?: Partial<ImageParameters>;
  neurons?: number;
  /** Parameters to begin with: all neurons see all of an image, or patches of it, or it is for a life. */
  kind?: keyof typeof KINDS;
  samples?: number;
  learning?: Learning;
}

/** Trains a brain on images and reads what it has learnt. All progress is in the brain. */
export class ImageTrainer implements Trainer {
  readonly metric = "accuracy";
  readonly #sets: ImageSets;
  readonly #notes: Notes;
  /** Pixels of the lines of each field. */
  readonly #lines: Uint32Array[];

  private constructor(sets: ImageSets, readonly brain: Brain) {
    this.#sets = sets;
    this.#notes = brain.notes.training as Notes;
    this.#lines = linesOf(sets.train, this.#notes.parameters.fields);
  }

  /** Begins with a new brain. */
  static create(
    sets: ImageSets,
    { seed, task, data, samples, learning = "all", ...options }: ImageOptions,
  ): ImageTrainer {
    const { labels } = sets.train, epochs = options.parameters?.epochs ?? 1;
    const total = Math.min(samples ?? Infinity, epochs * labels.length);
    const parameters = {
      ...KINDS[options.kind ?? "whole"](options.neurons ?? 400, total),
      ...options.parameters,
    };
    const lines = linesOf(sets.train, parameters.fields);
    const brain = build(lines.length * lines[0].length, lines.length, seed, parameters, total);
    if (learning === "homeostasis") brain.freezePlasticity(`projection:${IMAGE}->${FEATURES}`);
    if (learning === "nothing") brain.freezePlasticity();
    const images = crc32(sets.train.pixels);
    const notes: Notes = { task, ...data !== undefined && { data }, parameters, learning, images, total, done: 0 };
    brain.notes.training = notes;
    return new ImageTrainer(sets, brain);
  }

  /**
   * Goes on with a saved brain.
   * @throws {InputError} when it was not made for these training images
   */
  static resume(sets: ImageSets, brain: Brain): ImageTrainer {
    const notes = brain.notes.training as Partial<Notes> | undefined;
    if (notes?.images !== crc32(sets.train.pixels)) {
      throw new InputError(
        `Cannot train: the brain was not made for these images${
          notes?.data === undefined ? "" : `, but for those in ${show(notes.data)}`
        }; give their folder with --data`,
      );
    }
    return new ImageTrainer(sets, brain);
  }

  /** What it is trained with. */
  get parameters(): ImageParameters {
    return { ...this.#notes.parameters };
  }

  /** Weights onto the features, as they are now. */
  get weights(): Float32Array {
    return this.brain.projection(this.#notes.parameters.memory ? EPISODES : IMAGE, FEATURES).weights;
  }

  get total(): number {
    return this.#notes.total;
  }

  get done(): number {
    return this.#notes.done;
  }

  #order: { epoch: number; order: Uint32Array } = { epoch: -1, order: new Uint32Array(0) };

  /** Training image number k of the plan. */
  sampleOf(k: number): number {
    const n = this.#sets.train.labels.length, epoch = Math.floor(k / n);
    if (this.#order.epoch !== epoch) {
      this.#order = { epoch, order: new RandomStream(this.brain.seed, `order:${epoch}`).permutation(n) };
    }
    return this.#order.order[k % n];
  }

  /** Training images that the plan does not show, at most so many. */
  unshown(most: number): number[] {
    const { length } = this.#sets.train.labels;
    return Array.from(
      { length: Math.max(0, Math.min(most, length - this.total)) },
      (_, k) => this.sampleOf(length - 1 - k),
    );
  }

  /** Shows the next training image. */
  async next(): Promise<void> {
    await this.#show(this.brain, this.#sets.train, this.sampleOf(this.#notes.done));
    this.#notes.done++;
  }

  /** Ends the learning of features for good, and softens inhibition as in reading. */
  finishFeatures(): void {
    const { brain } = this;
    brain.freezePlasticity(`projection:${IMAGE}->${FEATURES}`);
    brain.freezePlasticity(`region:${FEATURES}`);
    brain.projection(`${FEATURES}-|${FEATURES}-lateral`).setWeights({ 0: this.#notes.parameters.inhibitionRead });
  }

  /** Shows any image: the brain learns from it as far as it learns. */
  async show(images: Images, k: number): Promise<void> {
    await this.#show(this.brain, images, k);
  }

  /**
   * Lets the brain sleep from rest on; it learns meanwhile where it learns awake, unless `learns` is false.
   * @returns how many episodes it replayed
   */
  async sleep(
    durationMs: number,
    { replay, shuffled, learns }: { replay: boolean; shuffled: boolean; learns: boolean },
  ) {
    const { brain } = this;
    brain.resetActivity();
    brain.resetTraces();
    const plastic = learns ? [`${EPISODES}->${FEATURES}`, `region:${FEATURES}`] : [];
    return (await brain.sleep(durationMs, { plastic, shuffled, ...!replay && { regions: [] } })).replays;
  }

  /** Shows an image to another brain of the same kind, at rest. */
  async showTo(brain: Brain, images: Images, k: number): Promise<void> {
    await this.#show(brain, images, k);
  }

  /** Shows an image to a brain at rest. */
  async #show(brain: Brain, images: Images, k: number): Promise<void> {
    const { spikesPerMs, mostPerMs, sampleMs, fields } = this.#notes.parameters;
    const values = shownOn(this.#lines, images, k, spikesPerMs / mostPerMs, fields?.least ?? 0);
    brain.resetActivity();
    brain.resetTraces();
    brain.stimulate(IMAGE, values, { train: "regular", maxRateHz: 1000 * mostPerMs });
    await brain.run(Math.round(sampleMs / brain.dt));
  }

  /**
   * Spikes of each neuron in answer to images, plasticity frozen and inhibition softened. Each image meets the same state,
   * so neither order nor number matters.
   */
  async responses(images: Images, samples: readonly number[], progress: Progress = () => {}): Promise<Uint16Array> {
    const { inhibitionRead, growth } = this.#notes.parameters, { neurons } = this;
    const frozen = this.brain.clone();
    using shown = this.brain.clone();
    await shown.moveTo({ backend: this.brain.backend });
    frozen.freezePlasticity();
    if (growth) frozen.freezeStructure();
    frozen.projection(`${FEATURES}-|${FEATURES}-lateral`).setWeights({ 0: inhibitionRead });
    const before = frozen.region(FEATURES).spikeCounts, counts = new Uint16Array(samples.length * neurons);
    for (const [row, sample] of samples.entries()) {
      progress(row / samples.length);
      shown.copyFrom(frozen);
      await this.#show(shown, images, sample);
      shown.region(FEATURES).spikeCounts.forEach((n, j) => counts[row * neurons + j] = n - before[j]);
    }
    return counts;
  }

  /**
   * Accuracy on training images that come next: the first half of them are read out with their labels, the others are asked
   * for.
   */
  async validate(samples: number): Promise<number | undefined> {
    const { done, total } = this.#notes, { train } = this.#sets;
    if (done + 2 * samples > Math.min(total, train.labels.length)) return undefined;
    const next = Array.from({ length: 2 * samples }, (_, k) => this.sampleOf(done + k));
    const [known, asked] = [next.slice(0, samples), next.slice(samples)], labels = known.map((k) => train.labels[k]);
    const reader = this.#readerOf(await this.responses(train, known), labels);
    return reader(await this.responses(train, asked), asked.map((k) => train.labels[k])).score;
  }

  /** Accuracy on test images; {@linkcode evaluateOn}. */
  evaluate(progress?: Progress): Promise<Score> {
    const { test } = this.#sets;
    return this.evaluateOn(test, Array.from(test.labels.keys()), progress);
  }

  /** Places of feature neurons in all. */
  get neurons(): number {
    const { neurons, growth } = this.#notes.parameters;
    return this.#lines.length * (growth?.maxNeurons ?? neurons);
  }

  /**
   * Accuracy on images, by what labelled training images taught: votes of the neurons, or a class layer that learns on top
   * of their spikes.
   */
  async evaluateOn(images: Images, samples: readonly number[], progress: Progress = () => {}): Promise<Score> {
    const { train } = this.#sets, { labelled } = this.#notes.parameters;
    const known = Array.from({ length: Math.min(labelled, train.labels.length) }, (_, k) => this.sampleOf(k));
    const labels = known.map((k) => train.labels[k]), asked = samples.map((k) => images.labels[k]);
    const part = known.length / (known.length + samples.length);
    const seen = await this.responses(train, known, (share) => progress(part * share));
    const answers = () => this.responses(images, samples, (share) => progress(part + (1 - part) * share));
    return this.#readerOf(seen, labels)(await answers(), asked);
  }

  /** What answers to labelled images teach: how to read the answers to others. */
  #readerOf(seen: Uint16Array, labels: number[]): (counts: Uint16Array, asked: number[]) => Score {
    const { neurons } = this;
    if (this.#notes.parameters.readOut === "votes") {
      const votes = votesOf(seen, labels, neurons);
      return (counts, asked) => scoreOf(votes, counts, asked, neurons);
    }
    const layer = ClassLayer.learnt(seen, labels, neurons, this.brain.seed);
    return (counts, asked) => layer.score(counts, asked);
  }
}
