/** The critic: dopamine carries the error of the prediction of reward (Schultz, Dayan & Montague 1997). */

import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { measured } from "./measured.ts";

const TONIC = 0.2;

function learner(critic: number): Brain {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0 });
  const reward = { critic, tonic: TONIC, baseline: TONIC, tauDopamineMs: 50 };
  brain.connect("line", "n", { oneToOne: true, weight: 0.5, plasticity: { weightMax: 1, aPlus: 0.1, reward } });
  return brain;
}

const dopamine = (brain: Brain) => brain.projection("line", "n").dopamine!;

/** Rises of dopamine at rewards a second apart. */
async function rises(brain: Brain, rewards: number[]): Promise<number[]> {
  const list = [];
  for (const amount of rewards) {
    const before = dopamine(brain);
    brain.reward(amount);
    list.push(dopamine(brain) - before);
    await brain.run(1000);
  }
  return list;
}

const same = (amount: number, times: number) => new Array<number>(times).fill(amount);

Deno.test("with constant rewards the prediction error falls to zero as (1 − critic)ⁿ; without a critic it stays", async () => {
  for (const critic of [0.1, 0.5, 1]) {
    const errors = await rises(learner(critic), same(2, 30));
    errors.forEach((error, n) =>
      assertAlmostEquals(error, 2 * (1 - critic) ** n, 1e-6, `critic ${critic}, reward ${n}`)
    );
    assertLess(errors.at(-1)!, 0.1);
  }
  (await rises(learner(0), same(2, 5))).forEach((error) => assertAlmostEquals(error, 2, 1e-6));
});

Deno.test("a reward that stays out makes dopamine dip below its tonic level, and recover", async () => {
  const brain = learner(0.3);
  await rises(brain, same(1, 20));
  assertAlmostEquals(dopamine(brain), TONIC, 1e-6);
  brain.reward(0);
  const dip = dopamine(brain) - TONIC;
  assertAlmostEquals(dip, -(1 - 0.7 ** 20), 1e-6);
  measured("reward", "dopamine from its tonic level when a learnt reward of 1 stays out", dip, "1", import.meta);
  await brain.run(50);
  assertAlmostEquals(dopamine(brain), TONIC + dip / Math.E, 1e-6);
  // Nothing dips when nothing was expected, or when there is no critic.
  for (const other of [learner(0.3), learner(0)]) {
    other.reward(0);
    assertEquals(dopamine(other), TONIC);
  }
  const blind = learner(0);
  await rises(blind, same(1, 20));
  blind.reward(0);
  assertAlmostEquals(dopamine(blind), TONIC, 1e-6);
});

Deno.test("a larger reward than usual raises dopamine by what is new of it, a smaller one lowers it", async () => {
  const brain = learner(0.5);
  await rises(brain, same(1, 30));
  const [more, back] = await rises(brain, [3, 1]);
  assertAlmostEquals(more, 2, 1e-6);
  assertAlmostEquals(back, -1, 1e-6); // it has come to expect 2
});

/** Change of weight by a pair that is followed by a reward, after `trained` rewards of 1. */
async function effect(critic: number, trained: number, amount: number): Promise<number> {
  const brain = learner(critic), [before] = brain.projection("line", "n").weights;
  await rises(brain, same(1, trained));
  brain.injectSpikes("line", [0]);
  await brain.run(2);
  brain.injectSpikes("n", [0]);
  await brain.run(1);
  brain.reward(amount);
  await brain.run(1000);
  return brain.projection("line", "n").weights[0] - before;
}

Deno.test("an expected reward teaches nothing, its omission unlearns, and without a critic every reward teaches alike", async () => {
  const surprising = await effect(0.3, 0, 1), expected = await effect(0.3, 40, 1), omitted = await effect(0.3, 40, 0);
  assertLess(1e-3, surprising);
  assertLess(Math.abs(expected), 1e-5);
  assertAlmostEquals(omitted, -surprising, 1e-5);
  assertAlmostEquals(await effect(0, 40, 1), await effect(0, 0, 1), 1e-6);
});

Deno.test("what is expected is kept when traces are forgotten and when the brain is saved", async () => {
  const brain = learner(0.4);
  await rises(brain, same(1, 5));
  const loaded = decodeSnapshot(encodeSnapshot(brain));
  brain.resetTraces();
  for (const each of [brain, loaded]) {
    const [error] = await rises(each, [1]);
    assertAlmostEquals(error, 0.6 ** 5, 1e-6);
  }
});

Deno.test("each projection has its own expectation", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  for (const name of ["a", "b"]) {
    brain.addRegion(name, "sensory", { neurons: 1, inhibitory: 0 });
    brain.connect("line", name, { oneToOne: true, plasticity: { reward: { critic: 1, tauDopamineMs: 0.1 } } });
  }
  brain.reward(1, { target: "region:a" });
  for (let k = 0; k < 50; k++) brain.step();
  brain.reward(1);
  assert(Math.abs(brain.dopamine()["line->a"]) < 1e-9);
  assertAlmostEquals(brain.dopamine()["line->b"], 1, 1e-9);
});
