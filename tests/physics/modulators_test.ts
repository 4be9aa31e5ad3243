/** Neuromodulators: concentrations, where they come from, and each effect against its closed form and without it. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { BrainSpec, RegionSpec } from "../../src/brain/spec.ts";
import { InputError } from "../../src/state/errors.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { differences } from "../property/differences.ts";
import { measured } from "./measured.ts";
import { assertWithin } from "./observe.ts";

type Modulators = NonNullable<Exclude<RegionSpec["modulators"], true>>;

/** So slow that a concentration stays for the time of a test. */
const FOREVER = 1e9;

/** One line and one neuron, joined by a plastic synapse too weak to move anything. */
function synapse(modulators: Modulators | undefined, reward?: { tauEligibilityMs: number; tauDopamineMs: number }) {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0, ...modulators && { modulators } });
  const plasticity = { weightMax: 1e-3, aPlus: 0.01, ...reward && { reward } };
  const projection = brain.connect("line", "n", { oneToOne: true, weight: 5e-4, plasticity });
  return { brain, change: () => (projection.weights[0] - Math.fround(5e-4)) / 1e-3 };
}

/** An arrival and a postsynaptic spike 5 ms later: Δw = A₊ e^(−5/20). */
async function pair(brain: Brain): Promise<void> {
  brain.injectSpikes("line", [0]);
  await brain.run(6);
  brain.injectSpikes("n", [0]);
  await brain.run(1);
}

const PAIR = 0.01 * Math.exp(-5 / 20);
const level = (brain: Brain, region = "n") => brain.arrays.get(`region.${region}.modulators.level`, "f64");

Deno.test("a concentration decays exponentially with its own time constant, and releases add up", () => {
  for (const dt of [1, 0.25]) {
    const brain = new Brain({ dt });
    brain.addRegion("n", "sensory", {
      neurons: 1,
      modulators: { acetylcholine: { tauMs: 40 }, serotonin: { tauMs: 300 } },
    });
    brain.release("n", "acetylcholine", 1.5);
    brain.release("n", "acetylcholine", 0.5);
    brain.release("n", "serotonin", 3);
    for (let step = 1; step <= 100; step++) {
      brain.step();
      assertAlmostEquals(level(brain)[0], 2 * Math.exp(-step * dt / 40), 1e-9);
      assertAlmostEquals(level(brain)[1], 3 * Math.exp(-step * dt / 300), 1e-9);
    }
    assertAlmostEquals(
      brain.summary().regions[0].mechanisms!.modulators.acetylcholine as number,
      level(brain)[0],
      1e-12,
    );
  }
});

Deno.test("releasing what a region does not respond to is refused, with what it responds to", () => {
  const brain = new Brain();
  brain.addRegion("n", "sensory", { neurons: 1, modulators: { serotonin: {} } });
  brain.addRegion("m", "sensory", { neurons: 1 });
  assertThrows(() => brain.release("n", "acetylcholine", 1), InputError, "serotonin");
  assertThrows(() => brain.release("m", "serotonin", 1), InputError, '"m"');
  assertThrows(() => brain.release("n", "serotonin", -1), InputError, "-1");
  assertThrows(() => brain.release("x", "serotonin", 1), InputError, "n");
});

Deno.test("acetylcholine multiplies the change of a weight by 1 + learning · c", async () => {
  const cases = [[1, 0, 1], [1, 1, 2], [1, 2.5, 3.5], [0.4, 2, 1.8], [0, 5, 1]];
  for (const [learning, c, factor] of cases) {
    const { brain, change } = synapse({ acetylcholine: { tauMs: FOREVER, learning } });
    brain.release("n", "acetylcholine", c);
    await pair(brain);
    assertAlmostEquals(change(), factor * PAIR, 2e-6, `learning ${learning}, c ${c}`);
    if (learning === 1 && c === 1) {
      measured("modulators", "weight change at acetylcholine 1 over that without", change() / PAIR, "1", import.meta);
    }
  }
});

Deno.test("acetylcholine acts with the concentration that is left at the moment of each event", async () => {
  const { brain, change } = synapse({ acetylcholine: { tauMs: 10, learning: 1 } });
  brain.release("n", "acetylcholine", 4);
  await pair(brain); // potentiation in step 6, after six decays
  assertAlmostEquals(change(), (1 + 4 * Math.exp(-6 / 10)) * PAIR, 2e-6);
});

