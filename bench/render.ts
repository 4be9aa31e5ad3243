/**
 * Renders BENCHMARKS.md from the raw rows under bench/results: all that was measured here stands in them.
 *
 *     deno task bench:render
 */

import { statistics } from "../src/tasks/statistics.ts";
import { markdownTable, parseRows, type Row, summariseRows } from "../src/tasks/rows.ts";
import { median } from "./rows.ts";

const results = new URL("results/", import.meta.url);

async function read(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, results));
}

/** JSON Lines as objects. */
// deno-lint-ignore no-explicit-any
async function lines(name: string): Promise<any[]> {
  return (await read(name)).trim().split("\n").map((line) => JSON.parse(line));
}

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

async function association(): Promise<string> {
  const rows = parseRows("association", await read("association/rows.jsonl")), [first] = rows;
  const arms = [...new Set(rows.map(({ arm }) => arm))];
  const over = (arm: string, key: string) => {
    const values = rows.filter((row) => row.arm === arm).map((row) => row[key] as number);
    const { mean, sd } = statistics(values);
    return { shown: `${mean.toFixed(2)} ± ${(sd ?? 0).toFixed(2)}`, least: Math.min(...values) };
  };
  const seeds = rows.filter(({ arm }) => arm === arms[0]).length, p = first.hyperparameters as Record<string, number>;
  return `## Association: Pavlov by distal reward

Izhikevich 2007, figure 3: 1,000 neurons, 100 stimuli of 50 neurons each, one every 100–300 ms; dopamine 0–1 s after S1
only. Answer: spikes of the neurons outside a stimulus' group in ${p.windowMs} ms, plasticity frozen, before and after
${p.conditioning} stimuli with rewards (about ${
    Math.round(p.conditioning / 100)
  } of them S1). Before the first of these, ${p.settling} stimuli are shown with as many
rewards at random times, until answers settle: dopamine strengthens answers to all stimuli when it first comes, and in an
earlier version without that, controls rose to 1.6 times their baseline while the other 99 stimuli did the same. Reward
and lengths were chosen on seeds ≥ 1000, in about twenty runs, before the seeds below ran in this form; an earlier form, without
the random rewards, had run on them. The rows are older than the present definition of the noise (one hash for two
neurons): the same distribution, other realizations. ${seeds} seeds. "Relative" divides by the same ratio of the other 99 stimuli.

| arm | answer to S1, times its baseline | relative to the others | least distance from the next stimulus, sd |
|---|---|---|---|
${
    arms.map((arm) =>
      `| ${arm}: ${rows.find((r) => r.arm === arm)!.meaning} | ${over(arm, "value").shown} | ${
        over(arm, "relative").shown
      } | ${over(arm, "margin").least.toFixed(1)} |`
    ).join("\n")
  }

Least of the arm \`${arms[0]}\`: ${
    over(arms[0], "value").least.toFixed(2)
  } times its baseline. Machine: ${first.machine}; commit ${first.commit}; ${first.date.slice(0, 10)}.
Again: \`deno run -A examples/association_demo.ts --seeds ${seeds}\`. Raw rows: bench/results/association/rows.jsonl.
`;
}

