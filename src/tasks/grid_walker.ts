/**
 * Walking to a goal on a grid, learnt from sparse reward with R-STDP (the setting of Foster, Morris & Dayan 2000,
 * Hippocampus 10:1, and Frémaux, Sprekeler & Gerstner 2013, PLoS Comput. Biol. 9:e1003024).
 *
 * A place cell fires around each cell of the grid. Four groups of motor neurons, one a direction, get all place cells
 * through synapses that learn from dopamine, and inhibit each other. The walker is shown its place for a while; then it
 * makes the move whose group spiked most (ties are drawn). Nothing else decides: no weight is read, no teacher tells. In
 * training, random spikes explore, as many in the last episode as in the first; in the test there are none, and nothing learns.
 *
 * Dopamine is the reward-prediction error of a critic, r + γ V(next) − V(here): the value V is linear in the place cells'
 * activity and learnt by TD(0) outside of the spiking network. `no-critic` shows what the reward alone does.
 */

import { Brain } from "../brain/brain.ts";
import { InputError, show } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";
import {
  distancesTo,
  type GridWorld,
  interiorCell,
  mazeWorld,
  type Move,
  MOVE_NAMES,
  moved,
  openWorld,
  startsOf,
} from "./grid_world.ts";
import { inhibitOthers } from "./rivals.ts";
import type { Evaluation, Progress, Score, Trainer } from "./task.ts";

/** Hyperparameters; chosen on seeds 1000–1059 (see BENCHMARKS.md). */
export const NAVIGATION = {
  /** Width of a place field, cells. */
  sigma: 0.5,
  /** Spikes of a place cell at its centre, Hz. */
  maxRateHz: 300,
  /** Motor neurons a direction, and their noise. */
  neurons: 12,
  noise: 0.5,
  /** Time to decide, and for dopamine to act before the next decision, ms. */
  decisionMs: 50,
  rewardMs: 20,
  weightMax: 4,
  /** Mean initial weight, relative to the largest. */
  initialWeight: 0.5,
  /** Conductance by which a spike inhibits the other directions, 1/ms. */
  inhibition: 1,
  aPlus: 0.02,
  aMinus: 0.002,
  /** Hard bounds: under soft ones full weights hardly sink, and what was learnt is hard to unlearn. */
  softness: 0,
  tauEligibilityMs: 70,
  tauDopamineMs: 10,
  learningRate: 400,
  /** Rate of the spikes that explore, at most, Hz; their weight. */
  exploreHz: 150,
  exploreWeight: 6,
  /** The critic: its rate, and how much a move discounts. */
  critic: 0.4,
  discount: 0.9,
  /** Rewards: at the goal, for each move, for a bump into a wall. */
  goal: 1,
  move: -0.01,
  bump: -0.1,
};

/** All of them. */
export type NavigationParameters = typeof NAVIGATION;

/** Worlds: their size, plan, and how many moves an episode, and a test, may take. */
export const WORLDS = {
  corner: { meaning: "5 × 5, goal in a corner", episodes: 100, limit: 50, testLimit: 20 },
  interior: { meaning: "5 × 5, goal at a random place inside", episodes: 100, limit: 50, testLimit: 20 },
  maze: { meaning: "10 × 10 with 15 random walls and a random goal", episodes: 600, limit: 100, testLimit: 60 },
  moved: {
    meaning: "5 × 5, and after half of the episodes the goal is elsewhere",
    episodes: 200,
    limit: 50,
    testLimit: 20,
  },
} as const;

/** Name of a world. */
export type WorldName = keyof typeof WORLDS;

/** What dopamine does: `reward` is the real thing, the others are controls. */
export type Dopamine = "reward" | "off" | "shuffledSign";

/** The world of a seed; `second`: after the goal has moved. */
export function worldOf(name: WorldName, seed: number, second = false): GridWorld {
  const random = new RandomStream(seed, `world:${name}`);
  if (name === "corner") return openWorld(5, "corner");
  if (name === "maze") return mazeWorld(10, 15, random);
  const goal = interiorCell(5, random);
  if (name === "interior" || !second) return openWorld(5, goal);
  for (;;) {
    const other = interiorCell(5, random);
    if (other !== goal) return openWorld(5, other);
  }
}

/** What is kept with the brain, so that training resumes. */
interface Notes {
  task: string;
  world: WorldName;
  dopamine: Dopamine;
  parameters: NavigationParameters;
  total: number;
  done: number;
  /** Values of the critic, one a place cell. */
  value: number[];
  /** Moves of each episode; negative: the goal was not reached. */
  moves: number[];
  [key: string]: unknown;
}

const PLACE = "place", EXPLORE = "explore";

