/**
 * Pavlovian association by distal reward (Izhikevich 2007, Cerebral Cortex 17:2443, the experiment of figure 3): 1,000
 * neurons, 100 random groups of 50 of them as stimuli S1 … S100, one every 100–300 ms. In the arm `paired` dopamine comes
 * 0–1,000 ms after S1, and only then, when several other stimuli have been shown; the other arms are its controls. What is measured is the answer of the
 * neurons outside a stimulus' group: their spikes in the 20 ms after it.
 *
 * Dopamine also moves synapses that have nothing to do with S1, so a network that never had any drifts when it first
 * comes. Before the baseline the weights therefore settle under as many rewards, at times that have nothing to do with any
 * stimulus; what changes afterwards is only when they come.
 */

import { Brain } from "../brain/brain.ts";
import { RandomStream } from "../state/random.ts";
import { InputError } from "../state/errors.ts";
import { Shared } from "./shared.ts";
import { type Benchmark, refuseMore, type Score, type Task, type Trainer, type TrainOptions } from "./task.ts";

/** Numbers of the protocol and of the network; times in ms. */
export const ASSOCIATION = {
  neurons: 1000,
  stimuli: 100,
  groupSize: 50,
  intervalMs: [100, 300],
  /** Dopamine comes within this time after what it belongs to, where an arm says nothing else. */
  rewardWithinMs: 1000,
  reward: 0.8,
  windowMs: 20,
  /** Stimuli shown with rewards at random times, until the weights have settled: then comes the baseline. */
  settling: 10_000,
  /** Stimuli shown with the rewards of the arm; and for extinction as many again, with rewards at random times. */
  conditioning: 4000,
  /** Test presentations of S1 and of every other stimulus, with plasticity frozen, and their interval. */
  testsOfFirst: 40,
  testsOfOthers: 8,
  testIntervalMs: 100,
  noise: 3.75,
  /** Synapses of a neuron, and their weights at first and at most. */
  outDegree: 100,
  weight: 1,
  weightMax: 4,
  aPlus: 0.025,
  aMinus: 0.0375,
  learningRate: 100,
  tonic: 0.002,
  tauEligibilityMs: 1000,
  tauDopamineMs: 200,
} as const;

/** What an arm does after settling. */
interface Conditioning {
  meaning: string;
  /** Dopamine comes at least so much later than what it belongs to, ms, */
  delayMs?: number;
  /** and after that within this time. */
  withinMs?: number;
  /** It belongs to any stimulus, instead of to S1. */
  random?: true;
  /** Afterwards as many stimuli are shown with dopamine that belongs to any. */
  extinguished?: true;
  /** No dopamine comes, and there is no tonic level: from the beginning, also while weights settle. */
  noDopamine?: true;
  /** Time constant of the eligibility, from the beginning. */
  tauEligibilityMs?: number;
  /** Times the learning rate, from the beginning. */
  faster?: number;
}

/** Arms of the experiment. */
const CONDITIONINGS = {
  "paired": { meaning: "dopamine 0–1 s after S1" },
  "unpaired": { meaning: "the same dopamine, ten seconds later", delayMs: 10_000 },
  "random-reward": { meaning: "as many rewards, at times that have nothing to do with S1", random: true },
  "gap-0.1s": { meaning: "dopamine 0.1 s after S1", delayMs: 100, withinMs: 1 },
  "gap-1s": { meaning: "dopamine 1 s after S1", delayMs: 1000, withinMs: 1 },
  "gap-2s": { meaning: "dopamine 2 s after S1", delayMs: 2000, withinMs: 1 },
  "gap-3s": { meaning: "dopamine 3 s after S1", delayMs: 3000, withinMs: 1 },
  "extinction": { meaning: "as paired, then as many rewards at random times", extinguished: true },
  "no-dopamine": { meaning: "no dopamine at all, tonic level included", noDopamine: true },
  "short-eligibility": { meaning: "as paired, with an eligibility that lasts 10 ms", tauEligibilityMs: 10 },
  "short-and-strong": {
    meaning: "the same, and learning so much faster that an eligibility teaches as much in all",
    tauEligibilityMs: 10,
    faster: 100,
  },
} satisfies Record<string, Conditioning>;