async function gridNavigation(): Promise<string> {
  const rows = parseRows("grid-navigation", await read("grid-navigation/rows.jsonl")), [first] = rows;
  const { worlds, ...p } = first.hyperparameters as Record<string, number> & {
    worlds: Record<string, { meaning: string; episodes: number; limit: number; testLimit: number }>;
  };
  const results = new Map(summariseRows(rows).map((result) => [result.arm, result]));
  const ways = ["", "no-critic", "no-dopamine", "shuffled-sign", "tabular", "state-blind", "random"];
  const names: Record<string, string> = {
    "": "**R-STDP with a critic**",
    "no-critic": "the reward itself as dopamine",
    "no-dopamine": "no dopamine",
    "shuffled-sign": "dopamine with a random sign",
    "tabular": "tabular actor-critic, as many episodes",
    "state-blind": "best policy that does not see its place",
    "random": "random walk",
  };
  const cell = (arm: string) => {
    const result = results.get(arm);
    if (!result) return "–";
    const full = result.values.filter((value) => value === 1).length;
    return `${(100 * result.mean).toFixed(1)} %, ${full}/${result.n}, ${result.also!.mean.toFixed(3)} ×`;
  };
  const ties = rows.filter(({ arm }) => Object.hasOwn(worlds, arm)).map((row) =>
    (row.ties as number) / (row.decisions as number)
  );
  return `## Grid navigation: reward-modulated STDP

Protocol: a walker on a grid gets ${p.goal} at the goal, ${p.move} for a move and ${p.bump} for a bump into a wall, and nothing else. Its place is shown
for ${p.decisionMs} ms by place cells; the group of motor neurons that spikes most makes the move. After training the weights are frozen,
exploration is off, and it walks from *every* start; ties among directions are drawn (${
    (100 * ties.reduce((a, b) => a + b, 0) / ties.length).toFixed(1)
  } % of the decisions).
Dopamine is the error of a critic that is linear in the place cells and learns by TD(0) outside of the spiking network.
Hyperparameters were chosen on seeds 1000–1024 among about fifty configurations, compared by hand, mostly on mazes; the seeds below took
no part. Each cell: starts from which the goal is reached, seeds in which that is all of them, and moves over those of shortest
paths (a walk that does not arrive counts as many moves as it was allowed).

| | ${Object.entries(worlds).map(([, { meaning, episodes }]) => `${meaning}; ${episodes} episodes`).join(" | ")} |
|---|${Object.keys(worlds).map(() => "---|").join("")}
${
    ways.map((way) =>
      `| ${names[way]} | ${
        Object.keys(worlds).map((world) => cell(way === "" ? world : `${world}-${way}`)).join(" | ")
      } |`
    ).join("\n")
  }

A blind walker that goes right or down does well where the goal is in that corner, and only there. On open grids the reward alone
teaches as much as the critic's error does; in mazes it does not.

Machine: ${first.machine}; commit ${first.commit}; ${
    first.date.slice(0, 10)
  }. Again: \`brainsim benchmark grid-navigation --seeds 30\` (half an hour, one core).
`;
}

