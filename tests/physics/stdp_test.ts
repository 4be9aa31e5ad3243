/** Pair STDP: the window measured pair by pair, bounds, drift and the weight distributions that follow. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertThrows } from "@std/assert";
import { STDP } from "../../src/biology/stdp.ts";
import { Brain } from "../../src/brain/brain.ts";
import type { PlasticitySpec, ProjectionSpec } from "../../src/brain/spec.ts";
import { measured } from "./measured.ts";
import { assertWithin, mean } from "./observe.ts";

/** Spike times of the two neurons of one synapse, ms. */
interface Protocol {
  pre: number[];
  post: number[];
  /** Axonal delay, ms (default 1). */
  delay?: number;
  /** Initial weight relative to the largest (default ½). */
  start?: number;
}

/** Largest weight of the synapses under protocol, mV: so small that a spike that arrives moves nothing. */
const MAX = 1e-3;

/**
 * Changes of weight, relative to the largest weight, of independent synapses under protocols: synapse k joins line k to
 * neuron k, and both are made to spike at the times of `protocols[k]`.
 */
function changes(
  plasticity: PlasticitySpec,
  protocols: Protocol[],
  { dt = 1, layout = "sparse" as "sparse" | "dense" } = {},
): number[] {
  const brain = new Brain({ dt }), n = protocols.length, indices = protocols.map((_, k) => k);
  brain.addRegion("line", "input", { neurons: n });
  brain.addRegion("target", "sensory", { neurons: n, inhibitory: 0 });
  const weight = protocols.map(({ start = 0.5 }) => start * MAX);
  const delay = protocols.map(({ delay = 1 }) => delay);
  const connect: Omit<ProjectionSpec, "from" | "to"> = layout === "dense"
    ? { density: 1, layout, weight: weight[0], delay: delay[0] }
    : { pairs: { pre: indices, post: indices, weight, delay } };
  const projection = brain.connect("line", "target", { ...connect, plasticity: { weightMax: MAX, ...plasticity } });
  const steps = (times: number[]) => new Set(times.map((t) => Math.round(t / dt)));
  const pre = protocols.map((p) => steps(p.pre)), post = protocols.map((p) => steps(p.post));
  const last = Math.max(...protocols.flatMap((p) => [...p.pre, ...p.post])) + Math.max(...delay);
  for (let step = 0; step <= last / dt + 1; step++) {
    brain.injectSpikes("line", indices.filter((k) => pre[k].has(step)));
    brain.injectSpikes("target", indices.filter((k) => post[k].has(step)));
    brain.step();
  }
  // Only what was asked for has spiked.
  assertEquals(Array.from(brain.region("line").spikeCounts), pre.map((set) => set.size));
  assertEquals(Array.from(brain.region("target").spikeCounts), post.map((set) => set.size));
  const { weights } = projection;
  return indices.map((k) => (weights[layout === "dense" ? k * n + k : k] - Math.fround(weight[k])) / MAX);
}

/** One pair whose postsynaptic spike follows the *arrival* by `lag` ms (negative: comes before it). */
function pair(lag: number, delay = 1): Protocol {
  return { pre: [200], post: [200 + delay + lag], delay };
}

const AMPLITUDES = { aPlus: 0.01, aMinus: 0.012, tauPlusMs: 17, tauMinusMs: 34 };
const LAGS = [1, 2, 5, 10, 20, 40, 80];

/** A₊ exp(−Δt/τ₊) or −A₋ exp(Δt/τ₋). */
function window(lag: number, { aPlus, aMinus, tauPlusMs, tauMinusMs } = AMPLITUDES): number {
  return lag >= 0 ? aPlus * Math.exp(-lag / tauPlusMs) : -aMinus * Math.exp(lag / tauMinusMs);
}

Deno.test("STDP potentiates when pre leads post by 10 ms and depresses when post leads pre by 10 ms", () => {
  const [up, down] = changes({}, [{ pre: [50], post: [60] }, { pre: [60], post: [50] }]);
  assertLess(0.005, up);
  assertLess(down, -0.005);
  measured("stdp", "change by one pair, arrival 9 ms before the spike", up, "of weightMax", import.meta);
  measured("stdp", "change by one pair, arrival 11 ms after the spike", down, "of weightMax", import.meta);
});

