/** Reward-modulated STDP (Izhikevich 2007): what a reward does, to what, and when. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { InputError } from "../../src/state/errors.ts";
import { measured } from "./measured.ts";
import { assertWithin } from "./observe.ts";
import { PARAMETERS, plasticity } from "./rewarded.ts";

/** A brain of one line and one neuron a protocol, joined one to one, and its projection. */
function oneToOne(parameters: Partial<typeof PARAMETERS>, n: number, dt = 1) {
  const brain = new Brain({ dt });
  brain.addRegion("line", "input", { neurons: n });
  brain.addRegion("target", "sensory", { neurons: n, inhibitory: 0 });
  const p = { ...PARAMETERS, weightMax: 1e-3, ...parameters };
  const projection = brain.connect("line", "target", {
    oneToOne: true,
    weight: p.weightMax / 2,
    plasticity: plasticity(p),
  });
  return {
    brain,
    projection,
    change: (k: number) => (projection.weights[k] - Math.fround(p.weightMax / 2)) / p.weightMax,
  };
}

/** Makes line k spike so that it arrives at `at[k]` (ms), and neuron k at `at[k]` + `lag`; `also` is called before each step. */
function runPairs(brain: Brain, at: number[], lag: number, ms: number, also: (t: number) => void = () => {}): void {
  for (let step = 0; step < Math.round(ms / brain.dt); step++) {
    const t = step * brain.dt;
    brain.injectSpikes("line", at.flatMap((s, k) => t === s - 1 ? [k] : []));
    brain.injectSpikes("target", at.flatMap((s, k) => t === s + lag ? [k] : []));
    also(t);
    brain.step();
  }
}

Deno.test("without dopamine no weight changes, whatever the spikes do", async () => {
  const brain = new Brain({ seed: 23 });
  brain.addRegion("line", "input", { neurons: 20 });
  brain.addRegion("target", "sensory", { neurons: 20, inhibitory: 0 });
  brain.connect("line", "target", { density: 0.5, plasticity: "rstdp" });
  brain.connect("line", "target", { name: "dense", density: 1, plasticity: "rstdp" });
  const before = brain.projections.map((p) => p.weights);
  brain.stimulate("line", [1]);
  await brain.run(10_000);
  assertLess(20, brain.region("target").spikeCounts.reduce((a, b) => a + b, 0));
  assertEquals(brain.projections.map((p) => p.weights), before);
  brain.reward(0.1);
  await brain.run(100);
  brain.projections.forEach(({ weights }, p) => {
    assertLess(0.5 * weights.length, weights.filter((w, k) => w !== before[p][k]).length);
  });
});

Deno.test("credit decays: the effect of a reward T after a pairing falls as exp(−T/τe)", () => {
  const delays = [0, 100, 300, 1000, 2000, 3000], rewardAt = 3500, lag = 5;
  for (const tauEligibilityMs of [1000, 400]) {
    for (const dt of [1, 0.5]) {
      const { brain, change } = oneToOne({ tauEligibilityMs, learningRate: 2 }, delays.length, dt);
      const at = delays.map((delay) => rewardAt - delay - lag);
      runPairs(brain, at, lag, rewardAt + 3000, (t) => t === rewardAt && brain.reward(0.5));
      // ∫ e D dt after the reward: e and D decay together. Rates in 1/ms; the learning rate is per second.
      const together = 1 / (1 / tauEligibilityMs + 1 / 200) / 1000;
      delays.forEach((delay, k) => {
        const eligibility = 0.01 * Math.exp(-lag / 20) * Math.exp(-delay / tauEligibilityMs);
        const where = `τe ${tauEligibilityMs} ms, T ${delay} ms, dt ${dt} ms`;
        if (tauEligibilityMs === 1000 && dt === 1 && (delay === 1000 || delay === 3000)) {
          const left = change(k) / change(0);
          measured(
            "reward",
            `effect of a reward ${delay / 1000} s after the pair over that at once`,
            left,
            "1",
            import.meta,
          );
        }
        assertAlmostEquals(change(k), 2 * 0.5 * eligibility * together, 0.005 * eligibility * together + 2e-7, where);
      });
    }
  }
});

