/** brainsim benchmark */

import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { parseSeeds } from "../../src/cli/benchmark.ts";
import { type Job, runJobs } from "../../src/cli/jobs.ts";
import { InputError } from "../../src/state/errors.ts";
import { parseRows, type Row } from "../../src/tasks/rows.ts";
import { end, inFolder, type JsonRecord, list, records, refused, succeeded, within } from "./command_line.ts";

/** The cheapest benchmark: an untrained network on a few seeds. */
const CHEAP = ["benchmark", "iris", "--quick", "--arms", "untrained", "--jobs", "1"];

/** What does not depend on when and where a result was measured. */
const timeless = ({ results }: JsonRecord) => results.map(({ wallS: _, ...rest }: JsonRecord) => rest);

Deno.test("seeds are a number of them, a list or a range", () => {
  assertEquals(parseSeeds("3"), [0, 1, 2]);
  assertEquals(parseSeeds("3,5,8"), [3, 5, 8]);
  assertEquals(parseSeeds("7,"), [7]);
  assertEquals(parseSeeds("41..43"), [41, 42, 43]);
  assertEquals(parseSeeds("5..5"), [5]);
  for (
    const text of ["0", "-1", "1.5", "x", "", "5..3", "1..x", "3,x", "3,-1", "1..2..3", "0..999999", ",", "4294967296,"]
  ) {
    const { message } = assertThrows(() => parseSeeds(text), InputError, `--seeds is ${JSON.stringify(text)}`);
    for (const form of ["0 to N − 1", "3,5,8", "41..43"]) assertStringIncludes(message, form);
  }
});

Deno.test("a seed that is named twice is refused, because it is no second sample", () => {
  for (const text of ["1,1", "3,5,3"]) assertThrows(() => parseSeeds(text), InputError, "each seed once");
});

Deno.test("one seed has no spread: a dash in the table, null in JSON", async () => {
  const one = [...CHEAP, "--seeds", "1"];
  const [{ n, sd, ci95 }] = end(await within(...one, "--json")).results;
  assertEquals([n, sd, ci95], [1, null, null]);
  assertMatch(succeeded(await within(...one)).out, /accuracy +[\d.]+ % +– +– +1 /);
});

Deno.test("a folder may be given with a slash at its end", () =>
  inFolder(async (folder) => {
    const output = ["--output", `${folder}/`];
    succeeded(await within(...CHEAP, "--seeds", "1", ...output));
    refused(await within(...CHEAP, "--seeds", "1", ...output), 2, `"${folder}/rows.jsonl"`);
    assertEquals(end(await within("benchmark", "--merge", `${folder}/`, "--json")).results.length, 1);
  }));

Deno.test("a loss against a baseline of a wide spread is measured by the whole spread, not by its part below 1", () =>
  inFolder(async (folder) => {
    const rows = (values: number[]) =>
      values.map((value, seed) =>
        JSON.stringify({ benchmark: "iris", arm: "a", metric: "accuracy", seed, value, quick: false, wallS: 1 }) + "\n"
      ).join("");
    await Deno.mkdir(`${folder}/now`);
    await Deno.writeTextFile(`${folder}/now/rows.jsonl`, rows([0, 0.3]));
    await Deno.writeTextFile(`${folder}/before.jsonl`, rows([1, 1]));
    const args = ["benchmark", "--merge", `${folder}/now`, "--baseline", `${folder}/before.jsonl`];
    // The interval of 0 and 0.3 is 0.15 ± 1.9.
    assertEquals((await within(...args)).code, 0);
  }));

Deno.test("every benchmark is listed with its arms, the primary one first", async () => {
  const { out } = succeeded(await within("benchmark", "--list"));
  for (const word of ["iris", "r-stdp", "untrained", "plasticity-off", "shuffled-reward"]) {
    assertStringIncludes(out, word);
  }
  const { benchmarks } = end(await within("benchmark", "--list", "--json"));
  const iris = benchmarks.find(({ name }: { name: string }) => name === "iris");
  assertEquals([iris.metric, Object.keys(iris.arms)[0]], ["accuracy", "r-stdp"]);
});

