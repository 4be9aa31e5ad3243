/** The aims in one table: what was measured, and whether it is enough. */

import { parseRows, type Row } from "../../src/tasks/rows.ts";
import { statistics } from "../../src/tasks/statistics.ts";
import { engineAims } from "./engine_aims.ts";
import { lateGrowth, regainedBySleep, strictAgainstSimple } from "./lasting.ts";
import { signed, thousands } from "./numbers.ts";
import { farFromOne, fromLogistic, movesOfGoals } from "./reward.ts";
import { read } from "./results.ts";

/** The rows of one arm of a benchmark; of networks of one size, where there are several. */
type Arm = (arm: string, neurons?: number) => Row[];

/** One aim. */
interface Aim {
  what: string;
  aim: string;
  shown: string;
  met: boolean;
  seeds: number;
  /** 95 % interval, where it is that of a mean over seeds. */
  interval?: string;
}

const meanOf = (rows: readonly Row[], of: (row: Row) => number = ({ value }) => value) => statistics(rows.map(of)).mean;

/** How a number stands to its aim. */
function atLeast(what: string, least: number, value: number, rows: readonly Row[], unit = "%", digits = 1): Aim {
  return {
    ...shown(what, value, rows, unit, digits),
    aim: `≥ ${least < 0 ? signed(least) : least} ${unit}`,
    met: value >= least,
  };
}

function atMost(what: string, most: number, value: number, rows: readonly Row[], unit = "points", digits = 1): Aim {
  return { ...shown(what, value, rows, unit, digits), aim: `≤ ${most} ${unit}`, met: value <= most };
}

/** A mean of values, or of something else in rows, in percent, with its interval. */
function meanAtLeast(what: string, least: number, rows: readonly Row[], of = ({ value }: Row) => value): Aim {
  const { mean, ci95 } = statistics(rows.map((row) => 100 * of(row)));
  return { ...atLeast(what, least, mean, rows), interval: ci95?.map((x) => Math.min(100, x).toFixed(1)).join("–") };
}

function shown(what: string, value: number, rows: readonly Row[], unit: string, digits: number) {
  return {
    what,
    shown: `${value.toFixed(digits).replace("-", "−")} ${unit}`,
    seeds: new Set(rows.map(({ seed }) => seed)).size,
  };
}

