/** Means with their spread. */

/** What a list of values says. */
export interface Statistics {
  n: number;
  mean: number;
  /** Standard deviation of the values (n − 1); none of one value. */
  sd: number | null;
  /** 95 % confidence interval of the mean (Student's t); none of one value. */
  ci95: [number, number] | null;
}

/** Mean, standard deviation and 95 % interval. */
export function statistics(values: readonly number[]): Statistics {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n < 2) return { n, mean, sd: null, ci95: null };
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1));
  const half = studentQuantile(n - 1) * sd / Math.sqrt(n);
  return { n, mean, sd, ci95: [mean - half, mean + half] };
}

/** 97.5 % quantiles of Student's t for 1 to 10 degrees of freedom. */
const STUDENT = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];

/** The 97.5 % quantile of Student's t: from the table, or by Hill's expansion about the normal quantile (1970). */
export function studentQuantile(freedom: number): number {
  if (freedom <= STUDENT.length) return STUDENT[freedom - 1];
  const z = 1.959963984540054, v = freedom;
  const g1 = (z ** 3 + z) / 4, g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + g1 / v + g2 / v ** 2 + g3 / v ** 3;
}
