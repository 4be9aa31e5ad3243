/**
 * A network that grows while it learns. It begins with few neurons; others are born as far as what it sees is new, are
 * recruited by what the others answer to weakly, or die of silence while they are young (src/biology/growth.ts,
 * maturation.ts). Beside it, networks of fixed size. Digits come shuffled, or some classes at a time (stream.ts); in the
 * end all are read out with the same labels.
 */

import type { GrowthValues } from "../biology/growth.ts";
import { RandomStream } from "../state/random.ts";
import { benchmarkOnly } from "./benchmark_only.ts";
import { answering } from "./class_incremental.ts";
import { drawPerClass } from "./draws.ts";
import { FEATURES, IMAGE } from "./image_network.ts";
import type { ImageParameters } from "./image_parameters.ts";
import { ImageTrainer } from "./images.ts";
import { imageSets } from "./mnist.ts";
import { phasesOf } from "./stream.ts";
import type { Benchmark } from "./task.ts";
import { scoreOf } from "./votes.ts";

/** The protocol. */
const PROTOCOL = {
  /** Neurons at the beginning, and room. */
  start: 100,
  room: 800,
  moreRoom: 1600,
  /** Where growing ended on validation images: the size of a fixed network beside it. */
  final: 470,
  perClass: 1000,
  /** Classes that come at a time, where they come one after the other. */
  classes: 2,
  labelled: 3000,
  testedPerClass: 500,
};
/** A quick one. */
const QUICK: typeof PROTOCOL = {
  ...PROTOCOL,
  start: 20,
  room: 80,
  moreRoom: 160,
  final: 60,
  perClass: 40,
  labelled: 200,
  testedPerClass: 10,
};

/** Births and deaths, in times of images: a newborn has a thousand of them in which to be needed. */
const GROWTH: Partial<GrowthValues> = {
  births: 1,
  novelty: 1,
  everyMs: 15_000,
  maturationMs: 150_000,
  criticalMs: 300_000,
  silentHz: 0.005,
  tauRateMs: 50_000,
  targetHz: 0.03,
  deaths: 1,
  youthCurrent: 0,
};
/** The same for a life of some hundred images. */
const QUICK_GROWTH = { ...GROWTH, births: 5, everyMs: 1500, maturationMs: 10_000, criticalMs: 20_000, tauRateMs: 3000 };

/** Networks: their size, whether neurons mature, and what is different about their growth. */
const NETWORKS: Record<string, {
  size: "start" | "final" | "room";
  matures: boolean;
  room?: "room" | "moreRoom";
  growth?: Partial<GrowthValues>;
  /** Births at full drive, relative to the others. */
  births?: number;
  meaning: string;
}> = {
  "grown": { size: "start", matures: true, room: "room", meaning: "born as far as what comes is new" },
  "more-room": { size: "start", matures: true, room: "moreRoom", meaning: "the same, with twice the room" },
  "random-birth": {
    size: "start",
    matures: true,
    room: "room",
    // About as many as are born by novelty.
    growth: { novelty: 0 },
    births: 0.5,
    meaning: "the same, born whatever comes",
  },
  "no-death": { size: "start", matures: true, room: "room", growth: { deaths: 0 }, meaning: "the same, and none dies" },
  "fixed-final": { size: "final", matures: false, meaning: "as many as growing ends with, from the beginning" },
  "fixed-final-mature": { size: "final", matures: true, meaning: "as many from the beginning, and neurons mature" },
  "fixed-start": { size: "start", matures: false, meaning: "as many as growing begins with" },
  "fixed-room": { size: "room", matures: false, meaning: "as many as there is room for" },
};

const ARMS = new Map(
  [false, true].flatMap((stream) =>
    Object.entries(NETWORKS).map(([network, { meaning }]) => [
      stream ? `stream-${network}` : network,
      { stream, network, meaning: stream ? `${PROTOCOL.classes} classes at a time: ${meaning}` : meaning },
    ])
  ),
);

const benchmark: Benchmark = {
  metric: "accuracy",
  arms: Object.fromEntries([...ARMS].map(([arm, { meaning }]) => [arm, meaning])),
  options: ["data"],
  hyperparameters: (quick) => ({ ...quick ? QUICK : PROTOCOL, growth: quick ? QUICK_GROWTH : GROWTH }),
  async run(arm, seed, quick, { data, backend }) {
    const { stream, network } = ARMS.get(arm)!, p = quick ? QUICK : PROTOCOL, sets = await imageSets(data);
    const { size, matures, room, growth, births = 1 } = NETWORKS[network], { train, test } = sets;
    const own = quick ? QUICK_GROWTH : GROWTH;
    const phases = phasesOf(train, seed, stream ? p.classes : Infinity, p.perClass, 0);
    const shown = phases.flatMap(({ shown }) => shown);
    const parameters: Partial<ImageParameters> = {
      // A stream has no end towards which rates could fall.
      ...stream && !matures && { finalRate: 1 },
      // All that mature have one set point.
      ...matures && { sharedBy: p.room },
      ...room && { growth: { maxNeurons: p[room], ...own, births: births * own.births!, ...growth } },
    };
    const trainer = ImageTrainer.create(sets, {
      seed,
      task: "growth",
      kind: matures ? "lasting" : "whole",
      neurons: p[size],
      samples: shown.length,
      parameters,
    });
    using brain = trainer.brain;
    await brain.moveTo({ backend });
    const living = () => brain.region(FEATURES).neurons, curve: number[] = [];
    let sum = 0, deliveries = 0, before = 0;
    for (const [row, k] of shown.entries()) {
      await trainer.show(train, k);
      sum += living();
      const spikes = brain.region(IMAGE).spikeCounts.reduce((a, b) => a + b, 0);
      deliveries += (spikes - before) * living();
      before = spikes;
      if ((row + 1) % Math.ceil(shown.length / 20) === 0) curve.push(living());
    }
    const order = [...new RandomStream(seed, "read-out").permutation(train.labels.length).subarray(0, p.labelled)];
    const samples = drawPerClass(test, p.testedPerClass, seed, "test"), { neurons } = trainer;
    const votes = await trainer.votes(order);
    const counts = await trainer.responses(test, samples), labels = samples.map((k) => test.labels[k]);
    const { score, ties, silent } = scoreOf(votes, counts, labels, neurons), alive = brain.region(FEATURES).alive;
    const grew = brain.summary().regions.find(({ name }) => name === FEATURES)!.mechanisms.growth;
    if (grew && grew.births === 0) throw new Error("no neuron was born");
    return {
      value: score,
      also: { meaning: "neurons while it learnt", value: sum / shown.length },
      details: {
        backend: brain.backend,
        parameters: trainer.parameters,
        neurons: living(),
        curve,
        answering: answering(counts, neurons).filter((answers, k) => answers && alive[k] === 1).length,
        deliveries: deliveries / shown.length,
        ...grew,
        ties,
        silent,
      },
    };
  },
};

/** Only a benchmark. */
export const growth = benchmarkOnly("growth", "digits by a network that grows while it learns", benchmark);
