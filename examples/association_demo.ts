/**
 * Pavlov with a distal reward (Izhikevich 2007, figure 3): one of a hundred stimuli is followed by dopamine, up to a
 * second later, while other stimuli are shown in between. In the end the network answers to that stimulus more than to
 * any other; when the dopamine comes ten seconds late, at random times, or not at all, it does not. The longer the dopamine
 * lets wait for itself, the less is learnt; and what was learnt goes when S1 is followed by it no more.
 * The experiment is the task `association`; `brainsim benchmark association` keeps its raw rows.
 *
 *     deno run -A examples/association_demo.ts [--seeds N] [--jobs N] [--rows FILE.jsonl]
 *
 * A seed takes about three minutes. With --rows, finished rows are read from that file instead of run again.
 */

import { parseSeeds } from "../src/cli/benchmark.ts";
import { runJobs } from "../src/cli/jobs.ts";
import { parseArgs } from "../src/deps.ts";
import { type Arm, ARMS, type Association } from "../src/tasks/association.ts";
import { parseRows } from "../src/tasks/rows.ts";

const flags = parseArgs(Deno.args, { string: ["seeds", "jobs", "rows"], default: { seeds: "1" } });
const seeds = parseSeeds(flags.seeds), arms = Object.keys(ARMS) as Arm[];

const found = new Map<string, Association>();
if (flags.rows !== undefined) {
  for (const row of parseRows(flags.rows, await Deno.readTextFile(flags.rows))) {
    if (row.benchmark === "association" && !row.quick) {
      found.set(`${row.arm} ${row.seed}`, row as unknown as Association);
    }
  }
}
const jobs = arms.flatMap((arm) => seeds.map((seed) => ({ task: "association", arm, seed, quick: false, options: {} })))
  .filter(({ arm, seed }) => !found.has(`${arm} ${seed}`));
for await (const answer of runJobs(jobs, Number(flags.jobs ?? navigator.hardwareConcurrency))) {
  if (!answer.ok) throw new Error(answer.message);
  const { job, details } = answer.finished;
  found.set(`${job.arm} ${job.seed}`, details as unknown as Association);
  console.log(`${job.arm}, seed ${job.seed}: done`);
}

/** One number of an arm over the seeds: mean, standard deviation, smallest. */
function over(arm: Arm, number: (a: Association) => number) {
  const values = seeds.map((seed) => number(found.get(`${arm} ${seed}`)!));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, values.length - 1));
  return { mean, sd, least: Math.min(...values) };
}

console.log(`answer to S1 after conditioning, ${seeds.length} seeds (mean ± sd)`);
console.log("arm                  times its baseline   relative to the others   distance from the next (sd), least");
for (const arm of arms) {
  const r = over(arm, (a) => a.ratio), relative = over(arm, (a) => a.relative), margin = over(arm, (a) => a.margin);
  const cells = [r, relative].map(({ mean, sd }) => `${mean.toFixed(2)} ± ${sd.toFixed(2)}`.padEnd(23));
  console.log(`${arm.padEnd(20)} ${cells.join("")} ${margin.least.toFixed(1)}`);
}

const paired = over("paired", (a) => a.ratio), margin = over("paired", (a) => a.margin);
const controls = (["unpaired", "random-reward", "no-dopamine"] as const).map((arm) => over(arm, (a) => a.ratio).mean);
const gaps = (["gap-0.1s", "gap-1s", "gap-2s", "gap-3s"] as const).map((arm) => over(arm, (a) => a.ratio).mean);
const learnt = over("extinction", (a) => a.conditionedRatio!).mean, left = over("extinction", (a) => a.ratio).mean;
const claims = {
  "S1 is answered at least 2.5 times as strongly as before, in every seed": paired.least >= 2.5,
  "and at least 3 sd more strongly than every other stimulus, in every seed": margin.least >= 3,
  "unpaired, random and no dopamine leave the answer to S1 within half of what it was, and a tenth of what pairing adds":
    controls.every(
      (x) => Math.abs(x - 1) < Math.min(0.5, 0.1 * (paired.mean - 1)),
    ),
  "the answer falls as the gap grows": gaps.every((x, k) => k === 0 || x < gaps[k - 1]),
  "and it falls when rewards go on at random times": left < learnt,
};
for (const [claim, holds] of Object.entries(claims)) console.log(`${holds ? "✓" : "✗"} ${claim}`);
if (!Object.values(claims).every((holds) => holds)) Deno.exit(1);