async function mnist(): Promise<string> {
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

async function mnistLocal(): Promise<string> {
  const rows = parseRows("mnist-local", await read("mnist-local/rows.jsonl")), [first] = rows;
  const primary = rows.filter(({ arm }) => arm === "stdp"),
    p = primary[0].hyperparameters as Record<string, number> & {
      fields: { size: number; stride: number };
    };
  return `### By local features

The same neurons, rule and competition in ${
    primary[0].neurons as number / p.neurons
  } groups of ${p.neurons}, each group seeing one patch of ${p.fields.size} × ${p.fields.size} pixels
(stride ${p.fields.stride}); nothing of it knows labels. On top, a layer of ten units learns by a local delta rule (src/tasks/class_layer.ts) from the
labels of all training images, 12 passes over the spikes that they made. \`pixels\`: the same layer on the pixels, without neurons.
The numbers of network and layer are those of a prototype in C that was judged on validation images; none was tuned here. But a first
run here, with its smaller variant (25 patches of 12 × 12, 64 neurons each), had given 97.2 % of the test images before the larger one was run.

${markdownTable(summariseRows(rows))}
Machine: ${first.machine}; commit ${first.commit}; ${
    first.date.slice(0, 10)
  }. Again: \`brainsim benchmark mnist-local\`. ${
    primary.length < 5
      ? `So few seeds (${primary.length}) show no spread: a seed takes ${(primary[0].wallS / 60).toFixed(0)} minutes.`
      : ""
  }
`;
}

async function degradation(): Promise<string> {
  const rows = parseRows("degradation", await read("degradation/rows.jsonl")), [first] = rows;
  const results = summariseRows(rows), mean = (arm: string) => 100 * results.find((r) => r.arm === arm)!.mean;
  const regained = (mean("neurons-50-recovery") - mean("neurons-50")) / (mean("intact") - mean("neurons-50"));
  const { lesions, tested } = first.hyperparameters as Record<string, number>;
  return `### Degradation

${first.neurons} neurons learn digits as above and are read out once; then parts die at random (${lesions} times for each kind and share, means below), and
${tested} test images are shown. Nothing is fitted anew.

${markdownTable(results)}
Losing 20 % of the neurons costs ${(mean("intact") - mean("neurons-20")).toFixed(1)} points, losing half ${
    (mean("intact") - mean("neurons-50")).toFixed(1)
  }; 1,000 images of learning on, without labels and with the old read-out, ${
    Math.abs(regained) < 0.05 ? "regain nothing of it" : `regain ${(100 * regained).toFixed(0)} % of it`
  }.
Thresholds were learnt for the whole network: without synapses or inputs its neurons are driven too little, and fall silent.

Machine: ${first.machine}; commit ${first.commit}; ${
    first.date.slice(0, 10)
  }. Again: \`brainsim benchmark degradation --seeds 3\`.
`;
}

async function peers(): Promise<string> {
  const rows = await lines("peers.jsonl"),
    [against] = await lines("against.jsonl"),
    profiles = await lines("profile.jsonl");
  const number = (x: number | null, digits = 2) => x === null ? "–" : x.toFixed(digits);
  const sizes = [...new Set(rows.map(({ workload, neurons }) => `${workload} ${neurons}`))];
  const line = (size: string) => {
    const own = rows.filter(({ workload, neurons }) => `${workload} ${neurons}` === size),
      [{ workload, neurons }] = own;
    // deno-lint-ignore no-explicit-any
    const middle = (of: (row: any) => number | undefined, digits: number) =>
      of(own[0]) === undefined ? "–" : median(own.map((row) => of(row)!)).toFixed(digits);
    // deno-lint-ignore no-explicit-any
    const range = (of: (row: any) => number | undefined) => {
      if (of(own[0]) === undefined) return "–";
      const values = own.map((row) => of(row)!);
      return `**${median(values).toFixed(2)}** (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`;
    };
    return `| ${workload} | ${neurons} | ${middle((r) => r.ours, 3)} | ${middle((r) => r.firstS, 3)} | ${
      middle((r) => r.c?.s, 3)
    } | ${middle((r) => r.numpy?.s, 3)} | ${range((r) => r.c?.ratio)} | ${range((r) => r.numpy?.ratio)} | ${
      own[0].c ? own[0].rateHz.map((x: number) => x.toFixed(1)).join(", ") : "–"
    } | ${own[0].bytesPerSynapse.toFixed(1)} |`;
  };
  const learning = rows.filter(({ workload }) => workload === "W4");
  const stages = [...new Set(profiles.flatMap(({ us }) => Object.keys(us)))].filter((stage) =>
    profiles.some(({ us }) => us[stage] >= 0.1)
  );
  return `## The engine beside other programs

CPU seconds of the run alone, one thread; in each run of the script medians of ${
    rows[0].rounds
  } alternating rounds, below the medians
(and ranges) over ${
    1 + Math.max(...rows.map(({ run }) => run))
  } such runs. Ours is the second time of the same work in a process, the compile time of the others is
not counted either; \`first\` is the wall time of the first. Peers: plain C (gcc -O3 -march=native -ffast-math) and numpy
(bench/peers), on the same networks; in W2 all change weights at each event.

| workload | neurons | ours (s) | first (s) | plain C (s) | numpy (s) | ours / C | ours / numpy | rate, ours and C (Hz) | bytes a synapse |
|---|---|---|---|---|---|---|---|---|---|
${sizes.map(line).join("\n")}

W4, dense learning with 400 neurons: ${
    number(median(learning.map(({ ours, simMs }) => 1000 * ours / (simMs / 150))))
  } ms an image of 150 ms.

Where the time of a step goes, by stage (src/engine/step.ts), µs, warm (bench/profile.ts):

| workload | neurons | ${stages.join(" | ")} |
|---|---|${stages.map(() => "---|").join("")}
${
    profiles.map(({ workload, neurons, us }) =>
      `| ${workload} | ${neurons} | ${stages.map((stage) => us[stage]?.toFixed(1) ?? "–").join(" | ")} |`
    ).join("\n")
  }

The quick start costs ${
    number(against.microsecondsNow)
  } µs a step; before all mechanisms of regions but noise were added (commit ${against.revision}), on plain kernels, it
cost ${number(against.microsecondsThen)} (ratio ${number(against.ratio)}; of the fastest runs ${
    number(against.ratioOfFastest)
  }).

Machine: ${rows[0].machine}; ${
    rows[0].date.slice(0, 10)
  }. Again: \`deno run -A bench/peers.ts --runs 3\`, \`deno run -A bench/profile.ts\`, \`deno run -A bench/against.ts ${against.revision}\`.
`;
}

async function workers(): Promise<string> {
  const rows = await lines("workers.jsonl");
  return `## One brain on several cores

Wall time of the same run, warm, medians of ${
    rows[0].rounds
  } alternating rounds; afterwards the two brains are compared.

| workload | neurons | simulated (ms) | one core (s) | ${rows[0].workers} workers (s) | ratio | same bytes |
|---|---|---|---|---|---|---|
${
    rows.map((r) =>
      `| ${r.workload} | ${r.neurons} | ${r.simMs} | ${r.oneS.toFixed(3)} | ${r.severalS.toFixed(3)} | ${
        r.ratio.toFixed(2)
      } | ${r.same ? "yes" : "no"} |`
    ).join("\n")
  }

Machine: ${rows[0].machine}; ${rows[0].date.slice(0, 10)}. Again: \`deno run -A bench/workers.ts\`.
`;
}

async function gpu(): Promise<string> {
  const rows = await lines("gpu.jsonl"),
    scatter = await lines("scatter.jsonl"),
    profiles = await lines("gpu_profile.jsonl");
  const onGpu = rows.filter(({ backend }) => backend === "webgpu"), [first] = onGpu;
  const cpuOf = (row: { workload: string; neurons: number }) =>
    rows.find((r) => r.backend === "cpu" && r.workload === row.workload && r.neurons === row.neurons);
  const crossover = (workload: string) => {
    const faster = onGpu.filter((r) => r.workload === workload && (cpuOf(r)?.msPerStep ?? 0) > r.msPerStep);
    const slower = onGpu.filter((r) => r.workload === workload && (cpuOf(r)?.msPerStep ?? Infinity) <= r.msPerStep);
    const sizes = (list: typeof onGpu) => list.map(({ neurons }) => neurons);
    return `${workload} between ${Math.max(0, ...sizes(slower))} and ${Math.min(...sizes(faster))} neurons`;
  };
  const line = (row: typeof first) => {
    const cpu = cpuOf(row)?.msPerStep;
    return `| ${row.workload} | ${row.neurons} | ${(row.synapses / 1e6).toFixed(1)} M | ${cpu?.toFixed(3) ?? "–"} | ${
      row.msPerStep.toFixed(3)
    } | ${cpu ? (cpu / row.msPerStep).toFixed(2) : "–"} | ${(row.eventsPerS / 1e9).toFixed(2)} | ${
      (100 * row.share).toFixed(1)
    } % | ${row.buildS.toFixed(1)} + ${row.loadS.toFixed(1)} |`;
  };
  const shares = [...new Set(scatter.map(({ share }) => share))] as number[];
  const profile = ({ workload, neurons, us, all, dispatches }: (typeof profiles)[0]) =>
    `| ${workload} | ${neurons} | ${dispatches} | ${all.toFixed(0)} | ${
      Object.entries(us as Record<string, number>).sort(([, a], [, b]) => b - a).slice(0, 5)
        .map(([kernel, t]) => `${kernel.replace(/\/.*/, "")} ${t.toFixed(0)}`).join(", ")
    } |`;
  return `## On a GPU

${first.adapter}, through Deno's WebGPU, beside one core of the same machine: milliseconds a step, of runs of ${first.steps} steps
that end with all state read back (medians of three). Synaptic events a second on the GPU; and the bytes that a step has to
move, at least, as a share of what a kernel that copies moves in that time (${
    first.copyGbPerS.toFixed(0)
  } GB/s). Building is the host's,
loading the transfer.

| workload | neurons | synapses | one core (ms) | GPU (ms) | ratio | events (10⁹/s) | share of memory | build + load (s) |
|---|---|---|---|---|---|---|---|---|
${onGpu.map(line).join("\n")}

The GPU is faster from a size on: ${
    [...new Set(onGpu.map(({ workload }) => workload))].map(crossover).join(", ")
  }. A step waits for its dispatches, one after the other, whatever they do:
noting one down takes about 6 µs of the host, and each starts with a chain of reads. So brains may grow twentyfold before a step takes twice
as long, and the memory's speed is not what limits them. The largest kernels of a step, µs:

| workload | neurons | dispatches | a step (µs) | of that |
|---|---|---|---|---|
${profiles.map(profile).join("\n")}

How spikes add to their targets (WGSL adds no floats atomically), ${
    scatter[0].neurons
  } neurons with 100 synapses each, µs for the
spikes of one step; \`integer\` is what kernels/deliver.wgsl does: it is also the only one whose sums do not depend on the order.

| way | ${shares.map((share) => `${100 * share} % spike`).join(" | ")} |
|---|${shares.map(() => "---|").join("")}
${
    [...new Set(scatter.map(({ way }) => way))].map((way) =>
      `| ${way} | ${
        shares.map((share) => scatter.find((r) => r.way === way && r.share === share).us.toFixed(1)).join(" | ")
      } |`
    ).join("\n")
  }

Machine: ${first.machine}; ${
    first.date.slice(0, 10)
  }. Again: \`deno run -A bench/gpu.ts\`, \`deno run -A bench/scatter.ts\`,
\`deno run -A bench/gpu_profile.ts\`.
`;
}

async function footprint(): Promise<string> {
  const rows = await lines("footprint.jsonl"), build = rows.find(({ what }) => what === "build");
  const of = (what: string) => rows.filter((row) => row.what === what), [binary] = await lines("binary.jsonl");
  const ms = ({ medianMs }: { medianMs: number }) => medianMs.toFixed(0);
  return `## What it takes to begin

Building ${(build.synapses / 1e6).toFixed(0)} million static synapses: ${build.buildS.toFixed(1)} s, ${
    build.peakMb.toFixed(0)
  } MB of resident memory at most.

Bytes of a synapse, 1,000 × 1,000 neurons: ${
    of("synapse").map(({ kind, bytesPerSynapse }) => `${kind} ${bytesPerSynapse.toFixed(1)}`).join(", ")
  }.

From start to end in a checkout: ${
    of("command").map(({ command, seconds }) => `\`brainsim ${command}\` ${(1000 * seconds).toFixed(0)} ms`).join(", ")
  }; a process that builds and runs W1 with ${of("process")[0].neurons} neurons, cold, ${
    of("process")[0].seconds.toFixed(2)
  } s.

The compiled program, in which the runtime is that of ${/Deno [\d.]+/.exec(binary.program)![0]}: ${
    (binary.bytes / 1e6).toFixed(1)
  } MB, ${(binary.gzipBytes / 1e6).toFixed(1)} MB packed with gzip; from start to end \`--help\` ${
    ms(binary.help)
  } ms, \`inspect\` of the quick
start ${ms(binary.inspect)} ms (from sources ${ms(binary.helpOfSources)} and ${
    ms(binary.inspectOfSources)
  } ms; medians of ${binary.runs}).

Machine: ${rows[0].machine}; ${
    rows[0].date.slice(0, 10)
  }. Again: \`deno run -A bench/footprint.ts\`, \`deno task compile && deno run -A bench/binary.ts\`.
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
${await gridNavigation()}
${await association()}
${await mnist()}
${await mnistLocal()}
${await degradation()}
${await peers()}
${await workers()}
${await gpu()}
${await footprint()}
${await scaling()}`;
await Deno.writeTextFile(new URL("../BENCHMARKS.md", import.meta.url), text);
