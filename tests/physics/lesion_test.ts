/** Lesions: what is gone is gone for good, of neurons and of synapses, and is drawn by the seed. */

import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { PRESETS } from "../../src/brain/presets.ts";
import type { ProjectionSpec } from "../../src/brain/spec.ts";
import { CpuBackend } from "../../src/engine/cpu/backend.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";
import { differences } from "../property/differences.ts";
import { pairsOf, table } from "./observe.ts";
import { assertSound } from "./sound.ts";

Deno.test("lesioned neurons lose all synapses, are silent whatever drives them, and are refused where one is named", async () => {
  const brain = new Brain({ seed: 8 });
  brain.addRegion("line", "input", { neurons: 20 });
  brain.addRegion("n", "association", { neurons: 30, noise: 5, connectivity: { density: 0.3, plasticity: "stdp" } });
  brain.connect("line", "n", { name: "sparse", density: 0.5, shortTerm: "depressing" });
  brain.connect("line", "n", { name: "dense", density: 1, plasticity: { reward: { tonic: 1 }, weightMax: 2 } });
  brain.region("n").addLateralInhibition({ weight: 0.01 });
  brain.stimulate("line", [1], { maxRateHz: 50 });
  brain.stimulate("n", [1], { maxRateHz: 50 });
  await brain.run(500);
  const gone = [0, 3, 29], linesGone = [2, 5];
  brain.injectCurrent("n", 20);
  brain.lesion("n", gone);
  brain.lesion("line", linesGone);
  assertEquals([brain.region("n").neurons, brain.region("line").neurons, brain.summary().neurons], [27, 18, 45]);
  assertSound(brain);
  const counts = brain.region("n").spikeCounts, lines = brain.region("line").spikeCounts;
  for (let k = 0; k < 20; k++) {
    await brain.run(50);
    assertSound(brain);
    const { pre, post, weight } = brain.projection("dense").synapseTable();
    weight.forEach((w, s) => {
      if (gone.includes(post[s]) || linesGone.includes(pre[s])) assertEquals(w, 0, `${pre[s]} to ${post[s]}`);
    });
  }
  for (const k of gone) assertEquals(brain.region("n").spikeCounts[k], counts[k]);
  for (const k of linesGone) assertEquals(brain.region("line").spikeCounts[k], lines[k]);
  assertLess(500, brain.summary().spikes);
  assert(gone.every((k) => brain.region("n").v[k] === -65));
  assertThrows(() => brain.injectSpikes("n", [3]), InputError, "3 does not live");
  assertThrows(() => brain.lesion("n", [30]), InputError, "30");
  brain.lesion("n", gone); // they are dead already
  assertEquals(brain.region("n").neurons, 27);
  const loaded = decodeSnapshot(encodeSnapshot(brain));
  await brain.run(100);
  await loaded.run(100);
  assertEquals(differences(loaded, brain), []);
});

Deno.test("lesioned synapses are gone: of a sparse projection removed, of a dense one at zero, also under reward", async () => {
  const brain = new Brain({ seed: 8 });
  brain.addRegion("line", "input", { neurons: 10 });
  brain.addRegion("n", "sensory", { neurons: 10, inhibitory: 0 });
  brain.connect("line", "n", { name: "sparse", density: 0.5, weight: 3, plasticity: "stdp" });
  brain.connect("line", "n", {
    name: "dense",
    density: 1,
    weight: 2,
    plasticity: { reward: {}, weightMax: 4, aPlus: 0.05 },
  });
  brain.region("n").addLateralInhibition({ weight: 0.01 });
  brain.stimulate("line", [1], { maxRateHz: 60 });
  await brain.run(500);
  brain.reward(3);
  await brain.run(50);
  const { pre, post } = table(brain, "sparse"), left = pre.length - 3;
  brain.lesionSynapses("sparse", [0, 7, pre.length - 1]);
  assertEquals(table(brain, "sparse").weight.length, left);
  for (const k of [0, 7, pre.length - 1]) assert(!pairsOf(brain, "sparse").has(`${pre[k]},${post[k]}`));
  assertSound(brain);
  brain.lesionSynapses("dense", [4, 55]);
  assertEquals([table(brain, "dense").weight[4], table(brain, "dense").weight[55]], [0, 0]);
  brain.clearStimulus();
  await brain.run(100); // dopamine is still there, no spike pairs anew
  assertEquals([table(brain, "dense").weight[4], table(brain, "dense").weight[55]], [0, 0]);
  assertThrows(() => brain.lesionSynapses("sparse", [left]), InputError, `from 0 to ${left - 1}`);
  assertThrows(() => brain.lesionSynapses("sparce", [0]), InputError, 'did you mean "sparse"?');
  assertThrows(() => brain.lesionSynapses("n-|n-lateral", [0]), InputError, "stores no synapses");
});

