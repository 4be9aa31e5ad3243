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
  /** A second number of the run: what it is, and its value. */
  also?: { meaning: string; value: number };
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
  /** The second number: its mean. */
  also?: { meaning: string; mean: number };
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

/** What tells the rows of one arm from others; what is null was not there, whether it is said or not. */
function kindOf({ benchmark, arm, quick, backend, hyperparameters }: Row): string {
  const said = Object.entries(hyperparameters ?? {}).filter(([, value]) => value !== null).sort(([a], [b]) =>
    a < b ? -1 : 1
  );
  return JSON.stringify([benchmark, arm, quick, backend, said]);
}

/**
 * Rows by benchmark and arm, in the order in which they first appear, seeds ascending. A run that is there twice counts once.
 * @throws {InputError} when the rows of one run differ
 */
export function summariseRows(rows: readonly Row[]): Result[] {
  const distinct = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.seed} ${kindOf(row)}`, other = distinct.get(key);
    if (other && other.value !== row.value) {
      throw new InputError(
        `two rows of the same run differ: ${row.benchmark}, ${row.arm}, seed ${row.seed} is ${other.value} (commit ${other.commit}, ` +
          `${other.date}) and ${row.value} (commit ${row.commit}, ${row.date}); take one of them out`,
      );
    }
    distinct.set(key, row);
  }
  const groups = Map.groupBy(distinct.values(), kindOf);
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
      ...first.also &&
        { also: { meaning: first.also.meaning, mean: statistics(sorted.map((row) => row.also!.value)).mean } },
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

/** What tells a result from others of the same arm: the size of the network, and where it ran. */
export function distinction(result: Result, results: readonly Result[]): string {
  const same = results.filter((r) =>
    r.benchmark === result.benchmark && r.arm === result.arm && r.quick === result.quick
  );
  const differ = (key: "neurons" | "backend") => same.some((r) => r[key] !== result[key]);
  return (differ("neurons") ? `, ${result.neurons} neurons` : "") + (differ("backend") ? `, ${result.backend}` : "");
}

/** The numbers of a result as a table shows them: fractions in percent, ratios as they are. */
export function shownNumbers({ mean, sd, ci95, ratio, also }: Result) {
  const shown = (x: number) => ratio ? x.toFixed(2) : (100 * x).toFixed(1);
  return {
    mean: shown(mean),
    sd: sd === null ? null : shown(sd),
    ci95: ci95?.map(shown) ?? null,
    unit: ratio ? "×" : "%",
    also: also ? ` (${also.meaning} ${also.mean.toFixed(3)})` : "",
  };
}

/** A Markdown table of results. */
export function markdownTable(results: readonly Result[]): string {
  return [
    "| benchmark | arm | metric | mean ± sd | 95 % interval | seeds | seconds a seed |",
    "|---|---|---|---|---|---|---|",
    ...results.map((r) => {
      const { mean, sd, ci95, unit, also } = shownNumbers(r);
      const what = `${r.benchmark}${r.quick ? " (quick)" : ""}${distinction(r, results)}`;
      return `| ${what} | ${r.arm}: ${r.meaning} | ${r.metric} | ${mean}${
        sd === null ? "" : ` ± ${sd}`
      } ${unit}${also} | ${ci95?.join("–") ?? "–"} | ${r.n} | ${(r.wallS / r.n).toFixed(1)} |`;
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