/** The aims of the benchmarks of learning, in the order of the sections. */
const AIMS: [name: string, aims: (of: Arm) => Aim[]][] = [
  ["iris", (of) => {
    const primary = of("r-stdp"), first = primary.filter(({ seed }) => seed < 30);
    const { mean, ci95 } = fromLogistic(primary, of("logistic"));
    return [
      meanAtLeast("Iris, R-STDP, 100 splits", 95.5, primary),
      meanAtLeast("Iris, R-STDP, the first 30 splits", 94.5, first),
      {
        ...shown("Iris, R-STDP, against logistic regression, paired", 100 * mean, primary, "points", 1),
        aim: "interval holds 0",
        met: ci95![0] <= 0 && ci95![1] >= 0,
        interval: ci95!.map((x) => signed(100 * x)).join(" to "),
      },
    ];
  }],
  ["grid-navigation", (of) => {
    const over = (arm: string) => meanOf(of(arm), ({ also }) => also!.value), moves = movesOfGoals(of("moved"));
    const walk = (what: string, arm: string, most: number) => [
      { ...meanAtLeast(`${what}: starts from which the goal is reached`, 100, of(arm)), aim: "100 %" },
      atMost(`${what}: moves`, most, over(arm), of(arm), "× shortest", 3),
    ];
    return [
      ...walk("grid 5 × 5, corner", "corner", 1.02),
      ...walk("grid 5 × 5, goal inside", "interior", 1.02),
      ...walk("grid 10 × 10, walls", "maze", 1.07),
      atMost(
        "grid, goal moved: moves of an episode, against those before",
        0,
        moves.after - moves.before,
        of("moved"),
        "more",
      ),
      atMost(
        "grid, goal moved: moves in the end, against those of a first goal",
        0,
        over("moved") - over("interior"),
        of("moved"),
        "more × shortest",
        3,
      ),
    ];
  }],
  ["association", (of) => {
    const least = Math.min(...of("paired").map(({ value }) => value));
    const arms = ["unpaired", "random-reward", "no-dopamine", "short-eligibility"].map((arm) => of(arm));
    const far = Math.max(...arms.map(farFromOne)), controls = arms.flat();
    const gaps = ["gap-0.1s", "gap-1s", "gap-2s", "gap-3s"].map((arm) => meanOf(of(arm)));
    const before = meanOf(of("extinction"), (row) => row.conditionedRatio as number);
    const after = meanOf(of("extinction"));
    const margin = Math.min(...of("paired").map((row) => row.margin as number));
    return [
      atLeast("association: answer to S1, least seed", 2.5, least, of("paired"), "× baseline"),
      atLeast("association: its distance from the next stimulus, least seed", 3, margin, of("paired"), "sd"),
      {
        ...atMost("association: seeds of the worst control more than 10 % off", 0, far, controls, "seeds", 0),
        aim: "none",
      },
      {
        what: "association: its answer as the gap grows, 0.1 to 3 s",
        aim: "falls",
        shown: `${gaps.map((x) => x.toFixed(1)).join(", ")} × baseline`,
        met: gaps.every((x, k) => k === 0 || x < gaps[k - 1]),
        seeds: of("gap-3s").length,
      },
      {
        what: "association: its answer before and after extinction",
        aim: "falls",
        shown: `${before.toFixed(1)}, ${after.toFixed(1)} × baseline`,
        met: after < before,
        seeds: of("extinction").length,
      },
    ];
  }],
  ["mnist", (of) => [
    ...[[100, 88], [400, 93], [1600, 94.5]].flatMap(([neurons, least]) => {
      const rows = of("stdp", neurons);
      const what = `MNIST, unsupervised, ${thousands(neurons)} neurons`;
      return [
        meanAtLeast(what, least, rows),
        atLeast(
          `${what}, before random weights`,
          40,
          100 * (meanOf(rows) - meanOf(of("no-stdp", neurons))),
          rows,
          "points",
        ),
      ];
    }),
    atMost(
      "MNIST, 400 neurons, training on 60,000 images, one thread",
      60,
      meanOf(of("stdp", 400), (row) => row.trainS as number),
      of("stdp", 400),
      "s",
    ),
  ]],
  ["mnist-local", (of) => {
    const rows = of("stdp").filter(({ neurons }) => neurons as number > 4000);
    return [meanAtLeast("MNIST, local features", 97.5, rows)];
  }],
  ["mnist-reward", (of) => [
    meanAtLeast("MNIST, R-STDP, 1,600 neurons", 94.5, of("r-stdp", 1600)),
  ]],
  ["degradation", (of) => {
    const points = (arm: string) => 100 * meanOf(of(arm)), loss = (arm: string) => points("intact") - points(arm);
    const regained = 100 * (1 - loss("neurons-50-goes-on") / loss("neurons-50"));
    return [
      atMost("loss of 20 % of the neurons", 1, loss("neurons-20"), of("neurons-20")),
      atMost("loss of half of the neurons", 4, loss("neurons-50"), of("neurons-50")),
      atLeast("of that regained by learning on", 50, regained, of("neurons-50-goes-on"), "%", 0),
    ];
  }],
  ["few-shot", (of) => {
    const at = (arm: string, k: number) => 100 * meanOf(of(arm), (row) => meanOfList((row.accuracy as Accuracies)[k]));
    const behind = strictAgainstSimple(of);
    const ahead = Math.min(...[1, 2, 5, 10].map((k) => at("semi", k) - at("perceptron", k)));
    return [
      ...[[1, 55], [5, 75], [10, 81], [50, 90]].map(([k, least]) =>
        meanAtLeast(
          `few labels, semi-supervised, K = ${k}`,
          least,
          of("semi"),
          (row) => meanOfList((row.accuracy as Accuracies)[k]),
        )
      ),
      atLeast("the same, before a perceptron, worst K up to 10", 5, ahead, of("semi"), "points"),
      {
        ...atLeast("strict, before the best of three simple ones, worst K", -2, behind.mean, of("strict"), "points"),
        interval: behind.ci95!.map(signed).join(" to "),
      },
    ];
  }],
  ["forgetting", (of) => {
    const lost = 100 * meanOf(of("two"), ({ also }) => also!.value);
    return [
      atMost("forgetting: first five classes", 5, lost, of("two")),
      meanAtLeast("forgetting: all ten, N = 1,600", 90, of("two")),
    ];
  }],
  ["sleep", (of) => {
    const regained = (other: string) => {
      const { mean, ci95 } = regainedBySleep(of("replay"), of(other));
      return {
        ...atLeast(`sleep: regained by replay, against ${other}`, 30, 100 * mean, of("replay"), "%", 0),
        aim: "≥ 30 %, interval above 0",
        met: mean >= 0.3 && ci95![0] > 0,
        interval: ci95!.map((x) => (100 * x).toFixed(0)).join("–"),
      };
    };
    return [regained("shuffled"), {
      ...regained("silent"),
      what: "the same, against silent sleep, which does no harm",
    }];
  }],
  ["growth", (of) => {
    const gain = (arm: string, other: string) => 100 * (meanOf(of(arm)) - meanOf(of(other)));
    const work = (arm: string) => meanOf(of(arm), (row) => row.deliveries as number);
    const late = lateGrowth(of("more-room"));
    const kept = meanOf(of("grown"), (row) => (row.answering as number) / (row.neurons as number));
    return [
      atLeast("growth: against the final size, shuffled", -0.5, gain("grown", "fixed-final"), of("grown"), "points"),
      atMost("growth: deliveries of that", 70, 100 * work("grown") / work("fixed-final"), of("grown"), "%", 0),
      atLeast(
        "growth: in a stream, against the final size",
        5,
        gain("stream-grown", "stream-fixed-final"),
        of("stream-grown"),
        "points",
      ),
      atLeast(
        "the same, where the neurons of that mature too",
        5,
        gain("stream-grown", "stream-fixed-final-mature"),
        of("stream-grown"),
        "points",
      ),
      atLeast("growth: survivors that answer", 80, 100 * kept, of("grown"), "%", 0),
      atMost("growth, twice the room: late speed, of the early (a plateau)", 10, 100 * late, of("more-room"), "%", 0),
    ];
  }],
];

