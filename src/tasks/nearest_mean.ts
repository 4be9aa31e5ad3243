/** The simplest of classifiers: the class whose mean image is nearest. It forgets nothing. */

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
      let best = -1, least = Infinity;
      for (const { label, mean } of means) {
        let distance = 0;
        for (let i = 0; i < this.#size; i++) distance += (pixels[k * this.#size + i] - mean[i]) ** 2;
        if (distance < least) [best, least] = [label, distance];
      }
      return best;
    });
  }
}
