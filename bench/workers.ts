/**
 * One core beside several: one brain that runs (src/brain/workers), and one that answers many samples (src/evaluation). Wall
 * time of the same work, warm, in alternating rounds, and whether what comes of it is the same in every byte.
 *
 *     deno run -A bench/workers.ts [--rounds 5] [--workers 2] [--write]
 */

import { parseArgs } from "../src/deps.ts";
import type { Brain } from "../src/brain/brain.ts";
import { respond } from "../src/evaluation/respond.ts";
import { blobImage, IMAGE_MS, IMAGE_STIMULUS, WORKLOADS } from "../src/tasks/workloads.ts";
import { environment, median, writeRows } from "./rows.ts";

const flags = parseArgs(Deno.args, {
  string: ["rounds", "workers"],
  boolean: ["write"],
  default: { rounds: "5", workers: "2" },
});
const workers = Number(flags.workers), rounds = Number(flags.rounds), rows: unknown[] = [];

/** Times both ways, after a round in which the runtime compiles. */
async function compare<R>(one: () => Promise<R>, several: () => Promise<R>, alike: (a: R, b: R) => boolean) {
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
    ...environment(),
  };
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
  const one = WORKLOADS[workload].create(neurons), several = WORKLOADS[workload].create(neurons);
  await several.moveTo({ workers });
  const run = async (brain: Brain) => {
    await brain.run(Math.round(simMs / brain.dt));
    return brain;
  };
  const found = await compare(
    () => run(one),
    () => run(several),
    (a, b) =>
      [...a.arrays.entries()].every(({ name, data, derived }) => {
        const other = b.arrays.entry(name).data;
        return derived || data.every((x, k) => Object.is(x, other[k]));
      }),
  );
  several.close();
  note({ what: "run", workload, neurons, simMs, ...found });
}

for (const { neurons, samples } of [{ neurons: 400, samples: 3000 }, { neurons: 1600, samples: 1000 }]) {
  const brain = WORKLOADS.W4.create(neurons), images = Array.from({ length: samples }, (_, k) => blobImage(k));
  await WORKLOADS.W4.run!(brain);
  const presentation = { stimulate: "image", stimulus: IMAGE_STIMULUS, durationMs: IMAGE_MS, count: "features" };
  const found = await compare(
    () => respond(brain, images, presentation),
    () => respond(brain, images, { ...presentation, workers }),
    (a, b) => a.length === b.length && a.every((x, k) => x === b[k]) && a.some((x) => x > 0),
  );
  note({ what: "answers", workload: "W4", neurons, samples, ...found });
}

if (flags.write) await writeRows("workers", rows);
