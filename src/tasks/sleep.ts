/**
 * What sleep does for what was learnt before. A network learns digits of five classes, then those of the other five, by a
 * rule that overwrites the first. A region in front of it has stored episodes: which lines spiked together. While it learns
 * the second five it sleeps now and then, inputs are shut out, and episodes are replayed in random order; what they make the
 * network fire, it learns from (complementary learning systems: McClelland, McNaughton & O'Reilly 1995, Psychol. Rev.
 * 102:419). Read out as in forgetting.ts: labels of the first five are read once, before the second.
 */

import type { Brain } from "../brain/brain.ts";
import { benchmarkOnly } from "./benchmark_only.ts";
import { type Learner, liveThrough, VotingNetwork } from "./forgetting.ts";
import { EPISODES, FEATURES, IMAGE, type ImageParameters } from "./images.ts";
import { imageSets } from "./mnist.ts";
import { type Phase, phasesOf } from "./stream.ts";
import type { Benchmark } from "./task.ts";

/** The protocol. */
const PROTOCOL = {
  neurons: 400,
  perClass: 400,
  labelledPerClass: 200,
  tested: 2000,
  /** Sleeps while the second task is learnt, and the length of one, ms. */
  sleeps: 10,
  sleepMs: 24_000,
};
/** A quick one. */
const QUICK: typeof PROTOCOL = {
  neurons: 50,
  perClass: 40,
  labelledPerClass: 30,
  tested: 100,
  sleeps: 2,
  sleepMs: 4000,
};

/** Rates that overwrite; an episode is every window that is more active than most, and none is merged with another. */
const PARAMETERS: Partial<ImageParameters> = {
  finalRate: 1,
  learningRate: 0.03,
  homeostasis: 0.3,
  memory: {
    capacity: 2500,
    windowMs: 150,
    zScore: 0,
    smallest: 20,
    overlap: 0.95,
    keepStrongest: 1,
    replayEveryMs: 80,
    compression: 4,
    pulse: 100,
  },
};

/** What happens when the brain of the other arm sleeps. */
const ARMS: Record<string, { meaning: string; sleeps?: { replay: boolean; shuffled: boolean; learns: boolean } }> = {
  "replay": { meaning: "episodes are replayed", sleeps: { replay: true, shuffled: false, learns: true } },
  "shuffled": { meaning: "as many lines are, but others", sleeps: { replay: true, shuffled: true, learns: true } },
  "no-replay": { meaning: "nothing is", sleeps: { replay: false, shuffled: false, learns: true } },
  "silent": { meaning: "episodes are, and nothing learns", sleeps: { replay: true, shuffled: false, learns: false } },
  "awake": { meaning: "it stays awake as long, and sees nothing" },
  "noise": { meaning: "it stays awake as long, and all lines spike at random" },
};

/** Learns a task in parts, and rests after each part of the second. */
class Rested implements Learner {
  #tasks = 0;

  constructor(readonly network: VotingNetwork, readonly parts: number, readonly rest: () => Promise<void>) {}

  async learn({ shown, labelled }: Phase): Promise<void> {
    const each = Math.ceil(shown.length / this.parts), first = this.#tasks++ === 0;
    for (let from = 0; from < shown.length; from += each) {
      await this.network.show(shown.slice(from, from + each));
      if (!first) await this.rest();
    }
    await this.network.read(labelled);
  }

  answers(...args: Parameters<VotingNetwork["answers"]>) {
    return this.network.answers(...args);
  }

  details() {
    return this.network.details();
  }

  [Symbol.dispose](): void {
    this.network[Symbol.dispose]();
  }
}

/** All that learning has written. */
function learntOf(brain: Brain): Float32Array[] {
  return [
    brain.projection(EPISODES, FEATURES).weights,
    brain.arrays.get(`region.${FEATURES}.excitability.bias`, "f32").slice(),
  ];
}

const benchmark: Benchmark = {
  metric: "accuracy on the first five classes, at the end",
  arms: Object.fromEntries(Object.entries(ARMS).map(([arm, { meaning }]) => [arm, meaning])),
  options: ["data"],
  hyperparameters: (quick) => ({ ...quick ? QUICK : PROTOCOL, parameters: PARAMETERS }),
  async run(arm, seed, quick, { data, backend }) {
    const p = quick ? QUICK : PROTOCOL, { sleeps } = ARMS[arm], sets = await imageSets(data);
    const classes = (1 + Math.max(...sets.train.labels)) / 2;
    const phases = phasesOf(sets.train, seed, classes, p.perClass, p.labelledPerClass);
    const network = await VotingNetwork.create(sets, seed, "whole", { ...PARAMETERS, neurons: p.neurons }, backend);
    const { trainer } = network, { brain } = trainer, { spikesPerMs, mostPerMs } = trainer.parameters;
    const fired = () => brain.region(FEATURES).spikeCounts.reduce((a, b) => a + b, 0);
    let replays = 0, spikes = 0, changed = 0;
    const rest = async () => {
      const before = learntOf(brain), already = fired();
      if (sleeps) replays += await trainer.sleep(p.sleepMs, sleeps);
      else {
        brain.resetActivity();
        brain.resetTraces();
        const lines = brain.region(IMAGE).neurons;
        if (arm === "noise") brain.stimulate(IMAGE, [spikesPerMs / lines / mostPerMs], { maxRateHz: 1000 * mostPerMs });
        await brain.run(Math.round(p.sleepMs / brain.dt));
      }
      spikes += fired() - already;
      learntOf(brain).forEach((now, k) => now.forEach((x, i) => changed += x === before[k][i] ? 0 : 1));
    };
    using learner = new Rested(network, p.sleeps, rest);
    const { retention, accuracy } = await liveThrough(learner, sets, phases, p.tested, p.tested);
    if (arm === "silent" && changed > 0) throw new Error(`${changed} weights and thresholds changed in a silent sleep`);
    return {
      value: retention[1][0],
      also: { meaning: "over all classes", value: accuracy },
      details: { ...learner.details(), retention, replays, restSpikes: spikes, changed, learntFirst: retention[0][0] },
    };
  },
};

/** Only a benchmark. */
export const sleep = benchmarkOnly(
  "sleep",
  "digits of five classes, learnt before five others, with and without replay",
  benchmark,
);
