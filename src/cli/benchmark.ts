/** `brainsim benchmark`: runs the benchmarks of tasks over seeds, with their controls. */

import { join } from "../deps.ts";
import { FileError, InputError, show } from "../state/errors.ts";
import { distinction, type Result, type Row, shownNumbers } from "../tasks/rows.ts";
import { BACKENDS } from "../brain/backends.ts";
import type { BenchmarkOptions, Task } from "../tasks/task.ts";
import { statistics } from "../tasks/statistics.ts";
import { type Command, type Given, SHARED } from "./command.ts";
import { ENGINE_FLAGS } from "./engine.ts";
import { EXIT } from "./exit.ts";
import type { Job } from "./jobs.ts";
import { columns, type Output } from "./output.ts";
import { backendsOf, refuseMissing } from "./place.ts";
import { provenance } from "./provenance.ts";

/** Seeds when none are given, and with `--quick`. */
const SEEDS = 10, QUICK_SEEDS = 2;
/** Most seeds of one call. */
const MOST_SEEDS = 100_000;

/** The command. */
export const benchmark: Command = {
  name: "benchmark",
  meaning:
    "runs benchmarks over seeds, with their controls; without a name, all of them (a day or more, without --quick)",
  operands: ["[NAME…]"],
  arity: [0, 100],
  examples: ["brainsim benchmark iris --quick", "brainsim benchmark iris --seeds 30 --output results/ --force"],
  flags: [
    { name: "list", meaning: "show the benchmarks, or those named, and their arms" },
    { name: "seeds", value: "SEEDS", meaning: `a number of them (10: 0 to 9), 3,5,8 or 41..43 (default ${SEEDS})` },
    { name: "quick", meaning: "a short version, to see that all works: its numbers are no results" },
    { name: "arms", value: "NAMES", meaning: "only these arms, separated by commas" },
    { name: "jobs", value: "N", meaning: "processes side by side (default: one a core)" },
    { name: "shard", value: "I/N", meaning: "only the I-th of N parts, for job arrays" },
    { name: "merge", value: "DIR", meaning: "no runs: the table of all rows in a folder" },
    {
      name: "baseline",
      value: "FILE",
      meaning: "rows to compare with; exit code 4 when worse by more than both 95 % intervals explain",
    },
    { name: "output", value: "DIR", meaning: "where to write raw rows and table" },
    { name: "workload", value: "NAME", repeat: true, meaning: "engine: only W1, W2, W3 or W4" },
    { name: "neurons", value: "N", meaning: "neurons of the network (mnist, mnist-local, forgetting, engine)" },
    {
      name: "data",
      value: "DIR",
      meaning: "of benchmarks on digits: folder of another set of images, as four IDX files (plain or .gz)",
    },
    {
      name: "backends",
      value: "NAMES",
      meaning: `where brains run, separated by commas (default cpu): ${Object.keys(BACKENDS).join(", ")}`,
    },
    { ...SHARED.workers, meaning: `engine: ${SHARED.workers.meaning}` },
    { name: "runs", value: "N", meaning: "engine: processes of which the median is shown; 0: once, in this process" },
    SHARED.force,
  ],
  async run(given, output) {
    const { markdownTable, summariseRows } = await import("../tasks/rows.ts");
    if (given.has("list")) return await list(given.positionals, output);
    if (given.positionals[0] === "engine") return await engine(given, output);
    const foreign = ENGINE_FLAGS.find((name) => given.has(name) && name !== "neurons");
    if (foreign) throw new InputError(`--${foreign} is for the benchmark engine: brainsim benchmark engine`);
    const earlier = given.has("baseline") ? await readBaseline(given.text("baseline")!) : undefined;
    const started = performance.now();
    if (given.has("merge")) refuseWithMerge(given);
    if (given.has("output")) await refuseResults(given);
    const rows = given.has("merge") ? await rowsOfFolder(given.text("merge")!) : [];
    const { interrupted, failures } = given.has("merge")
      ? { interrupted: false, failures: [] }
      : await measure(given, output, rows, earlier);
    const results = summariseRows(rows);
    if (given.has("output") && rows.length > 0) await writeResults(given, rows, markdownTable(results), output);
    // Of rows that are there already nothing is lost by saying so at once; of others, below.
    if (earlier && given.has("merge") && !results.some((now) => counterpart(now, earlier))) throw nothingToCompare();
    const { worse, compared } = earlier ? compare(results, earlier, output) : { worse: [], compared: 0 };
    output.result(textTable(results));
    for (const line of worse) output.warning(line);
    if (compared > 0 && worse.length === 0) {
      output.message(
        `none of ${compared} results is worse than the baseline's by more than both 95 % intervals explain`,
      );
    }
    output.record("end", { results, wallS: (performance.now() - started) / 1000, worse, failures, interrupted });
    if (failures.length > 0) {
      const others = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
      throw new Error(
        `${failures[0]}${others}${
          given.has("output") && rows.length > 0 ? `; what was measured is in "${given.text("output")}"` : ""
        }`,
      );
    }
    if (interrupted) return EXIT.interrupted;
    if (earlier && compared === 0) throw nothingToCompare();
    return worse.length > 0 ? EXIT.worse : EXIT.done;
  },
};

