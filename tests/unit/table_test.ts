/** Tables of labelled rows: what is read, and what is said of what cannot be. */

import { assert, assertEquals, assertNotEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { InputError } from "../../src/state/errors.ts";
import { columnRanges, parseTable, splitTable, type Table } from "../../src/tasks/table.ts";

const PLAIN = "x,y,kind\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n";

/** Claims that a text is refused in one line that holds all these words. */
function assertRefused(text: string, label: string, ...words: string[]): void {
  const error = assertThrows(() => parseTable("flowers.csv", text, label), InputError);
  for (const word of ["flowers.csv", ...words]) assertStringIncludes(error.message, word);
  assert(!error.message.includes("\n"), error.message);
}

Deno.test("a table has its columns without the label's, its rows as numbers, and its classes sorted", () => {
  assertEquals(parseTable("t", PLAIN, "kind"), {
    name: "t",
    columns: ["x", "y"],
    rows: [[1, 2], [3, 4], [5, 6], [7, 8]],
    classes: ["a", "b"],
    labels: [0, 1, 0, 1],
  });
});

Deno.test("the label may stand in any column", () => {
  const { columns, rows, labels } = parseTable("t", "x,kind,y\n1,b,2\n3,a,4\n5,b,6\n7,a,8\n", "kind");
  assertEquals([columns, rows[1], labels], [["x", "y"], [3, 4], [1, 0, 1, 0]]);
});

Deno.test("a byte order mark, carriage returns, blank lines and blanks around cells change nothing", () => {
  const plain = parseTable("t", PLAIN, "kind");
  const variants = {
    "byte order mark": `\uFEFF${PLAIN}`,
    "carriage returns": PLAIN.replaceAll("\n", "\r\n"),
    "both": `\uFEFF${PLAIN.replaceAll("\n", "\r\n")}`,
    "no last newline": PLAIN.trimEnd(),
    "blank lines": PLAIN.replaceAll("\n", "\n\n") + "\n\n",
    "comments above": `# pre: index\n# post: index, "in" the region\n${PLAIN}`,
    "blanks": PLAIN.replaceAll(",", " , "),
  };
  for (const [what, text] of Object.entries(variants)) assertEquals(parseTable("t", text, "kind"), plain, what);
});

Deno.test("quoted cells hold commas, quotes and line breaks", () => {
  const text = '"a, b",kind\n"1","say ""x"""\n2,"two\nlines"\n3,"say ""x"""\n"4","two\nlines"\n';
  const { columns, rows, classes } = parseTable("t", text, "kind");
  assertEquals([columns, rows, classes], [["a, b"], [[1], [2], [3], [4]], ['say "x"', "two\nlines"]]);
});

Deno.test("numbers are read in all usual forms", () => {
  const text = "x,kind\n-1.5,a\n1e-3,b\n+2,a\n.5,b\n";
  assertEquals(parseTable("t", text, "kind").rows, [[-1.5], [0.001], [2], [0.5]]);
});

Deno.test("a missing label column is named, with the known ones", () => {
  assertRefused(PLAIN, "knd", '"knd"', "known columns: x, y, kind", 'did you mean "kind"?');
});

Deno.test("an empty table is said to be empty", () => {
  for (const text of ["", "\n\n", " \r\n,\n"]) assertRefused(text, "kind", "is empty", "header");
});

Deno.test("a table with other separators is told to use commas", () => {
  assertRefused("x;y;kind\n1,5;2;a\n", "kind", "semicolon-separated", "commas");
  assertRefused("x\ty\tkind\n1\t2\ta\n", "kind", "tab-separated", "commas");
});

Deno.test("a refused line is named by its number in the file, whatever stands before it", () => {
  const bad = "tall,b\n";
  const before = {
    "a header": ["x,kind\n1,a\n", 3],
    "blank lines": ["\n\nx,kind\n\n1,a\n  \n,\n", 8],
    "carriage returns": ["x,kind\r\n\r\n1,a\r\n", 4],
    "a label of three lines": ['x,kind\n1,"a\n\nb"\n', 5],
    "doubled quotes": ['x,kind\n1,"say ""a\n"""\n2,""""\n', 5],
    "a byte order mark": ["\uFEFFx,kind\n1,a\n", 3],
  } as const;
  for (const [text, line] of Object.values(before)) assertRefused(text + bad, "kind", `line ${line}:`, '"tall"');
});

Deno.test("a missing label is named with its line", () => {
  assertRefused("x,kind\n1,a\n2,\n3,b\n", "kind", "line 3", '"kind"', "empty");
  assertRefused("x,kind\n1,a\n2,   \n3,b\n", "kind", "line 3");
});

Deno.test("cells that are no finite numbers are named with line, column and content", () => {
  for (const cell of ["NaN", "Infinity", "-inf", "high", "1,5".replace(",", ";"), "1 2", "", "n/a", "1e999"]) {
    assertRefused(`x,y,kind\n1,2,a\n1,${cell},b\n`, "kind", "line 3", '"y"', JSON.stringify(cell), "finite number");
  }
});

Deno.test("a column of text is refused at its first row", () => {
  assertRefused("id,x,kind\nr1,1,a\nr2,2,b\n", "kind", "line 2", '"id"', '"r1"', "remove");
});

Deno.test("a ragged row is named with both numbers of cells", () => {
  assertRefused("x,y,kind\n1,2,a\n1,b\n", "kind", "line 3", "2 cells", "3");
  assertRefused("x,y,kind\n1,2,a\n1,2,3,b\n", "kind", "line 3", "4 cells", "3");
  assertRefused("x,y,kind\n1,2,a\n1\n", "kind", "line 3: 1 cell where", "3");
});

Deno.test("a label that has one value only, or more than 64, is refused with the number", () => {
  assertRefused("x,kind\n1,a\n2,a\n", "kind", "1 distinct label;", "2 to 64");
  assertRefused("x,kind\n", "kind", "0 distinct labels");
  const many = Array.from({ length: 130 }, (_, k) => `${k},c${k >> 1}`).join("\n");
  assertRefused(`x,kind\n${many}\n`, "kind", "65 distinct");
});

Deno.test("a class with one row is refused, because none would be left to test on", () => {
  assertRefused("x,kind\n1,a\n2,a\n3,b\n", "kind", '"b"', "1 row", "at least 2");
});

Deno.test("a table with nothing but the label is refused", () => {
  assertRefused("kind\na\nb\n", "kind", '"kind"', "no column");
});

Deno.test("a label that names two columns is refused, because it is not clear which is meant", () => {
  assertRefused("x,kind,kind\n1,a,2\n3,b,4\n5,a,6\n7,b,8\n", "kind", '"kind"');
});

Deno.test("a quote that is never closed is refused in one line", () => {
  assertRefused('x,kind\n1,"a\n2,b\n', "kind", "Cannot read table");
});

/** A table of `sizes[c]` rows of each class c. */
function tableOf(sizes: number[]): Table {
  const labels = sizes.flatMap((n, c) => new Array<number>(n).fill(c));
  return { name: "t", columns: ["x"], rows: labels.map((_, k) => [k]), classes: sizes.map((_, c) => `c${c}`), labels };
}

Deno.test("a split holds out a fifth of every class, at least one row, and shares no row", () => {
  const sizes = [50, 2, 7, 33], table = tableOf(sizes), { train, test } = splitTable(table, 3);
  const count = (rows: number[], c: number) => rows.filter((i) => table.labels[i] === c).length;
  assertEquals(sizes.map((_, c) => count(test, c)), [10, 1, 1, 7]);
  assertEquals([...train, ...test].sort((a, b) => a - b), table.rows.map((_, k) => k));
});

Deno.test("every seed has a split of its own, always the same", () => {
  const table = tableOf([50, 50, 50]);
  assertEquals(splitTable(table, 5), splitTable(table, 5));
  const tests = Array.from({ length: 20 }, (_, seed) => splitTable(table, seed).test.toSorted().join());
  assertEquals(new Set(tests).size, 20);
});

Deno.test("over seeds every row is held out about as often", () => {
  const table = tableOf([10, 10]), held = new Array<number>(20).fill(0), seeds = 1000;
  for (let seed = 0; seed < seeds; seed++) for (const i of splitTable(table, seed).test) held[i]++;
  const sd = Math.sqrt(seeds * 0.2 * 0.8);
  assert(held.every((n) => Math.abs(n - 200) < 4.5 * sd), held.join());
});

Deno.test("ranges are those of the rows that are asked for", () => {
  const table = { ...tableOf([3, 2]), columns: ["x", "y"], rows: [[1, -5], [9, 0], [2, 7], [-3, 2], [100, 100]] };
  assertEquals(columnRanges(table, [0, 1, 2, 3]), { low: [-3, -5], high: [9, 7] });
  assertNotEquals(columnRanges(table, [0, 4]), columnRanges(table, [0, 1]));
});
