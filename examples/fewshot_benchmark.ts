/**
 * A few labels on digits (src/tasks/few_shot.ts): a network that has learnt from images without labels, and then gets some,
 * beside methods that see the labelled images only. Draws accuracy against the number of labels. The benchmark with all
 * arms is `brainsim benchmark few-shot`.
 *
 *     deno run -A examples/fewshot_benchmark.ts [--seeds 1] [--quick] [--draw DIR]
 */

import { COLOURS } from "../src/plot/figure.ts";
import { xyPlot } from "../src/plot/plots.ts";
import { claim, draw, flags, mean } from "./claim.ts";
import { outcomes, printMeans } from "./outcomes.ts";

const ARMS = ["semi", "semi-votes", "strict", "nearest-mean", "perceptron"];
const found = await outcomes("few-shot", ARMS, flags({ seeds: 1 }));
printMeans(found);
const curves = ARMS.flatMap((arm, k) =>
  found[arm].map(({ details }, n) => {
    const accuracy = Object.entries(details.accuracy as Record<string, number[]>);
    return {
      name: n === 0 ? arm : "",
      x: accuracy.map(([shots]) => Number(shots)),
      y: accuracy.map(([, values]) => mean(values)),
      colour: COLOURS[k],
    };
  })
);
draw(
  "labels.svg",
  xyPlot("Accuracy by labels", { label: "labels a class", log: true }, { label: "accuracy", min: 0, max: 1 }, curves),
);
const withOne = (arm: string) => mean(found[arm].map(({ also }) => also!.value));
claim("with one label a class, images without labels help", withOne("semi") > withOne("nearest-mean"), withOne("semi"));
claim("and more than without the spreading of labels", withOne("semi") > withOne("semi-votes"), withOne("semi-votes"));