Deno.test("a reward before the pairing acts only through the dopamine that is left", () => {
  const before = [0, 200, 600], pairAt = 1000;
  before.forEach((lead) => {
    const { brain, change } = oneToOne({}, 1);
    runPairs(brain, [pairAt], 5, 5000, (t) => t === pairAt + 5 - lead && brain.reward(1));
    const together = 1 / (1 / 1000 + 1 / 200) / 1000;
    const expected = 0.01 * Math.exp(-5 / 20) * together * Math.exp(-lead / 200);
    assertWithin(change(0), expected, 0.01, `${lead} ms before`);
  });
});

Deno.test("depressing pairs lose under reward what they would lose under STDP, and punish turns signs round", () => {
  const changes = [[5, 1], [-5, 1], [5, -1], [-5, -1]].map(([lag, sign]) => {
    const { brain, change } = oneToOne({}, 1);
    runPairs(brain, [100], lag, 2000, (t) => {
      if (t !== 200) return;
      if (sign > 0) brain.reward(1);
      else brain.punish(1);
    });
    return change(0);
  });
  assertLess(1e-4, changes[0]);
  assertLess(changes[1], -1e-4);
  assertWithin(changes[2], -changes[0], 1e-3, "punished potentiation");
  assertWithin(changes[3], -changes[1], 1e-3, "punished depression");
});

Deno.test("effects are proportional to the reward and to the learning rate", () => {
  const effect = (amount: number, learningRate: number) => {
    const { brain, change } = oneToOne({ learningRate }, 1);
    runPairs(brain, [100], 5, 1500, (t) => t === 300 && brain.reward(amount));
    return change(0);
  };
  const one = effect(1, 1);
  assertWithin(effect(3, 1), 3 * one, 1e-3);
  assertWithin(effect(1, 10), 10 * one, 1e-3);
});

Deno.test("dopamine decays with its own time constant to its tonic level, and rewards add up", () => {
  const { brain, projection } = oneToOne({ tauDopamineMs: 150, tonic: 0.25 }, 1);
  assertEquals(projection.dopamine, 0.25);
  brain.reward(1);
  brain.reward(0.5);
  assertEquals(brain.dopamine(), { "line->target": 1.75 });
  for (const t of [50, 100, 150]) {
    for (let step = 0; step < 50; step++) brain.step();
    assertAlmostEquals(projection.dopamine!, 0.25 + 1.5 * Math.exp(-t / 150), 1e-9);
  }
});

Deno.test("dopamine at its baseline moves no weight; tonic dopamine above it lets STDP act at once", () => {
  for (const [tonic, baseline, sign] of [[0.5, 0.5, 0], [0.5, 0.2, 1], [0.2, 0.5, -1]]) {
    const { brain, change } = oneToOne({ tonic, baseline }, 1);
    runPairs(brain, [100], 5, 8000);
    const all = 0.01 * Math.exp(-5 / 20); // ∫ e dt = e τe, and τe is one second
    assertAlmostEquals(change(0), all * (tonic - baseline), 2e-5);
    assertEquals(Math.sign(Math.round(1e6 * change(0))), sign);
  }
});

Deno.test("rewarded weights stop exactly at 0 and at the largest weight", () => {
  for (const [lag, end] of [[5, 0.5], [-5, -0.5]]) {
    const { brain, change } = oneToOne({ learningRate: 1e4 }, 1);
    runPairs(brain, [100], lag, 1000, (t) => t === 300 && brain.reward(1));
    assertAlmostEquals(change(0), end, 1e-7);
  }
});

