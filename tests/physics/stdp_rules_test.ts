/**
 * The STDP rules beside the pair rule, against their papers' equations stepped in double precision on the same spikes,
 * and by the effects for which they were proposed.
 */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import type { RuleName } from "../../src/biology/stdp.ts";
import { Brain } from "../../src/brain/brain.ts";
import type { PlasticitySpec, ProjectionSpec } from "../../src/brain/spec.ts";
import { InputError } from "../../src/state/errors.ts";
import { RandomStream } from "../../src/state/random.ts";
import { measured } from "./measured.ts";
import { assertWithin, mean, spikeTrains } from "./observe.ts";

/** Arrivals at one synapse and spikes of its neuron, ms. */
interface Protocol {
  arrivals: number[];
  post: number[];
  start?: number;
}

/** Largest weight of the synapses under protocol: so small that arrivals move nothing. */
const MAX = 1e-3;

/** A synapse at which nothing happens but one pair. */
const ALONE: Protocol = { arrivals: [10], post: [15] };

/** Changes of weight, relative to the largest, of independent synapses under protocols; the delay is 1 ms. */
function changes(
  plasticity: PlasticitySpec,
  protocols: Protocol[],
  { dt = 1, layout = "sparse" as "sparse" | "dense", gaba = false, after = (_: Brain) => {} } = {},
): number[] {
  const brain = new Brain({ dt }), n = protocols.length, indices = protocols.map((_, k) => k);
  brain.addRegion("line", "input", { neurons: n });
  brain.addRegion("target", "sensory", { neurons: n, inhibitory: 0 });
  const weight = protocols.map(({ start = 0.5 }) => start * MAX);
  const how: Omit<ProjectionSpec, "from" | "to"> = layout === "dense"
    ? { density: 1, layout, weight: weight[0] }
    : { pairs: { pre: indices, post: indices, weight } };
  const projection = brain.connect("line", "target", {
    ...how,
    ...gaba && { transmitter: "gaba", source: "all" },
    plasticity: { weightMax: MAX, ...plasticity },
  });
  const steps = (times: number[], shift: number) => new Set(times.map((t) => Math.round((t - shift) / dt)));
  const pre = protocols.map((p) => steps(p.arrivals, 1)), post = protocols.map((p) => steps(p.post, 0));
  const last = Math.max(...protocols.flatMap((p) => [...p.arrivals, ...p.post]));
  for (let step = 0; step <= last / dt + 1; step++) {
    brain.injectSpikes("line", indices.filter((k) => pre[k].has(step)));
    brain.injectSpikes("target", indices.filter((k) => post[k].has(step)));
    brain.step();
  }
  assertEquals(Array.from(brain.region("target").spikeCounts), post.map((set) => set.size));
  after(brain);
  const { weights } = projection;
  return indices.map((k) => (weights[layout === "dense" ? k * n + k : k] - Math.fround(weight[k])) / MAX);
}

/** The parameters of all rules, in plain view. */
interface Numbers {
  aPlus: number;
  aMinus: number;
  a3Plus: number;
  a3Minus: number;
  tauPlusMs: number;
  tauMinusMs: number;
  tauXMs: number;
  tauYMs: number;
  traceTarget: number;
  targetHz: number;
  softness: number;
}

