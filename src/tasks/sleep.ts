/**
 * What sleep does for what was learnt before. A network learns digits of five classes, then those of the other five, by a
 * rule that overwrites the first. A region in front of it has stored episodes: which lines spiked together. While it learns
 * the second five it sleeps now and then, inputs are shut out, and episodes are replayed in random order; what they make the
 * network fire, it learns from (complementary learning systems: McClelland, McNaughton & O'Reilly 1995, Psychol. Rev.
 * 102:419). Read out as in forgetting.ts: labels of the first five are read once, before the second.
 */

import { benchmarkOnly } from "./benchmark_only.ts";
import { type Learner, learnInTurn, VotingNetwork } from "./class_incremental.ts";
import { drawPerClass } from "./draws.ts";
import { EPISODES, FEATURES, IMAGE } from "./image_network.ts";
import type { ImageParameters } from "./image_parameters.ts";
import type { ImageTrainer, Sleep } from "./images.ts";
import { classesOf } from "./labels.ts";
import { imageSets } from "./mnist.ts";
import { type Phase, phasesOf } from "./stream.ts";
import type { Benchmark } from "./task.ts";

/** The protocol. */
const PROTOCOL = {
  neurons: 400,
  perClass: 400,
  labelledPerClass: 200,
  /** Test images of each class, drawn for each seed: the same after both tasks. */
  testedPerClass: 200,
  /** Sleeps while the second task is learnt, and the length of one, ms. */
  sleeps: 10,
  sleepMs: 24_000,
};
/** A quick one. */
const QUICK: typeof PROTOCOL = {
  ...PROTOCOL,
  neurons: 50,
  perClass: 40,
  labelledPerClass: 30,
  testedPerClass: 10,
  sleeps: 2,
  sleepMs: 4000,
};

/**
 * Rates that overwrite. Images make equally many spikes, so that nearly every window is an episode, until the store is full;
 * then the oldest make room. Hardly any is merged with another.
 */
const PARAMETERS: Partial<ImageParameters> = {
  finalRate: 1,
  learningRate: 0.03,
  homeostasis: 0.3,
  memory: {
    capacity: 4000,
    windowMs: 150,
    zScore: 0,
    smallest: 20,
    overlap: 0.95,
    keepStrongest: 0,
    replayEveryMs: 80,
    compression: 4,
    pulse: 100,
  },
};

/** What learns in sleep. */
const BOTH = { weights: true, thresholds: true }, NEITHER = { weights: false, thresholds: false };

