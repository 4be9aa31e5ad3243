/** Raw rows of benchmarks and the tables made from them. */

import { assert, assertAlmostEquals, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { InputError } from "../../src/state/errors.ts";
import { distinction, markdownTable, parseRows, type Row, summariseRows } from "../../src/tasks/rows.ts";

function row(arm: string, seed: number, value: number, more: Partial<Row> = {}): Row {
  return {
    benchmark: "iris",
    arm,
    meaning: `what ${arm} is`,
    metric: "accuracy",
    seed,
    value,
    quick: false,
    wallS: 2,
    backend: "cpu",
    version: "0.1.0",
    commit: null,
    machine: "test",
    date: "2026-01-01T00:00:00.000Z",
    hyperparameters: {},
    neurons: 47,
    ...more,
  };
}

const ROWS = [row("r-stdp", 2, 0.9), row("untrained", 0, 0.3), row("r-stdp", 0, 0.8), row("r-stdp", 1, 1)];

Deno.test("rows come together by arm, in the order of first appearance, seeds ascending", () => {
  const [trained, untrained, ...more] = summariseRows(ROWS);
  assertEquals(more, []);
  assertEquals([trained.arm, trained.seeds, trained.values], ["r-stdp", [0, 1, 2], [0.8, 1, 0.9]]);
  assertEquals([untrained.arm, untrained.n, untrained.sd, untrained.ci95], ["untrained", 1, null, null]);
});

Deno.test("a result has the fields of the contract", () => {
  const [{ benchmark, metric, mean, sd, n, wallS, backend, neurons, meaning, quick }] = summariseRows(ROWS);
  assertEquals([benchmark, metric, n, wallS, backend, neurons, meaning, quick], [
    "iris",
    "accuracy",
    3,
    6,
    "cpu",
    47,
    "what r-stdp is",
    false,
  ]);
  assertAlmostEquals(mean, 0.9, 1e-12);
  assertAlmostEquals(sd!, 0.1, 1e-12);
});

Deno.test("quick rows are not mixed with full ones, nor benchmarks with each other", () => {
  const rows = [...ROWS, row("r-stdp", 0, 0.5, { quick: true }), row("r-stdp", 0, 0.1, { benchmark: "grid" })];
  const results = summariseRows(rows).map(({ benchmark, arm, quick, n }) => [benchmark, arm, quick, n]);
  assertEquals(results, [
    ["iris", "r-stdp", false, 3],
    ["iris", "untrained", false, 1],
    ["iris", "r-stdp", true, 1],
    ["grid", "r-stdp", false, 1],
  ]);
});

Deno.test("no rows give no results", () => assertEquals(summariseRows([]), []));

Deno.test("the same run in two files counts once", () => {
  const [trained] = summariseRows([...ROWS, ...ROWS]);
  assertEquals([trained.n, trained.seeds], [3, [0, 1, 2]]);
});

Deno.test("rows of the same run that differ are refused, and those of other images are other runs", () => {
  const twice = [row("r-stdp", 0, 0.8), row("r-stdp", 0, 0.9, { commit: "abc" })];
  const { message } = assertThrows(() => summariseRows(twice), InputError, "iris, r-stdp, seed 0 is 0.8");
  assertStringIncludes(message, "commit abc");
  const images = [row("r-stdp", 0, 0.8), row("r-stdp", 0, 0.9, { hyperparameters: { data: "fashion" } })];
  assertEquals(summariseRows(images).map(({ values }) => values), [[0.8], [0.9]]);
});

Deno.test("a hyperparameter that is null is one that is not there, and their order does not matter", () => {
  const rows = [{ a: 1, b: 2 }, { b: 2, a: 1, growth: null }].map((hyperparameters, seed) =>
    row("r-stdp", seed, 0.8, { hyperparameters })
  );
  assertEquals(summariseRows(rows).map(({ n }) => n), [2]);
});

Deno.test("rows survive being written as JSON Lines; other records and blank lines are passed over", () => {
  const lines = [
    JSON.stringify({ type: "begin", v: 1, command: "benchmark" }),
    ...ROWS.map((r) => JSON.stringify({ type: "metric", v: 1, ...r })),
    "",
    JSON.stringify({ type: "end", v: 1, results: summariseRows(ROWS) }),
    "  ",
  ];
  const again = parseRows("rows.jsonl", lines.join("\n"));
  assertEquals(summariseRows(again), summariseRows(ROWS));
  assertEquals(parseRows("empty", ""), []);
});

Deno.test("a line that is no JSON is named by file and number", () => {
  const error = assertThrows(() => parseRows("rows.jsonl", `${JSON.stringify(ROWS[0])}\n{"benchmark":`), InputError);
  for (const word of ["rows.jsonl", "line 2", "JSON"]) assertStringIncludes(error.message, word);
});

Deno.test("a line that is JSON but no record is passed over or refused, never a crash", () => {
  for (const line of ["null", "5", '"text"', "[]"]) {
    try {
      assertEquals(parseRows("rows.jsonl", line), []);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
});

Deno.test("the table in Markdown has a row for each result, with as many cells as its header", () => {
  const lines = markdownTable(summariseRows([...ROWS, row("r-stdp", 0, 0.5, { quick: true })])).trimEnd().split("\n");
  assertEquals(lines.length, 5);
  const cells = lines.map((line) => line.split("|").length);
  assertEquals(cells, cells.map(() => 9));
  assertStringIncludes(lines[2], "| iris | r-stdp: what r-stdp is | accuracy | 90.0 ± 10.0 % |");
  assertStringIncludes(lines[3], "| accuracy | 30.0 % | – | 1 |", "one seed has no spread");
  assertStringIncludes(lines[4], "iris (quick)");
});

Deno.test("an interval of fractions ends where fractions do", () => {
  const [high, low] = summariseRows([row("a", 0, 1), row("a", 1, 0.9), row("b", 0, 0), row("b", 1, 0.1)]);
  assertEquals([high.ci95![1], low.ci95![0]], [1, 0]);
  assertAlmostEquals(high.ci95![0], 0.95 - 12.7062 * 0.05, 1e-12, "the other end is Student's");
});

Deno.test("ratios are of any size, in the interval and in the table", () => {
  const [ratio] = summariseRows([row("a", 0, 13), row("a", 1, 15)].map((r) => ({ ...r, ratio: true as const })));
  assertAlmostEquals(ratio.ci95![1], 14 + 12.7062, 1e-12);
  assertStringIncludes(markdownTable([ratio]), "14.00 ± 1.41 ×");
  assertStringIncludes(markdownTable(summariseRows([row("a", 0, 0.5), row("a", 1, 0.7)])), "60.0 ± 14.1 %");
});

Deno.test("results of the same arm are told apart by size and by backend, and carry their second number", () => {
  const rows = [["cpu", 100], ["webgpu", 100], ["cpu", 400]].map(([backend, neurons], k) => ({
    ...row("a", 0, 0.5),
    backend: backend as string,
    neurons: neurons as number,
    hyperparameters: { neurons },
    also: { meaning: "moves / shortest", value: 1 + k },
  }));
  const results = summariseRows(rows);
  assertEquals(results.map((result) => distinction(result, results)), [
    ", 100 neurons, cpu",
    ", 100 neurons, webgpu",
    ", 400 neurons, cpu",
  ]);
  assertEquals(results.map(({ also }) => also!.mean), [1, 2, 3]);
  assert(markdownTable(results).includes("(moves / shortest 3.000)"));
});
