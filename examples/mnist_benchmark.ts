/**
 * Handwritten digits without a teacher (src/tasks/images.ts): one network learns, is read out, and is compared with random
 * weights under the same thresholds. With --plot, what its neurons have come to look for is drawn.
 * The benchmark with its seeds and all controls is `brainsim benchmark mnist`.
 *
 *     deno run -A examples/mnist_benchmark.ts [--neurons 100] [--samples 10000] [--seed 0] [--plot FILE.svg]
 */

import { parseArgs } from "../src/deps.ts";
import { ImageTrainer, type Learning } from "../src/tasks/images.ts";
import { imageSets } from "../src/tasks/mnist.ts";

const flags = parseArgs(Deno.args, {
  string: ["neurons", "samples", "seed", "plot"],
  default: { neurons: "100", samples: "10000", seed: "0" },
});
const [neurons, samples, seed] = [flags.neurons, flags.samples, flags.seed].map(Number);
const sets = await imageSets(), tested = Array.from({ length: 2000 }, (_, k) => k);

/** Accuracy on test images after a training in which so much learns. */
async function accuracy(learning: Learning): Promise<number> {
  const started = performance.now();
  const trainer = ImageTrainer.create(sets, { seed, task: "mnist", neurons, samples, learning });
  while (trainer.done < trainer.total) await trainer.next();
  const seconds = (performance.now() - started) / 1000, { score } = await trainer.evaluateOn(sets.test, tested);
  console.log(`${learning.padEnd(12)} ${(100 * score).toFixed(1)} % after ${seconds.toFixed(0)} s`);
  if (learning === "all" && flags.plot) {
    await Deno.writeTextFile(flags.plot, fields(trainer));
    console.log(`receptive fields: ${flags.plot}`);
  }
  return score;
}

/** The weights onto each neuron, as an image; neurons in a square. */
function fields({ brain }: ImageTrainer): string {
  const { weights } = brain.projection("image", "features"), { width, height } = sets.train;
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

const [learnt, random] = [await accuracy("all"), await accuracy("homeostasis")];
const claim = learnt > random + 0.1;
console.log(`${claim ? "✓" : "✗"} what was learnt is worth more than ten points`);
if (!claim) Deno.exitCode = 1;
