/** The distribution of a projection's weights. */

import type { Projection } from "./projection.ts";

/** Bins of a histogram. */
const BINS = 16;

/** A distribution of weights, in bins of equal width from zero to the largest weight. */
export interface WeightHistogram {
  projection: string;
  synapses: number;
  min: number;
  max: number;
  mean: number;
  sd: number;
  binWidth: number;
  counts: number[];
}

/** Counts the weights of a projection. */
export function histogram({ weights, spec }: Projection): WeightHistogram {
  let low = Infinity, high = -Infinity, sum = 0, squares = 0;
  for (const w of weights) {
    low = Math.min(low, w);
    high = Math.max(high, w);
    sum += w;
    squares += w * w;
  }
  const top = spec.plasticity?.weightMax ?? high, counts = new Array<number>(BINS).fill(0);
  for (const w of weights) counts[Math.min(BINS - 1, Math.floor(w / top * BINS) || 0)]++;
  const n = weights.length, mean = n > 0 ? sum / n : 0;
  return {
    projection: spec.name,
    synapses: n,
    min: n > 0 ? low : 0,
    max: n > 0 ? high : 0,
    mean,
    sd: n > 0 ? Math.sqrt(Math.max(0, squares / n - mean * mean)) : 0,
    binWidth: n > 0 ? top / BINS : 0,
    counts,
  };
}
