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
  /** Values are ratios of any size; else they are fractions. */
  ratio?: true;
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
  ratio?: true;
  seeds: number[];
  values: number[];
  /** Seconds of all runs together. */
  wallS: number;
  backend: string;
  quick: boolean;
  /** What the rows have in common, as JSON. */
  hyperparameters: string;
  neurons?: number;
  synapses?: number;
}

/** Rows by benchmark and arm, in the order in which they first appear, seeds ascending. */
export function summariseRows(rows: readonly Row[]): Result[] {
  // The same run, found twice, counts once: the later one.
  const distinct = new Map(
    rows.map((
      row,
    ) => [JSON.stringify([row.benchmark, row.arm, row.quick, row.backend, row.seed, row.hyperparameters]), row]),
  );
  const kind = (row: Row) => JSON.stringify([row.benchmark, row.arm, row.quick, row.backend, row.hyperparameters]);
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
      ...first.ratio && { ratio: first.ratio },
      // Of fractions, the mean of any number is one too, which Student's t does not know.
      ci95: ci95 && [Math.max(0, ci95[0]), first.ratio ? ci95[1] : Math.min(1, ci95[1])],
      seeds: sorted.map((row) => row.seed),
      values,
      wallS: sorted.reduce((sum, row) => sum + row.wallS, 0),
      backend: first.backend,
      quick: first.quick,
      hyperparameters: JSON.stringify(first.hyperparameters),
      ...number("neurons"),
      ...number("synapses"),
    };
  });
}

/** Whether an arm was run with networks of several sizes. */
export function isOneOfSizes({ benchmark, arm, quick, neurons }: Result, results: readonly Result[]): boolean {
  const same = (r: Result) => r.benchmark === benchmark && r.arm === arm && r.quick === quick;
  return results.some((r) => same(r) && r.neurons !== neurons);
}

/** The numbers of a result as a table shows them: fractions in percent, ratios as they are. */
export function shownNumbers({ mean, sd, ci95, ratio }: Result) {
  const shown = (x: number) => ratio ? x.toFixed(2) : (100 * x).toFixed(1);
  return {
    mean: shown(mean),
    sd: sd === null ? null : shown(sd),
    ci95: ci95?.map(shown) ?? null,
    unit: ratio ? "×" : "%",
  };
}

/** A Markdown table of results. */
export function markdownTable(results: readonly Result[]): string {
  return [
    "| benchmark | arm | metric | mean ± sd | 95 % interval | seeds | seconds a seed |",
    "|---|---|---|---|---|---|---|",
    ...results.map((r) => {
      const { mean, sd, ci95, unit } = shownNumbers(r), size = isOneOfSizes(r, results) ? `, ${r.neurons} neurons` : "";
      const what = `${r.benchmark}${r.quick ? " (quick)" : ""}${size}`;
      return `| ${what} | ${r.arm}: ${r.meaning} | ${r.metric} | ${mean}${sd === null ? "" : ` ± ${sd}`} ${unit} | ${
        ci95?.join("–") ?? "–"
      } | ${r.n} | ${(r.wallS / r.n).toFixed(1)} |`;
    }),
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