async function engine(given: Given, output: Output): Promise<number> {
  if (given.positionals.length > 1) {
    throw new InputError("the benchmark engine runs by itself; name no other beside it");
  }
  const { timeEngine } = await import("./engine.ts");
  return await timeEngine(given, output);
}

async function list(named: readonly string[], output: Output): Promise<number> {
  const { findTask, TASKS } = await import("../tasks/registry.ts");
  const names = named.length > 0 ? named : Object.keys(TASKS);
  const tasks = await Promise.all(names.filter((name) => name !== "engine").map((name) => findTask(name, "benchmark")));
  for (const { name, meaning, benchmark } of tasks) {
    output.result(`${name}: ${meaning} (${benchmark.metric})`);
    for (const [arm, what] of Object.entries(benchmark.arms)) output.result(`  ${arm.padEnd(26)} ${what}`);
  }
  let workloads: { name: string; meaning: string }[] = [];
  if (named.length === 0 || named.includes("engine")) {
    const { WORKLOADS } = await import("../tasks/workloads.ts");
    workloads = Object.entries(WORKLOADS).map(([name, { meaning }]) => ({ name, meaning }));
    output.result("engine: times the workloads of the engine itself (s)");
    for (const { name, meaning } of workloads) output.result(`  ${name.padEnd(26)} ${meaning}`);
  }
  output.record("end", {
    ...workloads.length > 0 && { workloads },
    benchmarks: tasks.map(({ name, meaning, benchmark: { metric, arms } }) => ({ name, meaning, metric, arms })),
  });
  return EXIT.done;
}

/**
 * Seeds from `10`, `3,5,8` or `41..43`.
 * @throws {InputError} for other forms, and for a seed that is named twice: it is no second sample
 */
export function parseSeeds(text: string): number[] {
  const seeds = seedsOf(text), twice = seeds.length - new Set(seeds).size;
  if (seeds.length === 0 || seeds.some((seed) => seed >= 2 ** 32) || twice > 0) {
    throw new InputError(
      `--seeds is ${show(text)}; expected a number N of seeds (0 to N − 1; from 1 to ${MOST_SEEDS}), a list such as ` +
        `3,5,8, or a range such as 41..43${twice > 0 ? ", each seed once" : ""}`,
    );
  }
  return seeds;
}

/** The seeds that a text stands for; none when it has none of the forms. */
function seedsOf(text: string): number[] {
  const between = (from: number, to: number) =>
    to - from < MOST_SEEDS ? Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => from + k) : [];
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (first !== undefined) return between(Number(first), Number(last));
  if (/^\d+$/.test(text)) return between(0, Number(text) - 1);
  return /^\d+(,\d+)*,?$/.test(text) ? text.replace(/,$/, "").split(",").map(Number) : [];
}

