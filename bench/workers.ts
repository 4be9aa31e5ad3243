/**
 * One core beside several: one brain that runs (src/brain/workers), and one that answers many samples (src/evaluation). Wall
 * time of the same work, warm, in alternating rounds, and whether what comes of it is the same in every byte. For those
 * that run also where the time of a step goes, and how far as many brains that have nothing to do with each other, one on
 * each core, hold each other up: what this machine lets several cores gain at most.
 *
 *     deno run -A bench/workers.ts [--rounds 5] [--workers 2,4] [--write [--name workers_16]]
 */

import { parseArgs } from "../src/deps.ts";
import { provenance } from "../src/cli/provenance.ts";
import type { Brain } from "../src/brain/brain.ts";
import { WorkersBackend } from "../src/brain/workers/backend.ts";
import { CpuBackend } from "../src/engine/cpu/backend.ts";
import { respond } from "../src/evaluation/respond.ts";
import { blobImage, IMAGE_MS, IMAGE_STIMULUS, WORKLOADS } from "../src/tasks/workloads.ts";
import { median, writeRows } from "./rows.ts";
import { StageClock } from "./stage_clock.ts";
import { CHANNEL, type Told } from "./timed_worker.ts";

const flags = parseArgs(Deno.args, {
  string: ["rounds", "workers", "name"],
  boolean: ["write"],
  default: { rounds: "5", workers: "2", name: "workers" },
});
const counts = flags.workers.split(",").map(Number), rounds = Number(flags.rounds), rows: unknown[] = [];

/** Times both ways, after a round in which the runtime compiles. */
async function compare<R>(
  workers: number,
  one: () => Promise<R>,
  several: () => Promise<R>,
  alike: (a: R, b: R) => boolean,
) {
  const times: [one: number, several: number][] = [];
  let same = false;
  for (let round = 0; round <= rounds; round++) {
    const before = performance.now(), a = await one(), between = performance.now(), b = await several();
    const after = performance.now();
    if (round > 0) times.push([(between - before) / 1000, (after - between) / 1000]);
    if (round === rounds) same = alike(a, b);
  }
  if (!same) Deno.exitCode = 1;
  return {
    workers,
    oneS: median(times.map(([one]) => one)),
    severalS: median(times.map(([, several]) => several)),
    ratio: median(times.map(([one, several]) => one / several)),
    same,
    rounds,
    ...await provenance(),
  };
}

/** Where the time of a step goes, on one core and with several workers: µs of each stage, warm, by turns. */
async function split(workers: number, one: Brain, several: Brain, steps: number) {
  const clock = new StageClock(), channel = new BroadcastChannel(CHANNEL);
  await one.runOn(new CpuBackend({ after: clock.after }));
  await several.runOn(new WorkersBackend(workers, new URL("./timed_worker.ts", import.meta.url)));
  const oneUs: Record<string, number>[] = [], each: Record<string, number>[][] = [];
  for (let round = 0; round <= rounds; round++) {
    clock.reset();
    await one.run(steps);
    const told: Told[] = [];
    const heard = new Promise<void>((resolve) => {
      channel.onmessage = ({ data }: MessageEvent<Told>) => {
        told[data.me] = data;
        if (Object.keys(told).length === workers) resolve();
      };
    });
    await several.run(steps);
    await heard;
    if (round === 0) continue;
    oneUs.push(clock.us);
    each.push(apart(told));
  }
  channel.close();
  const middle = (list: Record<string, number>[]) =>
    Object.fromEntries(Object.keys(list[0]).map((what) => [what, median(list.map((us) => us[what]))]));
  return {
    workers,
    oneUs: middle(oneUs),
    eachUs: each[0].map((_, me) => middle(each.map((us) => us[me]))),
    rounds,
    ...await provenance(),
  };
}

/** The worker that comes last to an exchange waits for nobody: what its exchange takes is its price, what others' take more is waiting. */
function apart(told: readonly Told[]): Record<string, number>[] {
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const price = told[0].swapUs.map((_, step) => Math.min(...told.map(({ swapUs }) => swapUs[step])));
  return told.map(({ us: { swap: _, ...us }, swapUs }) => ({
    ...us,
    exchange: mean(price),
    wait: mean(swapUs.map((x, step) => x - price[step])),
  }));
}

/** As many separate brains as there are workers, each on a core of its own: alone, and all at once. */
async function sideBySide(workers: number, create: () => Brain, steps: number) {
  const brains = Array.from({ length: workers }, create), times: { aloneS: number; togetherS: number }[] = [];
  for (const brain of brains) await brain.runOn(new WorkersBackend(1));
  for (let round = 0; round <= rounds; round++) {
    const before = performance.now();
    await brains[0].run(steps);
    const between = performance.now();
    await Promise.all(brains.map((brain) => brain.run(steps)));
    const after = performance.now();
    if (round > 0) times.push({ aloneS: (between - before) / 1000, togetherS: (after - between) / 1000 });
  }
  for (const brain of brains) brain.close();
  const ratio = median(times.map(({ aloneS, togetherS }) => workers * aloneS / togetherS));
  return { workers, ratio, rounds, ...await provenance() };
}

function note(row: unknown): void {
  rows.push(row);
  console.log(JSON.stringify(row));
}

/** Networks, and times long enough that what a runtime compiles at the beginning does not count. */
const RUNS = [
  { workload: "W1", neurons: 10_000, simMs: 5000 },
  { workload: "W1", neurons: 100_000, simMs: 2000 },
  { workload: "W3", neurons: 20_000, simMs: 2000 },
];
for (const { workload, neurons, simMs } of RUNS) {
  const one = WORKLOADS[workload].create(neurons), steps = Math.round(simMs / one.dt);
  for (const workers of counts) {
    await one.moveTo({ backend: "cpu" });
    const several = one.clone();
    await several.moveTo({ workers });
    const run = async (brain: Brain) => {
      await brain.run(steps);
      return brain;
    };
    const found = await compare(
      workers,
      () => run(one),
      () => run(several),
      (a, b) =>
        [...a.arrays.entries()].every(({ name, data, derived }) => {
          const other = b.arrays.entry(name).data;
          return derived || data.every((x, k) => Object.is(x, other[k]));
        }),
    );
    note({ what: "run", workload, neurons, simMs, ...found });
    note({ what: "split", workload, neurons, ...await split(workers, one, several, steps) });
    several.close();
    const create = () => WORKLOADS[workload].create(neurons);
    note({ what: "sideBySide", workload, neurons, ...await sideBySide(workers, create, steps) });
  }
}

for (const { neurons, samples } of [{ neurons: 400, samples: 3000 }, { neurons: 1600, samples: 1000 }]) {
  const brain = WORKLOADS.W4.create(neurons), images = Array.from({ length: samples }, (_, k) => blobImage(k));
  await WORKLOADS.W4.run!(brain);
  const presentation = { stimulate: "image", stimulus: IMAGE_STIMULUS, durationMs: IMAGE_MS, count: "features" };
  for (const workers of counts) {
    const found = await compare(
      workers,
      () => respond(brain, images, presentation),
      () => respond(brain, images, { ...presentation, workers }),
      (a, b) => a.length === b.length && a.every((x, k) => x === b[k]) && a.some((x) => x > 0),
    );
    note({ what: "answers", workload: "W4", neurons, samples, ...found });
  }
}

if (flags.write) await writeRows(flags.name, rows);
