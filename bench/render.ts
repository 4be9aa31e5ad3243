/**
 * Renders BENCHMARKS.md from the raw rows under bench/results: no number in it is typed by hand.
 *
 *     deno task bench:render
 */

import { markdownTable, parseRows, summariseRows } from "../src/tasks/rows.ts";

const results = new URL("results/", import.meta.url);

async function read(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, results));
}

/** JSON Lines as objects. */
// deno-lint-ignore no-explicit-any
async function lines(name: string): Promise<any[]> {
  return (await read(name)).trim().split("\n").map((line) => JSON.parse(line));
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

async function iris(): Promise<string> {
  const rows = parseRows("iris", await read("iris/rows.jsonl"));
  const [first] = rows, total = (key: string) => rows.reduce((sum, row) => sum + (row[key] as number), 0);
  const primary = rows.filter((row) => row.arm === "r-stdp");
  const controls = summariseRows(rows).filter((r) => r.arm !== "r-stdp");
  return `## Iris: reward-modulated STDP

Protocol: 150 flowers (Fisher 1936), one stratified 80/20 split a seed, scaling fitted on the training rows, ${first.hyperparameters.epochs} epochs, the final network, weights frozen, every test flower shown to the same resting state. The class whose region
spikes most is the answer; ties (${total("ties")} in all rows) and silence (${total("silent")}) count as errors. Primary
figure: accuracy of the arm \`r-stdp\`. Hyperparameters were chosen on seeds ≥ 1000 among about
sixty configurations (compared by hand, not logged); the seeds below took no part. The reward is one number a class: 1 for
the right class, 0 for the others, minus the class's share of the spikes: a supervised signal, delivered as dopamine. Seeds
share the 150 flowers, so the interval describes splits of this data set, not new flowers.

${markdownTable(summariseRows(rows))}
Chance is 33.3 %; the controls reach ${
    controls.map((r) => `${(100 * r.mean).toFixed(1)} % (${r.arm})`).join(", ")
  }. The spread is mostly that of 30 test flowers. Range over seeds: ${
    (100 * Math.min(...primary.map((r) => r.value))).toFixed(1)
  }–${(100 * Math.max(...primary.map((r) => r.value))).toFixed(1)} %.

Machine: ${first.machine}; commit ${first.commit}; ${
    first.date.slice(0, 10)
  }. Again: \`brainsim benchmark iris --seeds 30\`.
Raw rows, with every hyperparameter: bench/results/iris/rows.jsonl.
`;
}

async function scaling(): Promise<string> {
  const rows = await lines("scaling.jsonl");
  return `## Work follows activity, not synapses

The same network with the same spikes, with S and with 10 S synapses (the additional ones between silent neurons), time
per step, medians of ${rows[0].usPerStep.length} alternating runs. R-STDP: with dopamine above baseline all the time.

| synapses | S | 10 S | µs a step | µs a step, 10 S | ratio |
|---|---|---|---|---|---|
${
    rows.map((r) =>
      `| ${r.kind} | ${r.synapses} | ${r.manySynapses} | ${median(r.usPerStep).toFixed(1)} | ${
        median(r.manyUsPerStep).toFixed(1)
      } | ${r.ratio.toFixed(2)} |`
    ).join("\n")
  }

Machine: ${rows[0].machine}; ${rows[0].date.slice(0, 10)}. Again: \`deno run -A bench/scaling.ts\`.
`;
}

const text = `# Benchmarks

Rendered by bench/render.ts from the raw rows under bench/results; not edited by hand. Mean ± standard deviation over
seeds; intervals are Student's t.

${await iris()}
${await scaling()}`;
await Deno.writeTextFile(new URL("../BENCHMARKS.md", import.meta.url), text);