type Accuracies = Record<number, number[]>;
const meanOfList = (list: readonly number[]) => statistics(list).mean;

/** The section. */
export async function summary(): Promise<string> {
  const aims: (Omit<Aim, "seeds"> & { seeds?: number })[] = [];
  for (const [name, list] of AIMS) {
    const rows = parseRows(name, await read(`${name}/rows.jsonl`));
    aims.push(...list((arm, neurons) => {
      const own = rows.filter((row) =>
        row.arm === arm && (neurons === undefined || row.hyperparameters.neurons === neurons)
      );
      if (own.length === 0) throw new Error(`${name}: no rows of ${arm}; run it`);
      return own;
    }));
  }
  aims.push(...await engineAims());
  const met = aims.filter((aim) => aim.met).length;
  return `## What was aimed at

${met} of these ${aims.length} aims are met. Means over seeds where nothing else is said (the engine: medians of runs); protocols, controls
and spread stand in the sections below; met is what the mean meets. Aimed at and not run: MNIST with 6,400 neurons and with three
passes; 20 lesions for each loss; Iris without eligibility, with shuffled labels, and beside linear discriminants; several orders of
classes for one seed of forgetting, and its arms with growth and with sleep.

| what | aim | measured | 95 % interval | met | seeds |
|---|---|---|---|---|---|
${
    aims.map(({ what, aim, shown, interval, met, seeds }) =>
      `| ${what} | ${aim} | ${shown} | ${interval ?? "–"} | ${met ? "yes" : "**no**"} | ${seeds ?? "–"} |`
    ).join("\n")
  }
`;
}