Deno.test("results have the fields of the contract, and every run is a record with all that made it", async () => {
  const outcome = await within(...CHEAP, "--seeds", "2", "--json"), all = records(succeeded(outcome));
  const [result, ...more] = all.at(-1)!.results;
  assertEquals(more, []);
  const { benchmark, arm, metric, mean, sd, ci95, seeds, values, wallS, backend, neurons, synapses, n } = result;
  assertEquals([benchmark, arm, metric, seeds, backend, n], ["iris", "untrained", "accuracy", [0, 1], "cpu", 2]);
  assertAlmostEquals(mean, (values[0] + values[1]) / 2, 1e-12);
  assertAlmostEquals(sd, Math.abs(values[0] - values[1]) / Math.SQRT2, 1e-12);
  assert(ci95[0] <= mean && mean <= ci95[1] && wallS > 0 && neurons > 0 && synapses > 0);
  assert(values.every((x: number) => x >= 0 && x <= 1), "accuracies are fractions");
  const runs = all.filter(({ type }) => type === "metric");
  assertEquals(runs.map(({ seed, value }) => [seed, value]), [[0, values[0]], [1, values[1]]]);
  for (const run of runs) {
    for (const key of ["version", "machine", "date", "hyperparameters", "wallS", "backend"]) {
      assert(run[key] !== undefined, `a row has its ${key}`);
    }
  }
  assertEquals(all[0].type, "begin");
});

Deno.test("the same seeds give the same results, on one worker or two", async () => {
  const one = end(await within(...CHEAP, "--seeds", "3", "--json"));
  const two = end(await within(...CHEAP, "--seeds", "3", "--json", "--jobs", "2"));
  assertEquals(timeless(two), timeless(one));
});

Deno.test("parts run apart and merged are the whole", () =>
  inFolder(async (folder) => {
    const whole = end(await within(...CHEAP, "--seeds", "3", "--json"));
    for (const part of [1, 2]) {
      succeeded(await within(...CHEAP, "--seeds", "3", "--shard", `${part}/2`, "--output", `${folder}/part${part}`));
      assertEquals(list(`${folder}/part${part}`), ["rows.jsonl", "table.md"]);
    }
    const merged = end(await within("benchmark", "--merge", folder, "--json"));
    assertEquals(timeless(merged), timeless(whole));
    const rows = parseRows("part1", await Deno.readTextFile(`${folder}/part1/rows.jsonl`));
    assertEquals(rows.map(({ seed }) => seed), [0, 2]);
    const { out } = succeeded(await within("benchmark", "--merge", folder));
    assertStringIncludes(out, "iris (quick), untrained");
  }));

Deno.test("results are not overwritten unless forced, and refused before anything is run", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/rows.jsonl`, "precious");
    refused(await within(...CHEAP, "--seeds", "1", "--output", folder), 2, "rows.jsonl", "exists", "--force");
    assertEquals(await Deno.readTextFile(`${folder}/rows.jsonl`), "precious");
    succeeded(await within(...CHEAP, "--seeds", "1", "--output", folder, "--force"));
    assertEquals(parseRows("rows", await Deno.readTextFile(`${folder}/rows.jsonl`)).length, 1);
  }));

/** Rows of a baseline: ten seeds with values around a mean. */
async function writeRows(path: string, mean: number, arm = "untrained"): Promise<void> {
  const rows = Array.from({ length: 10 }, (_, seed): Row => ({
    benchmark: "iris",
    arm,
    meaning: "",
    metric: "accuracy",
    seed,
    value: mean + 0.01 * (seed - 4.5) / 4.5,
    quick: true,
    wallS: 1,
    backend: "cpu",
    version: "0.1.0",
    commit: null,
    machine: "",
    date: "",
    hyperparameters: {},
  }));
  await Deno.writeTextFile(path, rows.map((row) => JSON.stringify(row) + "\n").join(""));
}

Deno.test("a result worse than its baseline beyond the spread exits with 4, and says which", () =>
  inFolder(async (folder) => {
    const now = `${folder}/now`, before = `${folder}/before.jsonl`;
    await Deno.mkdir(now);
    await writeRows(`${now}/rows.jsonl`, 0.9);
    const compared = async (mean: number, arm?: string) => {
      await writeRows(before, mean, arm);
      const outcome = await within("benchmark", "--merge", now, "--baseline", before);
      const json = await within("benchmark", "--merge", now, "--baseline", before, "--json");
      assertEquals(json.code, outcome.code);
      assertEquals(records(json).at(-1)!.worse.length, outcome.code === 4 ? 1 : 0);
      assertEquals(records(json).some(({ type }) => type === "warning"), outcome.code === 4);
      return outcome;
    };
    const worse = await compared(0.95);
    assertEquals(worse.code, 4);
    assertStringIncludes(worse.err, "untrained");
    assertEquals((await compared(0.905)).code, 0, "within the spread");
    assertEquals((await compared(0.9)).code, 0, "equal");
    assertEquals((await compared(0.2)).code, 0, "better");
    await writeRows(before, 0.99, "r-stdp");
    refused(await within("benchmark", "--merge", now, "--baseline", before), 2, "nothing can be compared");
    // Before anything runs: no run of all arms could be over so soon.
    const started = performance.now();
    refused(await within("benchmark", "mnist", "--baseline", before), 2, "nothing can be compared");
    assertLess(performance.now() - started, 20_000);
  }));

Deno.test("benchmark refuses what it cannot run, in one line", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/broken.jsonl`, "{\n");
    const cases: [string[], number, ...string[]][] = [
      [["irsi"], 2, '"irsi"', 'did you mean "iris"?'],
      [["iris", "--arms", "untrained,trained"], 2, '"trained"', "known arms", "r-stdp"],
      [["iris", "--arms", "untrained,untrained"], 2, '--arms names "untrained" twice'],
      [["iris", "iris"], 2, 'benchmark names "iris" twice'],
      [["iris", "--seeds", "0"], 2, "--seeds"],
      [["iris", "--jobs", "0"], 2, "--jobs", "from 1"],
      [["iris", "--shard", "3/2"], 2, '"3/2"', "I/N"],
      [["iris", "--shard", "0/2"], 2, '"0/2"'],
      [["iris", "--shard", "half"], 2, '"half"'],
      [["--merge", `${folder}/none`], 3, "none"],
      [["--merge", folder], 2, "broken.jsonl", "line 1"],
    ];
    for (const [args, code, ...words] of cases) refused(await within("benchmark", ...args), code, ...words);
    await Deno.remove(`${folder}/broken.jsonl`);
    refused(await within("benchmark", "--merge", folder), 3, "no rows");
  }));

