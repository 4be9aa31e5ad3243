/** Unsupervised learning of images: what is learnt, and that progress is all in the brain. */

import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { RandomStream } from "../../src/state/random.ts";
import { degradation } from "../../src/tasks/degradation.ts";
import { ClassLayer } from "../../src/tasks/class_layer.ts";
import { linesOf, shownOn } from "../../src/tasks/fields.ts";
import type { Images } from "../../src/tasks/idx.ts";
import { imageParameters } from "../../src/tasks/image_parameters.ts";
import { type ImageSets, ImageTrainer, type Learning } from "../../src/tasks/images.ts";
import { mnist } from "../../src/tasks/mnist.ts";
import { differences } from "../property/differences.ts";
import { idx } from "../unit/idx.ts";
import { bars, SIDE } from "./bars.ts";

const SETS: ImageSets = { train: bars(400, "train"), test: bars(60, "test") };
/** As for digits, but stronger: a bar has few pixels, and there are few images. */
const PARAMETERS = { neurons: 20, labelled: 100, homeostasis: 1, weightMax: 1.5, sampleMs: 100 };

function trainerOf(learning: Learning, seed = 1): ImageTrainer {
  return ImageTrainer.create(SETS, { seed, task: "mnist", parameters: PARAMETERS, learning });
}

async function trained(learning: Learning, seed = 1): Promise<ImageTrainer> {
  const trainer = trainerOf(learning, seed);
  while (trainer.done < trainer.total) await trainer.next();
  return trainer;
}

Deno.test("neurons come to stand for classes that nobody told them; with random weights they tell them apart less well", async () => {
  const scores = [];
  for (const learning of ["all", "homeostasis", "nothing"] as const) {
    const trainer = await trained(learning), { score, tested, answers } = await trainer.evaluate();
    assertEquals([tested, answers.length], [60, 60]);
    scores.push(score);
    if (learning !== "all") continue;
    // Every neuron wins its share, and its weights have come to look like a bar.
    const { spikeCounts } = trainer.brain.region("features");
    assertGreater(Math.min(...spikeCounts), 10, `${spikeCounts}`);
    const { weights } = trainer.brain.projection("image", "features"), best = [];
    for (let j = 0; j < 20; j++) {
      const rows = Array.from({ length: SIDE }, (_, y) => {
        let sum = 0;
        for (let x = 0; x < SIDE; x++) sum += weights[(y * SIDE + x) * 20 + j];
        return sum;
      });
      best.push(Math.max(...rows) / rows.reduce((a, b) => a + b));
    }
    assertGreater(best.reduce((a, b) => a + b) / 20, 0.3, "a third of a neuron's weights lies in one row of ten");
  }
  assertGreater(scores[0], 0.95);
  assertLess(Math.max(scores[1], scores[2]), 0.8, `${scores}`);
});

Deno.test("a training that was saved in its middle goes on to the same brain, byte for byte", async () => {
  const whole = await trained("all"), first = trainerOf("all");
  while (first.done < 123) await first.next();
  const second = ImageTrainer.resume(SETS, decodeSnapshot(encodeSnapshot(first.brain)));
  assertEquals(second.done, 123);
  while (second.done < second.total) await second.next();
  assertEquals(differences(second.brain, whole.brain), []);
});

Deno.test("answers do not depend on the order or the number of images, and looking changes nothing", async () => {
  const trainer = await trained("all", 2), before = trainer.brain.clone();
  const some = await trainer.responses(SETS.test, [5, 9, 2]), other = await trainer.responses(SETS.test, [2, 5]);
  assertEquals([...some.subarray(40, 60), ...some.subarray(0, 20)], [...other]);
  assertEquals(differences(trainer.brain, before), []);
  assert(some.some((n) => n > 0));
});

Deno.test("rates fall to their share of the beginning, by acetylcholine, over the training", async () => {
  const level = (brain: Brain) => brain.arrays.get("region.features.modulators.level", "f64")[0];
  const trainer = trainerOf("all"), first = level(trainer.brain);
  while (trainer.done < trainer.total) await trainer.next();
  const rate = (c: number) => (1 + 9 * c) / 10;
  assertEquals(rate(first), 1);
  assertLess(Math.abs(rate(level(trainer.brain)) - 0.15), 0.01);
});

Deno.test("every arm of the benchmark runs on a folder of images, with the parameters that belong to it", async () => {
  const data = await Deno.makeTempDir(), { benchmark } = mnist;
  for (const [name, { pixels, labels }] of [["train", SETS.train], ["t10k", SETS.test]] as const) {
    await Deno.writeFile(`${data}/${name}-images-idx3-ubyte`, idx([labels.length, SIDE, SIDE], pixels));
    await Deno.writeFile(`${data}/${name}-labels-idx1-ubyte`, idx([labels.length], labels));
  }
  const found: Record<string, number> = {};
  for (const arm of Object.keys(benchmark.arms)) {
    const { value, details } = await benchmark.run(arm, 1, false, { neurons: 20, data });
    const supervised = ["nearest-neighbour", "logistic", "perceptron"].includes(arm);
    assertEquals([details.neurons, details.tested], [supervised ? undefined : 20, 60], arm);
    found[arm] = value;
    if (arm !== "stdp") continue;
    assertEquals(details.trained, 400);
    assertEquals(details.hyperparameters, imageParameters(20, 400));
  }
  // Bars are few clusters: their centres, and images of them, are told apart.
  assertGreater(found["k-means"], 0.9);
  assertGreater(found["random-images"], 0.7);
  assertGreater(found["k-means"], found["no-stdp"]);
  for (const arm of ["nearest-neighbour", "logistic", "perceptron"]) assertGreater(found[arm], 0.9, arm);
});