/** The part of a list that a `--shard I/N` takes. */
function shard<T>(items: readonly T[], text: string | undefined): T[] {
  if (text === undefined) return [...items];
  const [, part, parts] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const i = Number(part), n = Number(parts);
  if (part === undefined || i < 1 || i > n) {
    throw new InputError(`--shard is ${show(text)}; expected I/N with I from 1 to N, such as 2/8`);
  }
  return items.filter((_, k) => k % n === i - 1);
}

/** Tells jobs apart. */
function jobKey({ task, arm, seed, options: { backend } }: Job): string {
  return `${task} ${arm} ${seed} ${backend}`;
}

/** Flags that have no effect on rows that are there already. */
function refuseWithMerge(given: Given): void {
  const idle = ["seeds", "quick", "arms", "jobs", "shard", "backends"].find((name) => given.has(name)) ??
    (given.positionals.length > 0 ? given.positionals[0] : undefined);
  if (idle !== undefined) {
    throw new InputError(`--merge runs nothing, so ${show(idle)} has no effect; leave one of them out`);
  }
}

/** What is left to the command line; refused where a benchmark does not ask for it. */
function optionsOf(given: Given, tasks: readonly Task[]): BenchmarkOptions {
  for (const option of ["neurons", "data"] as const) {
    const other = tasks.find(({ benchmark }) => !benchmark.options?.includes(option));
    if (given.has(option) && other) {
      throw new InputError(`--${option} has no effect on the benchmark ${other.name}; name those that it is for`);
    }
  }
  const neurons = given.number("neurons", { min: 10, max: 1e6, whole: true }), data = given.text("data");
  return { ...neurons !== undefined && { neurons }, ...data !== undefined && { data } };
}

/**
 * Runs what the flags ask for and adds the rows, to the file too as each comes; returns whether the user interrupted, and
 * what failed. Others go on when one fails.
 */
