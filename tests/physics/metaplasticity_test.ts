/** Metaplasticity: the sliding threshold of Bienenstock, Cooper & Munro (1982). */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { PlasticitySpec } from "../../src/brain/spec.ts";
import { InputError } from "../../src/state/errors.ts";
import { measured } from "./measured.ts";
import { assertWithin, mean } from "./observe.ts";

/** Largest weight where arrivals shall move nothing. */
const MAX = 1e-3;

/** A₋ for which pairs of independent spikes balance at steps of 1 ms: A₊ Σ e^(−k/20) from 0 = A₋ Σ e^(−k/20) from 1. */
const balanced = (aPlus: number) => aPlus * (Math.exp(1 / 20) - 1) / (1 - Math.exp(-1 / 20));

/** Groups of twenty neurons that are made to fire at their rates, under forty lines at 20 Hz. */
function forced(plasticity: PlasticitySpec, ratesHz: number[]) {
  const brain = new Brain({ seed: 31 });
  brain.addRegion("line", "input", { neurons: 40 });
  brain.addRegion("n", "sensory", { neurons: 20 * ratesHz.length, inhibitory: 0 });
  const projection = brain.connect("line", "n", {
    density: 1,
    weight: MAX / 2,
    plasticity: { weightMax: MAX, ...plasticity },
  });
  brain.stimulate("line", [1], { maxRateHz: 20 });
  brain.stimulate("n", ratesHz.map((hz) => hz / 100), { maxRateHz: 100 });
  return { brain, projection };
}

Deno.test("weights grow above θ_M and shrink below it: the drift is that of r_pre r A₊τ₊ (r/θ_M − 1), and crosses zero at θ_M", async () => {
  const rates = [2, 5, 10, 15, 20, 30], aPlus = 0.0004, seconds = 30;
  for (const targetHz of [10, 20]) {
    // τ is so long that θ_M stays at the target.
    const metaplasticity = { targetHz, tauMs: 1e9, everyMs: 10 };
    const { brain, projection } = forced({ aPlus, aMinus: balanced(aPlus), metaplasticity }, rates);
    await brain.run(5000); // the neurons' rates are averaged over a second
    const before = projection.weights;
    await brain.run(1000 * seconds);
    const { weights } = projection, n = 20 * rates.length, drift = rates.map(() => 0);
    weights.forEach((w, k) => drift[Math.floor(k % n / 20)] += (w - before[k]) / MAX / 800);
    const pairs = (hz: number) => 0.020 * hz * 1000 * seconds / 1000 * aPlus / (1 - Math.exp(-1 / 20));
    rates.forEach((hz, k) => {
      const expected = pairs(hz) * (hz / targetHz - 1);
      assertAlmostEquals(
        drift[k],
        expected,
        0.1 * Math.abs(expected) + 0.06 * pairs(hz),
        `${hz} Hz, θ_M ${targetHz} Hz`,
      );
      if (hz !== targetHz) assertEquals(Math.sign(drift[k]), Math.sign(hz - targetHz), `${hz} Hz, θ_M ${targetHz} Hz`);
    });
    if (targetHz !== 10) continue;
    const zero = rates.findIndex((_, k) => drift[k + 1] > 0);
    const crossing = rates[zero] + (rates[zero + 1] - rates[zero]) * -drift[zero] / (drift[zero + 1] - drift[zero]);
    measured("metaplasticity", "rate at which the drift of weights turns, θ_M at 10 Hz", crossing, "Hz", import.meta);
  }
});

Deno.test("without metaplasticity the same amplitudes do not drift at any rate", async () => {
  const rates = [5, 10, 20, 30], aPlus = 0.0004;
  const { brain, projection } = forced({ aPlus, aMinus: balanced(aPlus) }, rates);
  await brain.run(20_000);
  const n = 20 * rates.length;
  rates.forEach((hz, group) => {
    const own = projection.weights.filter((_, k) => Math.floor(k % n / 20) === group);
    const pairs = 0.020 * hz * 20_000 / 1000 * aPlus / (1 - Math.exp(-1 / 20));
    assertLess(Math.abs(mean(own) / MAX - 0.5), 0.08 * pairs, `${hz} Hz`);
  });
});

