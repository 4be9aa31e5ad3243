import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess, assertNotEquals } from "@std/assert";
import {
  bits32,
  mix32,
  NORMAL_ENTRIES,
  normalTable,
  RandomStream,
  stepKey,
  streamKey,
  toUniform,
} from "../../src/state/random.ts";

/** Σ (observed − expected)²/expected over equally likely bins. */
function chiSquare(counts: ArrayLike<number>, draws: number): number {
  const expected = draws / counts.length;
  return Array.from(counts, (n) => (n - expected) ** 2 / expected).reduce((a, b) => a + b, 0);
}

/** Claims that χ² of so many degrees of freedom lies within five standard deviations of its mean, on both sides. */
function assertUniform(counts: ArrayLike<number>, draws: number, what: string): void {
  const freedom = counts.length - 1, spread = 5 * Math.sqrt(2 * freedom);
  assertAlmostEquals(chiSquare(counts, draws), freedom, spread, what);
}

/** The correlation of two samples of uniform numbers. */
function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) sum += (x[k] - 0.5) * (y[k] - 0.5);
  return 12 * sum / x.length;
}

/** n uniform numbers of one step of a stream, from an index on. */
function draws(seed: number, stream: string, step: number, n: number, first = 0): Float64Array {
  const key = stepKey(streamKey(seed, stream), step);
  return Float64Array.from({ length: n }, (_, k) => toUniform(bits32(key, first + k)));
}

Deno.test("mix32 maps no two numbers to one and flips half of the output bits for each input bit", () => {
  const seen = new Set<number>();
  for (let x = 0; x < 50_000; x++) seen.add(mix32(x));
  assertEquals(seen.size, 50_000);
  for (let bit = 0; bit < 32; bit++) {
    let flipped = 0;
    for (let x = 0; x < 2000; x++) {
      for (let d = mix32(x * 7919) ^ mix32((x * 7919) ^ (1 << bit)); d !== 0; d &= d - 1) flipped++;
    }
    assertAlmostEquals(flipped / 2000, 16, 0.6, `input bit ${bit}`);
  }
});

Deno.test("numbers of one step are uniform in their upper and in their lower bits, over indices", () => {
  const n = 200_000, upper = new Uint32Array(256), lower = new Uint32Array(256);
  const key = stepKey(streamKey(1, "noise:cortex"), 17);
  for (let k = 0; k < n; k++) {
    const bits = bits32(key, k);
    upper[bits >>> 24]++;
    lower[bits & 255]++;
  }
  assertUniform(upper, n, "upper");
  assertUniform(lower, n, "lower");
});

Deno.test("numbers of one neuron are uniform over steps", () => {
  const n = 200_000, counts = new Uint32Array(256), key = streamKey(1, "noise:cortex");
  for (let step = 0; step < n; step++) counts[bits32(stepKey(key, step), 5) >>> 24]++;
  assertUniform(counts, n, "steps");
});

Deno.test("numbers lie in [0, 1), and are exact in single precision", () => {
  assertEquals([toUniform(0), toUniform(-1)], [0, 1 - 2 ** -24]);
  for (const x of draws(3, "x", 0, 1000)) assert(x >= 0 && x < 1 && Math.fround(x) === x);
});

Deno.test("steps, streams, seeds and neighbouring indices are uncorrelated", () => {
  const n = 40_000, limit = 4.5 / Math.sqrt(n), own = draws(1, "noise:a", 100, n);
  const others: [string, Float64Array][] = [
    ...[1, 2, 3, 10, 1000].map((lag): [string, Float64Array] => [`step +${lag}`, draws(1, "noise:a", 100 + lag, n)]),
    ...[1, 2, 3, 64, 1000].map((lag): [string, Float64Array] => [`index +${lag}`, draws(1, "noise:a", 100, n, lag)]),
    ...["noise:b", "noise:aa", "stimulus:a", ""].map((
      s,
    ): [string, Float64Array] => [`stream ${s}`, draws(1, s, 100, n)]),
    ...[0, 2, 3, 2 ** 31, 2 ** 32 - 1].map((s): [string, Float64Array] => [`seed ${s}`, draws(s, "noise:a", 100, n)]),
  ];
  for (const [what, other] of others) assertLess(Math.abs(correlation(own, other)), limit, what);
});

/** Pairs of numbers from a list that differ by 1 to 1000: [place of the smaller, place of the larger, difference]. */
function close(numbers: readonly number[]): [number, number, number][] {
  const order = Array.from(numbers.keys()).sort((a, b) => numbers[a] - numbers[b]);
  return order.slice(1).flatMap((b, k): [number, number, number][] => {
    const a = order[k], difference = numbers[b] - numbers[a];
    return difference > 0 && difference <= 1000 ? [[a, b, difference]] : [];
  });
}

Deno.test("steps whose keys lie close to each other do not share their numbers at shifted indices", () => {
  const key = streamKey(7, "noise:a"), keys = Array.from({ length: 30_000 }, (_, step) => stepKey(key, step));
  const pairs = close(keys);
  assertGreater(pairs.length, 50);
  for (const [a, b, shift] of pairs) {
    const equal = [0, 1, 2, 3].filter((k) => bits32(keys[a], k + shift) === bits32(keys[b], k));
    assertEquals(equal, [], `steps ${a} and ${b}`);
  }
});

