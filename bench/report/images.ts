/** What is learnt from images without a teacher, and what is left of it. */

import { PASSES } from "../../src/tasks/class_layer.ts";
import { markdownTable, parseRows, type Row, summariseRows } from "../../src/tasks/rows.ts";
import { median } from "../rows.ts";
import { read } from "./results.ts";

/** The section. */
export async function mnist(): Promise<string> {
  const sizeOf = (row: Row) => row.hyperparameters.neurons as number;
  const rows = parseRows("mnist", await read("mnist/rows.jsonl")), results = summariseRows(rows), [first] = rows;
  const sizes = [...new Set(rows.map(sizeOf))].sort((a, b) => a - b);
  const arms = [...new Set(rows.map(({ arm }) => arm))];
  const cell = (arm: string, size: number) => {
    const r = results.find((result) => result.arm === arm && JSON.parse(result.hyperparameters).neurons === size);
    return r ? `${(100 * r.mean).toFixed(2)} ± ${(100 * (r.sd ?? 0)).toFixed(2)}` : "–";
  };
  const seconds = (size: number) =>
    median(rows.filter((row) => row.arm === "stdp" && sizeOf(row) === size).map((row) => row.trainS as number)).toFixed(
      0,
    );
  const seeds = Math.max(...results.map(({ n }) => n)), p = first.hyperparameters as Record<string, number>;
  const commits = [...new Set(rows.map(({ commit }) => commit))];
  return `## MNIST: unsupervised STDP

Protocol: ${
    first.trained ?? 60000
  } training images shown once, without labels; then plasticity is frozen, and ${p.labelled} of them with their
labels say what each neuron answers to; each of the ${first.tested} test images is shown to the same resting state, and neurons vote in
the measure of their spikes (ties, ${
    rows.reduce((sum, row) => sum + (row.ties as number), 0)
  } in all rows, and silence, ${
    rows.reduce((sum, row) => sum + (row.silent as number), 0)
  }, count as errors). Test images were shown once per row and took part in no
choice here; but the numbers of the network come from a prototype that had looked at test scores, and were only checked, on
10,000 validation images (about five configurations). Random weights with the same thresholds and the same read-out
(\`no-stdp\`) say what is not learnt; prototypes are assigned by the angle and read out by the same votes. ${seeds} seeds; accuracy, %.

| arm | ${sizes.map((size) => `${size} neurons`).join(" | ")} |
|---|${sizes.map(() => "---|").join("")}
${
    arms.map((arm) =>
      `| ${arm}: ${rows.find((r) => r.arm === arm)!.meaning} | ${sizes.map((size) => cell(arm, size)).join(" | ")} |`
    ).join("\n")
  }

Training takes ${
    sizes.map((size) => `${seconds(size)} s with ${size}`).join(", ")
  } neurons (one thread, two trainings side by side). For comparison, of
the same kind with labels only for the read-out: Diehl & Cook 2015, 82.9, 87.0 and 91.9 % with 100, 400 and 1,600 neurons.

Machine: ${first.machine}; commits ${commits.join(", ")}; ${first.date.slice(0, 10)}. Again:
\`brainsim benchmark mnist --neurons 400 --seeds ${seeds}\`. Raw rows: bench/results/mnist/rows.jsonl.
`;
}

