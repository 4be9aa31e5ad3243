/** The simplest of classifiers: the class whose mean image is nearest, which forgets nothing; and that of the nearest image. */

import type { Images } from "./idx.ts";

/** Mean images of classes. */
export class NearestMean {
  readonly #size: number;
  /** Sums of pixels, class by class. */
  readonly #sums = new Map<number, { sum: Float64Array; images: number }>();

  /** @param images of the size that all will have */
  constructor({ width, height }: Images) {
    this.#size = width * height;
  }

  /** Takes images into the means of their classes. */
  learn({ pixels, labels }: Images, samples: readonly number[]): void {
    for (const k of samples) {
      const own = this.#sums.get(labels[k]) ?? { sum: new Float64Array(this.#size), images: 0 };
      for (let i = 0; i < this.#size; i++) own.sum[i] += pixels[k * this.#size + i];
      own.images++;
      this.#sums.set(labels[k], own);
    }
  }

  /** The class of the nearest mean (squares of pixel differences). */
  answers({ pixels }: Images, samples: readonly number[]): number[] {
    const means = [...this.#sums].map(([label, { sum, images }]) => ({ label, mean: sum.map((x) => x / images) }));
    return samples.map((k) => {
      const image = pixels.subarray(k * this.#size, (k + 1) * this.#size);
      return means[nearest(image, means.map(({ mean }) => mean))].label;
    });
  }
}

/** The class of the nearest of some images. */
export function nearestNeighbour(
  known: Images,
  labelled: readonly number[],
  asked: Images,
  samples: readonly number[],
): number[] {
  const size = known.width * known.height;
  const image = ({ pixels }: Images, k: number) => pixels.subarray(k * size, (k + 1) * size);
  const stored = labelled.map((k) => image(known, k));
  return samples.map((k) => known.labels[labelled[nearest(image(asked, k), stored)]]);
}

/** Which of some vectors is nearest (squares of differences). */
export function nearest(image: ArrayLike<number>, stored: readonly ArrayLike<number>[]): number {
  let best = -1, least = Infinity;
  stored.forEach((other, index) => {
    let distance = 0;
    for (let i = 0; i < image.length && distance < least; i++) distance += (image[i] - other[i]) ** 2;
    if (distance < least) [best, least] = [index, distance];
  });
  return best;
}