Deno.test("streams whose keys lie close to each other do not share their numbers at shifted steps", () => {
  const keys = Array.from({ length: 30_000 }, (_, k) => streamKey(7, `noise:${k}`));
  const pairs = close(keys);
  assertGreater(pairs.length, 50);
  for (const [a, b, shift] of pairs) {
    const equal = [0, 1, 2, 3].filter((step) => stepKey(keys[a], step + shift) === stepKey(keys[b], step));
    assertEquals(equal, [], `streams ${a} and ${b}`);
  }
});

Deno.test("sums over consecutive steps have the variance of independent numbers", () => {
  let sumOfSquares = 0;
  const rows = 4000, steps = 16;
  const columns = Array.from({ length: steps }, (_, step) => draws(5, "x", step, rows));
  for (let k = 0; k < rows; k++) sumOfSquares += columns.reduce((sum, c) => sum + c[k] - 0.5, 0) ** 2;
  assertAlmostEquals(sumOfSquares / rows / (steps / 12), 1, 5 * Math.sqrt(2 / rows));
});

Deno.test("the normal table has mean 0, variance 1, no skew and the kurtosis of a normal", () => {
  assertEquals(normalTable().length, NORMAL_ENTRIES);
  const moment = (p: number) => normalTable().reduce((sum, x) => sum + x ** p, 0) / NORMAL_ENTRIES;
  assertAlmostEquals(moment(1), 0, 1e-6);
  assertAlmostEquals(moment(2), 1, 1e-6);
  assertAlmostEquals(moment(3), 0, 1e-5);
  assertAlmostEquals(moment(4), 3, 0.03);
});

Deno.test("the normal table ascends and holds the quantiles of the normal distribution", () => {
  for (let k = 1; k < NORMAL_ENTRIES; k++) assertLess(normalTable()[k - 1], normalTable()[k]);
  // Quantiles from tables; entry i stands for the probability (i + ½)/4096.
  for (const [p, z] of [[0.5, 0], [0.841345, 1], [0.975, 1.959964], [0.99865, 3]]) {
    const at = p * NORMAL_ENTRIES - 0.5, k = Math.floor(at);
    const between = normalTable()[k] + (at - k) * (normalTable()[k + 1] - normalTable()[k]);
    assertAlmostEquals(between, z, 0.01 + 0.001 * z, `p = ${p}`);
  }
});

Deno.test("normal numbers of a stream have mean 0, variance 1 and independent neighbours", () => {
  const stream = new RandomStream(1, "weights"), n = 40_000;
  const x = Float64Array.from({ length: n }, () => stream.normal());
  const mean = x.reduce((a, b) => a + b, 0) / n;
  assertAlmostEquals(mean, 0, 4.5 / Math.sqrt(n));
  assertAlmostEquals(x.reduce((a, b) => a + b * b, 0) / n, 1, 4.5 * Math.sqrt(2 / n));
  let lagged = 0;
  for (let k = 1; k < n; k++) lagged += x[k] * x[k - 1];
  assertAlmostEquals(lagged / n, 0, 4.5 / Math.sqrt(n));
});

Deno.test("a stream gives the same numbers again, and goes on where it is told to start", () => {
  const a = new RandomStream(1, "x"), b = new RandomStream(1, "x"), later = new RandomStream(1, "x", 3);
  const first = Array.from({ length: 6 }, () => a.uniform());
  assertEquals(Array.from({ length: 6 }, () => b.uniform()), first);
  assertEquals(Array.from({ length: 3 }, () => later.uniform()), first.slice(3));
  assertNotEquals(new RandomStream(2, "x").uniform(), first[0]);
  assertNotEquals(new RandomStream(1, "y").uniform(), first[0]);
});

Deno.test("a stream does not repeat itself after 2³² numbers", () => {
  const early = new RandomStream(1, "x"), late = new RandomStream(1, "x", 2 ** 32);
  const pairs = Array.from({ length: 5 }, () => [early.uniform(), late.uniform()]);
  assert(pairs.some(([a, b]) => a !== b));
});

Deno.test("integers cover 0 to n − 1 evenly", () => {
  const stream = new RandomStream(4, "x"), counts = new Uint32Array(10);
  for (let k = 0; k < 20_000; k++) counts[stream.integer(10)]++;
  assertUniform(counts, 20_000, "integer(10)");
  assertEquals(stream.integer(1), 0);
});

Deno.test("a permutation holds every number once, and every order is as likely", () => {
  const stream = new RandomStream(2, "x"), orders = new Map<string, number>(), n = 12_000;
  for (let k = 0; k < n; k++) {
    const order = stream.permutation(4).join();
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assertEquals(orders.size, 24);
  assertUniform([...orders.values()], n, "orders of four");
  assertEquals([...stream.permutation(1000)].sort((a, b) => a - b), Array.from({ length: 1000 }, (_, k) => k));
  assertEquals(stream.permutation(0).length, 0);
});