for (const layout of ["sparse", "dense"] as const) {
  Deno.test(`the window is A exp(−|Δt|/τ) on both sides, measured pair by pair on ${layout} synapses at dt 1, 0.5 and 0.1 ms`, () => {
    const lags = [...LAGS, ...LAGS.map((lag) => -lag)];
    for (const dt of [1, 0.5, 0.1]) {
      const found = changes(AMPLITUDES, lags.map((lag) => pair(lag)), { dt, layout });
      lags.forEach((lag, k) => assertAlmostEquals(found[k], window(lag), 2e-6, `Δt ${lag} ms, dt ${dt} ms`));
    }
  });
}

Deno.test("the default window is that of the parameter table", () => {
  const { aPlus, aMinus, tauPlusMs, tauMinusMs } = STDP;
  const values = {
    aPlus: aPlus.default,
    aMinus: aMinus.default,
    tauPlusMs: tauPlusMs.default,
    tauMinusMs: tauMinusMs.default,
  };
  const found = changes({}, [pair(10), pair(-10)]);
  assertAlmostEquals(found[0], window(10, values), 2e-6);
  assertAlmostEquals(found[1], window(-10, values), 2e-6);
});

Deno.test("the axonal delay shifts the window: what counts is the arrival", () => {
  for (const delay of [1, 5, 20, 60]) {
    const lags = [-30, -10, -1, 0, 1, 10, 30];
    const found = changes(AMPLITUDES, lags.map((lag) => pair(lag, delay)));
    lags.forEach((lag, k) => assertAlmostEquals(found[k], window(lag), 2e-6, `delay ${delay} ms, Δt ${lag} ms`));
  }
  // The same two spikes, 10 ms apart at the somata, potentiate through a short axon and depress through a long one.
  const [short, long] = changes(AMPLITUDES, [
    { pre: [100], post: [110], delay: 4 },
    { pre: [100], post: [110], delay: 16 },
  ]);
  assertAlmostEquals(short, window(6), 2e-6);
  assertAlmostEquals(long, window(-6), 2e-6);
});

Deno.test("two terminals of one axon with different delays learn each by its own arrivals", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("target", "sensory", { neurons: 1, inhibitory: 0 });
  const projection = brain.connect("line", "target", {
    pairs: { pre: [0, 0, 0], post: [0, 0, 0], weight: [MAX / 2, MAX / 2, MAX / 2], delay: [2, 9, 25] },
    plasticity: { weightMax: MAX, ...AMPLITUDES },
  });
  for (let step = 0; step < 60; step++) {
    if (step === 10) brain.injectSpikes("line", [0]);
    if (step === 25) brain.injectSpikes("target", [0]);
    brain.step();
  }
  const { weight, delay } = projection.synapseTable();
  assertEquals([...delay], [2, 9, 25]);
  [13, 6, -10].forEach((lag, k) => assertAlmostEquals(weight[k] / MAX - 0.5, window(lag), 2e-6, `delay ${delay[k]}`));
});

Deno.test("an arrival in the step of the postsynaptic spike potentiates by A₊ and does not depress", () => {
  for (const layout of ["sparse", "dense"] as const) {
    const [change] = changes(AMPLITUDES, [pair(0), pair(0)], { layout });
    assertAlmostEquals(change, AMPLITUDES.aPlus, 2e-6, layout);
  }
});

Deno.test("a spike alone, on either side, changes nothing", () => {
  assertEquals(changes(AMPLITUDES, [{ pre: [10, 30], post: [] }, { pre: [], post: [10, 30] }]), [0, 0]);
});

Deno.test("all-to-all pairing adds the window over all pairs; nearest pairing takes the last", () => {
  const several = [
    { pre: [101, 106, 113], post: [120] },
    { pre: [120], post: [101, 106, 113] },
    { pre: [100, 110, 120], post: [105, 115, 125] },
  ];
  const all = changes({ ...AMPLITUDES, pairing: "all" }, several);
  const nearest = changes({ ...AMPLITUDES, pairing: "nearest" }, several);
  several.forEach(({ pre, post }, k) => {
    let sum = 0, last = 0;
    for (const t of post) {
      const lags = pre.map((s) => t - (s + 1)).filter((lag) => lag >= 0);
      for (const lag of lags) sum += window(lag);
      if (lags.length > 0) last += window(Math.min(...lags));
    }
    for (const s of pre) {
      const lags = post.map((t) => t - (s + 1)).filter((lag) => lag < 0);
      for (const lag of lags) sum += window(lag);
      if (lags.length > 0) last += window(Math.max(...lags));
    }
    assertAlmostEquals(all[k], sum, 5e-6, `all, protocol ${k}`);
    assertAlmostEquals(nearest[k], last, 5e-6, `nearest, protocol ${k}`);
    assertLess(0.003, Math.abs(sum - last)); // the protocols tell the two apart
  });
});

