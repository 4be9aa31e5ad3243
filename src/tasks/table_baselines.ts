/** What well-known methods reach on the same split of a table; scaling is fitted on the training rows. */

import { nearest } from "./nearest.ts";
import { columnRanges, type Split, splitTable, type Table } from "./table.ts";

/** Share of the held-out rows whose class a method tells. */
export type Baseline = (table: Table, seed: number) => number;

/** Steps down the gradient of all training rows, and their rate, of logistic regression; chosen on splits of seeds ≥ 1000. */
export const LOGISTIC = { steps: 2000, rate: 3 } as const;

/** Multinomial logistic regression; by hand, so that it also runs where nothing can be fetched. */
export const logistic: Baseline = (table, seed) =>
  judged(table, seed, (scaled, { train, test }) => {
    const many = table.columns.length + 1, classes = table.classes.length, weights = new Float64Array(classes * many);
    const inputs = scaled.map((row) => [1, ...row]);
    const scores = (i: number) =>
      table.classes.map((_, c) => inputs[i].reduce((sum, x, k) => sum + x * weights[c * many + k], 0));
    for (let step = 0; step < LOGISTIC.steps; step++) {
      const gradient = new Float64Array(weights.length);
      for (const i of train) {
        const raised = scores(i).map(Math.exp), sum = raised.reduce((a, b) => a + b);
        raised.forEach((x, c) => {
          const error = x / sum - Number(c === table.labels[i]);
          inputs[i].forEach((input, k) => gradient[c * many + k] += error * input);
        });
      }
      gradient.forEach((g, k) => weights[k] -= LOGISTIC.rate * g / train.length);
    }
    return test.map((i) => {
      const own = scores(i);
      return own.indexOf(Math.max(...own));
    });
  });

/** The class of the nearest row. */
export const nearestRow: Baseline = (table, seed) =>
  judged(table, seed, (scaled, { train, test }) => {
    const stored = train.map((i) => scaled[i]);
    return test.map((i) => table.labels[train[nearest(scaled[i], stored)]]);
  });

/** One rule on the last column of a table of three classes: the two bounds between them that divide the training rows best. */
export const oneRule: Baseline = (table, seed) =>
  judged(table, seed, (_, { train, test }) => {
    const of = (i: number) => table.rows[i][table.columns.length - 1];
    const values = [...new Set(train.map(of))].sort((a, b) => a - b);
    const between = values.slice(1).map((x, k) => (x + values[k]) / 2);
    // Classes in the order of their mean values.
    const mean = (c: number) => {
      const own = train.filter((i) => table.labels[i] === c);
      return own.reduce((sum, i) => sum + of(i), 0) / own.length;
    };
    const order = table.classes.map((_, c) => c).sort((a, b) => mean(a) - mean(b));
    const told = (i: number, low: number, high: number) => order[Number(of(i) > low) + Number(of(i) > high)];
    const right = ([low, high]: number[]) => train.filter((i) => told(i, low, high) === table.labels[i]).length;
    const rules = between.flatMap((low, k) => between.slice(k).map((high) => [low, high]));
    const [low, high] = rules.reduce((best, rule) => right(rule) > right(best) ? rule : best);
    return test.map((i) => told(i, low, high));
  });

/** Asks a method for the held-out rows. Scaled, a column lies between 0 and 1 on the training rows. */
function judged(table: Table, seed: number, answer: (scaled: number[][], split: Split) => number[]): number {
  const split = splitTable(table, seed), { test } = split, { low, high } = columnRanges(table, split.train);
  const scaled = table.rows.map((row) => row.map((x, c) => high[c] > low[c] ? (x - low[c]) / (high[c] - low[c]) : 0));
  const answers = answer(scaled, split);
  return answers.filter((a, k) => a === table.labels[test[k]]).length / test.length;
}