/** One neuron that spikes at regular intervals from step 0 on; what it is on the way, every 100 ms. */
function sliding(everyMs: number, ms: number, metaplasticity: { targetHz: number; tauMs: number }) {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0 });
  brain.connect("line", "n", { oneToOne: true, plasticity: { metaplasticity: { ...metaplasticity, everyMs: 100 } } });
  const at = (key: string) => brain.arrays.get(`projection.line->n.metaplasticity.${key}`, "f32");
  const course: { rate: number; threshold: number; balance: number }[] = [];
  for (let step = 0; step < ms; step++) {
    if (step % everyMs === 0) brain.injectSpikes("n", [0]);
    brain.step();
    if ((step + 1) % 100 === 0) {
      course.push({ rate: brain.region("n").rates[0], threshold: at("threshold")[0], balance: at("balance")[0] });
    }
  }
  return { brain, course };
}

Deno.test("θ_M moves from the target to rate²/target with the time constant τ", () => {
  for (const [everyMs, targetHz, tauMs] of [[50, 5, 8000], [50, 40, 3000], [100, 10, 5000]]) {
    const { course } = sliding(everyMs, 30_000, { targetHz, tauMs });
    // The rate as it is seen every 100 ms: Σ e^(−k·interval/1 s).
    const hz = 1 / (Math.exp(everyMs / 1000) - 1), end = hz * hz / targetHz;
    const settled = 80; // 8 s: the rate has arrived within 0.1 %
    course.slice(settled).forEach(({ rate, threshold }, k) => {
      assertWithin(rate, hz, 0.002, "rate");
      const expected = end + (course[settled].threshold - end) * Math.exp(-k * 100 / tauMs);
      assertWithin(threshold, expected, 0.003, `target ${targetHz} Hz, τ ${tauMs} ms, ${k * 100} ms later`);
    });
    // From the beginning: the equation, stepped on the closed form of the rising rate.
    let theta = targetHz;
    course.forEach(({ threshold, balance }, k) => {
      const r = hz * (1 - Math.exp(-(k + 1) * 100 / 1000));
      theta += (1 - Math.exp(-100 / tauMs)) * (r * r / targetHz - theta);
      assertWithin(threshold, theta, 0.003, `step ${k}`);
      assertWithin(balance, Math.min(10, r / theta), 0.005);
    });
  }
});

Deno.test("the rate at which θ_M settles on the rate itself is the target", () => {
  const { course } = sliding(100, 40_000, { targetHz: 1 / (Math.exp(0.1) - 1), tauMs: 3000 });
  const { rate, threshold, balance } = course.at(-1)!;
  assertWithin(threshold, rate, 0.002);
  assertAlmostEquals(balance, 1, 0.003);
});

Deno.test("a silent neuron's θ_M falls to a floor and its potentiation is never more than tenfold", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0 });
  brain.connect("line", "n", {
    oneToOne: true,
    plasticity: { metaplasticity: { targetHz: 5, tauMs: 100, everyMs: 10 } },
  });
  for (let step = 0; step < 3000; step++) brain.step();
  const [threshold, balance] = ["threshold", "balance"].map((key) =>
    brain.arrays.get(`projection.line->n.metaplasticity.${key}`, "f32")
  );
  assertAlmostEquals(threshold[0], 0.05, 1e-6);
  for (let step = 0; step < 50; step++) {
    brain.injectSpikes("n", [0]);
    brain.step();
    assert(balance[0] <= 10 && threshold[0] >= Math.fround(0.05));
  }
});

Deno.test("A₊ and A₋ of the description stay as the user set them, while θ_M slides", async () => {
  const { brain } = forced({ aPlus: 0.004, aMinus: 0.003, metaplasticity: { targetHz: 10, tauMs: 1000 } }, [3, 30]);
  const before = brain.spec;
  await brain.run(5000);
  assertEquals(brain.spec, before);
  assertEquals([before.projections[0].plasticity!.aPlus, before.projections[0].plasticity!.aMinus], [0.004, 0.003]);
  const theta = brain.arrays.get("projection.line->n.metaplasticity.threshold", "f32");
  assertLess(mean(theta.subarray(0, 20)), 5);
  assertLess(30, mean(theta.subarray(20)));
});