/** The section. */
export async function mnistLocal(): Promise<string> {
  type Numbers = Record<string, number> & { fields: { size: number; stride: number } };
  const rows = parseRows("mnist-local", await read("mnist-local/rows.jsonl")), [first] = rows;
  const groupsOf = ({ neurons, hyperparameters }: Row) => neurons as number / (hyperparameters as Numbers).neurons;
  const ofNeurons = rows.filter(({ arm }) => arm === "stdp");
  const most = Math.max(...ofNeurons.map(({ neurons }) => neurons as number));
  const primary = ofNeurons.filter(({ neurons }) => neurons === most), p = primary[0].hyperparameters as Numbers;
  const earlier = ofNeurons.find(({ neurons }) => neurons !== most)!, q = earlier.hyperparameters as Numbers;
  return `### By local features

The same neurons, rule and competition in ${
    groupsOf(primary[0])
  } groups of ${p.neurons}, each group seeing one patch of ${p.fields.size} × ${p.fields.size} pixels
(stride ${p.fields.stride}); nothing of it knows labels. On top, a layer of ten units learns by a local delta rule (src/tasks/class_layer.ts) from the
labels of all training images, ${PASSES} passes over the spikes that they made. \`pixels\`: the same layer on the pixels, without neurons.
The numbers of network and layer are those of a prototype in C that was judged on validation images; none was tuned here. But a first
run here, with its smaller variant (${
    groupsOf(earlier)
  } patches of ${q.fields.size} × ${q.fields.size}, ${q.neurons} neurons each; of a state of the code that was not kept),
had given ${(100 * earlier.value).toFixed(1)} % of the test images before the larger one was run.

${markdownTable(summariseRows(rows))}
Machine: ${first.machine}; commits ${[...new Set(rows.map(({ commit }) => commit))].join(", ")}; ${
    first.date.slice(0, 10)
  }. Again: \`brainsim benchmark mnist-local\` (${
    Math.round(Math.min(...primary.map(({ wallS }) => wallS)) / 60)
  } minutes a seed at least; most of these ran beside others).
`;
}

/** The section. */
export async function mnistReward(): Promise<string> {
  const rows = parseRows("mnist-reward", await read("mnist-reward/rows.jsonl")), [first] = rows;
  const results = summariseRows(rows), seeds = Math.max(...results.map(({ n }) => n));
  const p = first.hyperparameters as Record<string, number> & { groups: Record<string, number> };
  const mean = (arm: string) => 100 * results.find((r) => r.arm === arm)!.mean;
  return `### By reward

${p.neurons} neurons learn features without labels, as above, from ${
    (p.samples / 2).toLocaleString("en")
  } images; then they stay as they are, and a group of ${p.groups.neurons} neurons for
each class learns from the same images by reward-modulated STDP: after each image a group's dopamine is 1 for the right class, 0 for
the others, minus the group's share of the spikes. The group that spikes most is the answer; ties (${
    rows.reduce((sum, row) => sum + (row.ties as number), 0)
  } in all rows) and silence (${rows.reduce((sum, row) => sum + (row.silent as number), 0)}) count as errors. Rewards
were chosen on training images kept for judging, with seed 1000 and few images (about fifteen configurations, by hand).
${first.tested} test images, as many of each class.

${markdownTable(results)}
The layer stays ${(mean("votes") - mean("r-stdp")).toFixed(1)} points below votes of the same features, which use ${
    p.labelled.toLocaleString("en")
  } labels (aim: 94.5 % with 1,600 neurons).

Machine: ${first.machine}; commit ${first.commit}; ${
    first.date.slice(0, 10)
  }. Again: \`brainsim benchmark mnist-reward --neurons ${p.neurons} --seeds ${seeds}\`.
`;
}

/** The section. */
export async function degradation(): Promise<string> {
  const rows = parseRows("degradation", await read("degradation/rows.jsonl")), [first] = rows;
  const results = summariseRows(rows), mean = (arm: string) => 100 * results.find((r) => r.arm === arm)!.mean;
  const regained = (mean("neurons-50-recovery") - mean("neurons-50")) / (mean("intact") - mean("neurons-50"));
  const { lesions, recovery, tested } = first.hyperparameters as Record<string, number>;
  return `### Degradation

${first.neurons} neurons learn digits as above and are read out once; then parts die at random (${lesions} times for each kind and share, means below), and
${tested} test images are shown. Nothing is fitted anew.

${markdownTable(results)}
Losing 20 % of the neurons costs ${(mean("intact") - mean("neurons-20")).toFixed(1)} points, losing half ${
    (mean("intact") - mean("neurons-50")).toFixed(1)
  }; ${recovery.toLocaleString("en")} images of learning on, without labels and with the old read-out, ${
    Math.abs(regained) < 0.05 ? "regain nothing of it" : `regain ${(100 * regained).toFixed(0)} % of it`
  }.
Thresholds were learnt for the whole network: without synapses or inputs its neurons are driven too little, and fall silent.

Machine: ${first.machine}; commit ${first.commit}; ${
    first.date.slice(0, 10)
  }. Again: \`brainsim benchmark degradation --seeds 3\`.
`;
}