Deno.test("acetylcholine reaches depression and eligibilities alike", async () => {
  const { brain, change } = synapse({ acetylcholine: { tauMs: FOREVER } });
  brain.release("n", "acetylcholine", 1);
  brain.injectSpikes("n", [0]);
  await brain.run(5);
  brain.injectSpikes("line", [0]);
  await brain.run(3); // arrives 6 ms after the postsynaptic spike
  assertAlmostEquals(change(), -2 * 0.0105 * Math.exp(-6 / 20), 2e-6);
  const reward = { tauEligibilityMs: 1000, tauDopamineMs: 200 };
  const effects = [];
  for (const c of [0, 1]) {
    const rewarded = synapse({ acetylcholine: { tauMs: FOREVER } }, reward);
    rewarded.brain.release("n", "acetylcholine", c);
    await pair(rewarded.brain);
    rewarded.brain.reward(1);
    await rewarded.brain.run(2000);
    effects.push(rewarded.change());
  }
  assertWithin(effects[1], 2 * effects[0], 1e-3);
});

Deno.test("acetylcholine lowers the step of u at a spike to d/(1 + adaptation · c)", () => {
  for (const [adaptation, c] of [[0.5, 0], [0.5, 2], [3, 1], [0, 4]]) {
    const brain = new Brain();
    brain.addRegion("n", "sensory", {
      neurons: 2,
      inhibitory: 0,
      modulators: { acetylcholine: { tauMs: FOREVER, adaptation } },
    });
    brain.addRegion("plain", "sensory", { neurons: 2, inhibitory: 0 });
    brain.release("n", "acetylcholine", c);
    for (const region of ["n", "plain"]) brain.injectSpikes(region, [0]);
    brain.step();
    const u = brain.arrays.get("neuron.u", "f32"), step = 8 - 8 / (1 + adaptation * c);
    assertAlmostEquals(u[2] - u[0], step, 1e-5, `adaptation ${adaptation}, c ${c}`);
    assertEquals(u[3], u[1]);
  }
});

Deno.test("under acetylcholine a constant current makes more spikes", async () => {
  const count = async (c: number) => {
    const brain = new Brain();
    brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0, modulators: { acetylcholine: { tauMs: FOREVER } } });
    brain.release("n", "acetylcholine", c);
    brain.injectCurrent("n", 10);
    await brain.run(1000);
    return brain.region("n").spikeCounts[0];
  };
  const without = await count(0), one = await count(1), three = await count(3);
  assertLess(1.2 * without, one);
  assertLess(1.2 * one, three);
  measured("modulators", "spikes at constant current, acetylcholine 3 over none", three / without, "1", import.meta);
});

/** What one spike of each kind opens at the target: excitatory and inhibitory conductance, lateral conductance. */
function opened(modulators: Modulators, c: number): number[] {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 2 });
  brain.addRegion("n", "sensory", { neurons: 3, inhibitory: 0, modulators });
  const all = { layout: "dense", density: 1, weight: 0.1, source: "all" } as const;
  brain.connect("line", "n", { ...all, receptor: "ampa" });
  brain.connect("line", "n", { ...all, transmitter: "gaba", receptor: "gabaA" });
  brain.connect("line", "n", { ...all, name: "sparse", layout: "sparse", transmitter: "gaba", receptor: "gabaB" });
  brain.region("n").addLateralInhibition({ weight: 0.1 });
  brain.release("n", "serotonin", c);
  brain.injectSpikes("line", [0]);
  brain.injectSpikes("n", [1]);
  brain.step();
  brain.step();
  const taus = { ampa: 5, gabaA: 6, gabaB: 150, lateral: 12 };
  return Object.entries(taus).map(([name, tau]) =>
    brain.arrays.get(`region.n.receptor.${name}`, "f32")[0] * Math.exp(1 / tau) / 0.1
  );
}

Deno.test("serotonin multiplies inhibition by 1 + inhibition · c, from projections and lateral, and leaves excitation", () => {
  for (const [inhibition, c] of [[0.5, 0], [0.5, 1], [2, 1.5], [0, 3]]) {
    const factor = 1 + inhibition * c;
    opened({ serotonin: { tauMs: FOREVER, inhibition } }, c).forEach((g, k) =>
      assertAlmostEquals(g, k === 0 ? 1 : factor, 1e-5, `inhibition ${inhibition}, c ${c}, receptor ${k}`)
    );
  }
});

