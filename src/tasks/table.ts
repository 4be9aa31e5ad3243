/** Tables of labelled rows, from CSV text: numbers in all columns but the label's. */

import { parseCsv } from "../deps.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";

/** A labelled table. */
export interface Table {
  /** What it is called in messages. */
  name: string;
  /** Names of the columns of numbers. */
  columns: string[];
  /** One row of numbers a sample. */
  rows: number[][];
  /** Distinct labels, sorted. */
  classes: string[];
  /** Index into `classes` for each row. */
  labels: number[];
}

/** Sample indices of the two parts of a split. */
export interface Split {
  train: number[];
  test: number[];
}

/** Most classes a table may have. */
const MAX_CLASSES = 64;

/**
 * Reads a table with a header line. Every column but the label's must hold numbers.
 * @param name what to call it in messages
 * @throws {InputError} naming line and column of what was refused
 */
export function parseTable(name: string, text: string, label: string): Table {
  let records: string[][];
  try {
    records = parseCsv(text.replace(/^\uFEFF/, "")) as string[][];
  } catch (error) {
    throw new InputError(`Cannot read table "${name}": ${error instanceof Error ? error.message : error}`);
  }
  const [header = [], ...body] = records.filter((record) => record.some((cell) => cell.trim() !== ""));
  const columns = header.map((cell) => cell.trim());
  const at = columns.indexOf(label);
  const twice = columns.find((name, c) => columns.indexOf(name) !== c);
  if (twice !== undefined) throw new InputError(`Table "${name}" has two columns ${show(twice)}; rename or remove one`);
  if (at < 0) {
    throw new InputError(`Table "${name}" has no column ${show(label)}; ${knownNames("columns", label, columns)}`);
  }
  if (columns.length < 2) throw new InputError(`Table "${name}" has no column beside the label ${show(label)}`);
  const rows: number[][] = [], names: string[] = [];
  body.forEach((record, k) => {
    const line = `Table "${name}", row ${k + 1}`;
    if (record.length !== columns.length) {
      throw new InputError(`${line}: ${record.length} cells where the header has ${columns.length}`);
    }
    const own = record[at].trim();
    if (own === "") {
      throw new InputError(`${line}: the label (column ${show(label)}) is empty; fill it or remove the row`);
    }
    names.push(own);
    rows.push(record.flatMap((cell, c) => c === at ? [] : [number(line, columns[c], cell)]));
  });
  const classes = [...new Set(names)].sort();
  if (classes.length < 2 || classes.length > MAX_CLASSES) {
    throw new InputError(
      `Table "${name}": column ${show(label)} has ${classes.length} distinct labels; expected 2 to ${MAX_CLASSES}`,
    );
  }
  const table = {
    name,
    columns: columns.filter((_, c) => c !== at),
    rows,
    classes,
    labels: names.map((own) => classes.indexOf(own)),
  };
  for (const [c, own] of classes.entries()) {
    const count = table.labels.filter((l) => l === c).length;
    if (count < 2) {
      throw new InputError(
        `Table "${name}": label ${show(own)} has ${count} row; at least 2 are needed, one to test on`,
      );
    }
  }
  return table;
}

function number(line: string, column: string, cell: string): number {
  const value = cell.trim() === "" ? NaN : Number(cell);
  if (Number.isFinite(value)) return value;
  throw new InputError(
    `${line}: column ${show(column)} holds ${
      show(cell)
    }; expected a finite number (mend or remove the row or the column)`,
  );
}

/** A stratified split: of every class, a fifth of the rows (at least one) is held out. */
export function splitTable(table: Table, seed: number): Split {
  const random = new RandomStream(seed, "split");
  const split: Split = { train: [], test: [] };
  for (let c = 0; c < table.classes.length; c++) {
    const own = table.labels.flatMap((label, i) => label === c ? [i] : []);
    const held = Math.max(1, Math.round(own.length / 5));
    random.permutation(own.length).forEach((k, j) => split[j < held ? "test" : "train"].push(own[k]));
  }
  return split;
}

/** Smallest and largest value of each column over some rows. */
export function columnRanges(table: Table, samples: readonly number[]): { low: number[]; high: number[] } {
  const column = (c: number) => samples.map((i) => table.rows[i][c]);
  return {
    low: table.columns.map((_, c) => column(c).reduce((a, b) => Math.min(a, b))),
    high: table.columns.map((_, c) => column(c).reduce((a, b) => Math.max(a, b))),
  };
}
