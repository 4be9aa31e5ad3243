/** Competition for the next spike, and lateral inhibition within groups. */

import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { RegionSpec } from "../../src/brain/spec.ts";
import { measured } from "./measured.ts";
import { runFor } from "./observe.ts";

function region(options: Partial<RegionSpec>, seed = 1): Brain {
  const brain = new Brain({ seed });
  brain.addRegion("n", "sensory", { neurons: 12, inhibitory: 0, ...options });
  return brain;
}

const all = (n: number) => Array.from({ length: n }, (_, k) => k);

/** The neurons that spiked in the next step. */
function nextSpikes(brain: Brain): number[] {
  const before = brain.region("n").spikeCounts;
  brain.step();
  return [...brain.region("n").spikeCounts].flatMap((n, k) => n > before[k] ? [k] : []);
}

/** Most spikes of one step in each of `groups` shares of the region. */
async function mostPerStep(brain: Brain, ms: number, groups = 1): Promise<number[]> {
  const { neuron, timeMs } = (await runFor(brain, ms)).spikes("n"), { neurons } = brain.region("n");
  const counts = Array.from({ length: groups }, () => new Map<number, number>());
  neuron.forEach((i, k) => {
    const group = counts[Math.floor(i * groups / neurons)];
    group.set(timeMs[k], (group.get(timeMs[k]) ?? 0) + 1);
  });
  return counts.map((group) => Math.max(0, ...group.values()));
}

Deno.test("of the neurons that reach the peak in one step, the k most driven ones of each group fire", () => {
  const drive = [3, 9, 1, 5, 2, 2.5, 2.25, 8, -4, -1, -3, -2];
  const cases = [
    { groups: 1, winners: 1, expected: [1] },
    { groups: 1, winners: 3, expected: [1, 3, 7] },
    { groups: 3, winners: 1, expected: [1, 7, 9] },
    { groups: 3, winners: 2, expected: [1, 3, 5, 7, 9, 11] },
    { groups: 3, winners: 9, expected: all(12) },
    { groups: 12, winners: 1, expected: all(12) },
  ];
  for (const { groups, winners, expected } of cases) {
    const brain = region({ groups, competition: { winners } });
    brain.injectCurrent("n", drive);
    brain.injectSpikes("n", all(12));
    assertEquals(nextSpikes(brain), expected, `${winners} of each of ${groups} groups`);
  }
});

Deno.test("neurons that do not reach the peak neither win nor keep others from winning", () => {
  const brain = region({ groups: 2, competition: true });
  brain.injectCurrent("n", [...all(6).map(() => 3.5), ...all(6).map((k) => k / 2)]);
  brain.injectSpikes("n", [6, 8]);
  assertEquals(nextSpikes(brain), [8]);
});

Deno.test("under a strong drive at most k neurons spike in a step and group; without competition many do", async () => {
  const options = { neurons: 60, groups: 3, noise: 3 };
  const drive = (brain: Brain) => {
    brain.injectCurrent("n", 15);
    return brain;
  };
  const free = await mostPerStep(drive(region(options)), 2000, 3);
  assert(free.every((most) => most >= 6), `without: ${free}`);
  for (const winners of [1, 2, 4]) {
    const most = await mostPerStep(drive(region({ ...options, competition: { winners } })), 2000, 3);
    assertEquals(most, [winners, winners, winners]);
    measured("competition", `most spikes in a step, 20 driven neurons, winners ${winners}`, most[0], "1", import.meta);
  }
  measured(
    "competition",
    "most spikes in a step, 20 driven neurons, without competition",
    Math.max(...free),
    "1",
    import.meta,
  );
});

Deno.test("a loser returns to rest without adaptation: u stays, where a winner's rises by d", () => {
  const brain = region({ competition: true }), u = brain.arrays.get("neuron.u", "f32");
  const before = u[0];
  brain.injectSpikes("n", all(12));
  const [winner, ...more] = nextSpikes(brain), loser = winner === 0 ? 1 : 0;
  assertEquals(more, []);
  assertAlmostEquals(u[winner] - u[loser], 8, 1e-4);
  assertAlmostEquals(u[loser], before, 0.3);
  assert(brain.region("n").v.every((v) => v < -60), `${brain.region("n").v}`);
  assertEquals(brain.arrays.get("neuron.lastSpike", "i32")[loser], -1);
});

Deno.test("ties are not resolved by index: over many steps every neuron wins about equally often", () => {
  const brain = region({ competition: { winners: 3 } }), steps = 4000;
  for (let step = 0; step < steps; step++) {
    brain.injectSpikes("n", all(12));
    brain.step();
  }
  const counts = [...brain.region("n").spikeCounts], expected = 3 * steps / 12;
  assertEquals(counts.reduce((a, b) => a + b), 3 * steps);
  // χ² of 11 degrees of freedom; drawn without replacement, it is smaller by 9/11. Above 31 once in a thousand.
  const chi2 = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  assertLess(chi2, 31, `${counts}`);
});

