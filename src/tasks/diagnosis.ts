/**
 * What the numbers of the network for images are worth: each is changed by itself, on training images of which some are
 * kept for judging (test images are not touched), and so is the read-out.
 */

import { benchmarkOnly } from "./benchmark_only.ts";
import type { Images } from "./idx.ts";
import { FEATURES } from "./image_network.ts";
import { type ImageParameters, imageParameters } from "./image_parameters.ts";
import { ImageTrainer } from "./images.ts";
import { imageSets } from "./mnist.ts";
import type { Benchmark } from "./task.ts";

/** The protocol: neurons, images to learn from, of these with labels, and images to judge by. */
const PROTOCOL = { neurons: 100, samples: 10_000, labelled: 5000, judged: 2000 };
/** A quick one. */
const QUICK: typeof PROTOCOL = { neurons: 30, samples: 200, labelled: 200, judged: 100 };

/** Last training images, from which those to judge by come. */
const KEPT = 10_000;

/** What is changed, and to which values; `×`: relative to the recipe. */
const SWEEPS: { name: string; key: keyof ImageParameters; relative?: true; values: readonly (number | string)[] }[] = [
  { name: "learning rate", key: "learningRate", relative: true, values: [0.25, 0.5, 2, 4] },
  { name: "threshold rate", key: "homeostasis", relative: true, values: [0, 0.25, 0.5, 2, 4] },
  { name: "spikes per image", key: "spikesPerImage", values: [1, 2, 8] },
  { name: "inhibition", key: "inhibition", values: [0, 1, 2, 10, 20] },
  { name: "inhibition while read", key: "inhibitionRead", values: [0, 0.5, 1, 5] },
  { name: "presynaptic trace", key: "tauTraceMs", values: [5, 10, 20, 80] },
  { name: "input spikes", key: "spikesPerMs", values: [4, 8, 32] },
  { name: "time of an image", key: "sampleMs", values: [50, 100, 300] },
  { name: "read-out", key: "readOut", values: ["classLayer"] },
];

/** The arm that changes nothing. */
export const RECIPE = "recipe";

/** The sweep and the value of an arm. */
export const CHANGES = new Map(
  SWEEPS.flatMap((sweep) =>
    sweep.values.map((value) => [
      `${sweep.name.replaceAll(" ", "-")}-${sweep.relative ? "x" : ""}${value}`,
      { sweep: sweep.name, value, key: sweep.key, relative: sweep.relative === true },
    ])
  ),
);

/** The recipe's value of what a sweep changes: 1 where values are relative to it. */
export function recipeValue(key: keyof ImageParameters, relative: boolean, quick: boolean): number | string {
  const { neurons, samples } = quick ? QUICK : PROTOCOL;
  return relative ? 1 : imageParameters(neurons, samples)[key] as number | string;
}

/** A part of a set. */
function part({ pixels, labels, width, height }: Images, from: number, to: number): Images {
  const size = width * height;
  return { pixels: pixels.subarray(from * size, to * size), labels: labels.subarray(from, to), width, height };
}

const benchmark: Benchmark = {
  metric: "accuracy on validation images",
  arms: {
    [RECIPE]: "the numbers of --task mnist",
    ...Object.fromEntries(
      [...CHANGES].map(([arm, { sweep, value, relative }]) => [arm, `${sweep} ${relative ? "× " : ""}${value}`]),
    ),
  },
  options: ["data"],
  hyperparameters: (quick) => quick ? QUICK : PROTOCOL,
  async run(arm, seed, quick, { data, backend }) {
    const p = quick ? QUICK : PROTOCOL, { train } = await imageSets(data), images = train.labels.length;
    const kept = Math.min(KEPT, images >> 1), change = CHANGES.get(arm);
    const sets = { train: part(train, 0, images - kept), test: part(train, images - kept, images) };
    const recipe = imageParameters(p.neurons, p.samples);
    const value = change?.relative ? recipe[change.key] as number * (change.value as number) : change?.value;
    const trainer = ImageTrainer.create(sets, {
      seed,
      task: "diagnosis",
      neurons: p.neurons,
      samples: p.samples,
      parameters: { labelled: p.labelled, ...change && { [change.key]: value } },
    });
    using brain = trainer.brain;
    await brain.moveTo({ backend });
    while (trainer.done < trainer.total) await trainer.next();
    const judged = [...sets.test.labels.keys()].slice(0, p.judged);
    const { score, ties, silent } = await trainer.evaluateOn(sets.test, judged);
    const { spikeCounts } = brain.region(FEATURES);
    return {
      value: score,
      details: {
        backend: brain.backend,
        parameters: trainer.parameters,
        ties,
        silent,
        spikesPerImage: spikeCounts.reduce((a, b) => a + b, 0) / trainer.total,
        unused: spikeCounts.filter((n) => n === 0).length,
      },
    };
  },
};

/** Only a benchmark. */
export const diagnosis = benchmarkOnly(
  "diagnosis",
  "what the numbers of the network for digits are worth, on validation images",
  benchmark,
);
