/**
 * MNIST (LeCun, Cortes & Burges 1998) and any other set of labelled images in its format, learnt without labels
 * (src/tasks/images.ts), beside networks of which less learns, and prototypes.
 */

import type { Brain } from "../brain/brain.ts";
import { InputError } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";
import { mnistFile } from "../std/mnist/mod.ts";
import { ClassLayer } from "./class_layer.ts";
import { type Images, readImages } from "./idx.ts";
import { FEATURES, IMAGE } from "./image_network.ts";
import { imageParameters } from "./image_parameters.ts";
import { type ImageSets, ImageTrainer, type Learning } from "./images.ts";
import { outputsFor } from "./labels.ts";
import { nearestNeighbour } from "./nearest.ts";
import { BATCH, Perceptron } from "./perceptron.ts";
import { PROTOTYPES, Prototypes } from "./prototypes.ts";
import { Shared } from "./shared.ts";
import { type Benchmark, type Outcome, refuseMore, type Task } from "./task.ts";
import { scoreOf, shareRight, votesOf } from "./votes.ts";

const loaded = new Shared<ImageSets>();

/** Where a file of a set lies: in a folder, or with the package that a checkout knows. */
function placeOf(name: string, data: string | undefined): string | URL {
  if (data !== undefined) return `${data.replace(/\/+$/, "")}/${name}`;
  const url = mnistFile(name);
  if (url !== null) return url;
  throw new InputError(
    "MNIST itself comes with a checkout only; give the folder of its four IDX files (plain or .gz) with --data DIR",
  );
}

/** A folder's training and test images, or MNIST's own; read once. */
export async function imageSets(data?: string): Promise<ImageSets> {
  const place = (name: string) => placeOf(name, data);
  const { value } = await loaded.of(data ?? null, async () => {
    const [train, test] = await Promise.all([readImages("train", place), readImages("test", place)]);
    return { train, test };
  });
  return value;
}

/** Arms: what learns, and whether anything is shown for learning at all. */
const ARMS: Record<string, { learning: Learning; meaning: string }> = {
  "stdp": { learning: "all", meaning: "weights and thresholds learn, without labels" },
  "no-stdp": { learning: "homeostasis", meaning: "the same with random weights: only thresholds learn" },
  "untrained": { learning: "nothing", meaning: "the same with random weights and no thresholds" },
};

/** A quick run. */
const QUICK = { samples: 300, labelled: 300, tested: 200 };

/** What it is compared with, on the same labels and images. */
const BASELINES: Record<string, string> = {
  "random-images": "as many training images as prototypes (cosine)",
  "k-means": `as many centres of online spherical k-means, ${PROTOTYPES.passes} passes`,
  "nearest-neighbour": "the class of the nearest of the labelled images",
  "logistic": "logistic regression on the labelled images",
  "perceptron": "a perceptron with a hidden layer on the labelled images",
};

/** Hidden units, and passes over the labelled images. */
const PERCEPTRON = { hidden: 128, passes: 20, batch: BATCH };

/** The same for fields. */
const LOCAL_BASELINES: Record<string, string> = { "pixels": "the same class layer on the pixels themselves" };

/** What a run changes in the parameters that a trainer works out by itself. */
const changesOf = (quick: boolean) => quick ? { labelled: QUICK.labelled } : {};

const benchmarkOf = (task: string, local: boolean): Benchmark => ({
  metric: "accuracy",
  arms: {
    ...Object.fromEntries(Object.entries(ARMS).map(([name, { meaning }]) => [name, meaning])),
    ...local ? LOCAL_BASELINES : BASELINES,
  },
  options: ["neurons", "data"],
  // The rest follows from the number of images: each row has what it was run with.
  hyperparameters: (quick, { neurons = neuronsOf(quick, local) }) => ({ neurons, ...changesOf(quick) }),
  async run(arm, seed, quick, { neurons = neuronsOf(quick, local), data, backend }) {
    const sets = await imageSets(data), tested = range(quick ? QUICK.tested : sets.test.labels.length);
    if (arm === "pixels") return ofPixels(seed, quick, sets, tested);
    if (Object.hasOwn(BASELINES, arm)) return baseline(arm, seed, neurons, quick, sets, tested);
    const { learning } = ARMS[arm];
    const trainer = ImageTrainer.create(sets, {
      seed,
      task,
      kind: local ? "local" : "whole",
      neurons,
      parameters: changesOf(quick),
      learning,
      ...quick && { samples: QUICK.samples },
    });
    using brain = trainer.brain;
    await brain.moveTo({ backend });
    const weights = brain.projection(IMAGE, FEATURES).weights, started = performance.now();
    while (learning !== "nothing" && trainer.done < trainer.total) await trainer.next();
    const trainS = (performance.now() - started) / 1000;
    assertActive(brain, weights, learning);
    const { score, ties, silent } = await trainer.evaluateOn(sets.test, tested);
    const { synapses, step, dtMs } = brain.summary();
    return {
      value: score,
      details: {
        backend: brain.backend,
        hyperparameters: trainer.parameters,
        trained: trainer.done,
        trainS,
        tested: tested.length,
        ties,
        silent,
        neurons: trainer.neurons,
        synapses,
        simMs: step * dtMs,
        spikes: brain.region(FEATURES).spikeCounts.reduce((a, b) => a + b, 0),
      },
    };
  },
});

