/** `brainsim benchmark engine`: times the workloads of the engine, each in a process of its own. */

import { cpuUsage } from "../std/node/process.ts";
import { InputError, show } from "../state/errors.ts";
import type { Timing } from "../tasks/workloads.ts";
import type { BackendName } from "../brain/backends.ts";
import type { Given } from "./command.ts";
import { EXIT } from "./exit.ts";
import { columns, type Output } from "./output.ts";
import { backendsOf, refuseMissing, workersOf } from "./place.ts";
import { provenance } from "./provenance.ts";

/** Flags that belong to this benchmark alone. */
export const ENGINE_FLAGS = ["workload", "neurons", "workers", "runs"] as const;

/** Flags of `benchmark` that have no meaning here. */
const IDLE = ["seeds", "arms", "jobs", "shard", "merge", "baseline", "output", "data"] as const;

/** Runs of each workload with `--quick`, and else. */
const QUICK_RUNS = 1, RUNS = 3;
/** Neurons with `--quick`. */
const QUICK_NEURONS: Record<string, number> = { W1: 1000, W2: 200, W3: 1000, W4: 100 };

/** Times workloads and prints one row for each: the run with the median warm time. */
export async function timeEngine(given: Given, output: Output): Promise<number> {
  const { timeWorkload, WORKLOADS } = await import("../tasks/workloads.ts");
  const idle = IDLE.find((name) => given.has(name));
  if (idle !== undefined) throw new InputError(`--${idle} has no effect on the benchmark engine; leave it out`);
  const names = given.list("workload").length > 0 ? given.list("workload") : Object.keys(WORKLOADS);
  const unknown = names.find((name) => !Object.hasOwn(WORKLOADS, name));
  if (unknown !== undefined) {
    throw new InputError(`--workload is ${show(unknown)}; known workloads: ${Object.keys(WORKLOADS).join(", ")}`);
  }
  const neurons = given.number("neurons", { min: 10, max: 1e7, whole: true }), quick = given.has("quick");
  const backends = backendsOf(given), workers = workersOf(given, backends, "backends");
  await refuseMissing(backends);
  const runs = given.number("runs", { min: 0, max: 1000, whole: true }) ?? (quick ? QUICK_RUNS : RUNS);
  const results: (Timing & { benchmark: string })[] = [];
  const environment = runs === 0 ? {} : await provenance();
  output.record("begin", { command: "benchmark", benchmarks: ["engine"], workloads: names, runs, ...environment });
  const started = performance.now();
  for (const [name, backend] of names.flatMap((name) => backends.map((backend) => [name, backend] as const))) {
    const size = neurons ?? (quick ? QUICK_NEURONS[name] : undefined), place = { backend, workers };
    const timings: Timing[] = [];
    // Zero runs: once, in this process. It is what the others do.
    if (runs === 0) timings.push(await timeWorkload(name, size, place, cpuMs));
    for (let k = 0; k < runs; k++) timings.push(await inProcessOfItsOwn(name, size, place));
    timings.sort((a, b) => a.warmS - b.warmS);
    const row = { benchmark: "engine", ...timings[timings.length >> 1], ...environment };
    results.push(row);
    output.record("metric", { name: "engine", ...row });
  }
  output.result(columns([
    [
      "workload",
      "neurons",
      "backend",
      "workers",
      "synapses",
      "simulated",
      "first (s)",
      "again (s)",
      "build (s)",
      "rate (Hz)",
      "RSS (MB)",
      "bytes/synapse",
    ],
    ...results.map((r) => [
      r.workload,
      String(r.neurons),
      r.backend,
      String(r.workers),
      String(r.synapses),
      `${r.simMs} ms`,
      r.wallS.toFixed(3),
      r.warmS.toFixed(3),
      r.buildS.toFixed(2),
      r.meanRateHz.toFixed(1),
      r.rssMb.toFixed(0),
      r.bytesPerSynapse.toFixed(1),
    ]),
  ]));
  output.record("end", { results, wallS: (performance.now() - started) / 1000 });
  return EXIT.done;
}

function cpuMs(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
}

/** The same program again, for one workload. */
async function inProcessOfItsOwn(
  workload: string,
  neurons: number | undefined,
  { backend, workers }: { backend: BackendName; workers: number },
): Promise<Timing> {
  const program = Deno.build.standalone ? [] : ["run", "-A", new URL("./main.ts", import.meta.url).href];
  const size = neurons === undefined ? [] : ["--neurons", String(neurons)];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...program,
      ..."benchmark engine --runs 0 --json".split(" "),
      "--workload",
      workload,
      ...size,
      "--backends",
      backend,
      "--workers",
      String(workers),
    ],
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  if (!success) throw new Error(`workload ${workload}: ${new TextDecoder().decode(stderr).trim()}`);
  return JSON.parse(lines.at(-1)!).results[0];
}
