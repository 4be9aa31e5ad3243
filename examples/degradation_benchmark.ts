/**
 * What is left of learnt digits when parts of the network die (src/tasks/degradation.ts). Draws accuracy against the share
 * that is lost. The benchmark is `brainsim benchmark degradation`.
 *
 *     deno run -A examples/degradation_benchmark.ts [--seeds 1] [--quick] [--draw DIR]
 */

import { COLOURS } from "../src/plot/figure.ts";
import { xyPlot } from "../src/plot/plots.ts";
import { PERCENT } from "../src/tasks/degradation.ts";
import { claim, draw, flags } from "./claim.ts";
import { meanValue, outcomes, printMeans } from "./outcomes.ts";

const KINDS = ["neurons", "synapses", "inputs"], SHARES = PERCENT;
const ARMS = ["intact", "synapses-50-roused", ...KINDS.flatMap((kind) => SHARES.map((share) => `${kind}-${share}`))];
const found = await outcomes("degradation", ARMS, flags({ seeds: 1 }));
printMeans(found);
const seeds = found.intact.map((_, n) => n), colour = (k: number) => COLOURS[k];
const curves = KINDS.flatMap((kind, k) =>
  seeds.map((n) => ({
    name: n === 0 ? kind : "",
    x: [0, ...SHARES],
    y: [found.intact, ...SHARES.map((share) => found[`${kind}-${share}`])].map((list) => list[n].value),
    colour: colour(k),
  }))
);
draw("losses.svg", xyPlot("Losses", { label: "lost (%)" }, { label: "accuracy", min: 0, max: 1 }, curves));
const left = (arm: string) => meanValue(found[arm]) / meanValue(found.intact);
claim(
  "without a fifth of its neurons it keeps nine tenths of what it knew",
  left("neurons-20") > 0.9,
  left("neurons-20"),
);
claim("without half of them four fifths", left("neurons-50") > 0.8, left("neurons-50"));
const [lost, back] = ["synapses-50", "synapses-50-roused"].map((arm) => meanValue(found[arm]));
const regained = (back - lost) / (meanValue(found.intact) - lost);
claim("what half of the synapses took with them comes back in part, by learning on", regained > 0.1, regained);