/** Name of an arm. */
export type Arm = keyof typeof CONDITIONINGS;

/** What each arm is. */
export const ARMS = Object.fromEntries(
  Object.entries(CONDITIONINGS).map(([arm, { meaning }]) => [arm, meaning]),
) as Record<Arm, string>;

const conditioningOf = (arm: Arm): Conditioning => CONDITIONINGS[arm];

/** What a test of all stimuli found. */
export interface Responses {
  /** Mean answer to each stimulus, spikes. */
  mean: number[];
  /** Standard deviation over presentations of each. */
  sd: number[];
}

/** Progress that is kept in the brain's notes. */
interface Notes {
  task: string;
  arm: Arm;
  settling: number;
  conditioning: number;
  shown: number;
  /** Steps at which rewards are due. */
  due: number[];
  baseline: Responses | null;
  /** The same after conditioning, where extinction follows. */
  conditioned: Responses | null;
}

/** The experiment, one stimulus at a time. */
export class AssociationTrainer implements Trainer {
  readonly metric = "answer to S1 above that to the others";
  readonly #groups: Uint32Array[];

  private constructor(readonly brain: Brain) {
    const random = new RandomStream(brain.seed, "association groups"), p = ASSOCIATION;
    this.#groups = Array.from({ length: p.stimuli }, () => random.permutation(p.neurons).slice(0, p.groupSize));
  }

  /** Begins with a new brain. */
  static create(seed: number, arm: Arm, settling: number, conditioning: number): AssociationTrainer {
    const p = ASSOCIATION, { noDopamine, tauEligibilityMs = p.tauEligibilityMs, faster = 1 } = conditioningOf(arm);
    const brain = new Brain({ seed });
    brain.addRegion("cortex", "association", { neurons: p.neurons, noise: p.noise });
    brain.connect("cortex", "cortex", {
      outDegree: p.outDegree,
      weight: p.weight,
      plasticity: {
        pairing: "nearest",
        weightMax: p.weightMax,
        aPlus: p.aPlus,
        aMinus: p.aMinus,
        reward: {
          tauEligibilityMs,
          tauDopamineMs: p.tauDopamineMs,
          tonic: noDopamine ? 0 : p.tonic,
          learningRate: p.learningRate * faster,
        },
      },
    });
    brain.connect("cortex", "cortex", { transmitter: "gaba", outDegree: p.outDegree, weight: p.weight });
    brain.notes.training = {
      task: "association",
      arm,
      settling,
      conditioning,
      shown: 0,
      due: [],
      baseline: null,
      conditioned: null,
    } satisfies Notes;
    return new AssociationTrainer(brain);
  }

  /** A copy, from here on under another arm that begins alike. */
  branch(arm: Arm): AssociationTrainer {
    const brain = this.brain.clone();
    (brain.notes.training as Notes).arm = arm;
    return new AssociationTrainer(brain);
  }

  /** Goes on with a saved brain. */
  static resume(brain: Brain): AssociationTrainer {
    const notes = brain.notes.training as Partial<Notes> | undefined;
    if (notes?.task !== "association" || !Object.hasOwn(CONDITIONINGS, notes.arm ?? "")) {
      throw new InputError("the brain was not made by the task association");
    }
    return new AssociationTrainer(brain);
  }