/** One synapse by the equations of the papers, event by event; an arrival comes before a spike of the same step. */
function reference(rule: RuleName, p: Numbers, { arrivals, post, start = 0.5 }: Protocol, nearest = false): number {
  /** A trace at a time: exponentials since the events before it. */
  const trace = (events: number[], now: number, tau: number, also: boolean) => {
    const past = events.filter((t) => t < now - 1e-9 || (also && t < now + 1e-9)).map((t) =>
      Math.exp(-(now - t) / tau)
    );
    return nearest ? Math.max(0, ...past) : past.reduce((a, b) => a + b, 0);
  };
  let w = start;
  const change = (dw: number) => {
    w = Math.max(0, Math.min(1, w + dw * (dw > 0 ? 1 - w : w) ** p.softness));
  };
  const events = [...arrivals.map((t) => ({ t, pre: true })), ...post.map((t) => ({ t, pre: false }))];
  events.sort((a, b) => a.t - b.t || Number(b.pre) - Number(a.pre));
  for (const { t, pre } of events) {
    const x = trace(arrivals, t, p.tauPlusMs, true), y = trace(post, t, p.tauMinusMs, false);
    if (rule === "triplet") {
      // Pfister & Gerstner 2006, eqs. 3 and 4: r₁ = x, o₁ = y; the slow ones just before the event.
      const r2 = trace(arrivals, t, p.tauXMs, false), o2 = trace(post, t, p.tauYMs, false);
      change(pre ? -y * (p.aMinus + p.a3Minus * r2) : x * (p.aPlus + p.a3Plus * o2));
    } else if (rule === "presynapticTrace") {
      if (!pre) change(p.aPlus * (x - p.traceTarget));
    } else if (rule === "instar") {
      if (!pre) change(p.aPlus * (x - w));
    } else if (rule === "inhibitory") {
      // Vogels et al. 2011: at each presynaptic spike η (x_post − α), α = 2 ρ₀ τ; at each postsynaptic one η x_pre.
      change(pre ? p.aPlus * (y - 2 * p.targetHz / 1000 * p.tauMinusMs) : p.aPlus * x);
    } else change(pre ? -p.aMinus * y : p.aPlus * x);
  }
  return w - start;
}

/** Parameters with which each rule is tested: none has its default. */
const PARAMETERS: Record<Exclude<RuleName, "pair">, Partial<Numbers>> = {
  triplet: {
    aPlus: 0.004,
    aMinus: 0.005,
    a3Plus: 0.006,
    a3Minus: 0.003,
    tauPlusMs: 15,
    tauMinusMs: 30,
    tauXMs: 90,
    tauYMs: 120,
  },
  presynapticTrace: { aPlus: 0.02, traceTarget: 0.6, tauPlusMs: 25 },
  instar: { aPlus: 0.05, tauPlusMs: 30 },
  inhibitory: { aPlus: 0.02, targetHz: 8, tauPlusMs: 20, tauMinusMs: 25 },
};

const full = (p: Partial<Numbers>): Numbers => ({
  ...{ aPlus: 0, aMinus: 0, a3Plus: 0, a3Minus: 0, tauPlusMs: 20, tauMinusMs: 20, tauXMs: 100, tauYMs: 100 },
  ...{ traceTarget: 0, targetHz: 0, softness: 0 },
  ...p,
});

/** Independent random trains of 400 ms, coincidences and neighbours included. */
function randomProtocols(n: number, seed: number): Protocol[] {
  const random = new RandomStream(seed, "protocols");
  const train = (hz: number) => Array.from({ length: 400 }, (_, k) => k + 5).filter(() => random.uniform() < hz / 1000);
  return Array.from({ length: n }, (_, k) => ({
    arrivals: train(10 + 10 * (k % 5)),
    post: train(10 + 7 * (k % 6)),
    start: 0.2 + 0.6 * random.uniform(),
  }));
}

for (const [rule, parameters] of Object.entries(PARAMETERS) as [Exclude<RuleName, "pair">, Partial<Numbers>][]) {
  const gaba = rule === "inhibitory";

  Deno.test(`${rule}: weights on random trains are those of the paper's equations, for all and nearest pairing`, () => {
    for (const pairing of ["all", "nearest"] as const) {
      const protocols = randomProtocols(24, 1);
      const measuredChanges = changes({ rule, pairing, ...parameters }, protocols, { gaba });
      const expected = protocols.map((p) => reference(rule, full(parameters), p, pairing === "nearest"));
      expected.forEach((x, k) => assertAlmostEquals(measuredChanges[k], x, 2e-5, `${pairing}, protocol ${k}`));
      assertLess(0.008, mean(expected.map(Math.abs)));
    }
  });

  Deno.test(`${rule}: dense synapses and dt 0.5 ms give the same`, () => {
    const protocols = randomProtocols(6, 2).map((p) => ({ ...p, start: 0.5 }));
    const expected = protocols.map((p) => reference(rule, full(parameters), p));
    const dense = changes({ rule, ...parameters }, protocols, { layout: "dense", gaba });
    const fine = changes({ rule, ...parameters }, protocols, { dt: 0.5, gaba });
    expected.forEach((x, k) => {
      assertAlmostEquals(dense[k], x, 2e-5, `dense, protocol ${k}`);
      assertAlmostEquals(fine[k], x, 2e-5, `dt 0.5 ms, protocol ${k}`);
    });
  });
}