Deno.test("ties fall differently for every seed, equally for one", () => {
  const first = (seed: number) => {
    const brain = region({ competition: true }, seed);
    brain.injectSpikes("n", all(12));
    return nextSpikes(brain)[0];
  };
  const wins = new Array<number>(12).fill(0);
  for (let seed = 0; seed < 600; seed++) wins[first(seed)]++;
  assert(wins.every((n) => n > 20 && n < 90), `${wins}`); // 50 expected
  assertEquals(first(77), first(77));
});

Deno.test("inhibitory neurons do not compete", () => {
  const brain = region({ inhibitory: 0.25, competition: true });
  brain.injectSpikes("n", all(12));
  const spikes = nextSpikes(brain);
  assertEquals(spikes.filter((k) => k < 9).length, 1);
  assertEquals(spikes.filter((k) => k >= 9), [9, 10, 11]);
});

Deno.test("the drive counts conductances at rest, and thresholds", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 2 });
  brain.addRegion("n", "sensory", { neurons: 3, inhibitory: 0, competition: true, threshold: true });
  // At −65 mV: 0.1/ms towards 0 mV is 6.5 mV/ms, 0.4/ms towards −70 mV is −2 mV/ms.
  brain.connect("line", "n", { name: "e", pairs: { pre: [0], post: [1], weight: [0.1] }, receptor: "ampa" });
  brain.connect("line", "n", {
    name: "i",
    pairs: { pre: [1], post: [2], weight: [0.4] },
    receptor: "gabaA",
    transmitter: "gaba",
    source: "all",
  });
  const theta = brain.arrays.get("region.n.threshold.theta", "f32");
  const winner = (currents: number[], thresholds = [0, 0, 0]) => {
    brain.resetActivity();
    theta.set(thresholds);
    brain.injectSpikes("line", [0, 1]);
    brain.step();
    brain.injectCurrent("n", currents);
    brain.injectSpikes("n", [0, 1, 2]);
    return nextSpikes(brain)[0];
  };
  assertEquals(winner([5, 0, 0]), 1);
  assertEquals(winner([7, 0, 0]), 0);
  assertEquals(winner([5, 0, 6]), 1);
  assertEquals(winner([5, 0, 9]), 2);
  assertEquals(winner([5, 0, 0], [0, 2, 0]), 0);
});

/** The lateral conductance of each neuron after `spiking` fired. */
function lateral(options: Partial<RegionSpec>, withinGroups: boolean, spiking: number[]): number[] {
  const brain = region({ neurons: 8, ...options });
  brain.region("n").addLateralInhibition({ weight: 0.5, withinGroups });
  brain.injectSpikes("n", spiking);
  brain.step(); // they fire
  brain.step(); // their inhibition arrives
  return Array.from(brain.arrays.get("region.n.receptor.lateral", "f32"), (g) => g * Math.exp(1 / 12) / 0.5);
}

Deno.test("lateral inhibition within groups reaches the others of the own group, and no other group", () => {
  const close = (actual: number[], expected: number[]) =>
    expected.forEach((x, k) => assertAlmostEquals(actual[k], x, 1e-5, `neuron ${k} of ${actual}`));
  close(lateral({ groups: 2 }, true, [1]), [1, 0, 1, 1, 0, 0, 0, 0]);
  close(lateral({ groups: 2 }, true, [1, 2, 7]), [2, 1, 1, 2, 1, 1, 1, 0]);
  close(lateral({ groups: 4 }, true, [5]), [0, 0, 0, 0, 1, 0, 0, 0]);
  close(lateral({ groups: 2 }, false, [1]), [1, 0, 1, 1, 1, 1, 1, 1]);
  close(lateral({ groups: 8 }, true, [1, 4]), [0, 0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("lateral inhibition makes one pattern of firing out of many: fewer neurons answer the same input", async () => {
  const active = async (weight: number) => {
    const brain = region({ neurons: 40, spread: { d: 0.2 }, noise: 1 });
    if (weight > 0) brain.region("n").addLateralInhibition({ weight });
    brain.injectCurrent("n", all(40).map((k) => 4 + k / 10));
    await brain.run(1000);
    return brain.region("n").spikeCounts.filter((n) => n > 2).length;
  };
  const free = await active(0), inhibited = await active(0.3);
  assertEquals(free, 40);
  assertLess(inhibited, 30);
});
