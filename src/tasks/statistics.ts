/** Means with their spread. */

/** What a list of values says. */
export interface Statistics {
  n: number;
  mean: number;
  /** Standard deviation of the values (n − 1). */
  sd: number;
  /** 95 % confidence interval of the mean (Student's t). */
  ci95: [number, number];
}

/** Mean, standard deviation and 95 % interval; with one value, the interval is that value. */
export function statistics(values: readonly number[]): Statistics {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const sd = n > 1 ? Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1)) : 0;
  const half = n > 1 ? studentQuantile(n - 1) * sd / Math.sqrt(n) : 0;
  return { n, mean, sd, ci95: [mean - half, mean + half] };
}

/** The 97.5 % quantile of Student's t: exact for one and two degrees of freedom, else Hill's expansion (1970). */
export function studentQuantile(freedom: number): number {
  if (freedom === 1) return 12.7062047362;
  if (freedom === 2) return 4.3026527297;
  const z = 1.959963984540054, v = freedom;
  const g1 = (z ** 3 + z) / 4, g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + g1 / v + g2 / v ** 2 + g3 / v ** 3 + g4 / v ** 4;
}
