/**
 * Images without a teacher: neurons compete for images, the winner's weights move towards the image that it
 * won (spike-timing dependent: towards the presynaptic trace at its spike), and each neuron's threshold moves until it
 * wins its share. Labels are used only afterwards, to see what each neuron has come to stand for. The idea of Diehl & Cook
 * 2015 (Front. Comput. Neurosci. 9:99); the rule is Grossberg's instar, an online k-means.
 */

import type { Brain } from "../brain/brain.ts";
import type { StimulusOptions } from "../brain/encode.ts";
import { respond } from "../evaluation/respond.ts";
import { InputError, show } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";
import { crc32 } from "../std/node/zlib.ts";
import { ClassLayer } from "./class_layer.ts";
import { linesOf, shownOn } from "./fields.ts";
import type { Images } from "./idx.ts";
import { buildNetwork, EPISODES, FEATURES, IMAGE, LATERAL } from "./image_network.ts";
import { type ImageParameters, KINDS } from "./image_parameters.ts";
import type { Evaluation, Score, Trainer } from "./task.ts";
import { scoreOf, type Votes, votesOf } from "./votes.ts";

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

/** What happens in a sleep. */
export interface Sleep {
  /** Whether episodes are replayed, and whether as other lines than those that they remember. */
  replay: boolean;
  shuffled: boolean;
  learns: { weights: boolean; thresholds: boolean };
}

/** Training images, and those that no choice ever sees. */
export interface ImageSets {
  train: Images;
  test: Images;
}

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
    const brain = buildNetwork(lines.length * lines[0].length, lines.length, seed, parameters, total);
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

  /** Name of the projection onto the features. */
  get #learning(): string {
    return `${this.#notes.parameters.memory ? EPISODES : IMAGE}->${FEATURES}`;
  }

  /** Weights onto the features, as they are now. */
  get weights(): Float32Array {
    return this.brain.projection(this.#learning).weights;
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
    await this.show(this.#sets.train, this.sampleOf(this.#notes.done));
    this.#notes.done++;
  }

  /** Ends the learning of features for good, and softens inhibition as in reading. */
  finishFeatures(): void {
    const { brain } = this;
    brain.freezePlasticity(`projection:${this.#learning}`);
    brain.freezePlasticity(`region:${FEATURES}`);
    brain.projection(LATERAL).setWeights({ 0: this.#notes.parameters.inhibitionRead });
  }

  /**
   * Lets the brain sleep from rest on; it learns meanwhile what it learns awake, as far as `learns` has it.
   * @returns how many episodes it replayed
   */
  async sleep(
    durationMs: number,
    { replay, shuffled, learns: { weights, thresholds } }: Sleep,
  ) {
    const { brain } = this;
    brain.resetActivity();
    brain.resetTraces();
    const plastic = [...weights ? [this.#learning] : [], ...thresholds ? [`region:${FEATURES}`] : []];
    return (await brain.sleep(durationMs, { plastic, shuffled, ...!replay && { regions: [] } })).replays;
  }

  /** Shows any image to the brain, at rest: it learns from it as far as it learns. */
  async show(images: Images, k: number): Promise<void> {
    const { brain } = this;
    brain.resetActivity();
    brain.resetTraces();
    brain.stimulate(IMAGE, this.#values(images, k), this.#stimulus);
    await brain.run(Math.round(this.#notes.parameters.sampleMs / brain.dt));
  }

  /** What drives the lines that show an image, and how. */
  #values(images: Images, k: number): Float32Array {
    const { spikesPerMs, mostPerMs, fields } = this.#notes.parameters;
    return shownOn(this.#lines, images, k, spikesPerMs / mostPerMs, fields?.least ?? 0);
  }

  get #stimulus(): StimulusOptions {
    return { train: "regular", maxRateHz: 1000 * this.#notes.parameters.mostPerMs };
  }

  /**
   * Spikes of each neuron in answer to images, plasticity frozen and inhibition softened. Each image meets the same state,
   * so neither order nor number matters.
   */
  async responses(images: Images, samples: readonly number[], how?: Evaluation): Promise<Uint16Array> {
    using softer = this.brain.clone();
    await softer.moveTo({ backend: this.brain.backend });
    softer.projection(LATERAL).setWeights({ 0: this.#notes.parameters.inhibitionRead });
    return await this.answers(softer, FEATURES, images, samples, how);
  }

  /** Spikes of a region in answer to images, of this brain or of a copy that was changed; each meets the same state. */
  async answers(
    brain: Brain,
    count: string,
    images: Images,
    samples: readonly number[],
    how?: Evaluation,
  ): Promise<Uint16Array> {
    const { sampleMs } = this.#notes.parameters, at = (k: number) => this.#values(images, samples[k]);
    const presentation = { stimulate: IMAGE, stimulus: this.#stimulus, durationMs: sampleMs, count };
    return await respond(brain, { length: samples.length, at }, { ...presentation, ...how });
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
  evaluate(how?: Evaluation): Promise<Score> {
    const { test } = this.#sets;
    return this.evaluateOn(test, Array.from(test.labels.keys()), how);
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
  async evaluateOn(images: Images, samples: readonly number[], how: Evaluation = {}): Promise<Score> {
    const { train } = this.#sets, { labelled } = this.#notes.parameters;
    const known = Array.from({ length: Math.min(labelled, train.labels.length) }, (_, k) => this.sampleOf(k));
    const labels = known.map((k) => train.labels[k]), asked = samples.map((k) => images.labels[k]);
    const part = known.length / (known.length + samples.length), { workers, progress = () => {} } = how;
    const seen = await this.responses(train, known, { workers, progress: (share) => progress(part * share) });
    const answers = () =>
      this.responses(images, samples, { workers, progress: (share) => progress(part + (1 - part) * share) });
    return this.#readerOf(seen, labels)(await answers(), asked);
  }

  /** What neurons stand for, by their answers to training images with labels. */
  async votes(known: readonly number[], how?: Evaluation): Promise<Votes> {
    const { train } = this.#sets;
    return votesOf(await this.responses(train, known, how), known.map((k) => train.labels[k]), this.neurons);
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