Deno.test("the window is the same late in a run, after traces have been rescaled many times", () => {
  // Traces share clocks that restart every 8 τ: pairs are put at, just before, just after and across restarts.
  const plasticity = { aPlus: 0.01, aMinus: 0.012, tauPlusMs: 10, tauMinusMs: 10 };
  const starts = [78, 79, 80, 81, 395, 399, 400, 800 - 6, 4000 - 3, 4000, 12_345];
  const found = changes(
    plasticity,
    starts.flatMap((t) => [{ pre: [t - 1], post: [t + 5] }, { pre: [t + 4], post: [t] }]),
  );
  starts.forEach((t, k) => {
    assertAlmostEquals(found[2 * k], window(5, plasticity), 2e-6, `potentiation at ${t} ms`);
    assertAlmostEquals(found[2 * k + 1], window(-5, plasticity), 2e-6, `depression at ${t} ms`);
  });
});

Deno.test("hard bounds: weights reach 0 and the largest weight exactly, and stay between", () => {
  const times = Array.from({ length: 200 }, (_, k) => 20 + 100 * k), later = times.map((t) => t + 6);
  const [up, down] = changes({}, [{ pre: times, post: later }, { pre: later, post: times }]);
  assertEquals(up, (Math.fround(MAX) - Math.fround(MAX / 2)) / MAX);
  assertEquals(down, -Math.fround(MAX / 2) / MAX);
});

Deno.test("Dale: no weight leaves the range from 0 to the largest under violent plasticity", async () => {
  for (const softness of [0, 0.5, 1, 3]) {
    const brain = new Brain({ seed: 8 });
    brain.addRegion("line", "input", { neurons: 30 });
    brain.addRegion("target", "sensory", { neurons: 30, inhibitory: 0 });
    const plasticity = { weightMax: 0.7, aPlus: 1, aMinus: 1, softness };
    for (const layout of ["sparse", "dense"] as const) {
      brain.connect("line", "target", { name: layout, layout, density: 1, weight: { uniform: [0, 0.7] }, plasticity });
    }
    brain.stimulate("line", [1], { maxRateHz: 50 });
    brain.stimulate("target", [1], { maxRateHz: 50 });
    for (let k = 0; k < 10; k++) {
      await brain.run(50);
      for (const { weights } of brain.projections) {
        assert(weights.every((w) => w >= 0 && w <= Math.fround(0.7)), `softness ${softness}`);
      }
    }
    assertLess(0.05, mean(brain.projections[0].weights.map((w) => Math.abs(w - 0.35))));
  }
});

Deno.test("softness μ scales potentiation by (1 − w/w_max)^μ and depression by (w/w_max)^μ", () => {
  const starts = [0.05, 0.25, 0.5, 0.75, 0.95];
  for (const softness of [0, 0.3, 1, 2]) {
    const up = changes({ ...AMPLITUDES, softness }, starts.map((start) => ({ ...pair(10), start })));
    const down = changes({ ...AMPLITUDES, softness }, starts.map((start) => ({ ...pair(-10), start })));
    starts.forEach((start, k) => {
      assertAlmostEquals(up[k], window(10) * (1 - start) ** softness, 2e-6, `up from ${start}, μ ${softness}`);
      assertAlmostEquals(down[k], window(-10) * start ** softness, 2e-6, `down from ${start}, μ ${softness}`);
    });
  }
});

Deno.test("an anti-Hebbian window, with negative amplitudes, is the mirror image", () => {
  const { aPlus, aMinus } = AMPLITUDES;
  const found = changes({ ...AMPLITUDES, aPlus: -aPlus, aMinus: -aMinus }, [pair(10), pair(-10)]);
  assertAlmostEquals(found[0], -window(10), 2e-6);
  assertAlmostEquals(found[1], -window(-10), 2e-6);
});