async function measure(
  given: Given,
  output: Output,
  rows: Row[],
  earlier?: readonly Result[],
): Promise<{ interrupted: boolean; failures: string[] }> {
  const { findTask, TASKS } = await import("../tasks/registry.ts");
  const { runJobs } = await import("./jobs.ts");
  const quick = given.has("quick");
  const names = given.positionals.length > 0 ? given.positionals : Object.keys(TASKS);
  const again = names.find((name, k) => names.indexOf(name) < k);
  if (again !== undefined) throw new InputError(`benchmark names ${show(again)} twice; each once`);
  const tasks = await Promise.all(names.map((name) => findTask(name, "benchmark")));
  const seeds = given.has("seeds") ? parseSeeds(given.text("seeds")!) : parseSeeds(String(quick ? QUICK_SEEDS : SEEDS));
  const chosen = given.text("arms")?.split(","), twice = chosen?.find((arm, k) => chosen.indexOf(arm) < k);
  if (twice !== undefined) throw new InputError(`--arms names ${show(twice)} twice; each arm once`);
  const options = optionsOf(given, tasks);
  const all: Job[] = tasks.flatMap(({ name, benchmark }) => {
    const known = Object.keys(benchmark.arms), unknown = chosen?.find((arm) => !known.includes(arm));
    if (unknown !== undefined) {
      throw new InputError(`--arms: ${name} has no arm ${show(unknown)}; known arms: ${known.join(", ")}`);
    }
    return backendsOf(given).flatMap((backend) =>
      (chosen ?? known).flatMap((arm) =>
        seeds.map((seed) => ({ task: name, arm, seed, quick, options: { ...options, backend } }))
      )
    );
  });
  await refuseMissing(backendsOf(given));
  if (options.data !== undefined) await refuseNoFolder(options.data);
  const jobs = shard(all, given.text("shard"));
  const comparable = ({ task, arm, options: { backend } }: Job) =>
    earlier?.some((r) =>
      r.benchmark === task && r.arm === arm && r.quick === quick &&
      (backend === "auto" || r.backend === backend || r.backend === "none")
    );
  if (earlier && !jobs.some(comparable)) throw nothingToCompare();
  const workers = given.number("jobs", { min: 1, max: 1024, whole: true }) ?? navigator.hardwareConcurrency;
  const environment = await provenance();
  output.record("begin", { command: "benchmark", benchmarks: names, runs: jobs.length, jobs: workers, ...environment });
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? "" : "s"}`;
  output.message(`${count(jobs.length, "run")} on ${count(Math.min(workers, jobs.length), "worker")}`);
  const started = performance.now(), place = new Map(jobs.map((job, k) => [jobKey(job), k]));
  const { Interrupt } = await import("./interrupt.ts");
  using interrupt = new Interrupt();
  const order = new Map<Row, number>(), failures: string[] = [];
  for await (const answer of runJobs(jobs, workers)) {
    if (!answer.ok) {
      failures.push(answer.message);
      output.warning(answer.message);
      if (interrupt.asked) break;
      continue;
    }
    const { job, value, also, details: { hyperparameters, ...details }, wallS } = answer.finished;
    const { benchmark } = tasks.find(({ name }) => name === job.task)!, { data } = options;
    const row: Row = {
      benchmark: job.task,
      arm: job.arm,
      meaning: benchmark.arms[job.arm],
      metric: benchmark.metric,
      ...benchmark.ratio && { ratio: benchmark.ratio },
      seed: job.seed,
      value,
      ...also && { also },
      quick,
      wallS,
      ...environment,
      hyperparameters: {
        ...hyperparameters as Row["hyperparameters"] ?? { ...benchmark.hyperparameters(quick, options), ...options },
        ...data !== undefined && { data },
      },
      ...details,
    };
    rows.push(row);
    if (given.has("output")) await keepRow(given, row, rows.length === 1, output);
    order.set(row, place.get(jobKey(job))!);
    output.record("metric", row);
    output.progress(rows.length / jobs.length, `${rows.length} of ${jobs.length} runs`, started, { runs: rows.length });
    if (interrupt.asked) break;
  }
  output.done();
  // In the order in which they were asked for, whichever finished first.
  rows.sort((a, b) => order.get(a)! - order.get(b)!);
  return { interrupted: interrupt.asked, failures };
}

/** Whether there is a folder of images is asked before anything runs. */
async function refuseNoFolder(path: string): Promise<void> {
  const { reason } = await import("../snapshot/file.ts");
  const found = await Deno.stat(path).catch((error) => {
    throw new FileError(`Cannot read images in "${path}": ${reason(error)}`);
  });
  if (!found.isDirectory) throw new FileError(`Cannot read images in "${path}": it is no folder`);
}

const ROWS = "rows.jsonl", TABLE = "table.md";

async function refuseResults(given: Given): Promise<void> {
  const { refuseExisting } = await import("./files.ts");
  const { exists } = await import("../snapshot/file.ts");
  if (!await exists(given.text("output")!)) return;
  for (const name of [ROWS, TABLE]) await refuseExisting(join(given.text("output")!, name), given);
}

/** Adds a row to the file, which the first one begins anew: whatever happens, what was measured stays. */
async function keepRow(given: Given, row: Row, first: boolean, output: Output): Promise<void> {
  const path = join(given.text("output")!, ROWS), line = JSON.stringify(row) + "\n";
  if (!first) return await Deno.writeTextFile(path, line, { append: true });
  const { writeBytes } = await import("./files.ts");
  await Deno.mkdir(given.text("output")!, { recursive: true });
  // A table of earlier rows does not belong to these.
  await Deno.remove(join(given.text("output")!, TABLE)).catch(() => {});
  await writeBytes(path, new TextEncoder().encode(line), output);
}

async function writeResults(given: Given, rows: readonly Row[], table: string, output: Output): Promise<void> {
  const { writeBytes } = await import("./files.ts");
  const folder = given.text("output")!;
  await Deno.mkdir(folder, { recursive: true });
  const encode = (text: string) => new TextEncoder().encode(text);
  await writeBytes(join(folder, ROWS), encode(rows.map((row) => JSON.stringify(row) + "\n").join("")), output);
  await writeBytes(join(folder, TABLE), encode(table), output);
}

async function rowsOfFolder(folder: string): Promise<Row[]> {
  const { parseRows } = await import("../tasks/rows.ts");
  const { reason } = await import("../snapshot/file.ts");
  const rows: Row[] = [];
  const visit = async (path: string): Promise<void> => {
    try {
      const entries = (await Array.fromAsync(Deno.readDir(path))).sort((a, b) => a.name < b.name ? -1 : 1);
      for (const { name, isDirectory } of entries) {
        if (isDirectory) await visit(join(path, name));
        else if (name.endsWith(".jsonl")) rows.push(...parseRows(name, await Deno.readTextFile(join(path, name))));
      }
    } catch (error) {
      throw error instanceof InputError ? error : new FileError(`Cannot read rows in "${path}": ${reason(error)}`);
    }
  };
  await visit(folder);
  if (rows.length === 0) throw new FileError(`"${folder}" holds no rows (files that end in .jsonl)`);
  return rows;
}

function textTable(results: readonly Result[]): string {
  return columns([
    ["benchmark, arm", "metric", "mean", "sd", "95 % interval", "seeds", "s a seed"],
    ...results.map((r) => {
      const { mean, sd, ci95, unit, also } = shownNumbers(r);
      const what = `${r.benchmark}${r.quick ? " (quick)" : ""}, ${r.arm}${distinction(r, results)}`;
      return [
        what,
        r.metric,
        `${mean} ${unit}${also}`,
        sd ?? "–",
        ci95?.join(" to ") ?? "–",
        String(r.n),
        (r.wallS / r.n).toFixed(1),
      ];
    }),
  ]);
}

async function readBaseline(path: string): Promise<Result[]> {
  const { parseRows, summariseRows } = await import("../tasks/rows.ts");
  const { readText } = await import("./files.ts");
  return summariseRows(parseRows(path, await readText("baseline", path)));
}

function nothingToCompare(): InputError {
  return new InputError(
    "--baseline holds no rows of what is asked for; nothing can be compared (give rows of the same benchmarks and arms)",
  );
}

/** Half of the interval about a mean; of one seed no spread is known, so that any loss counts. */
function halfInterval({ mean, values }: Result): number {
  // Not that of the result, which ends at 0 and 1.
  return mean - (statistics(values).ci95?.[0] ?? mean);
}

/** What of a baseline a result is compared with: of the same arm and size, and of several of those the same parameters. */
function counterpart(now: Result, earlier: readonly Result[]): Result | undefined {
  const alike = earlier.filter((r) =>
    r.benchmark === now.benchmark && r.arm === now.arm && r.quick === now.quick && r.backend === now.backend &&
    r.neurons === now.neurons
  );
  return alike.find((r) => r.hyperparameters === now.hyperparameters) ?? alike[0];
}

/**
 * How many results the baseline has too, and one sentence for every one whose mean lies below the baseline's by more than
 * both intervals explain.
 */
function compare(
  results: readonly Result[],
  earlier: readonly Result[],
  output: Output,
): { worse: string[]; compared: number } {
  let compared = 0;
  const worse = results.flatMap((now) => {
    const before = counterpart(now, earlier);
    if (!before) {
      output.warning(`the baseline holds no rows of ${now.benchmark}, ${now.arm}${distinction(now, results)}`);
      return [];
    }
    compared++;
    const spread = Math.hypot(halfInterval(now), halfInterval(before));
    if (now.mean >= before.mean - spread) return [];
    return [
      `${now.benchmark}, ${now.arm}: ${now.metric} ${now.mean.toFixed(4)} is below the baseline's ${
        before.mean.toFixed(4)
      } by more than the spread of ${spread.toFixed(4)}`,
    ];
  });
  return { worse, compared };
}
