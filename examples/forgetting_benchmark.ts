/**
 * Digits some classes at a time (src/tasks/forgetting.ts): what is left of each task after the later ones, in a network whose
 * neurons mature and in one in which none does. Draws what is left of the first task, a line a seed. The benchmark with all
 * arms is `brainsim benchmark forgetting`.
 *
 *     deno run -A examples/forgetting_benchmark.ts [--seeds 1] [--quick] [--draw DIR]
 */

import { COLOURS } from "../src/plot/figure.ts";
import { xyPlot } from "../src/plot/plots.ts";
import { claim, draw, flags, mean } from "./claim.ts";
import { meanValue, outcomes, printMeans } from "./outcomes.ts";

const ARMS = ["two", "two-plain", "five", "five-plain"];
const found = await outcomes("forgetting", ARMS, flags({ seeds: 1 }));
printMeans(found);
const curves = ["five", "five-plain"].flatMap((arm, k) =>
  found[arm].map(({ details }, n) => {
    const retention = details.retention as number[][];
    return {
      name: n > 0 ? "" : k === 0 ? "neurons mature" : "none matures",
      x: retention.map((_, t) => t + 1),
      y: retention.map((row) => row[0]),
      colour: COLOURS[k],
    };
  })
);
draw(
  "retention.svg",
  xyPlot(
    "What is left of the first two classes",
    { label: "tasks learnt" },
    { label: "accuracy", min: 0, max: 1 },
    curves,
  ),
);
const lost = (arm: string) => mean(found[arm].map(({ also }) => also!.value));
claim("neurons that mature lose less of the first five classes", lost("two") < lost("two-plain"), lost("two"));
claim(
  "and know more in the end, after two tasks",
  meanValue(found.two) > meanValue(found["two-plain"]),
  meanValue(found.two),
);
claim("and after five", meanValue(found.five) > meanValue(found["five-plain"]) + 0.2, meanValue(found.five));
