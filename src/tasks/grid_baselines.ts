/** What other ways of walking reach on the same grids: by chance, blind to the place, and a table that learns. */

import { RandomStream } from "../state/random.ts";
import { distancesTo, type GridWorld, MOVE_NAMES, moved, startsOf } from "./grid_world.ts";

/** Success, and moves over those of shortest paths, where failures count as many moves as were allowed. */
export interface Found {
  success: number;
  overShortest: number;
}

/** All directions alike. */
export function uniformPolicy(): number[] {
  return MOVE_NAMES.map(() => 1 / MOVE_NAMES.length);
}

/** What a policy that draws its moves without seeing reaches on average over all starts, exactly. */
export function walkByChance(world: GridWorld, limit: number, policy: readonly number[]): Found {
  const starts = startsOf(world), distance = distancesTo(world), cells = world.columns * world.rows;
  const next = MOVE_NAMES.map((move) => Array.from({ length: cells }, (_, cell) => moved(world, cell, move)));
  // The chance to be at the goal within n moves from each cell, and the expected number of moves, cut at n.
  let reached = new Float64Array(cells), moves = new Float64Array(cells);
  reached[world.goal] = 1;
  for (let n = 0; n < limit; n++) {
    const [chance, expected] = [new Float64Array(cells), new Float64Array(cells)];
    for (const cell of starts) {
      expected[cell] = 1;
      policy.forEach((share, a) => {
        chance[cell] += share * reached[next[a][cell]];
        expected[cell] += share * moves[next[a][cell]];
      });
    }
    chance[world.goal] = 1;
    [reached, moves] = [chance, expected];
  }
  const sum = (of: (cell: number) => number) => starts.reduce((all, cell) => all + of(cell), 0);
  return {
    success: sum((cell) => reached[cell]) / starts.length,
    overShortest: sum((cell) => moves[cell]) / sum((cell) => distance[cell]),
  };
}

/** The best policy that draws its moves without seeing, among all shares that are tenths. */
export function bestStateBlind(world: GridWorld, limit: number): number[] {
  let best = uniformPolicy(), found = walkByChance(world, limit, best);
  for (let north = 0; north <= 10; north++) {
    for (let east = 0; north + east <= 10; east++) {
      for (let south = 0; north + east + south <= 10; south++) {
        const policy = [north, east, south, 10 - north - east - south].map((share) => share / 10);
        const now = walkByChance(world, limit, policy);
        const better = now.success - found.success || found.overShortest - now.overShortest;
        if (better > 0) [best, found] = [policy, now];
      }
    }
  }
  return best;
}

/** Learning rates of the table, chosen on the same seeds as the walker's parameters, and its discount. */
const TABLE = { actor: 2, critic: 0.4, discount: 0.95, goal: 1, move: -0.01, bump: -0.1 };

/** A softmax policy and a value for each cell, learnt from the same rewards in as many episodes; tested greedily. */
export function tabularActorCritic(
  world: GridWorld,
  seed: number,
  episodes: number,
  limit: number,
  testLimit: number,
): Found {
  const cells = world.columns * world.rows, value = new Float64Array(cells), starts = startsOf(world);
  const preference = Array.from({ length: cells }, () => new Float64Array(MOVE_NAMES.length));
  for (let episode = 0; episode < episodes; episode++) {
    const random = new RandomStream(seed, `table:${episode}`);
    let cell = starts[random.integer(starts.length)];
    for (let n = 0; n < limit && cell !== world.goal; n++) {
      const weights = preference[cell].map((x) => Math.exp(x)), all = weights.reduce((a, b) => a + b, 0);
      let left = random.uniform() * all, action = 0;
      while (action < weights.length - 1 && (left -= weights[action]) >= 0) action++;
      const next = moved(world, cell, MOVE_NAMES[action]), atGoal = next === world.goal;
      const reward = (atGoal ? TABLE.goal : 0) + (next === cell ? TABLE.bump : TABLE.move);
      const error = reward + (atGoal ? 0 : TABLE.discount * value[next]) - value[cell];
      value[cell] += TABLE.critic * error;
      weights.forEach((w, a) => preference[cell][a] += TABLE.actor * error * ((a === action ? 1 : 0) - w / all));
      cell = next;
    }
  }
  const distance = distancesTo(world);
  let success = 0, moves = 0, shortest = 0;
  for (const start of starts) {
    let cell = start, n = 0;
    for (; n < testLimit && cell !== world.goal; n++) {
      const own = preference[cell];
      cell = moved(world, cell, MOVE_NAMES[own.indexOf(Math.max(...own))]);
    }
    if (cell === world.goal) success++;
    moves += n;
    shortest += distance[start];
  }
  return { success: success / starts.length, overShortest: moves / shortest };
}