/** What happens in the rests of an arm; without `sleeps` it stays awake. */
const ARMS: Record<string, { meaning: string; sleeps?: Sleep }> = {
  "replay": { meaning: "episodes are replayed", sleeps: { replay: true, shuffled: false, learns: BOTH } },
  "replay-weights": {
    meaning: "episodes are replayed, and weights learn alone",
    sleeps: { replay: true, shuffled: false, learns: { weights: true, thresholds: false } },
  },
  "replay-thresholds": {
    meaning: "episodes are replayed, and thresholds move alone",
    sleeps: { replay: true, shuffled: false, learns: { weights: false, thresholds: true } },
  },
  "silent": { meaning: "episodes are, and nothing learns", sleeps: { replay: true, shuffled: false, learns: NEITHER } },
  "shuffled": { meaning: "as many lines are, but others", sleeps: { replay: true, shuffled: true, learns: BOTH } },
  "no-replay": { meaning: "nothing is", sleeps: { replay: false, shuffled: false, learns: BOTH } },
  "awake": { meaning: "it stays awake as long, and sees nothing" },
  "noise": { meaning: "it stays awake as long, and lines spike at random, as often as in replays" },
  "no-rest": { meaning: "it does not rest" },
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

const sum = (list: Uint32Array) => list.reduce((a, b) => a + b, 0);

const benchmark: Benchmark = {
  metric: "accuracy on the classes learnt first, at the end",
  arms: Object.fromEntries(Object.entries(ARMS).map(([arm, { meaning }]) => [arm, meaning])),
  options: ["data"],
  hyperparameters: (quick) => ({ ...quick ? QUICK : PROTOCOL, parameters: PARAMETERS }),
  async run(arm, seed, quick, { data, backend }) {
    const p = quick ? QUICK : PROTOCOL, { sleeps } = ARMS[arm], sets = await imageSets(data), { neurons } = p;
    const first = Math.ceil(classesOf(sets.train).length / 2);
    const phases = phasesOf(sets.train, seed, first, p.perClass, p.labelledPerClass);
    const asked = drawPerClass(sets.test, p.testedPerClass, seed, "test");
    const options = { seed, task: "sleep", kind: "whole", neurons, parameters: PARAMETERS, backend } as const;
    const network = await VotingNetwork.create(sets, options), { trainer } = network, { brain } = trainer;
    const lines = brain.region(IMAGE), features = brain.region(FEATURES);
    const learnt = () => [trainer.weights, brain.arrays.get(`region.${FEATURES}.excitability.bias`, "f32").slice()];
    const rests = { replays: 0, spikes: 0, lineSpikes: 0, weights: 0, thresholds: 0 }, traces: number[] = [];
    const rest = async () => {
      if (arm === "no-rest") return;
      const before = learnt(), already = [sum(lines.spikeCounts), sum(features.spikeCounts)];
      traces.push(brain.traces(EPISODES).length);
      if (sleeps) rests.replays += await trainer.sleep(p.sleepMs, sleeps);
      else await stayAwake(trainer, p.sleepMs, arm === "noise");
      rests.lineSpikes += sum(lines.spikeCounts) - already[0];
      rests.spikes += sum(features.spikeCounts) - already[1];
      const [weights, thresholds] = learnt().map((now, k) => now.filter((x, i) => x !== before[k][i]).length);
      rests.weights += weights;
      rests.thresholds += thresholds;
    };
    using learner = new Rested(network, p.sleeps, rest);
    const { retention, accuracy } = await learnInTurn(learner, sets, phases, asked);
    assertRested(arm, rests);
    return {
      value: retention[1][0],
      also: { meaning: "over all classes", value: accuracy },
      details: { ...learner.details(), retention, rests, traces, learntFirst: retention[0][0], tested: asked.length },
    };
  },
};

/** Time awake without images: nothing comes, or noise does, as many spikes of lines as in replays. */
async function stayAwake({ brain }: ImageTrainer, durationMs: number, noise: boolean): Promise<void> {
  brain.resetActivity();
  brain.resetTraces();
  brain.clearStimulus(IMAGE);
  if (noise) {
    const episodes = brain.traces(EPISODES), { replayEveryMs } = PARAMETERS.memory!;
    const spikes = episodes.reduce((all, { neurons }) => all + neurons.length, 0) / Math.max(1, episodes.length);
    const perMs = spikes / replayEveryMs! / brain.region(IMAGE).neurons;
    brain.stimulate(IMAGE, [1], { maxRateHz: 1000 * perMs });
  }
  await brain.run(Math.round(durationMs / brain.dt));
  brain.clearStimulus(IMAGE);
}

/**
 * A row comes from rests in which happened what the arm says.
 * @throws {Error} when not
 */
function assertRested(arm: string, rests: Record<string, number>): void {
  const { sleeps } = ARMS[arm];
  const wrong = [
    sleeps?.replay !== undefined && sleeps.replay !== rests.replays > 0 && "replays",
    sleeps?.learns.weights === false && rests.weights > 0 && "changes of weights that are frozen",
    sleeps?.learns.thresholds === false && rests.thresholds > 0 && "changes of thresholds that are frozen",
    arm === "replay" && (rests.spikes === 0 || rests.weights === 0) && "changes by replay",
    arm === "noise" !== rests.lineSpikes > 0 && "spikes of the lines",
  ].find((what) => what);
  if (wrong) throw new Error(`rests of ${arm}: wrong ${wrong} (${JSON.stringify(rests)})`);
}

/** Only a benchmark. */
export const sleep = benchmarkOnly(
  "sleep",
  "digits of five classes, learnt before five others, with and without replay",
  benchmark,
);
