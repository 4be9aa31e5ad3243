/** The raw rows under bench/results. */

import { parseRows, type Row } from "../../src/tasks/rows.ts";
import { statistics } from "../../src/tasks/statistics.ts";
import { spread } from "./numbers.ts";

const results = new URL("../results/", import.meta.url), figures = new URL("../figures/", import.meta.url);

/** The text of a file of results. */
export async function read(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, results));
}

/** Keeps a figure as bench/figures/NAME.svg. */
export async function writeFigure(name: string, svg: string): Promise<void> {
  await Deno.mkdir(figures, { recursive: true });
  await Deno.writeTextFile(new URL(`${name}.svg`, figures), svg);
}

/** JSON Lines as objects. */
// deno-lint-ignore no-explicit-any
export async function lines(name: string): Promise<any[]> {
  return (await read(name)).trim().split("\n").map((line) => JSON.parse(line));
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