/** Mean change of all weights, relative to the largest, and its prediction, for independent Poisson trains. */
async function poissonDrift(plasticity: PlasticitySpec, ms: number, preHz: number, postHz: number, seed: number) {
  const brain = new Brain({ seed }), n = 60;
  brain.addRegion("line", "input", { neurons: n });
  brain.addRegion("target", "sensory", { neurons: n, inhibitory: 0 });
  const projection = brain.connect("line", "target", {
    density: 1,
    weight: MAX / 2,
    plasticity: { weightMax: MAX, ...plasticity },
  });
  brain.stimulate("line", [1], { maxRateHz: preHz });
  brain.stimulate("target", [1], { maxRateHz: postHz });
  await brain.run(ms);
  const seconds = ms / 1000;
  assertWithin(
    brain.region("target").spikeCounts.reduce((a, b) => a + b, 0),
    n * postHz * seconds,
    0.05,
    "post spikes",
  );
  const { aPlus = 0, aMinus = 0, tauPlusMs = 20, tauMinusMs = 20 } = plasticity;
  // Rates in 1/ms. The window is a sum over steps: Δt = 0, 1, 2 … on the side of potentiation, 1, 2 … on the other.
  const plus = aPlus / (1 - Math.exp(-1 / tauPlusMs)), minus = aMinus / (Math.exp(1 / tauMinusMs) - 1);
  const pairs = preHz / 1000 * postHz / 1000 * ms;
  return {
    drift: mean(projection.weights) / MAX - 0.5,
    predicted: pairs * (plus - minus),
    continuous: pairs * (aPlus * tauPlusMs - aMinus * tauMinusMs),
    potentiation: pairs * plus,
  };
}

Deno.test("under uncorrelated Poisson input weights drift with r_pre r_post (A₊τ₊ − A₋τ₋)", async () => {
  const cases = [
    { aPlus: 0.002, aMinus: 0 },
    { aPlus: 0, aMinus: 0.002 },
    { aPlus: 0.002, aMinus: 0.004 },
    { aPlus: 0.003, aMinus: 0.002, tauPlusMs: 15, tauMinusMs: 45 },
    { aPlus: 0.004, aMinus: 0.002, tauPlusMs: 20, tauMinusMs: 10 },
  ];
  for (const plasticity of cases) {
    const { drift, predicted, continuous } = await poissonDrift(plasticity, 8000, 20, 30, 11);
    assertWithin(drift, predicted, 0.08, JSON.stringify(plasticity));
    assertWithin(predicted, continuous, 0.2); // steps of 1 ms are coarse against τ, but the sign and size are those
  }
});

Deno.test("balanced STDP does not drift under uncorrelated Poisson input", async () => {
  const balanced = 0.002 * (Math.exp(1 / 20) - 1) / (1 - Math.exp(-1 / 20));
  const { drift, predicted, potentiation } = await poissonDrift({ aPlus: 0.002, aMinus: balanced }, 8000, 20, 30, 12);
  assertLess(Math.abs(predicted), 1e-12);
  assertLess(Math.abs(drift), 0.06 * potentiation);
});

/** Shares of the weights in each fifth of their range after 100 Poisson inputs have driven three neurons for a time. */
async function driven(softness: number, ms: number): Promise<number[]> {
  const brain = new Brain({ seed: 13 }), weightMax = 4;
  brain.addRegion("line", "input", { neurons: 100 });
  brain.addRegion("target", "sensory", { neurons: 3, inhibitory: 0 });
  const projection = brain.connect("line", "target", {
    density: 1,
    weight: { uniform: [0.2 * weightMax, 0.8 * weightMax] },
    plasticity: { weightMax, aPlus: 0.01, aMinus: 0.012, softness },
  });
  brain.stimulate("line", [1], { maxRateHz: 20 });
  await brain.run(ms);
  for (const count of brain.region("target").spikeCounts) {
    const rate = 1000 * count / ms;
    assert(rate > 1 && rate < 30, `a target neuron fires at ${rate} Hz`);
  }
  const shares = new Array<number>(5).fill(0);
  const { weights } = projection;
  for (const w of weights) shares[Math.min(4, Math.floor(5 * w / weightMax))] += 1 / weights.length;
  return shares;
}