Deno.test("serotonin makes eligibilities last longer: a late reward changes the weight by the closed form of τ_e (1 + patience · c)", async () => {
  const tauEligibilityMs = 400, tauDopamineMs = 100;
  /** What a reward of 1 does that comes `wait` ms after the pair. */
  const closed = (wait: number, tau: number) => PAIR * Math.exp(-wait / tau) / (1 / tau + 1 / tauDopamineMs) / 1000;
  for (const [patience, c] of [[1, 0], [1, 1], [0.5, 3], [0, 4]]) {
    for (const wait of [100, 1000, 2000]) {
      const { brain, change } = synapse({ serotonin: { tauMs: FOREVER, patience } }, {
        tauEligibilityMs,
        tauDopamineMs,
      });
      brain.release("n", "serotonin", c);
      await pair(brain);
      await brain.run(wait - 1); // the eligibility is as old as the end of its step
      brain.reward(1);
      await brain.run(2000);
      const expected = closed(wait, tauEligibilityMs * (1 + patience * c));
      assertAlmostEquals(change(), expected, 0.01 * expected + 2e-7, `patience ${patience}, c ${c}, wait ${wait}`);
      if (patience === 1 && c === 1 && wait === 1000) {
        const gain = change() / closed(wait, tauEligibilityMs);
        measured("modulators", "effect of a reward after 1 s at serotonin 1 over that without", gain, "1", import.meta);
        assertLess(3, gain);
      }
    }
  }
});

Deno.test("patience ends with the concentration: an eligibility fades as exp(−∫ dt/τ(c))", async () => {
  const tau = 300, serotoninMs = 200;
  const { brain, change } = synapse(
    { serotonin: { tauMs: serotoninMs, patience: 1 } },
    { tauEligibilityMs: tau, tauDopamineMs: 1 },
  );
  await pair(brain);
  brain.release("n", "serotonin", 5);
  await brain.run(799);
  brain.reward(100);
  await brain.run(100);
  // One step at a time: the concentration as the step before left it.
  let left = 1;
  for (let step = 0; step < 799; step++) left *= Math.exp(-1 / (tau * (1 + 5 * Math.exp(-step / serotoninMs))));
  left *= Math.exp(-1 / tau); // the step of the pair
  const now = tau * (1 + 5 * Math.exp(-799 / serotoninMs));
  assertWithin(change(), 100 * PAIR * left / (1 / now + 1 / 1) / 1000, 0.01);
});

/** A noisy plastic brain whose cortex responds to modulators. */
function busy(modulators: Modulators | undefined): BrainSpec {
  return {
    seed: 3,
    regions: [
      { name: "line", type: "input", neurons: 10 },
      { name: "n", type: "sensory", neurons: 20, noise: 5, connectivity: 0.3, ...modulators && { modulators } },
    ],
    projections: [
      { from: "line", to: "n", name: "stdp", density: 0.5, plasticity: "stdp" },
      { from: "line", to: "n", name: "rstdp", density: 0.5, plasticity: { reward: { tonic: 0.3 } } },
    ],
  };
}

Deno.test("strengths of zero switch a modulator off: the brain is that without it, byte for byte", async () => {
  const off = { acetylcholine: { learning: 0, adaptation: 0 }, serotonin: { inhibition: 0, patience: 0 } };
  const brains = [undefined, off, { acetylcholine: {}, serotonin: {} }].map((m) => Brain.fromSpec(busy(m)));
  for (const [k, brain] of brains.entries()) {
    brain.stimulate("line", [1], { maxRateHz: 50 });
    if (k > 0) { for (const name of ["acetylcholine", "serotonin"] as const) brain.release("n", name, 2); }
    await brain.run(500);
  }
  assertEquals(differences(brains[0], brains[1]), ["region.n.modulators.level"]);
  assertLess(5, differences(brains[0], brains[2]).length);
});

