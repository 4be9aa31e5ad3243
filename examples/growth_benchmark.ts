/**
 * A network that grows while it learns digits (src/tasks/growth.ts). Draws its size over the images, a line a seed. The
 * benchmark with all arms is `brainsim benchmark growth`.
 *
 *     deno run -A examples/growth_benchmark.ts [--seeds 1] [--quick] [--draw DIR]
 */

import { COLOURS } from "../src/plot/figure.ts";
import { xyPlot } from "../src/plot/plots.ts";
import { claim, draw, flags, mean } from "./claim.ts";
import { meanValue, outcomes, printMeans } from "./outcomes.ts";

const ARMS = ["grown", "fixed-final", "stream-grown", "stream-fixed-final", "stream-fixed-final-mature"];
const found = await outcomes("growth", ARMS, flags({ seeds: 1 }));
printMeans(found);
const curves = ["grown", "stream-grown"].flatMap((arm, k) =>
  found[arm].map(({ details }, n) => {
    const curve = details.curve as number[];
    return {
      name: n > 0 ? "" : k === 0 ? "shuffled digits" : "two classes at a time",
      x: curve.map((_, i) => (i + 1) / curve.length),
      y: curve,
      colour: COLOURS[k],
    };
  })
);
draw("size.svg", xyPlot("Growth", { label: "share of the images" }, { label: "living neurons", min: 0 }, curves));
const size = (arm: string) => mean(found[arm].map(({ also }) => also!.value));
claim(
  "it needs fewer neurons than a network that has its final size from the beginning",
  size("grown") < size("fixed-final"),
  size("grown") / size("fixed-final"),
);
const used = mean(found.grown.map(({ details }) => (details.answering as number) / (details.neurons as number)));
claim("most of those that it keeps answer to some image", used >= 0.6, used);
claim(
  "where classes come one after the other, neurons that mature keep what others lose, also where they are born for it",
  Math.min(...["stream-grown", "stream-fixed-final-mature"].map((arm) => meanValue(found[arm]))) >
    meanValue(found["stream-fixed-final"]) + 0.05,
  meanValue(found["stream-grown"]),
);
