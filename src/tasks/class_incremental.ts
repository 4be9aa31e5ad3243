/**
 * Class-incremental learning: tasks of some classes each come one after the other, and after each the classes of all so far
 * are asked for; nothing says which task an image is of.
 */

import type { BackendName } from "../brain/backends.ts";
import type { Images } from "./idx.ts";
import { FEATURES } from "./image_network.ts";
import { type ImageOptions, type ImageSets, ImageTrainer } from "./images.ts";
import type { Phase } from "./stream.ts";
import { scoreOf, shareRight, votesOf } from "./votes.ts";

/** Something that learns task after task. */
export interface Learner {
  /** Learns a task, and to name its classes. */
  learn(phase: Phase): Promise<void>;
  /** Names images; null is a tie or silence. */
  answers(images: Images, samples: readonly number[]): Promise<(number | null)[]> | (number | null)[];
  /** For the raw row. */
  details(): { backend: string } & Record<string, unknown>;
  [Symbol.dispose](): void;
}

/** Which neurons spiked in answer to any image. */
export function answering(counts: Uint16Array, neurons: number): boolean[] {
  return Array.from({ length: neurons }, (_, j) => {
    for (let at = j; at < counts.length; at += neurons) if (counts[at] > 0) return true;
    return false;
  });
}

/** A network of spiking neurons with votes. */
export class VotingNetwork implements Learner {
  readonly #known: { counts: Uint16Array; labels: number[] }[] = [];
  /** Neurons that answered when last asked. */
  #answering = 0;

  private constructor(readonly trainer: ImageTrainer, readonly images: Images) {}

  /** Begins with a new network. */
  static async create(
    sets: ImageSets,
    { backend, ...options }: ImageOptions & { backend?: BackendName },
  ): Promise<VotingNetwork> {
    const trainer = ImageTrainer.create(sets, options);
    await trainer.brain.moveTo({ backend });
    return new VotingNetwork(trainer, sets.train);
  }

  async learn({ shown, labelled }: Phase): Promise<void> {
    await this.show(shown);
    await this.read(labelled);
  }

  /**
   * Learns from images, without labels.
   * @throws {Error} when nothing has changed: the mechanisms do not act
   */
  async show(samples: readonly number[]): Promise<void> {
    const before = this.trainer.weights;
    for (const k of samples) await this.trainer.show(this.images, k);
    if (this.trainer.weights.every((w, k) => w === before[k])) throw new Error("no weight has changed");
  }

  /** Adds the labels of images to the read-out. */
  async read(labelled: readonly number[]): Promise<void> {
    const counts = await this.trainer.responses(this.images, labelled);
    this.#known.push({ counts, labels: labelled.map((k) => this.images.labels[k]) });
  }

  async answers(images: Images, samples: readonly number[]): Promise<(number | null)[]> {
    const { neurons } = this.trainer, labels = this.#known.flatMap(({ labels }) => labels);
    const all = new Uint16Array(labels.length * neurons);
    let at = 0;
    for (const { counts } of this.#known) {
      all.set(counts, at);
      at += counts.length;
    }
    const votes = votesOf(all, labels, neurons), counts = await this.trainer.responses(images, samples);
    this.#answering = answering(counts, neurons).filter((answers) => answers).length;
    return scoreOf(votes, counts, samples.map((k) => images.labels[k]), neurons).answers;
  }

  details() {
    const { brain, neurons } = this.trainer, { synapses, step, dtMs } = brain.summary();
    return {
      backend: brain.backend,
      neurons,
      synapses,
      simMs: step * dtMs,
      parameters: this.trainer.parameters,
      answering: this.#answering,
      spikes: brain.region(FEATURES).spikeCounts.reduce((a, b) => a + b, 0),
    };
  }

  [Symbol.dispose](): void {
    this.trainer.brain.close();
  }
}

/**
 * What is left of each task after each: `retention[t][i]` of task i after task t, as the share of right answers to the same
 * test images every time.
 * @param asked test images, of all classes
 */
export async function learnInTurn(
  learner: Learner,
  { test }: ImageSets,
  phases: readonly Phase[],
  asked: readonly number[],
): Promise<{ retention: number[][]; accuracy: number }> {
  const retention: number[][] = [], seen: number[] = [];
  let accuracy = 0;
  for (const [t, phase] of phases.entries()) {
    await learner.learn(phase);
    seen.push(...phase.classes);
    const samples = asked.filter((k) => seen.includes(test.labels[k])), labels = samples.map((k) => test.labels[k]);
    const answers = await learner.answers(test, samples);
    accuracy = shareRight(answers, labels);
    retention.push(
      phases.slice(0, t + 1).map(({ classes }) => {
        const own = [...labels.keys()].filter((row) => classes.includes(labels[row]));
        return shareRight(own.map((row) => answers[row]), own.map((row) => labels[row]));
      }),
    );
  }
  return { retention, accuracy };
}
