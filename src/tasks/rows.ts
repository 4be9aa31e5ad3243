/** Raw rows of benchmarks: one line a run, with everything that made its number; and the tables made from them. */

import { InputError, show } from "../state/errors.ts";
import { type Statistics, statistics } from "./statistics.ts";

/** One run of one arm with one seed. */
export interface Row {
  benchmark: string;
  arm: string;
  meaning: string;
  metric: string;
  seed: number;
  value: number;
  quick: boolean;
  wallS: number;
  backend: string;
  version: string;
  commit: string | null;
  machine: string;
  date: string;
  hyperparameters: Record<string, unknown>;
  [detail: string]: unknown;
}

/** What the runs of one arm say together. */
export interface Result extends Statistics {
  benchmark: string;
  arm: string;
  meaning: string;
  metric: string;
  seeds: number[];
  values: number[];
  /** Seconds of all runs together. */
  wallS: number;
  backend: string;
  quick: boolean;
  neurons?: number;
  synapses?: number;
}

/** Rows by benchmark and arm, in the order in which they first appear, seeds ascending. */
export function summariseRows(rows: readonly Row[]): Result[] {
  // The same run, found twice, counts once: the later one.
  const distinct = new Map(
    rows.map((row) => [JSON.stringify([row.benchmark, row.arm, row.quick, row.seed, row.hyperparameters]), row]),
  );
  const kind = (row: Row) => JSON.stringify([row.benchmark, row.arm, row.quick, row.hyperparameters]);
  const groups = Map.groupBy(distinct.values(), kind);
  return [...groups.values()].map((group) => {
    const sorted = [...group].sort((a, b) => a.seed - b.seed), first = sorted[0];
    const values = sorted.map((row) => row.value), { n, mean, sd, ci95 } = statistics(values);
    const number = (key: string) => typeof first[key] === "number" ? { [key]: first[key] } : {};
    return {
      benchmark: first.benchmark,
      arm: first.arm,
      meaning: first.meaning,
      metric: first.metric,
      n,
      mean,
      sd,
      // Metrics are fractions, and so is the mean of any number of them, which Student's t does not know.
      ci95: ci95 && [Math.max(0, ci95[0]), Math.min(1, ci95[1])],
      seeds: sorted.map((row) => row.seed),
      values,
      wallS: sorted.reduce((sum, row) => sum + row.wallS, 0),
      backend: first.backend,
      quick: first.quick,
      ...number("neurons"),
      ...number("synapses"),
    };
  });
}

/** A fraction as a table shows it. */
export function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}

/** A Markdown table of results. */
export function markdownTable(results: readonly Result[]): string {
  return [
    "| benchmark | arm | metric | mean ± sd | 95 % interval | seeds | seconds a seed |",
    "|---|---|---|---|---|---|---|",
    ...results.map((r) =>
      `| ${r.benchmark}${r.quick ? " (quick)" : ""} | ${r.arm}: ${r.meaning} | ${r.metric} | ${percent(r.mean)}${
        r.sd === null ? "" : ` ± ${percent(r.sd)}`
      } % ` +
      `| ${r.ci95?.map(percent).join("–") ?? "–"} | ${r.n} | ${(r.wallS / r.n).toFixed(1)} |`
    ),
  ].join("\n") + "\n";
}

/**
 * Rows from JSON Lines; records of other kinds are passed over.
 * @throws {InputError} for a line that is no JSON
 */
export function parseRows(name: string, text: string): Row[] {
  return text.split("\n").flatMap((line, k) => {
    if (line.trim() === "") return [];
    let record: Partial<Row> | null;
    try {
      record = JSON.parse(line);
    } catch {
      throw new InputError(`"${name}", line ${k + 1} is ${show(line)}; expected JSON`);
    }
    return typeof record?.benchmark === "string" && typeof record.value === "number" ? [record as Row] : [];
  });
}
