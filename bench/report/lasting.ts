/** What few labels teach, what lasts while other things are learnt, and what grows. */

import { COLOURS } from "../../src/plot/figure.ts";
import { type Curve, xyPlot } from "../../src/plot/plots.ts";
import { parseRows, type Row } from "../../src/tasks/rows.ts";
import { statistics } from "../../src/tasks/statistics.ts";
import { read, writeFigure } from "./results.ts";

const percent = (x: number, digits = 1) => (100 * x).toFixed(digits);

/** Mean ± sd of values as percent. */
function spread(values: readonly number[]): string {
  const { mean, sd } = statistics(values);
  return sd === null ? percent(mean) : `${percent(mean)} ± ${percent(sd)}`;
}

/** The rows of a benchmark, and those of one arm. */
async function rowsOf(name: string) {
  const rows = parseRows(name, await read(`${name}/rows.jsonl`)), [first] = rows;
  return { rows, first, of: (arm: string) => rows.filter((row) => row.arm === arm) };
}

/** Where rows come from, and how to get them again. */
function source(rows: readonly Row[], command: string): string {
  const commits = [...new Set(rows.map(({ commit }) => commit))].join(", ");
  return `Machine: ${rows[0].machine}; commit ${commits}; ${
    rows[0].date.slice(0, 10)
  }. Again: \`brainsim ${command}\`. Raw rows: bench/results/${rows[0].benchmark}/rows.jsonl.`;
}

const seedsOf = (rows: readonly Row[]) => new Set(rows.map(({ seed }) => seed)).size;
const number = (row: Row, key: string) => row[key] as number;
const meanOf = (rows: readonly Row[], key: string) => statistics(rows.map((row) => number(row, key))).mean;

/** The section. */
export async function fewShot(): Promise<string> {
  type Accuracy = Record<string, number[]>;
  const { rows, first, of } = await rowsOf("few-shot"), arms = [...new Set(rows.map(({ arm }) => arm))];
  const p = first.hyperparameters as Record<string, number> & { shots: number[] };
  const values = (arm: string, shots: number) => of(arm).flatMap((row) => (row.accuracy as Accuracy)[shots]);
  const mean = (arm: string, shots: number) => statistics(values(arm, shots)).mean;
  const strict = ["nearest-mean", "nearest-neighbour", "logistic"];
  const gap = p.shots.map((k) => 100 * (mean("strict", k) - Math.max(...strict.map((arm) => mean(arm, k)))));
  const ahead = p.shots.filter((k) => k <= 10).map((k) => 100 * (mean("semi", k) - mean("perceptron", k)));
  const curves = arms.map((arm, k): Curve => ({
    name: arm,
    x: p.shots,
    y: p.shots.map((shots) => 100 * mean(arm, shots)),
    colour: COLOURS[k % COLOURS.length],
  }));
  const axis = { label: "accuracy (%)", min: 0, max: 100 };
  await writeFigure("few_shot", xyPlot("Digits from few labels", { label: "labels a class", log: true }, axis, curves));
  return `## Few labels

Digits from K labelled images of each class; ${p.draws} draws for each of ${
    seedsOf(rows)
  } seeds, the same for all arms, and ${first.tested} test
images. *Semi-supervised*: ${p.neurons.toLocaleString("en")} neurons have learnt from ${
    p.unlabelled.toLocaleString("en")
  } images without labels, as above; labels then spread
over neurons that answered together to ${
    p.associated.toLocaleString("en")
  } of these images (label spreading, Zhou et al. 2004, with neurons in place
of images). *Strict*: nothing but the labelled images is ever seen; a network of ${p.strictNeurons} neurons that mature sees each ${p.strictPasses} times.
How far labels spread, and what the strict network is, was chosen on training images kept for judging, with seed 1000 (about twenty
configurations, by hand). Accuracy, %, mean ± sd over draws:

| arm | ${p.shots.map((k) => `K = ${k}`).join(" | ")} |
|---|${p.shots.map(() => "---|").join("")}
${
    arms.map((arm) => `| ${arm}: ${of(arm)[0].meaning} | ${p.shots.map((k) => spread(values(arm, k))).join(" | ")} |`)
      .join("\n")
  }

![accuracy by labels](bench/figures/few_shot.svg)

Images without labels are worth ${Math.min(...ahead).toFixed(0)} to ${
    Math.max(...ahead).toFixed(0)
  } points over the perceptron up to K = 10. The strict network is ${
    gap.map((g, k) => `${g >= 0 ? "+" : "−"}${Math.abs(g).toFixed(1)} (K = ${p.shots[k]})`).join(", ")
  } points from the best
of nearest mean, nearest neighbour and logistic regression (aim: −2 at least).

${source(rows, `benchmark few-shot --seeds ${seedsOf(rows)}`)}
`;
}

