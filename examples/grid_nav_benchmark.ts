/**
 * Walking to a goal from sparse reward (src/tasks/grid_walker.ts): several walkers learn, and what their spikes do from
 * every start is compared with shortest paths and with the best policy that does not see where it is. With --draw, the
 * walks on the grid and the learning curves, a line a seed. The benchmark with all controls is
 * `brainsim benchmark grid-navigation`.
 *
 *     deno run -A examples/grid_nav_benchmark.ts [--world maze] [--seeds 5] [--quick] [--draw DIR]
 */

import { type Curve, xyPlot } from "../src/plot/plots.ts";
import { bestStateBlind, type Found, walkByChance } from "../src/tasks/grid_baselines.ts";
import type { GridWorld } from "../src/tasks/grid_world.ts";
import { NavigationTrainer, type Walk, type Walks, type WorldName, WORLDS } from "../src/tasks/grid_walker.ts";
import { claim, draw, flags, mean } from "./claim.ts";

const { world: name, seeds: asked, seed: first, quick } = flags({ world: "corner", seeds: 5 });
if (!Object.hasOwn(WORLDS, name)) throw new TypeError(`no world ${name}; known are ${Object.keys(WORLDS).join(", ")}`);
const kind = name as WorldName, seeds = quick ? 2 : asked, { testLimit } = WORLDS[kind];

/** Cells, walls, the goal, and the walks from all starts as arrows. */
function walksOn({ columns, rows, walls, goal }: GridWorld, walks: readonly Walk[]): string {
  const size = 40,
    x = (cell: number) => (cell % columns + 0.5) * size,
    y = (cell: number) => (Math.floor(cell / columns) + 0.5) * size;
  const cells = walls.map((wall, cell) =>
    `<rect x="${x(cell) - size / 2}" y="${y(cell) - size / 2}" width="${size}" height="${size}" stroke="#ccc" fill="${
      cell === goal ? "#009e73" : wall ? "#555" : "white"
    }"/>`
  );
  const steps = new Set(walks.flatMap(({ path }) => path.slice(1).map((to, k) => `${path[k]},${to}`)));
  const arrows = [...steps].map((step) => step.split(",").map(Number)).filter(([from, to]) => from !== to).map((
    [from, to],
  ) =>
    `<path d="M${x(from)} ${y(from)}L${x(from) + 0.7 * (x(to) - x(from))} ${
      y(from) + 0.7 * (y(to) - y(from))
    }" stroke="#0072b2" stroke-width="2" marker-end="url(#head)"/>`
  );
  const head =
    `<marker id="head" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="5" markerHeight="5" orient="auto"><path d="M0 0L8 4L0 8z" fill="#0072b2"/></marker>`;
  const [width, height] = [columns * size, rows * size];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${head}</defs>${
    cells.join("")
  }${arrows.join("")}</svg>\n`;
}

const found: Walks[] = [], blind: Found[] = [], curves: Curve[] = [];
for (let seed = first; seed < first + seeds; seed++) {
  const trainer = NavigationTrainer.create(kind, seed);
  while (trainer.done < trainer.total) await trainer.next();
  const walks = await trainer.test();
  found.push(walks);
  blind.push(walkByChance(trainer.world, testLimit, bestStateBlind(trainer.world, testLimit)));
  curves.push({
    name: "",
    x: trainer.moves.map((_, k) => k + 1),
    y: trainer.moves.map((_, k) => mean(trainer.moves.slice(Math.max(0, k - 9), k + 1).map(Math.abs))),
    colour: "#0072b2",
  });
  if (seed === first) draw("walks.svg", walksOn(trainer.world, walks.walks));
}
draw(
  "learning.svg",
  xyPlot("Moves to the goal", { label: "episode" }, { label: "moves, mean of ten episodes", log: true }, curves),
);
claim(
  `${seeds} walkers find the goal from every start, by their spikes`,
  found.every(({ success }) => success === 1),
  mean(found.map(({ success }) => success)),
);
claim(
  "their ways are at most 1.1 times the shortest",
  mean(found.map(({ overShortest }) => overShortest)) <= 1.1,
  mean(found.map(({ overShortest }) => overShortest)),
);
claim(
  "and shorter than those of the best policy that does not see its place",
  found.every(({ overShortest }, k) => overShortest < blind[k].overShortest),
  mean(blind.map(({ overShortest }) => overShortest)),
);
