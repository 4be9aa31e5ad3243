/** Grid navigation as a task and a benchmark: the walker of grid_walker.ts in four worlds, its controls, and what else can walk. */

import { InputError } from "../state/errors.ts";
import { bestStateBlind, tabularActorCritic, uniformPolicy, walkByChance } from "./grid_baselines.ts";
import {
  type Dopamine,
  NAVIGATION,
  type NavigationParameters,
  NavigationTrainer,
  type Walk,
  type WorldName,
  worldOf,
  WORLDS,
} from "./grid_walker.ts";
import { type Benchmark, refuseMore, type Task, type TrainOptions } from "./task.ts";

/** What may be compared in each world. */
const WAYS: Record<string, { meaning: string; dopamine?: Dopamine; parameters?: Partial<NavigationParameters> }> = {
  "": { meaning: "R-STDP with a critic", dopamine: "reward" },
  "no-critic": { meaning: "the reward itself as dopamine", dopamine: "reward", parameters: { critic: 0 } },
  "no-dopamine": { meaning: "the same without dopamine", dopamine: "off" },
  "shuffled-sign": { meaning: "the same dopamine with a random sign", dopamine: "shuffledSign" },
  "tabular": { meaning: "a tabular actor-critic, as many episodes" },
  "state-blind": { meaning: "the best policy that does not see where it is" },
  "random": { meaning: "a random walk" },
};

const ARMS = new Map(
  Object.entries(WORLDS).flatMap(([world, { meaning }]) =>
    Object.entries(WAYS).filter(([way]) => world !== "moved" || way === "").map(([way, own]) =>
      [way === "" ? world : `${world}-${way}`, {
        world: world as WorldName,
        way,
        meaning: `${meaning}: ${own.meaning}`,
      }] as const
    )
  ),
);

/** The second number of a row. */
const also = (value: number) => ({ meaning: "moves / shortest", value });

/** Episodes of a quick run. */
const QUICK_EPISODES = 10;

const benchmark: Benchmark = {
  metric: "success rate",
  arms: Object.fromEntries([...ARMS].map(([arm, { meaning }]) => [arm, meaning])),
  hyperparameters: (quick) => ({ ...NAVIGATION, worlds: WORLDS, ...quick && { episodes: QUICK_EPISODES } }),
  async run(arm, seed, quick, { backend }) {
    const { world: name, way } = ARMS.get(arm)!,
      { dopamine, parameters } = WAYS[way],
      { episodes, limit, testLimit } = WORLDS[name];
    const world = worldOf(name, seed), planned = quick ? QUICK_EPISODES : episodes;
    if (!dopamine) {
      const { success, overShortest } = way === "tabular"
        ? tabularActorCritic(world, seed, planned, limit, testLimit)
        : walkByChance(world, testLimit, way === "random" ? uniformPolicy() : bestStateBlind(world, testLimit));
      return { value: success, also: also(overShortest), details: { backend: "none" } };
    }
    const trainer = NavigationTrainer.create(name, seed, { dopamine, episodes: planned, parameters });
    using brain = trainer.brain;
    await brain.moveTo({ backend });
    while (trainer.done < trainer.total) await trainer.next();
    const { walks, success, overShortest } = await trainer.test();
    const sum = (of: (walk: Walk) => number) => walks.reduce((n, walk) => n + of(walk), 0);
    const { neurons, synapses, step, dtMs } = brain.summary();
    return {
      value: success,
      also: also(overShortest),
      details: {
        backend: brain.backend,
        decisions: sum(({ path }) => path.length - 1),
        ties: sum(({ ties }) => ties),
        silent: sum(({ silent }) => silent),
        moves: [...trainer.moves],
        neurons,
        synapses,
        simMs: step * dtMs,
      },
    };
  },
};

/** The task. */
export const gridNavigation: Task = {
  name: "grid-navigation",
  meaning: "walks to a goal on a grid, from sparse reward; spikes of four motor groups decide",
  create: ({ seed, samples, epochs }: TrainOptions) => {
    if (epochs !== undefined) {
      throw new InputError("--epochs has no meaning for grid-navigation; give --samples EPISODES");
    }
    return NavigationTrainer.create("corner", seed, { episodes: samples });
  },
  resume(brain, more) {
    refuseMore("grid-navigation", more);
    return NavigationTrainer.resume(brain);
  },
  benchmark,
};