Deno.test("softness scales potentiation and depression of the rules that read it, and is refused by the others", () => {
  for (const rule of ["triplet", "presynapticTrace"] as const) {
    for (const softness of [0.4, 1, 2]) {
      const p = { ...PARAMETERS[rule], softness }, protocols = randomProtocols(12, 3);
      const soft = changes({ rule, ...p }, protocols), hard = changes({ rule, ...PARAMETERS[rule] }, protocols);
      protocols.forEach((protocol, k) =>
        assertAlmostEquals(soft[k], reference(rule, full(p), protocol), 2e-5, `${rule}, μ ${softness}, protocol ${k}`)
      );
      assertLess(0.005, mean(soft.map((x, k) => Math.abs(x - hard[k]))));
    }
  }
  for (const rule of ["instar", "inhibitory"] as const) {
    assertThrows(
      () => changes({ rule, softness: 1 }, [ALONE], { gaba: rule === "inhibitory" }),
      InputError,
      "softness",
    );
  }
});

/** Sixty pairs at a frequency, the postsynaptic spike `lag` ms after the arrival. */
function pairings(hz: number, lag: number): Protocol {
  const arrivals = Array.from({ length: 60 }, (_, k) => 100 + Math.round(1000 * k / hz));
  return { arrivals, post: arrivals.map((t) => t + lag) };
}

Deno.test("triplet: pairs at +10 ms potentiate more the higher their frequency, as in visual cortex; pair STDP does not", () => {
  const frequencies = [1, 10, 20, 40];
  // Pfister & Gerstner 2006, table 4: all-to-all, minimal, visual cortex. These are the rule's defaults.
  const cortex = full({ aMinus: 7.1e-3, a3Plus: 6.5e-3, tauPlusMs: 16.8, tauMinusMs: 33.7, tauYMs: 114 });
  for (const lag of [10, -10]) {
    const protocols = frequencies.map((hz) => ({ ...pairings(hz, lag), start: 0.3 }));
    const triplet = changes({ rule: "triplet" }, protocols);
    protocols.forEach((protocol, k) =>
      assertAlmostEquals(
        triplet[k],
        reference("triplet", cortex, protocol),
        5e-5,
        `${frequencies[k]} Hz, lag ${lag} ms`,
      )
    );
    if (lag < 0) {
      // Post before pre depresses at low frequencies and potentiates at high ones.
      assert(triplet[0] < -0.1 && triplet[3] > 0.1, `${triplet}`);
      continue;
    }
    for (let k = 1; k < 4; k++) assertLess(triplet[k - 1], triplet[k], `${frequencies[k]} Hz: ${triplet}`);
    assertLess(Math.abs(triplet[0]), 0.02);
    assertLess(0.3, triplet[3]);
    const pair = changes({ aPlus: 0.005, aMinus: 0.00525 }, protocols);
    assertLess(pair[3], pair[0]);
    measured("stdp", "triplet rule: change by 60 pairs at +10 ms, 1 Hz", triplet[0], "of weightMax", import.meta);
    measured("stdp", "triplet rule: change by 60 pairs at +10 ms, 40 Hz", triplet[3], "of weightMax", import.meta);
  }
});

