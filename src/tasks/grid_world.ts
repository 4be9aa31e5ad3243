/** Worlds of square cells in which something walks to a goal. */

import { RandomStream } from "../state/random.ts";

/** Actions: what they add to column and row. */
export const MOVES = { north: [0, -1], east: [1, 0], south: [0, 1], west: [-1, 0] } as const;

/** Name of an action. */
export type Move = keyof typeof MOVES;

/** All actions. */
export const MOVE_NAMES = Object.keys(MOVES) as Move[];

/** A world: cells by row; a wall cannot be entered, nor can what lies outside. */
export interface GridWorld {
  columns: number;
  rows: number;
  walls: boolean[];
  goal: number;
}

/** Where a move leads: to another cell, or nowhere. */
export function moved({ columns, rows, walls }: GridWorld, cell: number, move: Move): number {
  const [dx, dy] = MOVES[move], x = cell % columns + dx, y = Math.floor(cell / columns) + dy;
  if (x < 0 || y < 0 || x >= columns || y >= rows) return cell;
  const next = y * columns + x;
  return walls[next] ? cell : next;
}

/** Least numbers of moves from every cell to the goal; infinite from walls and from where it cannot be reached. */
export function distancesTo(world: GridWorld, goal = world.goal): number[] {
  const distance = new Array<number>(world.columns * world.rows).fill(Infinity), queue = [goal];
  distance[goal] = 0;
  for (const cell of queue) {
    for (const move of MOVE_NAMES) {
      const next = moved(world, cell, move); // moves can be undone, so the way back is as long
      if (distance[next] === Infinity) {
        distance[next] = distance[cell] + 1;
        queue.push(next);
      }
    }
  }
  return distance;
}

/** Cells from which the goal can be reached by walking. */
export function startsOf(world: GridWorld): number[] {
  const distance = distancesTo(world);
  return [...distance.keys()].filter((cell) => cell !== world.goal && Number.isFinite(distance[cell]));
}

/** A world without walls, with its goal in the last corner, or at a random place inside. */
export function openWorld(size: number, goal: "corner" | number): GridWorld {
  const walls = new Array<boolean>(size * size).fill(false);
  return { columns: size, rows: size, walls, goal: goal === "corner" ? size * size - 1 : goal };
}

/** A random cell that is not at the border. */
export function interiorCell(size: number, random: RandomStream): number {
  return (1 + random.integer(size - 2)) * size + 1 + random.integer(size - 2);
}

/** A world with walls at random cells, of which all others are connected, and with a random goal. */
export function mazeWorld(size: number, walls: number, random: RandomStream): GridWorld {
  while (true) {
    const order = random.permutation(size * size), world = openWorld(size, order[walls]);
    for (const cell of order.subarray(0, walls)) world.walls[cell] = true;
    if (startsOf(world).length === size * size - walls - 1) return world;
  }
}
