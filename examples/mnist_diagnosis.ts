/**
 * What each number of the network for digits is worth (src/tasks/diagnosis.ts): every one is changed by itself, on all cores,
 * and judged on validation images. Prints a table and draws a curve for each. The benchmark is `brainsim benchmark diagnosis`.
 *
 *     deno run -A examples/mnist_diagnosis.ts [--seeds 1] [--quick] [--draw DIR]
 */

import { COLOURS } from "../src/plot/figure.ts";
import { xyPlot } from "../src/plot/plots.ts";
import { CHANGES, RECIPE, recipeValue } from "../src/tasks/diagnosis.ts";
import { claim, draw, flags } from "./claim.ts";
import { meanValue, outcomes, printMeans } from "./outcomes.ts";

const options = flags({ seeds: 1 }), found = await outcomes("diagnosis", [RECIPE, ...CHANGES.keys()], options);
printMeans(found);
const recipe = meanValue(found[RECIPE]), sweeps = Map.groupBy(CHANGES, ([, { sweep }]) => sweep);
const curves = [...sweeps].flatMap(([name, arms], k) => {
  const { key, relative } = arms[0][1], own = recipeValue(key, relative, options.quick);
  if (typeof own !== "number") return [];
  // Each value relative to the recipe's, which is the point that all curves share.
  const points = [...arms.map(([arm, { value }]) => [value as number / own, meanValue(found[arm])]), [1, recipe]];
  points.sort(([a], [b]) => a - b);
  return [{
    name,
    x: points.map(([x]) => x),
    y: points.map(([, y]) => y),
    colour: COLOURS[k % COLOURS.length],
    dashed: k >= COLOURS.length,
  }];
});
draw(
  "diagnosis.svg",
  xyPlot(
    "Changes of the recipe",
    { label: "value, relative to the recipe's" },
    { label: "accuracy", min: 0, max: 1 },
    curves,
  ),
);
claim(
  "without thresholds that adapt, more than twenty points are lost",
  meanValue(found["threshold-rate-x0"]) < recipe - 0.2,
  recipe,
);
claim(
  "without inhibition, less is",
  meanValue(found["inhibition-0"]) < recipe - 0.05,
  meanValue(found["inhibition-0"]),
);
const best = Math.max(...Object.values(found).map(meanValue));
claim("no single change gains ten points", best < recipe + 0.1, best - recipe);