Deno.test("what is lost with neurons, synapses and inputs is measured on the same network with the same read-out, also of those beside it", async () => {
  const data = await Deno.makeTempDir(), { benchmark } = degradation, found: Record<string, number> = {};
  for (const [name, { pixels, labels }] of [["train", SETS.train], ["t10k", bars(200, "test")]] as const) {
    await Deno.writeFile(`${data}/${name}-images-idx3-ubyte`, idx([labels.length, SIDE, SIDE], pixels));
    await Deno.writeFile(`${data}/${name}-labels-idx1-ubyte`, idx([labels.length], labels));
  }
  for (const arm of Object.keys(benchmark.arms)) {
    const { value, also, details } = await benchmark.run(arm, 1, true, { data });
    found[arm] = value;
    const whole = arm === "half" || found[arm.replace(/-.*/, "")] === undefined ? "intact" : arm.replace(/-.*/, "");
    if (["intact", "half", "k-means", "perceptron", "intact-roused"].includes(arm)) {
      assertEquals([also, details.lesions], [undefined, []]);
    } else {
      assertEquals((details.lesions as number[]).length, 2);
      assertEquals([also!.value, details.intact], [value / found[whole], found[whole]]);
    }
  }
  for (const whole of ["intact", "k-means", "perceptron"]) assertGreater(found[whole], 0.9, whole);
  for (
    const [kind, whole] of [...["neurons", "synapses", "inputs"].map((kind) => [kind, "intact"]), [
      "k-means",
      "k-means",
    ], ["perceptron", "perceptron"]]
  ) {
    assertGreater(found[whole], found[`${kind}-90`], kind);
    assertGreater(found[`${kind}-20`], found[`${kind}-90`], kind);
  }
  await Deno.remove(data, { recursive: true });
});

Deno.test("fields are patches row by row, and each shows as much, however much ink it has; little ink shows less", () => {
  const images: Images = {
    pixels: Uint8Array.from({ length: 16 }, (_, k) => k < 8 ? 255 : 0),
    labels: new Uint8Array(1),
    width: 4,
    height: 4,
  };
  const lines = linesOf(images, { size: 2, stride: 2, least: 0 });
  assertEquals(lines.map((field) => [...field]), [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]]);
  assertEquals([...shownOn(lines, images, 0, 2, 0)], [...new Array(8).fill(0.5), ...new Array(8).fill(0)]);
  assertEquals([...shownOn(lines, images, 0, 2, 8)].slice(0, 4), new Array(4).fill(0.25)); // half of the least ink
  assertEquals(linesOf(images, null).map((field) => field.length), [16]);
});

Deno.test("a class layer learns what a line can part, and gives no answer where nothing spiked", () => {
  const random = new RandomStream(5, "layer"), n = 300, counts = new Uint16Array(n * 6);
  const labels = Array.from({ length: n }, () => random.integer(3));
  labels.forEach((label, row) => {
    for (let j = 0; j < 6; j++) counts[row * 6 + j] = random.integer(3) + (j % 3 === label ? 3 : 0);
  });
  const layer = ClassLayer.learnt(counts, labels, 6, 1);
  assertGreater(layer.score(counts, labels).score, 0.97);
  assertLess(layer.score(counts, labels.map((label) => (label + 1) % 3)).score, 0.05);
  const silent = layer.score(new Uint16Array(6), [0]);
  assertEquals([silent.silent, silent.score, silent.answers], [1, 0, [null]]);
});

Deno.test("groups of neurons that see patches learn features, on which a class layer does better than on random ones", async () => {
  const fields = { size: 6, stride: 4, least: 1 }, scores: number[] = [];
  for (const learning of ["all", "homeostasis"] as const) {
    const trainer = ImageTrainer.create(SETS, {
      seed: 1,
      task: "mnist-local",
      kind: "local",
      learning,
      parameters: { neurons: 6, fields, labelled: 400, homeostasis: 1, weightMax: 1.5, spikesPerMs: 3 },
    });
    while (trainer.done < trainer.total) await trainer.next();
    assertEquals(trainer.neurons, 4 * 6);
    const group = Array.from(
      { length: 4 },
      (_, g) => trainer.brain.region("features").spikeCounts.subarray(6 * g, 6 * g + 6).reduce((a, b) => a + b, 0),
    );
    assertGreater(Math.min(...group), 200, "every group wins its own share");
    scores.push((await trainer.evaluate()).score);
  }
  assertGreater(scores[0], 0.9);
  assertGreater(scores[0], scores[1]);
});

Deno.test("reading out a network that grows neither grows nor changes it, however near the next birth is", async () => {
  const growth = { maxNeurons: 30, births: 1e3, novelty: 0, targetHz: 0.1, everyMs: 1000, deaths: 0 };
  const trainer = ImageTrainer.create(SETS, {
    seed: 1,
    task: "mnist",
    kind: "lasting",
    parameters: { ...PARAMETERS, neurons: 10, growth },
  });
  for (let k = 0; k < 9; k++) await trainer.show(SETS.train, k);
  const before = trainer.brain.region("features").neurons;
  const counts = await trainer.responses(SETS.test, [0, 1, 2]);
  assertEquals([counts.length, trainer.brain.region("features").neurons], [3 * 30, before]);
  await trainer.show(SETS.train, 9);
  await trainer.show(SETS.train, 10);
  assertGreater(trainer.brain.region("features").neurons, before);
});