Deno.test("a baseline that cannot be read is refused before anything is run", async () => {
  const outcome = await within(...CHEAP, "--seeds", "1", "--baseline", "/nowhere/rows.jsonl", "--quiet");
  refused(outcome, 3, "/nowhere/rows.jsonl");
});

Deno.test("when a run fails the others go on, and which failed is said", async () => {
  const job = (arm: string, seed: number): Job => ({ task: "iris", arm, seed, quick: true, options: {} });
  const answers = await Array.fromAsync(
    runJobs([job("petal-rule", 0), job("no-such-arm", 0), job("petal-rule", 1)], 1),
  );
  assertEquals(answers.map(({ ok }) => ok).sort(), [false, true, true]);
  const failure = answers.find((answer) => !answer.ok)!;
  assertStringIncludes("message" in failure ? failure.message : "", "iris, no-such-arm, seed 0: ");
});

Deno.test("a benchmark whose runs fail says so at the end, and ends its records", () =>
  inFolder(async (folder) => {
    const outcome = await within("benchmark", "mnist", "--arms", "stdp", "--seeds", "2", "--data", folder, "--json");
    assertEquals(outcome.code, 1);
    assertEquals(records(outcome).at(-1)!.failures.length, 2);
    assertStringIncludes(outcome.err, "(and 1 more)");
    refused(await within("benchmark", "mnist", "--data", `${folder}/none`), 3, "Cannot read images in", "none");
  }));

Deno.test("a baseline of a network of another size is none", () =>
  inFolder(async (folder) => {
    succeeded(await within(...CHEAP, "--seeds", "2", "--output", folder));
    const rows = parseRows("rows", await Deno.readTextFile(`${folder}/rows.jsonl`));
    const larger = rows.map((row) => JSON.stringify({ ...row, neurons: 1000 }) + "\n").join("");
    await Deno.writeTextFile(`${folder}/larger.jsonl`, larger);
    const none = await within(...CHEAP, "--seeds", "2", "--baseline", `${folder}/larger.jsonl`);
    assertEquals(none.code, 2);
    assertStringIncludes(none.err, "nothing can be compared");
    const same = await within(...CHEAP, "--seeds", "2", "--baseline", `${folder}/rows.jsonl`);
    assertStringIncludes(succeeded(same).err, "none of 1 results is worse");
  }));

Deno.test("every arm of every benchmark runs with --quick, all of them within three minutes", async () => {
  const started = performance.now();
  const all = records(succeeded(await within("benchmark", "--quick", "--seeds", "1", "--json")));
  const known = end(await within("benchmark", "--list", "--json")).benchmarks as { name: string; arms: object }[];
  const rows = all.filter(({ type }) => type === "metric");
  assertEquals(
    rows.map(({ benchmark, arm }) => `${benchmark} ${arm}`).sort(),
    known.flatMap(({ name, arms }) => Object.keys(arms).map((arm) => `${name} ${arm}`)).sort(),
  );
  for (const { benchmark, arm, value, ratio } of rows) {
    assert(value >= 0 && (ratio || value <= 1), `${benchmark} ${arm}: ${value}`);
  }
  const of = (name: string) => rows.find(({ benchmark, arm }) => `${benchmark} ${arm}` === name)!.value;
  for (
    const learnt of ["degradation neurons-20", "growth grown", "growth no-death", "mnist stdp", "forgetting joint"]
  ) {
    assertGreater(of(learnt), 0.3, learnt);
  }
  assertLess(performance.now() - started, 180_000);
});
