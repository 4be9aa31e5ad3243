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

/** The rows of a benchmark, and what of them a section needs. */
export async function rowsOf(name: string) {
  const rows = parseRows(name, await read(`${name}/rows.jsonl`)),
    of = (arm: string) => rows.filter((r) => r.arm === arm);
  const seeds = new Set(rows.map(({ seed }) => seed)).size, { machine, date } = rows[0];
  const commits = [...new Set(rows.map(({ commit }) => commit))].join(", ");
  return {
    arms: [...new Set(rows.map(({ arm }) => arm))],
    of,
    seeds,
    hyperparameters: rows[0].hyperparameters as Record<string, number>,
    /** Where rows come from, and how to get them again. */
    source: `Machine: ${machine}; commit ${commits}; ${
      date.slice(0, 10)
    }. Again: \`brainsim benchmark ${name} --seeds ${seeds}\`.
Raw rows: bench/results/${name}/rows.jsonl.`,
    /** Mean of the values of an arm. */
    mean: (arm: string) => statistics(of(arm).map(({ value }) => value)).mean,
    /** A cell: mean ± sd of an arm; a dash where it was not run. */
    cell: (arm: string, what: (row: Row) => number = ({ value }) => value) =>
      of(arm).length > 0 ? spread(of(arm).map(what)) : "–",
  };
}