/** Neurons when none are asked for; with fields, in each. */
function neuronsOf(quick: boolean, local: boolean): number {
  return local ? quick ? 8 : 96 : quick ? 50 : 400;
}

/** The class layer of {@linkcode ImageTrainer} on pixels, a black one as much as 16 spikes. */
function ofPixels(seed: number, quick: boolean, { train, test }: ImageSets, tested: number[]): Outcome {
  const size = train.width * train.height, labelled = quick ? QUICK.labelled : train.labels.length;
  const counts = ({ pixels }: Images, images: number) =>
    Uint16Array.from(pixels.subarray(0, images * size), (x) => Math.round(x / 16));
  const started = performance.now(), labels = [...train.labels.subarray(0, labelled)];
  const layer = ClassLayer.learnt(counts(train, labelled), labels, size, seed);
  const trainS = (performance.now() - started) / 1000;
  const { score, ties, silent } = layer.score(counts(test, tested.length), tested.map((k) => test.labels[k]));
  return {
    value: score,
    details: {
      backend: "none",
      hyperparameters: { labelled },
      trainS,
      tested: tested.length,
      ties,
      silent,
      neurons: size,
    },
  };
}

/**
 * A row comes from mechanisms that act, and only from those that should.
 * @throws {Error} when weights or thresholds have moved that should not have, or have not
 */
function assertActive(brain: Brain, before: Float32Array, learning: Learning): void {
  const after = brain.projection(IMAGE, FEATURES).weights;
  const learnt = after.some((w, k) => w !== before[k]);
  const moved = brain.arrays.get(`region.${FEATURES}.excitability.bias`, "f32").some((b) => b !== 0);
  const inhibited = brain.arrays.get(`region.${FEATURES}.receptor.lateral`, "f32");
  if (learnt !== (learning === "all")) throw new Error(`weights have ${learnt ? "" : "not "}changed (${learning})`);
  if (moved !== (learning !== "nothing")) throw new Error(`thresholds have ${moved ? "" : "not "}moved (${learning})`);
  if (learning !== "nothing" && inhibited.every((g) => g === 0)) throw new Error("no spike has inhibited anybody");
}

const range = (n: number) => Array.from({ length: n }, (_, k) => k);

/** What else makes of the same images and labels. */
async function baseline(
  arm: string,
  seed: number,
  neurons: number,
  quick: boolean,
  { train, test }: ImageSets,
  tested: number[],
): Promise<Outcome> {
  const { labelled } = { ...imageParameters(neurons), ...changesOf(quick) };
  const order = new RandomStream(seed, "order:0").permutation(train.labels.length);
  const known = [...order.subarray(0, labelled)], labels = tested.map((k) => test.labels[k]);
  const started = performance.now(), trainS = () => (performance.now() - started) / 1000;
  if (arm === "random-images" || arm === "k-means") {
    const kMeans = arm === "k-means", { spikes } = PROTOTYPES;
    const prototypes = kMeans
      ? Prototypes.learnt(train, neurons, seed, quick ? order.subarray(0, QUICK.samples) : order, PROTOTYPES.passes)
      : Prototypes.drawn(train, neurons, seed);
    const details = {
      backend: "none",
      hyperparameters: { neurons, labelled, ...kMeans ? PROTOTYPES : { spikes } },
      trainS: trainS(),
      neurons,
    };
    const votes = votesOf(prototypes.counts(train, known), known.map((k) => train.labels[k]), neurons);
    const { score, ties, silent } = scoreOf(votes, prototypes.counts(test, tested), labels, neurons);
    return { value: score, details: { ...details, tested: tested.length, ties, silent } };
  }
  const answers = async () => {
    if (arm === "nearest-neighbour") return nearestNeighbour(train, known, test, tested);
    const hidden = arm === "perceptron" ? PERCEPTRON.hidden : 0;
    using perceptron = await Perceptron.create(train, { seed, classes: outputsFor(train.labels), hidden });
    await perceptron.learn(train, known, PERCEPTRON.passes);
    return perceptron.answers(test, tested);
  };
  const hyperparameters = {
    labelled,
    ...arm !== "nearest-neighbour" && { ...PERCEPTRON, hidden: arm === "perceptron" ? PERCEPTRON.hidden : 0 },
  };
  const value = shareRight(await answers(), labels);
  return { value, details: { backend: "none", hyperparameters, trainS: trainS(), tested: tested.length } };
}

function taskOf(name: string, meaning: string, local: boolean): Task {
  return {
    name,
    meaning,
    create: async ({ seed, epochs, samples, neurons, data }) =>
      ImageTrainer.create(await imageSets(data), {
        seed,
        task: name,
        kind: local ? "local" : "whole",
        samples,
        neurons: neurons ?? neuronsOf(false, local),
        data,
        parameters: epochs === undefined ? {} : { epochs },
      }),
    async resume(brain, more, data) {
      refuseMore(name, more);
      const notes = brain.notes.training as { data?: string } | undefined;
      return ImageTrainer.resume(await imageSets(data ?? notes?.data), brain);
    },
    benchmark: benchmarkOf(name, local),
  };
}

/** All neurons see all of an image. */
export const mnist: Task = taskOf(
  "mnist",
  "handwritten digits, unsupervised: STDP with competition; labels only to read what was learnt",
  false,
);

/** Groups of neurons see patches of it. */
export const mnistLocal: Task = taskOf(
  "mnist-local",
  "handwritten digits by local features: STDP in patches of the image, without labels; a class layer learns on top",
  true,
);