  get #notes(): Notes {
    return this.brain.notes.training as Notes;
  }

  /** The answers to all stimuli before conditioning; null before that. */
  get baseline(): Responses | null {
    return this.#notes.baseline;
  }

  /** The answers after conditioning, before extinction; null where there is none. */
  get conditioned(): Responses | null {
    return this.#notes.conditioned;
  }

  get total(): number {
    const { arm, settling, conditioning } = this.#notes;
    return settling + conditioning * (conditioningOf(arm).extinguished ? 2 : 1);
  }

  get done(): number {
    return this.#notes.shown;
  }

  /** Shows stimuli until the weights have settled, and notes the baseline. */
  async settle(): Promise<void> {
    while (this.done < this.#notes.settling) await this.next();
    await this.#noteBaseline();
  }

  async #noteBaseline(): Promise<void> {
    this.#notes.baseline ??= await this.responses();
  }

  async next(): Promise<void> {
    const notes = this.#notes, p = ASSOCIATION, { brain } = this;
    const { settling, conditioning } = notes;
    if (notes.shown === settling) await this.#noteBaseline();
    if (notes.shown === settling + conditioning) notes.conditioned ??= await this.responses();
    const random = new RandomStream(brain.seed, `association ${notes.shown}`);
    const stimulus = random.integer(p.stimuli), [shortest, longest] = p.intervalMs;
    const interval = shortest + random.integer(longest - shortest), now = brain.stepCount;
    brain.injectSpikes("cortex", this.#groups[stimulus]);
    const arm = conditioningOf(notes.arm),
      conditioned = notes.shown >= settling && notes.shown < settling + conditioning;
    const { delayMs = 0, withinMs = p.rewardWithinMs } = conditioned ? arm : {};
    const delay = delayMs + random.integer(withinMs);
    const cause = conditioned && !arm.random ? stimulus : random.integer(p.stimuli);
    if (cause === 0 && !arm.noDopamine) notes.due.push(now + delay);
    notes.due.sort((a, b) => a - b);
    for (const end = now + interval; brain.stepCount < end;) {
      const reward = notes.due[0] <= brain.stepCount;
      if (reward) {
        notes.due.shift();
        brain.reward(p.reward);
      } else await brain.run(Math.min(end, notes.due[0] ?? end) - brain.stepCount);
    }
    notes.shown++;
  }

  /** The answers to all stimuli as the brain is now, with plasticity frozen; changes nothing. */
  async responses(): Promise<Responses> {
    const p = ASSOCIATION;
    using brain = this.brain.clone();
    await brain.moveTo({ backend: this.brain.backend });
    brain.freezePlasticity();
    const order = this.#groups.flatMap((_, k) => new Array<number>(k === 0 ? p.testsOfFirst : p.testsOfOthers).fill(k));
    const shuffle = new RandomStream(brain.seed, "association test").permutation(order.length);
    const answers: number[][] = this.#groups.map(() => []);
    for (const at of shuffle) {
      const group = new Set(this.#groups[order[at]]), before = brain.region("cortex").spikeCounts;
      brain.injectSpikes("cortex", this.#groups[order[at]]);
      await brain.run(p.windowMs);
      answers[order[at]].push(
        brain.region("cortex").spikeCounts.reduce((sum, n, i) => group.has(i) ? sum : sum + n - before[i], 0),
      );
      await brain.run(p.testIntervalMs - p.windowMs);
    }
    const mean = answers.map((list) => list.reduce((a, b) => a + b, 0) / list.length);
    const sd = answers.map((list, k) =>
      Math.sqrt(list.reduce((sum, x) => sum + (x - mean[k]) ** 2, 0) / (list.length - 1))
    );
    return { mean, sd };
  }

  /** The share by which the answer to S1 exceeds the mean of the others, cut to 0–1. */
  async evaluate(): Promise<Score> {
    const p = ASSOCIATION;
    const { mean } = await this.responses(), others = mean.slice(1).reduce((a, b) => a + b, 0) / (mean.length - 1);
    const score = mean[0] > 0 ? Math.max(0, 1 - others / mean[0]) : 0, tested = mean.length;
    const { baseline, settling, conditioning } = this.#notes, before = baseline?.mean[0];
    const change = before
      ? `${(mean[0] / before).toFixed(2)} times those before conditioning`
      : "conditioning has not begun";
    const more =
      `${mean[0].toFixed(1)} spikes in answer to S1, ${change}; ${others.toFixed(1)} to each other stimulus; ` +
      `${settling} stimuli to settle and ${conditioning} to learn from, of which about ${
        Math.round(conditioning / p.stimuli)
      } are S1`;
    return { score, metric: this.metric, tested, ties: 0, silent: 0, answers: [], more };
  }
}

/** What became of S1. */
export interface Association {
  /** Its answer at the end over that at the baseline. */
  ratio: number;
  /** The same, over the mean of the same ratio of all others: what is left when all change together. */
  relative: number;
  /** Smallest distance from another stimulus, in that one's standard deviations over presentations, of at least a spike. */
  margin: number;
  /** The ratio before extinction, where that follows. */
  conditionedRatio?: number;
  /** Mean answers of S1, and of the others, at the baseline and at the end, spikes. */
  spikes: { before: number; after: number; othersBefore: number; othersAfter: number };
}

/** Compares the end with the baseline. */
export function compareResponses(before: Responses, after: Responses): Association {
  const others = ({ mean }: Responses) => mean.slice(1).reduce((a, b) => a + b, 0) / (mean.length - 1);
  const ratio = after.mean[0] / before.mean[0];
  const margins = after.mean.slice(1).map((x, k) => (after.mean[0] - x) / Math.max(1, after.sd[k + 1]));
  return {
    ratio,
    relative: ratio / (others(after) / others(before)),
    margin: Math.min(...margins),
    spikes: { before: before.mean[0], after: after.mean[0], othersBefore: others(before), othersAfter: others(after) },
  };
}

/** Brains whose weights have settled, for all arms that begin alike. */
const settled = new Shared<{ trainer: AssociationTrainer } & Disposable>();

/** Stimuli of a quick run. */
const QUICK = { settling: 50, conditioning: 100 };

const benchmark: Benchmark = {
  metric: "response to S1, times its baseline",
  ratio: true,
  arms: ARMS,
  hyperparameters: (quick) => ({ ...ASSOCIATION, ...quick && QUICK, arms: CONDITIONINGS }),
  async run(arm, seed, quick, { backend }) {
    const plan = quick ? QUICK : ASSOCIATION, { noDopamine, tauEligibilityMs, faster } = conditioningOf(arm as Arm);
    const beginning = [seed, plan, noDopamine, tauEligibilityMs, faster, backend];
    const { value: { trainer: ready }, madeS } = await settled.of(beginning, async () => {
      const trainer = AssociationTrainer.create(seed, arm as Arm, plan.settling, plan.conditioning);
      await trainer.brain.moveTo({ backend });
      await trainer.settle();
      return { trainer, [Symbol.dispose]: () => trainer.brain.close() };
    });
    const trainer = ready.branch(arm as Arm);
    using brain = trainer.brain;
    await brain.moveTo({ backend });
    while (trainer.done < trainer.total) await trainer.next();
    const { baseline, conditioned } = trainer, found = compareResponses(baseline!, await trainer.responses());
    const { neurons, synapses, step, dtMs, spikes } = brain.summary();
    return {
      value: found.ratio,
      details: {
        backend: brain.backend,
        ...found,
        // Before extinction.
        ...conditioned && { conditionedRatio: compareResponses(baseline!, conditioned).ratio },
        madeS,
        neurons,
        synapses,
        simMs: step * dtMs,
        totalSpikes: spikes,
      },
    };
  },
};

/** The task. */
export const association: Task = {
  name: "association",
  meaning: "one of 100 stimuli is followed by dopamine, up to a second later (Izhikevich 2007)",
  create({ seed, samples }: TrainOptions) {
    // A shorter plan keeps the share of settling.
    const { settling, conditioning } = ASSOCIATION, all = settling + conditioning, total = samples ?? all;
    const first = Math.round(total * settling / all);
    return AssociationTrainer.create(seed, "paired", first, total - first);
  },
  resume(brain, more) {
    refuseMore("association", more);
    return AssociationTrainer.resume(brain);
  },
  benchmark,
};
