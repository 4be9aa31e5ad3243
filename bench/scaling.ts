/**
 * Work per step follows activity, not the number of synapses: the same network with the same spikes is timed with S and
 * with 10 S synapses, the additional ones between neurons that are silent. Ratio of the times per step: below 1.3.
 *
 *     deno run -A bench/scaling.ts [--write]
 *
 * Static synapses, STDP, R-STDP with dopamine above its baseline all the time (so that every weight with an eligibility
 * is changing), and R-STDP with dopamine that changes its sign each second (which settles all synapses). The runs of both
 * sizes alternate; the medians are compared. With --write, the rows go to bench/results/scaling.jsonl, from which
 * BENCHMARKS.md is rendered.
 */

import { Brain, type PlasticitySpec } from "../mod.ts";
import { provenance } from "../src/cli/provenance.ts";
import { median, writeRows } from "./rows.ts";

const LINES = 1000, NEURONS = 2000, DEGREE = 1000, ACTIVE = 100, STEPS = 10_000, ROUNDS = 5;
const KINDS: Record<string, PlasticitySpec | undefined> = {
  "static": undefined,
  "STDP": {},
  "R-STDP": { reward: { tonic: 1 } },
  "R-STDP, rewarded and punished in turn each second": { reward: {} },
};

/** Lines 0–99 drive the first half of the cortex; with `silent`, lines 100–999 connect to the second half. */
function build(kind: string, silent: boolean): Brain {
  const pre: number[] = [], post: number[] = [];
  for (let line = 0; line < (silent ? LINES : ACTIVE); line++) {
    for (let k = 0; k < DEGREE; k++) {
      pre.push(line);
      post.push(k + (line < ACTIVE ? 0 : NEURONS / 2));
    }
  }
  const brain = new Brain({ seed: 1 });
  brain.addRegion("lines", "input", { neurons: LINES });
  brain.addRegion("cortex", "association", { neurons: NEURONS, inhibitory: 0 });
  brain.connect("lines", "cortex", { pairs: { pre, post }, weight: 1.5, plasticity: KINDS[kind] });
  const rates = Array.from({ length: LINES }, (_, line) => line < ACTIVE ? 1 : 0);
  brain.stimulate("lines", rates, { maxRateHz: 20 });
  return brain;
}

/** Microseconds a step, and spikes, of one run. */
async function time(kind: string, silent: boolean): Promise<{ synapses: number; usPerStep: number; spikes: number }> {
  const brain = build(kind, silent);
  await brain.run(STEPS / 10); // warm up
  const started = performance.now();
  let spikes = 0;
  for (let second = 0; second < STEPS / 1000; second++) {
    if (kind.endsWith("second")) brain.reward(second % 2 ? -1 : 1);
    spikes += (await brain.run(1000)).spikes;
  }
  const usPerStep = (performance.now() - started) / STEPS * 1000;
  return { synapses: brain.summary().synapses, usPerStep, spikes };
}

const rows = [];
let failed = false;
for (const kind of Object.keys(KINDS)) {
  const few = [], many = [];
  for (let round = 0; round < ROUNDS; round++) {
    few.push(await time(kind, false));
    many.push(await time(kind, true));
  }
  const ratio = median(many.map((r) => r.usPerStep)) / median(few.map((r) => r.usPerStep));
  if (few[0].spikes !== many[0].spikes) throw new Error(`${kind}: the spikes differ, so the activity is not the same`);
  failed ||= ratio >= 1.3;
  const row = {
    benchmark: "scaling",
    kind,
    synapses: few[0].synapses,
    manySynapses: many[0].synapses,
    spikes: few[0].spikes,
    usPerStep: few.map((r) => r.usPerStep),
    manyUsPerStep: many.map((r) => r.usPerStep),
    ratio,
    ...await provenance(),
  };
  rows.push(row);
  console.log(
    `${kind.padEnd(8)} ${row.synapses} → ${row.manySynapses} synapses, ${row.spikes} spikes: ` +
      `${median(row.usPerStep).toFixed(1)} → ${median(row.manyUsPerStep).toFixed(1)} µs a step, ratio ${
        ratio.toFixed(2)
      }`,
  );
}
if (Deno.args.includes("--write")) {
  await writeRows("scaling", rows);
}
if (failed) {
  console.error("a ratio is 1.3 or more");
  Deno.exit(1);
}
