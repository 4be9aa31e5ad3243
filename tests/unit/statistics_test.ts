import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { statistics, studentQuantile } from "../../src/tasks/statistics.ts";

/** The 97.5 % quantile of Student's t by degrees of freedom, as printed in tables. */
const TABULATED: Record<number, number> = {
  1: 12.706,
  2: 4.303,
  3: 3.182,
  4: 2.776,
  5: 2.571,
  6: 2.447,
  7: 2.365,
  8: 2.306,
  9: 2.262,
  10: 2.228,
  11: 2.201,
  12: 2.179,
  13: 2.160,
  14: 2.145,
  15: 2.131,
  19: 2.093,
  20: 2.086,
  24: 2.064,
  29: 2.045,
  30: 2.042,
  40: 2.021,
  60: 2.000,
  120: 1.980,
};

Deno.test("quantiles of Student's t are those of the tables", () => {
  for (const [freedom, quantile] of Object.entries(TABULATED)) {
    assertAlmostEquals(studentQuantile(Number(freedom)), quantile, 0.0006, `${freedom} degrees of freedom`);
  }
  assertAlmostEquals(studentQuantile(1e6), 1.959966, 1e-5);
});

Deno.test("quantiles fall with the degrees of freedom", () => {
  for (let freedom = 1; freedom < 200; freedom++) {
    assertLess(studentQuantile(freedom + 1), studentQuantile(freedom));
  }
});

Deno.test("mean, deviation and interval are those of a worked example", () => {
  // Ten values; mean 5.5, sample variance 82.5/9.
  const { n, mean, sd, ci95 } = statistics([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assertEquals([n, mean], [10, 5.5]);
  const expected = Math.sqrt(82.5 / 9);
  assertAlmostEquals(sd!, expected, 1e-12);
  assertAlmostEquals(ci95![0], 5.5 - 2.262157 * expected / Math.sqrt(10), 1e-4);
  assertAlmostEquals(ci95![1], 5.5 + 2.262157 * expected / Math.sqrt(10), 1e-4);
});

Deno.test("equal values have no spread; of one value, none is known", () => {
  assertEquals(statistics([0.5, 0.5, 0.5]), { n: 3, mean: 0.5, sd: 0, ci95: [0.5, 0.5] });
  assertEquals(statistics([0.7]), { n: 1, mean: 0.7, sd: null, ci95: null });
});

Deno.test("the interval covers the true mean of normal samples in 95 % of all cases", () => {
  // A small generator of its own (Park & Miller), so that the claim does not lean on the simulator's.
  let state = 12345;
  const uniform = () => (state = state * 48271 % 2147483647) / 2147483647;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  let covered = 0;
  const trials = 4000;
  for (let k = 0; k < trials; k++) {
    const [low, high] = statistics(Array.from({ length: 5 }, normal)).ci95!;
    if (low <= 0 && high >= 0) covered++;
  }
  assertGreater(covered / trials, 0.935);
  assertLess(covered / trials, 0.965);
});
