/**
 * What unsupervised learning of images is compared with: prototypes that an image is assigned to by the angle between them.
 * Either images drawn from the training set, or the centres that online spherical k-means makes of those
 * (MacQueen 1967; Dhillon & Modha 2001).
 */

import { RandomStream } from "../state/random.ts";
import type { Images } from "./idx.ts";

/**
 * Passes over the images; and how many prototypes answer to an image, the nearest with the most spikes. Chosen on images that
 * are not tested on (benchmarks of 100 and 400 centres, seed 1000): one pass and one voice are two to three points worse.
 */
export const PROTOTYPES = { passes: 3, spikes: [16, 8, 4, 2, 1] };

/** Prototypes of one size. */
export class Prototypes {
  /** Pixel by pixel, one element a prototype: an image touches only the rows of its ink. */
  readonly #weight: Float32Array;
  readonly #pixels: number;
  readonly #scores: Float32Array;

  private constructor(images: Images, readonly count: number, seed: number) {
    this.#pixels = images.width * images.height;
    this.#weight = new Float32Array(this.#pixels * count);
    this.#scores = new Float32Array(count);
    const order = new RandomStream(seed, "prototypes").permutation(images.labels.length);
    for (let j = 0; j < count; j++) this.#move(j, this.#unit(images, order[j % order.length]), 1);
  }

  /** Images drawn from a set. */
  static drawn(images: Images, count: number, seed: number): Prototypes {
    return new Prototypes(images, count, seed);
  }

  /** Centres: each image in turn moves its nearest prototype, by one over the number of images that one has won. */
  static learnt(images: Images, count: number, seed: number, order: ArrayLike<number>, passes: number): Prototypes {
    const prototypes = new Prototypes(images, count, seed), won = new Uint32Array(count).fill(1);
    for (let pass = 0; pass < passes; pass++) {
      for (let k = 0; k < order.length; k++) {
        const image = prototypes.#unit(images, order[k]), j = highest(prototypes.#score(image));
        prototypes.#move(j, image, 1 / ++won[j]);
      }
    }
    return prototypes;
  }

  /**
   * Spikes in answer to images, as a network's are listed: one row of counts an image.
   * @param gone prototypes that cannot answer
   */
  counts(images: Images, samples: readonly number[], gone: Iterable<number> = []): Uint16Array {
    const list = new Uint16Array(samples.length * this.count);
    for (const [row, k] of samples.entries()) {
      const scores = this.#score(this.#unit(images, k));
      for (const j of gone) scores[j] = -1;
      for (const n of PROTOTYPES.spikes) {
        const j = highest(scores);
        if (scores[j] < 0) break;
        list[row * this.count + j] = n;
        scores[j] = -1;
      }
    }
    return list;
  }

  /** An image as a vector of length one. */
  #unit({ pixels }: Images, k: number): Float32Array {
    const image = Float32Array.from(pixels.subarray(k * this.#pixels, (k + 1) * this.#pixels));
    return scaleToUnit(image);
  }

  /** How alike an image is to each prototype: the cosine, never negative; the same list each time. */
  #score(image: Float32Array): Float32Array {
    const scores = this.#scores.fill(0), weight = this.#weight, n = this.count;
    for (let i = 0; i < image.length; i++) {
      const x = image[i];
      if (x === 0) continue;
      for (let j = 0, at = i * n; j < n; j++) scores[j] += x * weight[at + j];
    }
    return scores;
  }

  /** Moves a prototype a share of the way to an image, and back to length one. */
  #move(j: number, image: Float32Array, share: number): void {
    const next = scaleToUnit(image.map((x, i) => {
      const w = this.#weight[i * this.count + j];
      return w + share * (x - w);
    }));
    for (let i = 0; i < next.length; i++) this.#weight[i * this.count + j] = next[i];
  }
}

/** Where a list is highest. */
function highest(list: Float32Array): number {
  let best = 0;
  for (let j = 1; j < list.length; j++) if (list[j] > list[best]) best = j;
  return best;
}

function scaleToUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((x) => x / length) : vector;
}
