/** Walking on a grid: the world, what walks by chance are worth, and that spikes alone learn it, and go on exactly. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";
import { RandomStream } from "../../src/state/random.ts";
import { bestStateBlind, tabularActorCritic, uniformPolicy, walkByChance } from "../../src/tasks/grid_baselines.ts";
import { gridNavigation } from "../../src/tasks/grid_navigation.ts";
import { NavigationTrainer, worldOf } from "../../src/tasks/grid_walker.ts";
import { distancesTo, mazeWorld, MOVE_NAMES, moved, openWorld, startsOf } from "../../src/tasks/grid_world.ts";
import { differences } from "../property/differences.ts";

Deno.test("moves end at the border and at walls, and distances are those of shortest paths", () => {
  const world = openWorld(3, "corner"); // 0 1 2 / 3 4 5 / 6 7 8, goal 8
  assertEquals(MOVE_NAMES.map((move) => moved(world, 0, move)), [0, 1, 3, 0]);
  world.walls[4] = world.walls[5] = true;
  assertEquals(moved(world, 1, "south"), 1);
  assertEquals(distancesTo(world), [4, 5, 6, 3, Infinity, Infinity, 2, 1, 0]);
  assertEquals(startsOf(world), [0, 1, 2, 3, 6, 7]);
});

Deno.test("mazes have their walls, a goal, and ways from everywhere", () => {
  for (let seed = 0; seed < 20; seed++) {
    const world = mazeWorld(10, 15, new RandomStream(seed, "maze"));
    assertEquals(world.walls.filter((wall) => wall).length, 15);
    assertEquals(startsOf(world).length, 100 - 15 - 1);
    assert(!world.walls[world.goal]);
  }
});

Deno.test("a random walk and the best blind policy on 5 × 5 are worth what they are known to be", () => {
  const world = openWorld(5, "corner"), random = walkByChance(world, 20, uniformPolicy());
  assertAlmostEquals(random.success, 0.224, 5e-4);
  const blind = walkByChance(world, 20, bestStateBlind(world, 20)); // right or down
  assertAlmostEquals(blind.success, 0.9994, 5e-5);
  assertAlmostEquals(blind.overShortest, 6.39 / (100 / 24), 2e-3);
  assertEquals(tabularActorCritic(world, 0, 200, 50, 20).success, 1);
});

Deno.test("spikes learn to walk, better than anyone blind could; without dopamine they do not", async () => {
  const walk = async (seed: number, dopamine: "reward" | "off") => {
    const trainer = NavigationTrainer.create("interior", seed, { dopamine });
    while (trainer.done < trainer.total) await trainer.next();
    return await trainer.test();
  };
  let idle = 0;
  for (let seed = 0; seed < 4; seed++) {
    const learnt = await walk(seed, "reward"), world = worldOf("interior", seed);
    assertEquals(learnt.success, 1);
    assertLess(learnt.overShortest, 1.1);
    assertLess(walkByChance(world, 20, bestStateBlind(world, 20)).success, 0.7);
    idle += (await walk(seed, "off")).success / 4;
  }
  assertLess(idle, 0.6);
  const learnt = await walk(3, "reward");
  // Every walk is one of single moves from its start, and its end is what it says.
  const world = worldOf("interior", 3);
  for (const { path, reached } of learnt.walks) {
    path.slice(1).forEach((to, k) => assert(MOVE_NAMES.some((move) => moved(world, path[k], move) === to)));
    assertEquals(path.at(-1) === world.goal, reached);
  }
});

Deno.test("a test changes nothing, and a training that was saved goes on as if it had not been", async () => {
  const [whole, cut] = [1, 2].map(() => NavigationTrainer.create("moved", 4, { episodes: 12 }));
  while (whole.done < whole.total) await whole.next();
  for (let k = 0; k < 7; k++) await cut.next();
  const before = encodeSnapshot(cut.brain);
  await cut.test();
  assertEquals(encodeSnapshot(cut.brain), before);
  const resumed = NavigationTrainer.resume(decodeSnapshot(before));
  while (resumed.done < resumed.total) await resumed.next();
  assertEquals(differences(resumed.brain, whole.brain), []);
  assertEquals(resumed.moves, whole.moves);
  assertEquals((await resumed.test()).walks, (await whole.test()).walks);
});

Deno.test("the order of the starts of a test does not matter", async () => {
  const trainer = NavigationTrainer.create("interior", 2, { episodes: 8 }), starts = startsOf(trainer.world);
  while (trainer.done < trainer.total) await trainer.next();
  const { walks } = await trainer.test(), backwards = await trainer.test(undefined, starts.toReversed());
  assertEquals(backwards.walks.toReversed(), walks);
});

Deno.test("the goal that moves is another one after half of the episodes", () => {
  for (let seed = 0; seed < 20; seed++) {
    const [first, second] = [false, true].map((later) => worldOf("moved", seed, later).goal);
    assert(first !== second);
  }
});

Deno.test("every arm of the benchmark runs in short, and epochs are refused", async () => {
  for (const arm of Object.keys(gridNavigation.benchmark.arms)) {
    const { value, also } = await gridNavigation.benchmark.run(arm, 0, true, {});
    assert(value >= 0 && value <= 1, arm);
    assert(also!.value >= 1, arm);
  }
  await assertRejects(async () => void await gridNavigation.create({ seed: 0, epochs: 2 }), InputError, "--samples");
});
