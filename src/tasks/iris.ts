/**
 * Iris: 150 flowers of three species by four measures (Fisher 1936, "The use of multiple measurements in taxonomic
 * problems"; the values as in the paper). Trained with reward-modulated STDP, see classifier.ts. Each seed has its own
 * stratified 80/20 split; scaling is fitted on the training rows.
 */

import irisCsv from "./data/iris.csv" with { type: "text" };
import { CLASSIFIER, TableTrainer, type Teacher } from "./classifier.ts";
import { parseTable } from "./table.ts";
import { type Baseline, LOGISTIC, logistic, nearestRow, oneRule } from "./table_baselines.ts";
import type { Benchmark, Task } from "./task.ts";

/** The flowers. */
export const flowers = parseTable("iris", irisCsv, "species");

/** Arms and their teachers. */
const ARMS: Record<string, { teacher: Teacher; trained: boolean; meaning: string }> = {
  "r-stdp": { teacher: "reward", trained: true, meaning: "trained with reward-modulated STDP" },
  "untrained": { teacher: "reward", trained: false, meaning: "the same network before training" },
  "plasticity-off": { teacher: "frozen", trained: true, meaning: "the same training with plasticity frozen" },
  "shuffled-reward": {
    teacher: "shuffledReward",
    trained: true,
    meaning: "the same rewards, given to the classes in random order",
  },
};

/** What else can tell flowers apart. */
const BASELINES: Record<string, { answer: Baseline; meaning: string }> = {
  "logistic": { answer: logistic, meaning: "logistic regression on the same split" },
  "nearest": { answer: nearestRow, meaning: "the class of the nearest training flower" },
  "petal-rule": { answer: oneRule, meaning: "one rule on the width of the petals" },
};

/** Epochs of a quick run. */
const QUICK_EPOCHS = 2;

const benchmark: Benchmark = {
  metric: "accuracy",
  arms: Object.fromEntries(Object.entries({ ...ARMS, ...BASELINES }).map(([name, { meaning }]) => [name, meaning])),
  hyperparameters: (quick) => ({ ...CLASSIFIER, logistic: LOGISTIC, ...(quick && { epochs: QUICK_EPOCHS }) }),
  async run(arm, seed, quick, { backend }) {
    if (Object.hasOwn(BASELINES, arm)) {
      return { value: BASELINES[arm].answer(flowers, seed), details: { backend: "none" } };
    }
    const { teacher, trained } = ARMS[arm];
    const trainer = TableTrainer.create(flowers, seed, {
      task: "iris",
      teacher,
      parameters: quick ? { epochs: QUICK_EPOCHS } : {},
    });
    using brain = trainer.brain;
    await brain.moveTo({ backend });
    while (trained && trainer.done < trainer.total) await trainer.next();
    const { score, tested, ties, silent } = await trainer.evaluate();
    const { neurons, synapses, step, dtMs, spikes } = brain.summary();
    return {
      value: score,
      details: { backend: brain.backend, tested, ties, silent, neurons, synapses, simMs: step * dtMs, spikes },
    };
  },
};

/** The task. */
export const iris: Task = {
  name: "iris",
  meaning: "150 flowers, three species; R-STDP with a reward for each class",
  create: ({ seed, epochs, samples }) =>
    TableTrainer.create(flowers, seed, { task: "iris", samples, parameters: epochs === undefined ? {} : { epochs } }),
  resume: (brain, more) => TableTrainer.resume(flowers, brain, more),
  benchmark,
};
