/**
 * Handwritten digits without a teacher (src/tasks/images.ts): a network learns, is read out, and is compared with random
 * weights under the same thresholds. Draws what its neurons have come to look for, how often each digit was taken for which,
 * and accuracy while it learns, a line a seed: on training images that are kept for judging, test images are shown once.
 * The benchmark with all controls is `brainsim benchmark mnist`.
 *
 *     deno run -A examples/mnist_benchmark.ts [--neurons 100] [--samples 10000] [--seeds 1] [--quick] [--draw DIR]
 */

import { COLOURS } from "../src/plot/figure.ts";
import { confusionPlot, type Curve, xyPlot } from "../src/plot/plots.ts";
import { ImageTrainer, type Learning } from "../src/tasks/images.ts";
import { imageSets } from "../src/tasks/mnist.ts";
import type { Score } from "../src/tasks/task.ts";
import { claim, draw, flags, mean } from "./claim.ts";

const given = flags({ neurons: 100, samples: 10_000, seeds: 1 }), { quick } = given;
const { neurons, samples, seeds } = quick ? { neurons: 30, samples: 500, seeds: 1 } : given;
const sets = await imageSets(), { train, test } = sets, CLASSES = 10, POINTS = 10;
const tested = [...test.labels.keys()].slice(0, quick ? 200 : 2000), labelled = quick ? 300 : 5000;
if (samples + (quick ? 50 : 500) > train.labels.length) throw new TypeError("--samples leaves no images to judge by");
/** Training images that are not among those shown. */
const judged = (trainer: ImageTrainer) => trainer.unshown(quick ? 50 : 500);
const curves: Curve[] = [], scores: Record<Learning, number[]> = { all: [], homeostasis: [], nothing: [] };
const confusion = Array.from({ length: CLASSES }, () => new Array(CLASSES + 1).fill(0));

/** What is answered to the test images after a training in which so much learns. */
async function answersAfter(learning: Learning, seed: number): Promise<{ trainer: ImageTrainer; score: Score }> {
  const options = { seed, task: "mnist", neurons, samples, learning, parameters: { labelled } };
  const trainer = ImageTrainer.create(sets, options), x: number[] = [], y: number[] = [];
  while (trainer.done < trainer.total) {
    await trainer.next();
    if (learning !== "all" || trainer.done % Math.ceil(trainer.total / POINTS) !== 0) continue;
    x.push(trainer.done);
    y.push((await trainer.evaluateOn(train, judged(trainer))).score);
  }
  if (learning === "all") curves.push({ name: "", x, y, colour: COLOURS[0] });
  return { trainer, score: await trainer.evaluateOn(test, tested) };
}

/** The weights onto each neuron, as an image; neurons in a square. */
function fields({ brain }: ImageTrainer): string {
  const { weights } = brain.projection("image", "features"), { width, height } = train;
  const across = Math.ceil(Math.sqrt(neurons)), scale = 2, cell = (width + 2) * scale;
  const most = weights.reduce((a, b) => Math.max(a, b), 0), pixels: string[] = [];
  for (let j = 0; j < neurons; j++) {
    for (let i = 0; i < width * height; i++) {
      const w = weights[i * neurons + j] / most;
      if (w < 0.05) continue;
      const x = (j % across) * cell + (i % width) * scale,
        y = Math.floor(j / across) * cell + Math.floor(i / width) * scale;
      pixels.push(`<rect x="${x}" y="${y}" width="${scale}" height="${scale}" fill-opacity="${w.toFixed(2)}"/>`);
    }
  }
  const side = across * cell;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${pixels.join("")}</svg>\n`;
}

for (let seed = given.seed; seed < given.seed + seeds; seed++) {
  for (const learning of ["all", "homeostasis"] as const) {
    const { trainer, score } = await answersAfter(learning, seed);
    scores[learning].push(score.score);
    if (learning === "all") {
      score.answers.forEach((answer, k) => confusion[test.labels[tested[k]]][answer ?? CLASSES]++);
      if (seed === given.seed) draw("fields.svg", fields(trainer));
    }
    trainer.brain.close();
  }
}
const names = Array.from({ length: CLASSES }, (_, c) => String(c));
draw("confusion.svg", confusionPlot("Digits (%)", names, confusion));
draw(
  "learning.svg",
  xyPlot("Validation images while it learns", { label: "images shown" }, { label: "accuracy", min: 0, max: 1 }, curves),
);
const [learnt, random] = [mean(scores.all), mean(scores.homeostasis)];
claim("digits are named far above chance", learnt > 0.5, learnt);
claim("what was learnt is worth more than ten points", learnt > random + 0.1, random);
