/** What input lines see of images: all of it, or patches of it, each with lines of its own. */

import { InputError } from "../state/errors.ts";
import type { Images } from "./idx.ts";

/** Square patches on a regular grid. */
export interface Fields {
  /** Pixels on a side. */
  size: number;
  /** Pixels from one patch to the next. */
  stride: number;
  /** Ink of a patch (black pixels) below which its lines fire less than their share. */
  least: number;
}

/** Pixels of the lines of each field: one field with all pixels, or patches, row by row. */
export function linesOf({ width, height }: Images, fields: Fields | null): Uint32Array[] {
  if (fields === null) return [Uint32Array.from({ length: width * height }, (_, k) => k)];
  const { size, stride } = fields, patches: Uint32Array[] = [];
  if (size > width || size > height) {
    throw new InputError(`images of ${width} × ${height} pixels are smaller than the fields of ${size} × ${size}`);
  }
  for (let y = 0; y + size <= height; y += stride) {
    for (let x = 0; x + size <= width; x += stride) {
      patches.push(
        Uint32Array.from({ length: size * size }, (_, k) => (y + Math.floor(k / size)) * width + x + k % size),
      );
    }
  }
  return patches;
}

/**
 * The activity of the lines for an image, 0–1: in each field it adds up to `total`, however much ink there is.
 * @param least ink below which it adds up to less
 */
export function shownOn(
  lines: readonly Uint32Array[],
  { pixels, width, height }: Images,
  image: number,
  total: number,
  least: number,
): Float32Array {
  const each = lines[0].length, first = image * width * height, values = new Float32Array(lines.length * each);
  lines.forEach((field, f) => {
    let ink = 0;
    for (const pixel of field) ink += pixels[first + pixel];
    const scale = total / Math.max(ink, 255 * least);
    if (ink > 0) field.forEach((pixel, k) => values[f * each + k] = Math.min(1, scale * pixels[first + pixel]));
  });
  return values;
}