Deno.test("triplet: reward turns into weight what the rule would have done", () => {
  const protocols = [20, 40].flatMap((hz) => [10, -10].map((lag) => ({ ...pairings(hz, lag), start: 0.4 })));
  const plain = changes({ rule: "triplet" }, protocols);
  const reward = { tauEligibilityMs: 1e6, tauDopamineMs: 100, learningRate: 1 };
  assertEquals(changes({ rule: "triplet", reward }, protocols), [0, 0, 0, 0]);
  const rewarded = changes({ rule: "triplet", reward }, protocols, {
    after: (brain) => {
      brain.reward(2); // ∫ D dt = 0.2 s
      for (let step = 0; step < 2000; step++) brain.step();
    },
  });
  rewarded.forEach((x, k) => assertWithin(x, 0.2 * plain[k], 0.01, `protocol ${k}`));
  assertLess(0.01, Math.abs(rewarded[0]));
});

Deno.test("presynapticTrace: a postsynaptic spike potentiates above traceTarget and depresses below it, by A₊ (x − target)", () => {
  const lags = [0, 5, 10, 15, 20, 25, 30, 60], target = 0.4, tau = 20;
  const got = changes({ rule: "presynapticTrace", aPlus: 0.05, traceTarget: target, tauPlusMs: tau }, [
    ...lags.map((lag) => ({ arrivals: [50], post: [50 + lag] })),
    { arrivals: [], post: [50] },
    { arrivals: [50, 60], post: [] },
  ]);
  lags.forEach((lag, k) => assertAlmostEquals(got[k], 0.05 * (Math.exp(-lag / tau) - target), 1e-6, `lag ${lag} ms`));
  assert(got[3] > 0 && got[4] < 0, "18.3 ms divide potentiation from depression");
  assertAlmostEquals(got[8], -0.05 * target, 1e-6);
  assertEquals(got[9], 0);
});

/** Poisson lines of different rates onto neurons that are made to spike at random. */
function poisson(plasticity: PlasticitySpec, linesHz: number[], postHz: number, seed: number) {
  const brain = new Brain({ seed }), n = linesHz.length;
  brain.addRegion("line", "input", { neurons: n });
  brain.addRegion("target", "sensory", { neurons: 8, inhibitory: 0 });
  const projection = brain.connect("line", "target", {
    density: 1,
    weight: { uniform: [0, MAX] },
    plasticity: { weightMax: MAX, ...plasticity },
  });
  brain.stimulate("line", linesHz.map((hz) => hz / 100), { maxRateHz: 100 });
  brain.stimulate("target", [1], { maxRateHz: postHz });
  return { brain, projection };
}

Deno.test("instar: weights converge to the mean presynaptic trace at postsynaptic spikes, from wherever they began", async () => {
  const linesHz = [2, 5, 10, 20, 30, 40], tau = 20;
  const { brain, projection } = poisson({ rule: "instar", aPlus: 0.004, tauPlusMs: tau }, linesHz, 40, 5);
  const { recording } = await brain.run(40_000, { record: { spikes: ["line", "target"] } });
  const lines = spikeTrains(recording!, "line", 6), targets = spikeTrains(recording!, "target", 8);
  linesHz.forEach((hz, i) => {
    // What the traces were, at each spike of each target; the last ones weigh most, as (1 − A₊)ᵏ.
    const averages = targets.map((spikes) => {
      let w = 0.5;
      for (const t of spikes) {
        const x = lines[i].filter((s) => s + 1 <= t && s > t - 15 * tau).reduce(
          (sum, s) => sum + Math.exp(-(t - s - 1) / tau),
          0,
        );
        w += 0.004 * (x - w);
      }
      return w;
    });
    for (let j = 0; j < 8; j++) {
      assertAlmostEquals(
        projection.weights[i * 8 + j] / MAX,
        Math.min(1, averages[j]),
        0.002,
        `line at ${hz} Hz, ${j}`,
      );
    }
    const expected = hz / 1000 / (1 - Math.exp(-1 / tau)),
      got = mean(averages.map((_, j) => projection.weights[i * 8 + j] / MAX));
    assertAlmostEquals(got, expected, 0.1 * expected + 0.03, `line at ${hz} Hz`);
  });
});