/** The section. */
export async function forgetting(): Promise<string> {
  const { rows, first, of } = await rowsOf("forgetting"), p = first.hyperparameters as Record<string, number>;
  const retention = (row: Row) => row.retention as number[][];
  const ways = ["", "-plain", "-nearest-mean", "-perceptron", "-perceptron-exemplars"];
  const name: Record<string, string> = {
    "": "**neurons mature**",
    "-plain": "no neuron matures",
    "-nearest-mean": "nearest mean image",
    "-perceptron": `perceptron, ${p.hidden} hidden units`,
    "-perceptron-exemplars": `the same, ${p.exemplars} images of each class kept`,
  };
  const cell = (arm: string, what: (row: Row) => number) => of(arm).length > 0 ? spread(of(arm).map(what)) : "–";
  const line = (way: string) =>
    `| ${name[way]} | ${cell(`two${way}`, (row) => retention(row)[0][0])} | ${
      cell(`two${way}`, (row) => retention(row)[1][0])
    } | ${cell(`two${way}`, ({ value }) => value)} | ${cell(`five${way}`, (row) => retention(row)[4][0])} | ${
      cell(`five${way}`, ({ value }) => value)
    } | ${cell(`joint${way}`, ({ value }) => value)} |`;
  const curves = ["five", "five-plain", "five-perceptron"].flatMap((arm, k) =>
    of(arm).map((row, n): Curve => ({
      name: n > 0 ? "" : ["neurons mature", "none matures", "perceptron"][k],
      x: retention(row).map((_, t) => t + 1),
      y: retention(row).map((tasks) => 100 * tasks[0]),
      colour: COLOURS[k],
    }))
  );
  const axis = { label: "accuracy (%)", min: 0, max: 100 };
  await writeFigure(
    "retention",
    xyPlot("What is left of the first two classes", { label: "tasks learnt" }, axis, curves),
  );
  const lost = statistics(of("two").map(({ also }) => also!.value)),
    all = statistics(of("two").map(({ value }) => value));
  return `## Forgetting

Digits come in tasks, each image once: five classes and then the other five, or two at a time, in orders of the seed's; at the end all
ten are asked for, and nothing says which task an image is of. ${
    p.neurons.toLocaleString("en")
  } neurons learn without labels. One read-out: after each
task, ${
    p.labelledPerClass.toLocaleString("en")
  } labels of each of its classes are added, and what was read before stays. Neurons that mature lose
plasticity with the spikes that they have learnt from; unused ones keep theirs and are recruited by what others answer to weakly
(src/biology/maturation.ts). How fast was chosen on ${
    (10_000).toLocaleString("en")
  } training images kept for judging, with seed 1000 (about twenty-five configurations, by
hand). Perceptrons see each task ${p.passes} times, with labels. ${seedsOf(rows)} seeds; accuracy, %.

| | first five, when learnt | after the other five | all ten | first two of five tasks, at the end | all ten, after five tasks | all ten, shuffled |
|---|---|---|---|---|---|---|
${ways.map(line).join("\n")}

![what is left of the first task](bench/figures/retention.svg)

Of the first five classes ${percent(lost.mean)} points are lost (aim: at most 5) and all ten reach ${
    percent(all.mean)
  } % (aim: 90), with ${
    meanOf(of("two"), "used").toFixed(0)
  } of the neurons in use. For comparison, classes in disjoint order, 6,400 neurons: Allred & Roy 2020, 95.2 %.

${source(rows, `benchmark forgetting --seeds ${seedsOf(rows)}`)}
`;
}

/** The section. */
export async function sleep(): Promise<string> {
  const { rows, first, of } = await rowsOf("sleep"), arms = [...new Set(rows.map(({ arm }) => arm))];
  const p = first.hyperparameters as Record<string, number> & { parameters: { memory: Record<string, number> } };
  // Seed by seed: what replay regains of what the other arm lost.
  const regained = (other: string) =>
    statistics(
      of("replay").map((row) => {
        const { value } = of(other).find(({ seed }) => seed === row.seed)!;
        return (row.value - value) / (number(row, "learntFirst") - value);
      }),
    );
  const interval = ({ mean, ci95 }: ReturnType<typeof regained>) =>
    `${percent(mean, 0)} %${ci95 ? ` (95 % interval ${percent(ci95[0], 0)} to ${percent(ci95[1], 0)})` : ""}`;
  return `## Sleep

${p.neurons} neurons learn digits of five classes and then of the other five, ${p.perClass} images each, by a rule that overwrites. While they learn the
second five they rest ${p.sleeps} times for ${
    p.sleepMs / 1000
  } s. A region between lines and neurons has stored up to ${
    p.parameters.memory.capacity.toLocaleString("en")
  } episodes (which
lines spiked in the same ${p.parameters.memory.windowMs} ms: no order, no labels); in sleep one is replayed every ${p.parameters.memory.replayEveryMs} ms, and weights and thresholds go on to
learn. One read-out, as above: the first five are read before the second are learnt. Rates were chosen on training images kept for
judging, with seed 1000 (about twenty configurations, by hand; two things mattered: that episodes are not merged, and that thresholds
adapt in sleep). ${seedsOf(rows)} seeds; accuracy, %.

| rests | first five, when learnt | first five, at the end | all ten | replays | spikes in rests |
|---|---|---|---|---|---|
${
    arms.map((arm) => {
      const own = of(arm);
      return `| ${arm}: ${own[0].meaning} | ${spread(own.map((row) => number(row, "learntFirst")))} | ${
        spread(own.map(({ value }) => value))
      } | ${spread(own.map(({ also }) => also!.value))} | ${meanOf(own, "replays").toFixed(0)} | ${
        meanOf(own, "restSpikes").toFixed(0)
      } |`;
    }).join("\n")
  }

Of what is lost, replay regains, against each other arm, seed by seed: ${
    arms.slice(1).map((arm) => `${interval(regained(arm))} against ${arm}`).join("; ")
  } (aim: 30 % against shuffled).
A silent sleep changes no weight and no threshold; the run asserts it.

${source(rows, `benchmark sleep --seeds ${seedsOf(rows)}`)}
`;
}

