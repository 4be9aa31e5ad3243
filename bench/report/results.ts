/** The raw rows under bench/results. */

import { parseRows, type Row } from "../../src/tasks/rows.ts";
import { statistics } from "../../src/tasks/statistics.ts";
import { spread } from "./numbers.ts";

const results = new URL("../results/", import.meta.url);

/** The text of a file of results. */
export async function read(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, results));
}

/** Figures of the sections, to be kept as bench/figures/NAME.svg. */
export const figures = new Map<string, string>();

/** JSON Lines as objects. */
// deno-lint-ignore no-explicit-any
export async function lines(name: string): Promise<any[]> {
  return (await read(name)).trim().split("\n").map((line) => JSON.parse(line));
}

/** Ties and silence, arm by arm, where there are any. */
export function noAnswer(rows: readonly Row[]): string {
  const sum = (list: readonly Row[], key: string) => list.reduce((all, row) => all + (row[key] as number ?? 0), 0);
  const arms = [...Map.groupBy(rows.filter(({ tested }) => tested !== undefined), ({ arm }) => arm)];
  const said = arms.map(([arm, own]) => ({ arm, n: sum(own, "ties") + sum(own, "silent"), of: sum(own, "tested") }));
  return said.filter(({ n }) => n > 0).map(({ arm, n, of }) => `${arm} ${(100 * n / of).toFixed(1)} %`).join(", ") ||
    "none";
}

/** The commits that rows come from. */
export const commits = (rows: readonly Row[]) => [...new Set(rows.map(({ commit }) => commit))].join(", ");

/** The rows of a benchmark, and what of them a section needs. */
export async function rowsOf(name: string) {
  const rows = parseRows(name, await read(`${name}/rows.jsonl`)),
    of = (arm: string) => rows.filter((r) => r.arm === arm);
  const all = <T>(what: (row: Row) => T) => [...new Set(rows.map(what))];
  if (all(({ hyperparameters }) => JSON.stringify(hyperparameters)).length > 1) {
    throw new Error(`${name}: rows of several protocols in one file; keep those of one`);
  }
  const seeds = all(({ seed }) => seed).length, [day] = all(({ date }) => date.slice(0, 10)).sort().toReversed();
  return {
    arms: all(({ arm }) => arm),
    of,
    seeds,
    hyperparameters: rows[0].hyperparameters as Record<string, number>,
    /** Where rows come from, and how to get them again. */
    source: `Machine: ${all(({ machine }) => machine).join("; ")}; commit ${
      commits(rows)
    }; ${day}. Again: \`brainsim benchmark ${name} --seeds ${seeds}\`.
Raw rows: bench/results/${name}/rows.jsonl.`,
    /** Mean of an arm, of its values or of something else in its rows. */
    mean: (arm: string, what: (row: Row) => number = ({ value }) => value) => {
      if (of(arm).length === 0) throw new Error(`${name}: no rows of ${arm}; run it`);
      return statistics(of(arm).map(what)).mean;
    },
    /** A cell: mean ± sd of an arm; a dash where it was not run. */
    cell: (arm: string, what: (row: Row) => number = ({ value }) => value) =>
      of(arm).length > 0 ? spread(of(arm).map(what)) : "–",
  };
}