for (const modulator of ["acetylcholine", "serotonin"] as const) {
  Deno.test(`a projection that releases ${modulator} does so when its spikes arrive, by its weight each`, () => {
    const brain = new Brain({ dt: 0.5 });
    brain.addRegion("line", "input", { neurons: 4 });
    brain.addRegion("n", "sensory", { neurons: 3, modulators: { [modulator]: { tauMs: 100 } } });
    brain.addRegion("m", "sensory", { neurons: 3 });
    brain.connect("line", "n", { transmitter: modulator, weight: 0.25, delay: 6 });
    brain.connect("line", "m", { transmitter: modulator });
    const at = modulator === "serotonin" ? 1 : 0;
    const spikes = [[10, 3], [11, 1], [40, 4]]; // step, number
    for (let step = 0; step < 80; step++) {
      for (const [when, n] of spikes) if (when === step) brain.injectSpikes("line", [0, 1, 2, 3].slice(0, n));
      brain.step();
      // It arrives 12 steps after its own; the level is that at the end of the step.
      const expected = spikes.filter(([when]) => when + 12 <= step)
        .reduce((sum, [when, n]) => sum + 0.25 * n * Math.exp(-(step + 1 - when - 12) * 0.5 / 100), 0);
      assertAlmostEquals(level(brain)[at], expected, 1e-9, `step ${step}`);
      assertEquals(level(brain)[1 - at], 0);
    }
    // The other region has got the option with its defaults, so that the release acts on something.
    assertEquals(Object.keys(brain.region("m").spec.modulators!), [modulator]);
    assertLess(0, level(brain, "m")[at]);
    assertEquals(brain.region("n").spikeCounts, new Uint32Array(3)); // nothing but concentrations has come
    assertEquals(differences(decodeSnapshot(encodeSnapshot(brain)), brain), []);
  });
}

Deno.test("a region that has got modulators from a projection is described alike before and after saving", () => {
  const brain = new Brain();
  brain.addRegion("n", "sensory", { neurons: 3, competition: true, scaling: true, threshold: true });
  brain.connect("n", "n", { transmitter: "serotonin" });
  const loaded = decodeSnapshot(encodeSnapshot(brain));
  assertEquals(JSON.stringify(loaded.spec), JSON.stringify(brain.spec));
  brain.step();
  loaded.copyFrom(brain); // compares descriptions
  assertEquals(loaded.stepCount, 1);
});

Deno.test("spikes that release acetylcholine raise learning as a release from outside does", async () => {
  const changes = [];
  for (const inside of [true, false]) {
    const brain = new Brain();
    brain.addRegion("source", "input", { neurons: 3 });
    brain.addRegion("line", "input", { neurons: 1 });
    brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0, modulators: { acetylcholine: { tauMs: FOREVER } } });
    brain.connect("source", "n", { transmitter: "acetylcholine", weight: 0.5 });
    const plasticity = { weightMax: 1e-3, aPlus: 0.01 };
    const projection = brain.connect("line", "n", { oneToOne: true, weight: 5e-4, plasticity });
    if (inside) brain.injectSpikes("source", [0, 1, 2]);
    else brain.release("n", "acetylcholine", 1.5);
    await brain.run(3);
    await pair(brain);
    changes.push(projection.weights[0]);
  }
  assertAlmostEquals(changes[0], changes[1], 1e-9);
  assertAlmostEquals((changes[0] - 5e-4) / 1e-3, 2.5 * PAIR, 2e-6);
});

Deno.test("a projection that releases dopamine is a reward at the arrival of its spikes, byte for byte", () => {
  /** With a dopamine projection onto the region under test, or onto another one. */
  const make = (to: string) =>
    Brain.fromSpec({
      ...busy(undefined),
      regions: [
        ...busy(undefined).regions,
        { name: "vta", type: "input", neurons: 5 },
        { name: "other", type: "sensory", neurons: 1 },
      ],
      projections: [
        ...busy(undefined).projections!,
        { from: "line", to: "n", name: "critical", density: 1, plasticity: { reward: { critic: 0.2 } } },
        { from: "line", to: "other", density: 1, weight: 0, plasticity: "rstdp" },
        { from: "vta", to, name: "release", transmitter: "dopamine", weight: 0.5, delay: 4 },
      ],
    });
  const spiking = make("n"), told = make("other");
  for (const brain of [spiking, told]) brain.stimulate("line", [1], { maxRateHz: 50 });
  for (let step = 0; step < 400; step++) {
    // The same spikes in both; in one they release dopamine elsewhere, and a reward is given when they arrive.
    if (step % 60 === 30) { for (const brain of [spiking, told]) brain.injectSpikes("vta", [0, 2, 4]); }
    if (step >= 34 && step % 60 === 34) told.reward(1.5, { target: "region:n" });
    spiking.step();
    told.step();
    const levels = [spiking, told].map((brain) => brain.dopamine({ target: "region:n" }));
    assertEquals(levels[0], levels[1], `step ${step}`);
  }
  assertEquals(differences(spiking, told).filter((name) => !name.includes("line->other")), []);
  assert(spiking.projection("rstdp").dopamine! > 0.5);
});