/** Two lines and two regions with three rewarded projections and one that is not plastic; all have the same pairing. */
function threeTargets() {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("other", "input", { neurons: 1 });
  brain.addRegion("a", "sensory", { neurons: 1, inhibitory: 0 });
  brain.addRegion("b", "sensory", { neurons: 1, inhibitory: 0 });
  const weight = 1e-3, rewarded = { density: 1, weight, plasticity: "rstdp" } as const;
  brain.connect("line", "a", rewarded);
  brain.connect("other", "a", rewarded);
  brain.connect("line", "b", rewarded);
  brain.connect("a", "b", { density: 1, weight });
  for (let step = 0; step < 50; step++) {
    if (step === 10) { for (const line of ["line", "other"]) brain.injectSpikes(line, [0]); }
    if (step === 15) { for (const region of ["a", "b"]) brain.injectSpikes(region, [0]); }
    brain.step();
  }
  return brain;
}

Deno.test("a reward to a target moves that target and no other", async () => {
  const names = ["line->a", "other->a", "line->b"];
  const cases = [
    [undefined, names],
    ["region:a", ["line->a", "other->a"]],
    ["region:b", ["line->b"]],
    ["projection:other->a", ["other->a"]],
    ["a", ["line->a", "other->a"]],
    ["line->b", ["line->b"]],
  ] as const;
  for (const [target, expected] of cases) {
    const brain = threeTargets();
    brain.reward(2, { target });
    for (const name of names) {
      assertEquals(brain.projection(name).dopamine, (expected as readonly string[]).includes(name) ? 2 : 0);
    }
    await brain.run(200);
    const moved = names.filter((name) => brain.projection(name).weights[0] > Math.fround(1e-3) + 1e-7);
    const still = names.filter((name) => brain.projection(name).weights[0] === Math.fround(1e-3));
    assertEquals(moved, [...expected], target);
    assertEquals(still, names.filter((name) => !moved.includes(name)), target);
    assertEquals(Object.keys(brain.dopamine({ target })), [...expected]);
  }
});

Deno.test("an unknown target is refused with the names of the known ones", () => {
  const brain = threeTargets();
  const refused = (target: string) => assertThrows(() => brain.reward(1, { target }), InputError).message;
  for (const target of ["region:c", "projection:a->b", "region:line", "nonsense", "projection:a", "region:line->a"]) {
    const message = refused(target);
    assert(message.includes(`"${target}"`), message);
    for (const name of ["region:a", "region:b", "projection:line->a", "projection:other->a", "projection:line->b"]) {
      assert(message.includes(name), message);
    }
  }
  assert(refused("region:A").includes('did you mean "region:a"'), refused("region:A"));
  assertThrows(() => brain.punish(1, { target: "region:c" }), InputError, "region:a");
});

Deno.test("resetTraces forgets eligibilities and dopamine but keeps what reward has done", async () => {
  const { brain, projection, change } = oneToOne({}, 1);
  runPairs(brain, [100], 5, 150);
  brain.reward(1);
  await brain.run(50);
  const done = change(0), weights = projection.weights;
  assertLess(1e-4, done);
  brain.resetTraces();
  assertEquals(projection.weights, weights);
  assertEquals(projection.dopamine, 0);
  brain.reward(10);
  await brain.run(3000);
  assertEquals(projection.weights, weights);
});

Deno.test("frozen, reward moves no weight; thawed, what is left of the eligibility can be rewarded", async () => {
  const { brain, projection, change } = oneToOne({}, 1);
  runPairs(brain, [100], 5, 150);
  brain.freezePlasticity();
  const weights = projection.weights;
  brain.reward(5);
  await brain.run(2000);
  assertEquals(projection.weights, weights);
  assertLess(projection.dopamine!, 1e-3); // it decayed all the same
  brain.unfreezePlasticity();
  brain.reward(1);
  await brain.run(3000);
  // The pair was 2045 ms ago when the second reward came.
  const expected = 0.01 * Math.exp(-5 / 20) * Math.exp(-2045 / 1000) / (1 / 1000 + 1 / 200) / 1000;
  assertWithin(change(0), expected, 0.01);
});