/** The section. */
export async function growth(): Promise<string> {
  const { rows, first, of } = await rowsOf("growth"), p = first.hyperparameters as Record<string, number>;
  const ways = [...new Set(rows.map(({ arm }) => arm.replace(/^stream-/, "")))];
  const cell = (arm: string) => of(arm).length > 0 ? spread(of(arm).map(({ value }) => value)) : "–";
  const whole = (arm: string, key: string) => of(arm)[0]?.[key] === undefined ? "–" : meanOf(of(arm), key).toFixed(0);
  const while_ = (arm: string) => statistics(of(arm).map(({ also }) => also!.value)).mean;
  const curves = ["grown", "more-room", "stream-grown"].flatMap((arm, k) =>
    of(arm).map((row, n): Curve => {
      const curve = row.curve as number[];
      return {
        name: n > 0 ? "" : ["shuffled", "shuffled, twice the room", "two classes at a time"][k],
        x: curve.map((_, i) => (i + 1) / curve.length * p.perClass * 10),
        y: curve,
        colour: COLOURS[k],
      };
    })
  );
  const axis = { label: "living neurons", min: 0 };
  await writeFigure("growth", xyPlot("Growth", { label: "images" }, axis, curves));
  const mean = (arm: string) => 100 * statistics(of(arm).map(({ value }) => value)).mean;
  const signed = (x: number) => `${x >= 0 ? "+" : "−"}${Math.abs(x).toFixed(1)}`;
  const used = of("grown").map((row) => number(row, "used") / number(row, "neurons"));
  // How fast the network still grows, in the last fifth of the images against the first.
  const late = statistics(
    of("more-room").map((row) => {
      const curve = row.curve as number[], n = curve.length, k = Math.round(n / 5);
      return (curve[n - 1] - curve[n - 1 - k]) / (curve[k - 1] - p.start);
    }),
  );
  return `## Growth

A network begins with ${p.start} neurons. Others are born as far as what comes is new, are recruited by what the others answer to weakly, and
die if nothing needed them while they were young; there is room for ${p.room}. Beside it, networks of fixed size by the recipe of MNIST above. ${
    (10 * p.perClass).toLocaleString("en")
  } digits, shuffled or ${p.classes} classes at a time; read out once at the end with ${
    p.labelled.toLocaleString("en")
  } labels. Chosen on training images kept for judging,
with seed 1000 (about ten configurations, by hand). ${seedsOf(rows)} seeds; accuracy, %.

| network | shuffled | ${p.classes} classes at a time | neurons in the end | of these used | mean number | births | deaths |
|---|---|---|---|---|---|---|---|
${
    ways.map((way) =>
      `| ${way}: ${of(way)[0].meaning} | ${cell(way)} | ${cell(`stream-${way}`)} | ${whole(way, "neurons")} | ${
        whole(way, "used")
      } | ${while_(way).toFixed(0)} | ${whole(way, "births")} | ${whole(way, "deaths")} |`
    ).join("\n")
  }

![size over time](bench/figures/growth.svg)

Against a network that has the final size from the beginning: ${
    signed(mean("grown") - mean("fixed-final"))
  } points on shuffled digits (aim: within 0.5) with ${
    percent(while_("grown") / while_("fixed-final"), 0)
  } % of its synapses to update (aim: 70), and ${
    signed(mean("stream-grown") - mean("stream-fixed-final"))
  } points where classes come one after the other (aim: 5). That last gain is the maturation's, not the growth's: a fixed network
whose neurons mature has it too. ${
    percent(statistics(used).mean, 0)
  } % of the survivors are used (aim: 80). With twice the room it still grows in the last
fifth of the images, at ${percent(late.mean, 0)} % of its speed in the first: slower, but no plateau yet.

${source(rows, `benchmark growth --seeds ${seedsOf(rows)}`)}
`;
}
