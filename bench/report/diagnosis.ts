/** What each number of the network for digits is worth. */

import { COLOURS } from "../../src/plot/figure.ts";
import { type Curve, xyPlot } from "../../src/plot/plots.ts";
import { CHANGES, RECIPE, recipeValue } from "../../src/tasks/diagnosis.ts";
import { thousands } from "./numbers.ts";
import { figures, rowsOf } from "./results.ts";

/** What the numbers that are not relative are counted in. */
const UNITS: Record<string, string> = {
  spikesPerImage: "of all neurons",
  inhibition: "1/ms",
  inhibitionRead: "1/ms",
  tauTraceMs: "ms",
  spikesPerMs: "of all lines, a ms",
  sampleMs: "ms",
  readOut: "votes, or the class layer of the next section",
};

/** The section. */
export async function diagnosis(): Promise<string> {
  const { cell, mean, seeds, hyperparameters: p, source } = await rowsOf("diagnosis");
  const sweeps = [...Map.groupBy(CHANGES, ([, { sweep }]) => sweep)].map(([name, arms]) => {
    const { key, relative } = arms[0][1], own = recipeValue(key, relative, false);
    const points = [...arms.map(([arm, { value }]) => ({ arm, value })), { arm: RECIPE, value: own }];
    points.sort((a, b) => Number(a.value) - Number(b.value));
    const unit = relative ? "times the recipe's" : UNITS[key];
    return { name: unit ? `${name} (${unit})` : name, own, points };
  });
  const curves = sweeps.flatMap(({ name, own, points }, k): Curve[] =>
    typeof own !== "number" ? [] : [{
      name,
      x: points.map(({ value }) => value as number / own),
      y: points.map(({ arm }) => 100 * mean(arm)),
      colour: COLOURS[k % COLOURS.length],
      dashed: k >= COLOURS.length,
    }]
  );
  const axes = [{ label: "value, relative to the recipe's" }, { label: "accuracy (%)", min: 0, max: 100 }] as const;
  figures.set("diagnosis", xyPlot("Changes of the recipe", ...axes, curves));
  const [best] = [...CHANGES].filter(([, { key }]) => key !== "readOut").map(([arm, { sweep, value, relative }]) => ({
    change: `${sweep} ${relative ? "× " : ""}${value}`,
    gain: mean(arm) - mean(RECIPE),
    shown: cell(arm),
  })).sort((a, b) => b.gain - a.gain);
  const lines = sweeps.map(({ name, points }) =>
    `| ${name} | ${
      points.map(({ arm, value }) => arm === RECIPE ? `**${value}: ${cell(arm)}**` : `${value}: ${cell(arm)}`).join(
        ", ",
      )
    } |`
  );
  return `### What each number is worth

Each number of the recipe is changed by itself: ${p.neurons} neurons, ${
    thousands(p.samples)
  } training images, of these ${thousands(p.labelled)} with labels, judged on ${thousands(p.judged)}
other training images; no test image is touched. ${seeds} seeds; accuracy, %; bold: the recipe.

| number | value: accuracy |
|---|---|
${lines.join("\n")}

${
    best.gain > 0
      ? `The highest of these is ${best.shown} (${best.change}), against ${
        cell(RECIPE)
      } of the recipe; it is the best of many, and was not confirmed.`
      : "No change gains anything."
  }

![accuracy by changes](bench/figures/diagnosis.svg)

${source}
`;
}