Deno.test("under the triplet rule potentiation is multiplied by target/θ_M, and depression is left", async () => {
  const change = async (factor: number, lag: number) => {
    const brain = new Brain();
    brain.addRegion("line", "input", { neurons: 1 });
    brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0 });
    const projection = brain.connect("line", "n", {
      oneToOne: true,
      weight: MAX / 2,
      plasticity: { rule: "triplet", weightMax: MAX, metaplasticity: { targetHz: 10, tauMs: 1e9, everyMs: 1 } },
    });
    brain.arrays.get("projection.line->n.metaplasticity.threshold", "f32")[0] = 10 * factor;
    for (let step = 0; step < 120; step++) {
      if (step === 40 || step === 80) brain.injectSpikes("line", [0]);
      if (step === 41 + lag || step === 81 + lag) brain.injectSpikes("n", [0]);
      brain.step();
    }
    await brain.run(0);
    return (projection.weights[0] - Math.fround(MAX / 2)) / MAX;
  };
  // Of two pairs at +10 ms, 40 ms apart: A₃₊ e^(−10/16.8) e^(−40/114), with what a pair back leaves; A₋ e^(−30/33.7).
  const up = 6.5e-3 * (Math.exp(-10 / 16.8) + Math.exp(-50 / 16.8)) * Math.exp(-40 / 114),
    down = 7.1e-3 * Math.exp(-30 / 33.7);
  for (const factor of [0.5, 1, 2, 4]) {
    assertAlmostEquals(await change(factor, 10), up / factor - down, 3e-6, `θ_M ${factor} × target`);
  }
});

/** Neurons that see two patterns in turn: how much more each answers one of them, 0–1, and their rates. */
async function twoPatterns(metaplasticity: PlasticitySpec["metaplasticity"]) {
  const brain = new Brain({ seed: 4 }), targetHz = 10;
  brain.addRegion("line", "input", { neurons: 20 });
  brain.addRegion("n", "sensory", { neurons: 8, inhibitory: 0, noise: 2 });
  // The rule's own threshold, A₋τ₋/(A₃₊τ₊τ_y), lies at the target rate.
  const aMinus = 0.0036, a3Plus = aMinus * 33.7 / (16.8 * 114) / (targetHz / 1000);
  brain.connect("line", "n", {
    density: 1,
    weight: { uniform: [6, 10] },
    plasticity: { rule: "triplet", weightMax: 15, aPlus: 0, aMinus, a3Plus, metaplasticity },
  });
  const show = (pattern: number) => brain.stimulate("line", pattern === 0 ? [1, 0] : [0, 1], { maxRateHz: 40 });
  const answers = async () => {
    brain.freezePlasticity();
    const rates: number[][] = [];
    for (const pattern of [0, 1]) {
      show(pattern);
      await brain.run(200);
      const before = brain.region("n").spikeCounts;
      await brain.run(2000);
      rates.push(Array.from(brain.region("n").spikeCounts, (n, k) => (n - before[k]) / 2));
    }
    brain.unfreezePlasticity();
    const selectivity = rates[0].map((a, k) => Math.abs(a - rates[1][k]) / Math.max(1, a + rates[1][k]));
    return { selectivity, best: rates[0].map((a, k) => Math.max(a, rates[1][k])), rates };
  };
  const before = await answers();
  for (let k = 0; k < 320; k++) {
    show(k % 2);
    await brain.run(500);
  }
  return { before, after: await answers() };
}

Deno.test("selectivity emerges: neurons that see two patterns in turn end up answering one of them; without metaplasticity both", async () => {
  const { before, after } = await twoPatterns({ targetHz: 10, tauMs: 5000, everyMs: 100 });
  assertLess(mean(before.selectivity), 0.2);
  // Over seeds two neurons in 64 are still undecided by then.
  assert(after.selectivity.filter((s) => s > 0.8).length >= 7, `${after.selectivity}`);
  assert(after.best.every((rate) => rate > 5), `${after.best}`);
  // Not all choose the same one.
  const first = after.rates[0].filter((rate, k) => rate > after.rates[1][k]).length;
  assert(first > 0 && first < 8, `${first} of 8 choose the first`);
  const without = await twoPatterns(undefined);
  assertLess(mean(without.after.selectivity), 0.2);
  measured(
    "metaplasticity",
    "selectivity for one of two patterns (0 none, 1 complete)",
    mean(after.selectivity),
    "1",
    import.meta,
  );
  measured("metaplasticity", "the same without it", mean(without.after.selectivity), "1", import.meta);
});

Deno.test("frozen, θ_M stands still", async () => {
  const { brain } = forced({ metaplasticity: { targetHz: 10, tauMs: 1000 } }, [30]);
  const theta = brain.arrays.get("projection.line->n.metaplasticity.threshold", "f32");
  await brain.run(1000);
  brain.freezePlasticity("line->n");
  const held = theta.slice();
  await brain.run(1000);
  assertEquals(theta.slice(), held);
  brain.enablePlasticity("line->n");
  await brain.run(1000);
  assert(theta.every((x, k) => x !== held[k]));
});

Deno.test("metaplasticity is refused for rules that have no balance of potentiation and depression", () => {
  for (const rule of ["instar", "presynapticTrace"] as const) {
    assertThrows(() => forced({ rule, metaplasticity: {} }, [10]), InputError, "pair and triplet");
  }
});