Deno.test("inhibitory: the postsynaptic rate converges to the target from weak and from strong inhibition", async () => {
  const settle = async (targetHz: number, weight: number, plastic: boolean) => {
    const brain = new Brain({ seed: 9 });
    brain.addRegion("line", "input", { neurons: 300 });
    brain.addRegion("target", "sensory", { neurons: 6, inhibitory: 0, noise: 4 });
    brain.connect("line", "target", {
      density: 1,
      weight,
      transmitter: "gaba",
      source: "all",
      receptor: "gabaA",
      ...plastic && { plasticity: { rule: "inhibitory", weightMax: 0.05, aPlus: 0.01, targetHz } },
    });
    brain.stimulate("line", [1], { maxRateHz: 20 });
    brain.injectCurrent("target", 14);
    await brain.run(20_000);
    const before = brain.region("target").spikeCounts;
    await brain.run(20_000);
    return Array.from(brain.region("target").spikeCounts, (n, k) => (n - before[k]) / 20);
  };
  for (const targetHz of [5, 10]) {
    for (const weight of [0, 0.035]) {
      const rates = await settle(targetHz, weight, true);
      assertWithin(mean(rates), targetHz, 0.1, `target ${targetHz} Hz from weight ${weight}: ${rates}`);
      rates.forEach((rate) => assertWithin(rate, targetHz, 0.3, `${rates}`));
      if (targetHz === 5 && weight === 0) {
        measured("stdp", "inhibitory rule: rate at a target of 5 Hz", mean(rates), "Hz", import.meta);
      }
    }
  }
  const weak = mean(await settle(5, 0, false)), strong = mean(await settle(5, 0.035, false));
  assertLess(20, weak);
  assertLess(strong, 2);
  measured("stdp", "inhibitory rule: rate without it", weak, "Hz", import.meta);
});

Deno.test("every rule stops at 0 and the largest weight, sparse and dense", async () => {
  for (const rule of ["triplet", "presynapticTrace", "instar"] as const) {
    const violent = rule === "triplet" ? { aPlus: 0.5, a3Plus: 0.5, aMinus: 0.5 } : { aPlus: 0.9 };
    const { brain, projection } = poisson({ rule, ...violent }, [20, 50, 100], 50, 6);
    await brain.run(2000);
    const { weights } = projection;
    assert(weights.every((w) => w >= 0 && w <= Math.fround(MAX)), rule);
    assert(weights.some((w) => w === 0) || weights.some((w) => w === Math.fround(MAX)), `${rule} met a bound`);
  }
});

Deno.test("frozen, no rule changes a weight, and traces go on", async () => {
  for (const rule of Object.keys(PARAMETERS) as RuleName[]) {
    if (rule === "inhibitory") continue;
    const { brain, projection } = poisson({ rule }, [50, 50], 50, 7);
    brain.freezePlasticity();
    const before = projection.weights;
    await brain.run(300);
    assertEquals(projection.weights, before, rule);
    assert(brain.arrays.get("projection.line->target.preTrace", "f32").some((x) => x > 0));
    brain.unfreezePlasticity();
    await brain.run(300);
    assert(projection.weights.some((w, k) => w !== before[k]), rule);
  }
});

Deno.test("a rule refuses the parameters that it does not read, and the inhibitory one other transmitters", () => {
  assertThrows(() => changes({ rule: "pair", a3Plus: 0.1 }, [ALONE]), InputError, "a3Plus");
  assertThrows(() => changes({ rule: "instar", aMinus: 0.1 }, [ALONE]), InputError, "aMinus");
  assertThrows(() => changes({ rule: "inhibitory" }, [ALONE], { gaba: false }), InputError, "gaba");
  assertThrows(() => changes({ rule: "triplets" as RuleName }, [ALONE]), InputError, "triplet");
});