Deno.test("a share of the living is lesioned at random: by the seed, whatever the time, a larger one with the smaller", async () => {
  const make = (seed: number) => {
    const brain = new Brain({ seed });
    brain.addRegion("line", "input", { neurons: 20 });
    brain.addRegion("n", "association", { neurons: 200, connectivity: 0.1 });
    brain.connect("line", "n", { name: "dense", density: 1 });
    return brain;
  };
  const gone = (brain: Brain) =>
    new Set(brain.region("n").alive.keys().filter((k) => brain.region("n").alive[k] === 0));
  const [at0, later, larger, other] = [make(1), make(1), make(1), make(2)];
  at0.lesion("n", { share: 0.3 });
  await later.run(100);
  later.lesion("n", { share: 0.3 });
  larger.lesion("n", { share: 0.4 });
  other.lesion("n", { share: 0.3 });
  assertEquals([at0, larger, other].map((brain) => gone(brain).size), [60, 80, 60]);
  assertEquals(gone(later), gone(at0));
  assert(gone(at0).isSubsetOf(gone(larger)));
  assertLess(gone(at0).intersection(gone(other)).size, 40, "18 of 60 by chance");
  // Both halves of the region, and both populations, lose about their share.
  assertLess(Math.abs([...gone(at0)].filter((k) => k < 100).length - 30), 12);
  at0.lesion("n", { share: 0.5 });
  assertEquals(at0.region("n").neurons, 70, "half of those that were left");

  const { synapses } = other.projection("n->n");
  other.lesionSynapses("n->n", { share: 0.25 });
  assertEquals(other.projection("n->n").synapses, synapses - Math.round(0.25 * synapses));
  const left = () => other.projection("dense").weights.filter((w) => w > 0).length;
  assertEquals(left(), 20 * 140, "dead neurons have no synapses");
  for (const n of [1400, 700]) {
    other.lesionSynapses("dense", { share: 0.5 });
    assertEquals(left(), n);
  }
  other.lesion("n", { share: 0 });
  assertSound(other);
  for (const brain of [at0, other]) await brain.run(20);
  at0.lesion("n", { share: 1 });
  assertEquals([at0.region("n").neurons, at0.projection("n->n").synapses], [0, 0]);
  assertThrows(
    () => other.lesion("n", { share: 30 }),
    InputError,
    'Cannot lesion "n": share is 30; expected a number from 0',
  );
  assertThrows(() => other.lesionSynapses("dense", { share: -1 }), InputError, "share is -1");
  assertThrows(() => other.lesion("n", { part: 0.3 } as unknown as { share: number }), InputError, '"part"');
});

/** Twenty lines onto ten neurons, all to all and plastic; every line and neuron is busy. */
function denseBrain(plasticity: ProjectionSpec["plasticity"], scaling = false): Brain {
  const brain = new Brain({ seed: 8 });
  brain.addRegion("line", "input", { neurons: 20 });
  brain.addRegion("n", "sensory", {
    neurons: 10,
    inhibitory: 0,
    noise: 6,
    ...scaling && { scaling: { everyMs: 50, tauMs: 100, targetHz: 200 } },
  });
  brain.connect("line", "n", { name: "dense", density: 1, weight: 1, delay: 4, plasticity });
  brain.stimulate("line", [1], { maxRateHz: 60 });
  return brain;
}