function buildWalker({ columns, rows }: GridWorld, seed: number, p: NavigationParameters): Brain {
  const brain = new Brain({ seed }), mean = p.weightMax * p.initialWeight;
  brain.addRegion(PLACE, "input", { neurons: columns * rows });
  brain.addRegion(EXPLORE, "input", { neurons: MOVE_NAMES.length });
  for (const name of MOVE_NAMES) {
    brain.addRegion(name, "motor", { neurons: p.neurons, pattern: "regularSpiking", inhibitory: 0, noise: p.noise });
  }
  MOVE_NAMES.forEach((name, k) => {
    brain.connect(PLACE, name, {
      density: 1,
      weight: { uniform: [0.8 * mean, 1.2 * mean] },
      receptor: "ampaCurrent",
      plasticity: {
        aPlus: p.aPlus,
        aMinus: p.aMinus,
        softness: p.softness,
        weightMax: p.weightMax,
        reward: {
          tauEligibilityMs: p.tauEligibilityMs,
          tauDopamineMs: p.tauDopamineMs,
          learningRate: p.learningRate,
        },
      },
    });
    const post = Array.from({ length: p.neurons }, (_, j) => j), pre = post.map(() => k);
    brain.connect(EXPLORE, name, { pairs: { pre, post }, weight: p.exploreWeight, receptor: "ampaCurrent" });
    inhibitOthers(brain, name, MOVE_NAMES, p.inhibition);
  });
  return brain;
}

/** What a walk was. */
export interface Walk {
  /** Cells, the start first. */
  path: number[];
  reached: boolean;
  /** Decisions for which several directions spiked most, and for which none spiked. */
  ties: number;
  silent: number;
}

/** What the walks from all starts were. */
export interface Walks {
  walks: Walk[];
  /** Share of the starts from which the goal was reached. */
  success: number;
  /** Moves over those of shortest paths; where the goal was not reached, as many as were allowed. */
  overShortest: number;
}

/** A walker in training. */
export class NavigationTrainer implements Trainer {
  readonly metric = "success rate";
  readonly #notes: Notes;

  private constructor(readonly brain: Brain) {
    this.#notes = brain.notes.training as Notes;
  }

  /** Begins with a new brain. */
  static create(
    name: WorldName,
    seed: number,
    { dopamine = "reward", episodes, parameters = {} }: {
      dopamine?: Dopamine;
      episodes?: number;
      parameters?: Partial<NavigationParameters>;
    } = {},
  ): NavigationTrainer {
    const p = { ...NAVIGATION, ...parameters }, world = worldOf(name, seed), brain = buildWalker(world, seed, p);
    brain.notes.training = {
      task: "grid-navigation",
      world: name,
      dopamine,
      parameters: p,
      total: episodes ?? WORLDS[name].episodes,
      done: 0,
      value: new Array(world.columns * world.rows).fill(0),
      moves: [],
    } satisfies Notes;
    return new NavigationTrainer(brain);
  }

  /**
   * Goes on with a brain from a snapshot, to the end of its plan.
   * @throws {InputError} when the brain is not a walker
   */
  static resume(brain: Brain): NavigationTrainer {
    const notes = brain.notes.training as Partial<Notes> | undefined;
    if (notes?.task !== "grid-navigation" || !Array.isArray(notes.value)) {
      throw new InputError(
        `Cannot go on with grid-navigation: the brain was made for ${show(notes?.task ?? "nothing")}`,
      );
    }
    return new NavigationTrainer(brain);
  }

  get total(): number {
    return this.#notes.total;
  }

  get done(): number {
    return this.#notes.done;
  }

  /** Moves of each episode so far; negative where the goal was not reached. */
  get moves(): readonly number[] {
    return this.#notes.moves;
  }

  /** The world of the present episode. */
  get world(): GridWorld {
    const { world, done, total } = this.#notes;
    return worldOf(world, this.brain.seed, done >= total / 2);
  }

  /** One episode, from a random start. */
  async next(): Promise<void> {
    const notes = this.#notes, { parameters: { exploreHz }, world, done } = notes;
    const random = new RandomStream(this.brain.seed, `episode:${done}`), here = this.world, starts = startsOf(here);
    const start = starts[random.integer(starts.length)];
    const { path, reached } = await this.#walk(this.brain, here, start, WORLDS[world].limit, random, exploreHz);
    notes.moves.push(reached ? path.length - 1 : 1 - path.length);
    notes.done++;
  }

