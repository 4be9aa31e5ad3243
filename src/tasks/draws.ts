/** Drawing images: as many of each class. */

import { InputError } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";
import type { Images } from "./idx.ts";
import { classesOf } from "./labels.ts";

/**
 * As many images of each class, the first in a random order; more of them include fewer.
 * @param stream what they are drawn for
 * @param among only images before this one
 * @throws {InputError} when a class has fewer
 */
export function drawPerClass(
  images: Images,
  perClass: number,
  seed: number,
  stream: string,
  among = images.labels.length,
): number[] {
  const { labels } = images, taken = new Map<number, number>(), drawn: number[] = [];
  for (const k of new RandomStream(seed, stream).permutation(Math.min(among, labels.length))) {
    const before = taken.get(labels[k]) ?? 0;
    taken.set(labels[k], before + 1);
    if (before < perClass) drawn.push(k);
  }
  const short = classesOf(images).find((c) => (taken.get(c) ?? 0) < perClass);
  if (short !== undefined) {
    throw new InputError(
      `the benchmark needs ${perClass} images of each class; the set has ${
        taken.get(short) ?? 0
      } of class ${short}; give one with more of it (--data)`,
    );
  }
  return drawn;
}
