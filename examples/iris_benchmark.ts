/**
 * Iris by reward-modulated STDP (src/tasks/iris.ts), one split a seed. Draws how often each species was taken for which, over
 * all seeds, and accuracy by epochs, a line a seed. The benchmark with its controls is `brainsim benchmark iris`.
 *
 *     deno run -A examples/iris_benchmark.ts [--seeds 5] [--quick] [--draw DIR]
 */

import { COLOURS } from "../src/plot/figure.ts";
import { confusionPlot, type Curve, xyPlot } from "../src/plot/plots.ts";
import { TableTrainer } from "../src/tasks/classifier.ts";
import { flowers } from "../src/tasks/iris.ts";
import { splitTable } from "../src/tasks/table.ts";
import { claim, draw, flags, mean } from "./claim.ts";

const { seeds: asked, seed: first, quick } = flags({ seeds: 5 }), seeds = quick ? 2 : asked;
const scores: number[] = [], before: number[] = [], curves: Curve[] = [], { classes, labels } = flowers;
const counts = classes.map(() => new Array(classes.length + 1).fill(0));
for (let seed = first; seed < first + seeds; seed++) {
  const trainer = TableTrainer.create(flowers, seed, { task: "iris", parameters: quick ? { epochs: 10 } : {} });
  const x = [0], y = [(await trainer.evaluate()).score], each = Math.round(trainer.total / 10);
  while (trainer.done < trainer.total) {
    await trainer.next();
    if (trainer.done % each !== 0) continue;
    x.push(trainer.done);
    y.push((await trainer.evaluate()).score);
  }
  curves.push({ name: "", x, y, colour: COLOURS[0] });
  before.push(y[0]);
  const { score, answers } = await trainer.evaluate(), { test } = splitTable(flowers, seed);
  answers.forEach((answer, k) => counts[labels[test[k]]][answer ?? classes.length]++);
  scores.push(score);
  trainer.brain.close();
}
draw("confusion.svg", confusionPlot(`Iris, ${seeds} splits (%)`, classes, counts));
draw(
  "learning.svg",
  xyPlot("Test flowers while it learns", { label: "flowers shown" }, { label: "accuracy", min: 0, max: 1 }, curves),
);
claim("reward teaches nine of ten test flowers", mean(scores) >= 0.9, mean(scores));
claim("of which an untrained network names less than six", mean(before) < 0.6, mean(before));