/** Kinds of plasticity that raise a weight of zero. */
const RAISING: Record<string, [plasticity: ProjectionSpec["plasticity"], scaling?: boolean]> = {
  "pair": [{ aPlus: 0.1, aMinus: 0 }],
  "triplet, soft": [{ rule: "triplet", a3Plus: 0.1, softness: 0.5 }],
  "pair, multiplicative": [{ aPlus: 0.1, aMinus: 0, softness: 1 }],
  "instar": [{ rule: "instar", aPlus: 0.1 }],
  "upside down": [{ rule: "presynapticTrace", aPlus: -0.1, traceTarget: 1.5 }],
  "reward": [{ aPlus: 0.1, aMinus: 0, reward: { tonic: 1 } }],
  "normalization": [{ aPlus: 0.1, normalization: { everyMs: 50 } }],
  "scaling": ["stdp", true],
};

for (const [name, [plasticity, scaling]] of Object.entries(RAISING)) {
  Deno.test(`lesioned synapses of a dense projection do not grow back, the others go on: ${name}`, async () => {
    const brain = denseBrain(plasticity, scaling), gone = [0, 3, 57, 199], column = 5;
    await brain.run(300);
    // All synapses of one neuron too: nothing is left to share out.
    for (let row = 0; row < 20; row++) gone.push(10 * row + column);
    brain.lesionSynapses("dense", gone);
    const before = brain.projection("dense").weights, loaded = decodeSnapshot(encodeSnapshot(brain));
    const plain = Brain.fromState(brain.spec, brain.arrays.clone(), brain.stepCount, new CpuBackend({ plain: true }));
    for (const b of [brain, loaded, plain]) {
      if (b.projection("dense").dopamine !== undefined) b.reward(5);
      await b.run(500);
    }
    assertEquals(differences(loaded, brain), []);
    // On the plain loops too, which round the membranes otherwise.
    for (const b of [brain, plain]) {
      const { weights } = b.projection("dense");
      for (const k of gone) assert(Object.is(weights[k], 0), `synapse ${k}: ${weights[k]}`);
      assertLess(50, weights.filter((w, k) => w !== before[k]).length, "others learn");
      assertSound(b);
    }
  });

  Deno.test(`spikes that a neuron sent before its death do not raise its dense synapses: ${name}`, async () => {
    const brain = denseBrain(plasticity, scaling), dead = [1, 4];
    await brain.run(300);
    brain.injectSpikes("line", dead);
    await brain.run(2);
    brain.lesion("line", dead); // 2 ms before their spikes arrive
    brain.lesion("n", [5]);
    await brain.run(500);
    const { pre, post, weight } = brain.projection("dense").synapseTable();
    weight.forEach((w, s) => {
      if (dead.includes(pre[s]) || post[s] === 5) assertEquals(w, 0, `${pre[s]} to ${post[s]}`);
    });
    assertLess(50, weight.filter((w) => w > 0).length);
  });
}

Deno.test("normalization keeps the mean of the synapses that are left", async () => {
  const brain = denseBrain({ aPlus: 0, aMinus: 0, weightMax: 2, normalization: { mean: 0.5, everyMs: 50 } });
  brain.lesionSynapses("dense", Array.from({ length: 15 }, (_, row) => 10 * row));
  await brain.run(50);
  const first = brain.projection("dense").weights.filter((_, k) => k % 10 === 0);
  assertEquals([...first], [...new Array(15).fill(0), ...new Array(5).fill(1)]);
});

Deno.test("weights set to zero leave a lesioned synapse lesioned; one above zero brings it back", async () => {
  const brain = denseBrain({ aPlus: 0.1, aMinus: 0 }), projection = brain.projection("dense");
  brain.lesionSynapses("dense", [0, 1]);
  projection.setWeights(projection.weights.map((w) => w / 2));
  projection.setWeights({ 1: 0.1, 2: -0 });
  await brain.run(500);
  const [gone, back, zero] = projection.weights;
  assertEquals([gone, back > 0.1, zero > 0], [0, true, true]);
});

Deno.test("lesions of nothing that has neurons are refused with what to do", () => {
  const brain = Brain.fromSpec(PRESETS.quickstart.spec);
  assertThrows(() => brain.lesion("input->cortex", [0]), InputError, "see lesionSynapses");
  for (const wrong of [undefined, null, 3, "all"]) {
    assertThrows(() => brain.lesion("cortex", wrong as never), InputError, "share");
    assertThrows(() => brain.lesionSynapses("input->cortex", wrong as never), InputError, "share");
  }
});