Deno.test("looking at weights changes nothing", async () => {
  const finals: Float32Array[] = [];
  for (const look of [false, true]) {
    const brain = new Brain({ seed: 24 });
    brain.addRegion("line", "input", { neurons: 10 });
    brain.addRegion("target", "sensory", { neurons: 10, inhibitory: 0 });
    const projection = brain.connect("line", "target", { density: 0.5, plasticity: "rstdp" });
    const initial = projection.weights;
    brain.stimulate("line", [1], { maxRateHz: 30 });
    for (let k = 0; k < 30; k++) {
      brain.reward(0.3);
      await brain.run(67);
      if (look) assertEquals(projection.synapseTable().weight, projection.weights);
    }
    finals.push(projection.weights);
    assertLess(0.01, Math.max(...initial.map((w, k) => Math.abs(projection.weights[k] - w))));
  }
  assertEquals(finals[0], finals[1]);
});

Deno.test("an arrival acts with the weight that reward has made, though nobody looked", () => {
  for (const layout of ["sparse", "dense"] as const) {
    const brain = new Brain();
    brain.addRegion("line", "input", { neurons: 1 });
    brain.addRegion("target", "sensory", { neurons: 1, inhibitory: 0 });
    const p = { ...PARAMETERS, weightMax: 1, aPlus: 0.2, learningRate: 20 };
    const projection = brain.connect("line", "target", {
      layout,
      density: 1,
      weight: 0.5,
      receptor: { tauMs: 1 },
      plasticity: plasticity(p),
    });
    runPairs(brain, [100], 5, 150);
    brain.reward(1);
    runPairs(brain, [], 0, 500);
    const g = brain.arrays.get("region.target.receptor.current1", "f32");
    g[0] = 0;
    brain.injectSpikes("line", [0]);
    brain.step();
    brain.step();
    const delivered = g[0] * Math.E;
    assertAlmostEquals(delivered, projection.weights[0], 1e-3, layout); // dopamine is still there, and acts on
    assertLess(0.6, delivered, layout);
  }
});

Deno.test("a weight at its bound turns back at once when dopamine changes its sign, however long no spike comes", async () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("target", "sensory", { neurons: 1, inhibitory: 0 });
  brain.connect("line", "target", {
    oneToOne: true,
    weight: 0.9,
    plasticity: { weightMax: 1, aPlus: 0.1, reward: { tauEligibilityMs: 1e5, tauDopamineMs: 100 } },
  });
  const weight = () => brain.projection("line", "target").weights[0];
  brain.injectSpikes("line", [0]);
  await brain.run(2);
  brain.injectSpikes("target", [0]);
  await brain.run(1);
  brain.reward(50); // would carry the weight to about 1.4
  await brain.run(1000);
  assertEquals(weight(), 1);
  brain.punish(10); // takes about 0.1
  await brain.run(1000);
  assert(weight() < 0.95 && weight() > 0.85, `${weight()}`);
});

Deno.test("what a reward does depends neither on dt nor on how fast dopamine decays, but on its area", async () => {
  for (const tauDopamineMs of [1, 10, 200]) {
    for (const dt of [1, 0.5, 0.1]) {
      const brain = new Brain({ dt });
      brain.addRegion("line", "input", { neurons: 1 });
      brain.addRegion("target", "sensory", { neurons: 1, inhibitory: 0 });
      const reward = { tauEligibilityMs: 1000, tauDopamineMs };
      brain.connect("line", "target", {
        oneToOne: true,
        weight: 0.5,
        plasticity: { weightMax: 1, aPlus: 0.1, reward },
      });
      const projection = brain.projection("line", "target");
      const eligibility = brain.arrays.get("projection.line->target.eligibility", "f32");
      await brain.run(1);
      eligibility[0] = 1; // as of the clock's origin, step 0
      brain.reward(1);
      const start = brain.timeMs;
      await brain.run(Math.round(3000 / dt));
      const both = 1 / (1 / 1000 + 1 / tauDopamineMs);
      const expected = Math.exp(-start / 1000) * both / 1000;
      assertAlmostEquals(projection.weights[0] - 0.5, expected, expected * 1e-3 + 1e-7, `dt ${dt}, τ ${tauDopamineMs}`);
    }
  }
});