Deno.test("additive STDP splits the weights into weak and strong ones, multiplicative STDP gathers them round one value", async () => {
  const additive = await driven(0, 200_000);
  const middle = Math.max(additive[1], additive[2], additive[3]);
  assertLess(2 * middle, Math.min(additive[0], additive[4]), `additive: shares by fifths ${additive}`);
  const multiplicative = await driven(1, 60_000);
  assertLess(0.9, multiplicative[2], `multiplicative: shares by fifths ${multiplicative}`);
  assertEquals(multiplicative[0] + multiplicative[4], 0);
  measured(
    "stdp",
    "additive: share of weights in the outer fifths of their range",
    additive[0] + additive[4],
    "1",
    import.meta,
  );
  measured("stdp", "multiplicative: the same", multiplicative[0] + multiplicative[4], "1", import.meta);
});

Deno.test("STDP changes weights without any dopamine", async () => {
  const brain = new Brain({ seed: 14 });
  brain.addRegion("line", "input", { neurons: 10 });
  brain.addRegion("target", "sensory", { neurons: 10, inhibitory: 0 });
  const projection = brain.connect("line", "target", { density: 0.5, plasticity: "stdp" });
  const before = projection.weights;
  brain.stimulate("line", [1]);
  await brain.run(2000);
  assertLess(0, brain.region("target").spikeCounts.reduce((a, b) => a + b, 0));
  assertEquals(projection.dopamine, undefined);
  assertThrows(() => brain.reward(1), RangeError, "no projection learns from reward");
  const moved = projection.weights.filter((w, k) => w !== before[k]).length;
  assert(moved > 0.9 * before.length, `${moved} of ${before.length} weights moved`);
});

Deno.test("freezing stops every change of weight until it is undone, for all projections or for one", async () => {
  const brain = new Brain({ seed: 15 });
  brain.addRegion("line", "input", { neurons: 10 });
  brain.addRegion("target", "sensory", { neurons: 10, inhibitory: 0 });
  const a = brain.connect("line", "target", { name: "a", density: 1, plasticity: "stdp" });
  const b = brain.connect("line", "target", { name: "b", density: 0.5, plasticity: "stdp" });
  brain.stimulate("line", [1], { maxRateHz: 40 });
  const moved = async (): Promise<[boolean, boolean]> => {
    const before = [a.weights, b.weights];
    await brain.run(1000);
    return [a, b].map(({ weights }, p) => weights.some((w, k) => w !== before[p][k])) as [boolean, boolean];
  };
  assertEquals(await moved(), [true, true]);
  brain.freezePlasticity();
  assertEquals([a.plastic, b.plastic], [false, false]);
  assertEquals(await moved(), [false, false]);
  assertEquals(await moved(), [false, false]);
  brain.enablePlasticity("b");
  assertEquals(await moved(), [false, true]);
  brain.unfreezePlasticity();
  assertEquals(await moved(), [true, true]);
  brain.freezePlasticity("a");
  assertEquals(await moved(), [false, true]);
});

Deno.test("freezing forgets nothing: a pair that straddles the thaw counts", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("target", "sensory", { neurons: 1, inhibitory: 0 });
  const plasticity = { weightMax: MAX, ...AMPLITUDES };
  const projection = brain.connect("line", "target", { oneToOne: true, weight: MAX / 2, plasticity });
  brain.freezePlasticity();
  for (let step = 0; step < 40; step++) {
    if (step === 10) brain.injectSpikes("line", [0]); // arrives at 11
    if (step === 15) brain.unfreezePlasticity();
    if (step === 21) brain.injectSpikes("target", [0]);
    brain.step();
  }
  assertAlmostEquals(projection.weights[0] / MAX - 0.5, window(10), 2e-6);
});

Deno.test("resetTraces forgets arrivals and postsynaptic spikes", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 2 });
  brain.addRegion("target", "sensory", { neurons: 2, inhibitory: 0 });
  const plasticity = { weightMax: MAX, ...AMPLITUDES };
  const projection = brain.connect("line", "target", { oneToOne: true, weight: MAX / 2, plasticity });
  for (let step = 0; step < 40; step++) {
    if (step === 10) {
      brain.injectSpikes("line", [0]);
      brain.injectSpikes("target", [1]);
    }
    if (step === 15) brain.resetTraces();
    if (step === 20) {
      brain.injectSpikes("line", [1]);
      brain.injectSpikes("target", [0]);
    }
    brain.step();
  }
  assertEquals(projection.weights, new Float32Array([MAX / 2, MAX / 2]));
});
