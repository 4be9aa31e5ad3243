/** Tables of labelled rows, from CSV text: numbers in all columns but the label's. */

import { parse as parseCsv } from "../std/csv/mod.ts";
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
  const [header, ...body] = parseRecords(name, text);
  if (header === undefined) throw new InputError(`Table "${name}" is empty; expected a header line and rows`);
  const columns = header.cells.map((cell) => cell.trim());
  const [, other] = columns.length === 1 ? /([;\t])/.exec(columns[0]) ?? [] : [];
  if (other) {
    throw new InputError(`Table "${name}" looks ${other === ";" ? "semicolon" : "tab"}-separated; commas are needed`);
  }
  const at = columns.indexOf(label);
  const twice = columns.find((name, c) => columns.indexOf(name) !== c);
  if (twice !== undefined) throw new InputError(`Table "${name}" has two columns ${show(twice)}; rename or remove one`);
  if (at < 0) {
    throw new InputError(`Table "${name}" has no column ${show(label)}; ${knownNames("columns", label, columns)}`);
  }
  if (columns.length < 2) throw new InputError(`Table "${name}" has no column beside the label ${show(label)}`);
  const rows: number[][] = [], names: string[] = [];
  for (const { cells, line } of body) {
    const where = `Table "${name}", line ${line}`;
    if (cells.length !== columns.length) {
      throw new InputError(`${where}: ${count(cells.length, "cell")} where the header has ${columns.length}`);
    }
    const own = cells[at].trim();
    if (own === "") {
      throw new InputError(`${where}: the label (column ${show(label)}) is empty; fill it or remove the line`);
    }
    names.push(own);
    rows.push(cells.flatMap((cell, c) => c === at ? [] : [number(where, columns[c], cell)]));
  }
  const classes = [...new Set(names)].sort();
  if (classes.length < 2 || classes.length > MAX_CLASSES) {
    throw new InputError(
      `Table "${name}": column ${show(label)} has ${
        count(classes.length, "distinct label")
      }; expected 2 to ${MAX_CLASSES}`,
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
    if (table.labels.filter((l) => l === c).length < 2) {
      throw new InputError(`Table "${name}": label ${show(own)} has 1 row; at least 2 are needed, one to test on`);
    }
  }
  return table;
}

/** The records that are not blank, each with the line of the file on which it begins. */
function parseRecords(name: string, text: string): { cells: string[]; line: number }[] {
  let records: string[][];
  // Comments above the header, as in brainsim's own exports, become empty lines.
  const plain = text.replace(/^\uFEFF/, "").replace(/^(?:#.*\r?\n)+/, (above) => above.replaceAll(/#.*/g, ""));
  try {
    records = parseCsv(plain) as string[][];
  } catch (error) {
    throw new InputError(`Cannot read table "${name}": ${error instanceof Error ? error.message : error}`);
  }
  // A record goes on in the next line where a quote is open; empty lines are no records.
  const lines: number[] = [];
  let open = false;
  for (const [k, line] of plain.split(/\r?\n/).entries()) {
    if (!open && line !== "") lines.push(k + 1);
    if (line.split('"').length % 2 === 0) open = !open;
  }
  return records.map((cells, k) => ({ cells, line: lines[k] }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
}

function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}

function number(where: string, column: string, cell: string): number {
  const value = cell.trim() === "" ? NaN : Number(cell);
  if (Number.isFinite(value)) return value;
  throw new InputError(
    `${where}: column ${show(column)} holds ${
      show(cell)
    }; expected a finite number (mend or remove the line or the column)`,
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