  /** Walks from a cell; learns where there is exploration. */
  async #walk(
    brain: Brain,
    world: GridWorld,
    start: number,
    limit: number,
    random: RandomStream,
    exploreHz: number,
  ): Promise<Walk> {
    const walk: Walk = { path: [start], reached: start === world.goal, ties: 0, silent: 0 };
    brain.resetTraces();
    for (let cell = start; !walk.reached && walk.path.length <= limit;) {
      const next = moved(world, cell, await this.#decide(brain, world, cell, random, exploreHz, walk));
      walk.path.push(next);
      walk.reached = next === world.goal;
      if (exploreHz > 0) await this.#learn(world, cell, next, random);
      cell = next;
    }
    return walk;
  }

  /** Shows the brain its place; the direction that spikes most. */
  async #decide(
    brain: Brain,
    world: GridWorld,
    cell: number,
    random: RandomStream,
    exploreHz: number,
    walk: Walk,
  ): Promise<Move> {
    const { parameters: p } = this.#notes;
    brain.resetActivity();
    brain.stimulate(PLACE, this.#placeCells(world, cell), { train: "regular", maxRateHz: p.maxRateHz });
    if (exploreHz > 0) brain.stimulate(EXPLORE, MOVE_NAMES.map(() => random.uniform()), { maxRateHz: exploreHz });
    const counts = () => MOVE_NAMES.map((name) => brain.region(name).spikeCounts.reduce((a, b) => a + b, 0));
    const before = counts();
    await brain.run(Math.round(p.decisionMs / brain.dt));
    const spikes = counts().map((n, k) => n - before[k]), most = Math.max(...spikes);
    const best = MOVE_NAMES.filter((_, k) => spikes[k] === most);
    if (most === 0) walk.silent++;
    else if (best.length > 1) walk.ties++;
    return best[random.integer(best.length)];
  }

  /** Activity of the place cells at a cell, 0–1. */
  #placeCells({ columns }: GridWorld, cell: number): number[] {
    const { value, parameters: { sigma } } = this.#notes, x = cell % columns, y = Math.floor(cell / columns);
    return value.map((_, k) =>
      Math.exp(-((k % columns - x) ** 2 + (Math.floor(k / columns) - y) ** 2) / (2 * sigma ** 2))
    );
  }

  /** Dopamine for a move, and what the critic learns from it. */
  async #learn(world: GridWorld, cell: number, next: number, random: RandomStream): Promise<void> {
    const { parameters: p, value, dopamine } = this.#notes, atGoal = next === world.goal;
    const here = this.#placeCells(world, cell), there = this.#placeCells(world, next);
    const worth = (place: number[]) => place.reduce((sum, x, k) => sum + x * value[k], 0);
    const reward = (atGoal ? p.goal : 0) + (next === cell ? p.bump : p.move);
    const error = p.critic > 0 ? reward + (atGoal ? 0 : p.discount * worth(there)) - worth(here) : reward;
    const square = here.reduce((sum, x) => sum + x * x, 0);
    here.forEach((x, k) => value[k] += p.critic * error * x / square);
    this.brain.clearStimulus();
    const sign = dopamine === "shuffledSign" && random.uniform() < 0.5 ? -1 : 1;
    if (dopamine !== "off") this.brain.reward(sign * error);
    await this.brain.run(Math.round(p.rewardMs / this.brain.dt));
  }

  /** Walks from starts, by default all; each on the same frozen copy that does not explore, so that their order does not matter. */
  async test(progress: Progress = () => {}, starts: readonly number[] = startsOf(this.world)): Promise<Walks> {
    const world = this.world, { seed } = this.brain, limit = WORLDS[this.#notes.world].testLimit;
    using brain = this.brain.clone();
    await brain.moveTo({ backend: this.brain.backend });
    const walks: Walk[] = [];
    for (const [k, start] of starts.entries()) {
      progress(k / starts.length);
      brain.copyFrom(this.brain);
      brain.freezePlasticity();
      brain.clearStimulus();
      walks.push(await this.#walk(brain, world, start, limit, new RandomStream(seed, `test:${start}`), 0));
    }
    return { walks, ...walksFrom(world, walks.map(({ path, reached }) => reached ? path.length - 1 : limit), walks) };
  }

  async evaluate({ progress = () => {} }: Evaluation = {}): Promise<Score> {
    const { walks, success, overShortest } = await this.test(progress),
      moves = walks.flatMap(({ path }) => path.slice(1));
    const ties = walks.reduce((sum, walk) => sum + walk.ties, 0);
    return {
      score: success,
      metric: this.metric,
      tested: walks.length,
      ties: 0,
      silent: 0,
      answers: [],
      more: `${
        overShortest.toFixed(2)
      } times the shortest paths; ${ties} of ${moves.length} decisions were drawn between directions that spiked alike`,
    };
  }
}

function walksFrom(world: GridWorld, moves: readonly number[], walks: readonly { reached: boolean }[]) {
  const distance = distancesTo(world), shortest = startsOf(world).reduce((sum, start) => sum + distance[start], 0);
  return {
    success: walks.filter(({ reached }) => reached).length / walks.length,
    overShortest: moves.reduce((a, b) => a + b, 0) / shortest,
  };
}
