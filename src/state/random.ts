/**
 * Counter-based random numbers: every draw is a pure function of (seed, stream, index, step), so results do not depend
 * on loop order, batch size, backend or worker count, and a snapshot needs no generator state. All arithmetic is
 * 32-bit integer, so that a WGSL twin gives the same bits.
 *
 * The mixing function is the two-multiply "lowbias32" permutation (C. Wellons, "Prospecting for hash functions", 2018);
 * the approach follows Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
 */

/** A bijective scramble of 32 bits in which every input bit flips each output bit with probability near one half. */
export function mix32(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0xd35a2d97);
  return x ^ (x >>> 15);
}

/** The key of a named stream under a seed: FNV-1a over the name, scrambled with the seed. */
export function streamKey(seed: number, stream: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < stream.length; i++) h = Math.imul(h ^ stream.charCodeAt(i), 0x01000193);
  return mix32(h ^ mix32(seed + 0x9e3779b9));
}

/** The key of one step of a stream. Computed once per step and kernel, not once per neuron. */
export function stepKey(key: number, step: number): number {
  return mix32(key ^ mix32(step + 0x7f4a7c15));
}

/**
 * 32 random bits (as a signed integer) for one index under a key from {@linkcode stepKey}. The key enters twice, so
 * that the sequences of two steps are not shifted copies of each other.
 */
export function bits32(key: number, index: number): number {
  return mix32(mix32(index + key) ^ (key >>> 7) ^ (key << 13));
}

/** Maps 32 random bits to a number in [0, 1) with 24 bits of resolution (exact in single precision). */
export function toUniform(bits: number): number {
  return (bits >>> 8) * 5.9604644775390625e-8;
}

/** Number of entries of {@linkcode normalTable}; a power of two. */
export const NORMAL_ENTRIES = 4096;

/**
 * Standard normal quantiles at the midpoints of 4,096 equal probabilities, rescaled to unit variance. Indexing it with
 * the 12 top bits of a hash gives Gaussian noise for one table look-up. The largest value is 3.7; the kurtosis 2.98.
 * Made when it is first asked for.
 */
export function normalTable(): Float32Array {
  return made ??= makeNormalTable();
}

let made: Float32Array | undefined;

function makeNormalTable(): Float32Array {
  const table = new Float64Array(NORMAL_ENTRIES);
  let sumOfSquares = 0;
  for (let i = 0; i < NORMAL_ENTRIES; i++) {
    table[i] = normalQuantile((i + 0.5) / NORMAL_ENTRIES);
    sumOfSquares += table[i] ** 2;
  }
  const scale = Math.sqrt(NORMAL_ENTRIES / sumOfSquares);
  return Float32Array.from(table, (x) => x * scale);
}

/** Inverse of the standard normal distribution function: Newton's method on a series for erf, to double precision. */
function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  // Start from the tail asymptote; the iteration below converges from it for all p used here.
  const t = Math.sqrt(-2 * Math.log(p));
  let x = -(t - (2.515517 + 0.802853 * t + 0.010328 * t * t) /
      (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t));
  for (let k = 0; k < 4; k++) {
    const density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    x -= (normalCumulative(x) - p) / density;
  }
  return x;
}

/** The standard normal distribution function by its power series (Marsaglia 2004). */
function normalCumulative(x: number): number {
  let sum = x, term = x;
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= x * x / k;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * A sequential reader of one stream, for work that happens once (building, shuffling), not in the step.
 *
 * @example
 * ```ts
 * import { RandomStream } from "./random.ts";
 * const a = new RandomStream(1, "weights"), b = new RandomStream(1, "weights");
 * console.assert(a.uniform() === b.uniform());
 * ```
 */
export class RandomStream {
  readonly #key: number;
  #counter: number;
  #turn = -1;
  #turnKey = 0;

  /**
   * @param seed the brain's seed, 0 to 2³² − 1
   * @param stream what the numbers are for; streams of different names are independent
   * @param start how many numbers to skip
   */
  constructor(seed: number, stream: string, start = 0) {
    this.#key = streamKey(seed, stream);
    this.#counter = start;
  }

  /** A number in [0, 1). */
  uniform(): number {
    const n = this.#counter++, turn = Math.floor(n / 4294967296);
    // Above 2³² draws the index wraps; the high part selects another key.
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#turnKey = stepKey(this.#key, turn);
    }
    return toUniform(bits32(this.#turnKey, n | 0));
  }

  /** An integer in [0, n); n up to 2²⁴. */
  integer(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** A standard normal number (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A new array with the numbers 0 … n − 1 in random order (Fisher–Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}
