/** Setting the weights of a projection from outside. */

import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { Projection } from "../../src/brain/projection.ts";
import { InputError } from "../../src/state/errors.ts";
import type { ProjectionSpec } from "../../src/brain/spec.ts";

/** Two lines onto three neurons. */
function smallBrain(options: Omit<ProjectionSpec, "from" | "to"> = {}): { brain: Brain; projection: Projection } {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 2 });
  brain.addRegion("target", "sensory", { neurons: 3, inhibitory: 0 });
  return { brain, projection: brain.connect("line", "target", { density: 1, weight: 0.5, ...options }) };
}

Deno.test("weights are set all at once or by index, in every layout", () => {
  for (const layout of ["sparse", "dense", "uniform"] as const) {
    const { projection } = smallBrain({ layout }), n = projection.weights.length;
    projection.setWeights(Float32Array.from({ length: n }, (_, k) => k));
    assertEquals(Array.from(projection.weights), Array.from({ length: n }, (_, k) => k), layout);
    projection.setWeights({ 0: 7 });
    assertEquals(projection.weights[0], 7);
    assertEquals(projection.weights[n - 1], n === 1 ? 7 : n - 1);
  }
});

Deno.test("a spike arrives with the weight that was set", () => {
  const { brain, projection } = smallBrain({ receptor: { tauMs: 1 } });
  const current = brain.arrays.get("region.target.receptor.current1", "f32");
  projection.setWeights([3, 0, 1, 9, 9, 9]);
  brain.injectSpikes("line", [0]);
  brain.step();
  brain.step();
  Array.from(current, (c, k) => assertAlmostEquals(c * Math.E, [3, 0, 1][k], 1e-5));
});

Deno.test("what reward has changed is settled before a weight is set, and the eligibility goes on acting", async () => {
  const plasticity = { weightMax: 1, aPlus: 0.1, reward: { tauEligibilityMs: 1000, tauDopamineMs: 200 } };
  const { brain, projection } = smallBrain({ plasticity });
  brain.injectSpikes("line", [0, 1]);
  await brain.run(2);
  brain.injectSpikes("target", [0, 1, 2]);
  await brain.run(1);
  brain.reward(1);
  await brain.run(100);
  const rewarded = projection.weights;
  assert(rewarded[0] > 0.5);
  projection.setWeights({ 0: 0.2 });
  assertAlmostEquals(projection.weights[0], 0.2, 1e-7);
  assertEquals(projection.weights.slice(1), rewarded.slice(1));
  await brain.run(1000);
  const later = projection.weights;
  for (let k = 1; k < 6; k++) assertAlmostEquals(later[0] - 0.2, later[k] - rewarded[k], 1e-6);
  assert(later[0] > 0.2);
});

Deno.test("weights that are refused change nothing", () => {
  const { projection } = smallBrain({ plasticity: { weightMax: 1 } });
  const refused: [Parameters<Projection["setWeights"]>[0], string][] = [
    [[1, 1], "2 weights for 6 synapses"],
    [{ 0: 1, 6: 1 }, 'no synapse "6"; expected an index from 0 to 5'],
    [{ 0: 1, [-1]: 1 }, 'no synapse "-1"'],
    [{ 0: 1, 1: 1.1 }, "weight 1 is 1.1; expected a number from 0 to 1"],
    [{ 0: 1, 1: -0.1 }, "weight 1 is -0.1"],
    [[0, 0, 0, 0, 0, NaN], "weight 5 is NaN"],
    [5 as unknown as number[], "weights are 5"],
  ];
  for (const [weights, message] of refused) {
    assertThrows(() => projection.setWeights(weights), InputError, message);
    assertEquals(Array.from(projection.weights), new Array(6).fill(0.5));
  }
});
