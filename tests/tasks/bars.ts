/** Small images for tests of what learns from images. */

import { RandomStream } from "../../src/state/random.ts";
import type { Images } from "../../src/tasks/idx.ts";

/** Pixels on a side, and classes. */
export const SIDE = 10, CLASSES = 5;

/** Images of a horizontal or slanted bar, one position a class, under noise. */
export function bars(count: number, stream: string): Images {
  const random = new RandomStream(1, stream), pixels = new Uint8Array(count * SIDE * SIDE);
  const labels = Uint8Array.from({ length: count }, () => random.integer(CLASSES));
  labels.forEach((label, k) => {
    const image = pixels.subarray(k * SIDE * SIDE, (k + 1) * SIDE * SIDE), slant = random.integer(2);
    for (let x = 0; x < SIDE; x++) {
      const y = 2 * label + (slant && x >= SIDE / 2 ? 1 : 0);
      image[y * SIDE + x] = 150 + random.integer(100);
    }
    for (let n = 0; n < 12; n++) image[random.integer(SIDE * SIDE)] = random.integer(250);
  });
  return { pixels, labels, width: SIDE, height: SIDE };
}
