/** Izhikevich neurons against a fine Runge–Kutta solution, and against what Izhikevich 2003 says of each pattern. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { type NeuronParameters, type PatternName, PATTERNS } from "../../src/biology/neuron.ts";
import { Brain } from "../../src/brain/brain.ts";
import { buildState } from "../../src/brain/build.ts";
import { resolveSpec } from "../../src/brain/resolve.ts";
import { CpuBackend } from "../../src/engine/cpu/backend.ts";
import { integratePublished, integrateRiccati, type Membranes } from "../../kernels/integrate.ts";
import { RandomStream } from "../../src/state/random.ts";
import { measured } from "./measured.ts";
import { coefficientOfVariation, intervals, mean, runFor, spikeTrains } from "./observe.ts";
import { PAPER_PATTERNS, type Parameters, solveNeuron } from "./reference.ts";

const NAMES = Object.keys(PAPER_PATTERNS) as PatternName[];
const DURATION_MS = 2000;
const CURRENTS = [4, 6, 8, 10, 15, 20, 30];

/** Reference spike times by pattern, one list a current of `CURRENTS`. */
const solutions = new Map<string, number[][]>();
function solution(name: string): number[][] {
  const known = solutions.get(name);
  if (known) return known;
  const found = CURRENTS.map((i) => solveNeuron(PAPER_PATTERNS[name], DURATION_MS, { current: () => i }).spikes);
  solutions.set(name, found);
  return found;
}

/** A brain of neurons of one pattern without connections, one neuron a current. */
function neurons(pattern: PatternName | NeuronParameters, currents: ArrayLike<number>, dt = 1): Brain {
  const brain = new Brain({ dt });
  brain.addRegion("n", "sensory", { neurons: currents.length, inhibitory: 0, pattern });
  brain.injectCurrent("n", currents);
  return brain;
}

/** Spike times of neurons of one pattern under constant currents. */
async function trainsOf(name: PatternName, currents: number[], ms: number, dt = 1): Promise<number[][]> {
  return spikeTrains(await runFor(neurons(name, currents, dt), ms), "n", currents.length);
}

Deno.test("the seven patterns have the parameters of Izhikevich 2003", () => {
  assertEquals({ ...PATTERNS }, PAPER_PATTERNS as typeof PATTERNS);
});

for (const dt of [1, 0.5]) {
  Deno.test(`spike counts of all patterns are within 1 % or one spike of the fine solution at dt ${dt} ms`, async () => {
    let off = 0, all = 0;
    for (const name of NAMES) {
      const trains = await trainsOf(name, CURRENTS, DURATION_MS, dt);
      solution(name).forEach(({ length: expected }, k) => {
        const allowed = Math.max(1, 0.01 * expected);
        const counted = trains[k].length;
        off += Math.abs(counted - expected);
        all += expected;
        assert(Math.abs(counted - expected) <= allowed, `${name} at I = ${CURRENTS[k]}: ${counted}, not ${expected}`);
      });
    }
    measured("pattern", `spikes too many or too few, seven patterns at dt ${dt} ms`, 100 * off / all, "%", import.meta);
  });

  Deno.test(`the first five spikes of all patterns fall into the steps of the fine solution at dt ${dt} ms`, async () => {
    for (const name of NAMES) {
      const trains = await trainsOf(name, CURRENTS, 200, dt);
      solution(name).forEach((expected, k) => {
        for (let s = 0; s < Math.min(5, expected.filter((t) => t < 200 - dt).length); s++) {
          // A recorded spike stands for its whole step; a tenth of a step is left for the error of the scheme.
          const into = (expected[s] - trains[k][s]) / dt;
          assert(into > -0.1 && into < 1.1, `${name} at I = ${CURRENTS[k]}, spike ${s}: ${into} steps off`);
        }
      });
    }
  });
}

Deno.test("spike counts follow the fine solution under currents that jump every millisecond", () => {
  const many = 10, ms = 1000, random = new RandomStream(1, "currents");
  for (const name of NAMES) {
    const currents = Array.from({ length: ms }, () => Array.from({ length: many }, () => 8 + 10 * random.normal()));
    const brain = neurons(name, currents[0]);
    for (const now of currents) {
      brain.injectCurrent("n", now);
      brain.step();
    }
    let expected = 0;
    for (let k = 0; k < many; k++) {
      expected += solveNeuron(PAPER_PATTERNS[name], ms, { current: (t) => currents[Math.floor(t)][k] }, 1, 0.02).spikes
        .length;
    }
    const counted = brain.region("n").spikeCounts.reduce((a, b) => a + b, 0);
    assert(Math.abs(counted - expected) <= 0.02 * expected, `${name}: ${counted} spikes, not ${expected}`);
  }
});

Deno.test("the error of the membrane potential below threshold falls as the square of dt", async () => {
  const parameters = PAPER_PATTERNS.regularSpiking;
  const fine = solveNeuron(parameters, 30, { current: () => -5 }).v;
  const errors: number[] = [];
  for (const dt of [1, 0.5, 0.25]) {
    const recording = await runFor(neurons("regularSpiking", [-5], dt), 30, { v: { n: [0] } });
    const { values } = recording.v("n"), every = Math.round(1 / dt);
    errors.push(Math.max(...fine.map((v, k) => Math.abs(v - values[(k + 1) * every - 1]))));
  }
  assertLess(errors[0], 0.1);
  for (const ratio of [errors[0] / errors[1], errors[1] / errors[2]]) {
    assert(ratio > 3 && ratio < 5, `halving dt divides the error by ${ratio}`);
  }
});

Deno.test("no neuron fires at any constant current from −1000 to −1 mV/ms", async () => {
  const currents = Float32Array.from({ length: 1000 }, (_, k) => -1 - k);
  for (const dt of [1, 0.5, 0.25]) {
    for (const name of NAMES) {
      const brain = neurons(name, currents, dt);
      await brain.run(300 / dt);
      assertEquals(Array.from(brain.region("n").spikeCounts).findIndex((count) => count > 0), -1, `${name}, dt ${dt}`);
    }
  }
});

Deno.test("between −1 and 0 mV/ms a neuron fires only where the equations do: once, a resonator started at −65 mV", async () => {
  const currents = Array.from({ length: 21 }, (_, k) => -k / 20);
  for (const name of NAMES) {
    const expected = currents.map((i) => solveNeuron(PAPER_PATTERNS[name], 300, { current: () => i }).spikes.length);
    if (name === "resonator") assertEquals(expected[0], 1); // at I = 0 from v = −65, u = −65 b
    else assertEquals(Math.max(...expected), 0);
    for (const dt of [1, 0.5]) {
      const counted = (await trainsOf(name, currents, 300, dt)).map((train) => train.length);
      assertEquals(counted, expected, `${name}, dt ${dt}`);
    }
  }
});

/** One membrane of a pattern at v = −65 mV, for calling a kernel directly. */
function membrane({ a, b, c, d }: Parameters, dt: number): Membranes {
  const one = (x: number) => Float32Array.of(x);
  return {
    v: one(-65),
    u: one(-65 * b),
    a: one(a),
    b: one(b),
    c: one(c),
    d: one(d),
    recovery: one(Math.exp(-a * dt / 4)),
    input: one(0),
    conductance: one(0),
  };
}

const CONDUCTANCES = [0.1, 1, 10, 100, 1e3, 1e4, 1e6];

Deno.test("no inhibitory conductance makes a neuron fire, however large, whatever its reversal, open or flickering", () => {
  const spikes = new Uint32Array(1);
  for (const name of NAMES) {
    for (const reversal of [-70, -85, -90]) {
      for (const g of CONDUCTANCES) {
        const m = membrane(PAPER_PATTERNS[name], 1);
        const rebounds = PAPER_PATTERNS[name].b > 0.2; // these may fire when inhibition ends: then it stays on
        for (let step = 0; step < 500; step++) {
          const open = rebounds || step % 100 < 50 ? g : 0;
          m.conductance[0] = open;
          m.input[0] = open * reversal - 1;
          const fired = integrateRiccati(0, 1, 1, m, spikes, 0);
          assertEquals(fired, 0, `${name}, g = ${g}, reversal ${reversal} mV, step ${step}`);
        }
      }
    }
  }
});

Deno.test("an inhibitory conductance moves the membrane to where the fine solution is, however large", () => {
  for (const reversalMv of [-85, -70]) {
    for (const g of CONDUCTANCES) {
      const { off } = clampBy(g, reversalMv);
      assert(Math.abs(off) < 0.1, `g = ${g}/ms, reversal ${reversalMv} mV: ${off.toFixed(2)} mV off after 2 ms`);
    }
  }
});

Deno.test("an excitatory conductance so large that the equations stay at its reversal makes no false spikes", () => {
  for (const reversalMv of [-40, 0]) {
    for (const g of CONDUCTANCES.filter((g) => g >= 100)) {
      const { off, spikes, expectedSpikes } = clampBy(g, reversalMv);
      assertEquals(spikes, expectedSpikes, `g = ${g}/ms, reversal ${reversalMv} mV`);
      assert(Math.abs(off) < 0.1, `g = ${g}/ms, reversal ${reversalMv} mV: ${off.toFixed(2)} mV off after 2 ms`);
    }
  }
});

/** Opens a conductance on a resting neuron for 2 ms: spikes, and how far v ends from the fine solution (mV). */
function clampBy(g: number, reversalMv: number) {
  const parameters = PAPER_PATTERNS.regularSpiking, list = new Uint32Array(1);
  const m = membrane(parameters, 1);
  // Above 1000/ms the membrane is at its reversal within a hundredth of a step: no need to solve.
  const fine = g > 1e3
    ? { v: [reversalMv], spikes: [] }
    : solveNeuron(parameters, 2, { conductance: () => g, reversalMv }, 2, Math.min(0.01, 0.5 / g));
  let spikes = 0;
  for (let step = 0; step < 2; step++) {
    m.conductance[0] = g;
    m.input[0] = g * reversalMv;
    spikes += integrateRiccati(0, 1, 1, m, list, 0);
  }
  return { off: m.v[0] - fine.v[0], spikes, expectedSpikes: fine.spikes.length };
}

Deno.test("no finite current or conductance makes a membrane infinite or not a number", () => {
  const random = new RandomStream(2, "extremes"), spikes = new Uint32Array(1);
  for (let trial = 0; trial < 20000; trial++) {
    const m = membrane(PAPER_PATTERNS[NAMES[trial % NAMES.length]], 1);
    const g = random.uniform() < 0.3 ? 0 : 10 ** (8 * random.uniform() - 2);
    const reversal = -100 + 150 * random.uniform();
    const current = random.normal() * 10 ** (6 * random.uniform());
    const v = -100 + 130 * random.uniform();
    m.v[0] = v;
    for (let step = 0; step < 3; step++) {
      m.conductance[0] = g;
      m.input[0] = current + g * reversal;
      integrateRiccati(0, 1, 1, m, spikes, 0);
    }
    const where = `v = ${v}, g = ${g}, reversal ${reversal}, current ${current}`;
    assert(Number.isFinite(m.v[0]) && Number.isFinite(m.u[0]), where);
    assert(m.v[0] <= 30, where);
  }
});

Deno.test("the published scheme is the program of Izhikevich 2003, step by step", async () => {
  const currents = [0, 3, 5, 10, 20, 40, -20, -300], steps = 1000;
  for (const name of NAMES) {
    const { a, b, c, d } = PAPER_PATTERNS[name];
    const spec = resolveSpec({
      scheme: "izhikevich2003",
      regions: [{ name: "n", type: "sensory", neurons: currents.length, inhibitory: 0, pattern: name }],
    });
    // The plain kernel, which computes in double precision as the program did; its SIMD twin: tests/backends/simd_test.ts.
    const brain = Brain.fromState(spec, buildState(spec), 0, new CpuBackend({ plain: true }));
    brain.injectCurrent("n", currents);
    const trains = spikeTrains(await runFor(brain, steps), "n", currents.length);
    currents.forEach((I, k) => {
      // The program of the paper for one neuron, with variables kept in single precision like the brain's. It notices a
      // spike at the start of the next millisecond; here a spike belongs to the step that reached the peak.
      let v = -65, u = Math.fround(b) * v;
      const expected: number[] = [];
      for (let t = 0; t <= steps; t++) {
        if (v >= 30) {
          expected.push(t - 1);
          v = c;
          u = u + Math.fround(d);
        }
        v = Math.fround(v);
        u = Math.fround(u);
        v = v + 0.5 * (0.04 * v ** 2 + 5 * v + 140 - u + I);
        v = v + 0.5 * (0.04 * v ** 2 + 5 * v + 140 - u + I);
        u = u + Math.fround(a) * (Math.fround(b) * v - u);
      }
      assertEquals(trains[k], expected, `${name} at I = ${I}`);
    });
  }
});

Deno.test("the published scheme fires falsely at I = −300 mV/ms, where the equations are silent", async () => {
  const brain = new Brain({ scheme: "izhikevich2003" });
  brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0 });
  brain.injectCurrent("n", -300);
  const { spikes } = await brain.run(100);
  assert(spikes > 90, `${spikes} spikes in 100 steps`);
  measured("scheme", "false spikes in 100 ms at −300 mV/ms, published scheme", spikes, "1", import.meta);
  assertEquals(solveNeuron(PAPER_PATTERNS.regularSpiking, 100, { current: () => -300 }).spikes, []);
});

Deno.test("the published scheme takes any conductance without firing or running away", () => {
  const spikes = new Uint32Array(1);
  for (const g of CONDUCTANCES) {
    const m = membrane(PAPER_PATTERNS.regularSpiking, 1);
    for (let step = 0; step < 200; step++) {
      m.conductance[0] = g;
      m.input[0] = g * -70;
      assertEquals(integratePublished(0, 1, 1, m, spikes, 0), 0, `g = ${g}`);
    }
    assert(Math.abs(m.v[0] + 70) < 1, `g = ${g}: v = ${m.v[0]}`);
  }
});

Deno.test("a regular-spiking neuron adapts: its first interval is about half of its last", async () => {
  const [train] = await trainsOf("regularSpiking", [10], 600);
  const gaps = intervals(train), ratio = gaps[0] / gaps[gaps.length - 1];
  assert(ratio > 0.4 && ratio < 0.65, `ratio ${ratio}`);
});

Deno.test("an intrinsically bursting neuron opens with a burst and goes on with single spikes", async () => {
  const [train] = await trainsOf("intrinsicallyBursting", [10], 1000);
  const gaps = intervals(train);
  assert(gaps[0] <= 5 && gaps[1] <= 6, `first intervals ${gaps.slice(0, 3)}`);
  assert(gaps.slice(2).every((gap) => gap > 25), `later intervals ${gaps.slice(2)}`);
});

Deno.test("a chattering neuron repeats bursts of several spikes, tens of milliseconds apart", async () => {
  const [train] = await trainsOf("chattering", [10], 1000);
  const gaps = intervals(train);
  const within = gaps.filter((gap) => gap < 8), between = gaps.filter((gap) => gap >= 8);
  assert(between.length > 10 && between.every((gap) => gap > 30 && gap < 70), `between bursts ${between}`);
  assertLess(2.5, within.length / between.length); // at least 3.5 spikes a burst on average
});

Deno.test("a fast-spiking neuron fires five times as fast as a regular-spiking one, without adaptation", async () => {
  const [fast] = await trainsOf("fastSpiking", [10], 1000);
  const [regular] = await trainsOf("regularSpiking", [10], 1000);
  assertLess(5, fast.length / regular.length);
  const gaps = intervals(fast).slice(4);
  assertLess(coefficientOfVariation(gaps), 0.1);
});

Deno.test("a low-threshold neuron fires at currents that leave a fast-spiking one silent", async () => {
  const [low] = await trainsOf("lowThresholdSpiking", [2], 1000);
  const [fast] = await trainsOf("fastSpiking", [2], 1000);
  assertLess(10, low.length);
  assertEquals(fast.length, 0);
});

Deno.test("a thalamo-cortical neuron fires a rebound burst after hyperpolarisation, a regular-spiking one does not", async () => {
  for (const name of ["thalamoCortical", "regularSpiking"] as const) {
    const brain = neurons(name, [0]);
    await brain.run(500);
    brain.injectCurrent("n", -5);
    await brain.run(300);
    brain.injectCurrent("n", 0);
    const [train] = spikeTrains(await runFor(brain, 300), "n", 1);
    const current = (t: number) => t > 500 && t < 800 ? -5 : 0;
    const expected = solveNeuron(PAPER_PATTERNS[name], 1100, { current }).spikes;
    assertEquals(train.length, expected.length);
    if (name === "thalamoCortical") assert(train.length >= 2 && train[0] < 815, `${train}`);
    else assertEquals(train, []);
  }
});

/** Amplitude of v (mV) for a current of 1 mV/ms at each frequency (Hz), measured with a small sine after settling. */
function impedance(name: PatternName, frequencies: number[]): number[] {
  const amplitude = 0.02, brain = neurons(name, frequencies.map(() => 0));
  const currents = (step: number) =>
    frequencies.map((f) => amplitude * Math.sin(2 * Math.PI * f * (step + 0.5) / 1000));
  const sums = frequencies.map(() => [0, 0]);
  for (let step = 0; step < 3000; step++) {
    brain.injectCurrent("n", step < 1500 ? 0 : currents(step));
    brain.step();
    if (step < 2000) continue;
    brain.region("n").v.forEach((v, k) => {
      const angle = 2 * Math.PI * frequencies[k] * step / 1000;
      sums[k][0] += (v + 62) * Math.cos(angle);
      sums[k][1] += (v + 62) * Math.sin(angle);
    });
  }
  return sums.map(([x, y]) => Math.hypot(x, y) * 2 / 1000 / amplitude);
}

/** The same from the linearised equations about rest: 1 / |iω − f′ + ab/(iω + a)|. */
function linearImpedance({ a, b }: Parameters, f: number): number {
  const rest = (-(5 - b) - Math.sqrt((5 - b) ** 2 - 0.16 * 140)) / 0.08;
  const omega = 2 * Math.PI * f / 1000, slope = 0.08 * rest + 5, norm = a * a + omega * omega;
  return 1 / Math.hypot(-slope + a * b * a / norm, omega - a * b * omega / norm);
}

Deno.test("a resonator answers small currents of about 24 Hz most, as its linearisation says; a regular-spiking neuron hardly prefers any", () => {
  const frequencies = [4, 8, 12, 16, 20, 22, 24, 26, 28, 32, 40, 60];
  const responses = impedance("resonator", frequencies);
  frequencies.forEach((f, k) => {
    const expected = linearImpedance(PAPER_PATTERNS.resonator, f);
    assert(Math.abs(responses[k] / expected - 1) < 0.05, `${f} Hz: ${responses[k]} mV, not ${expected}`);
  });
  const best = responses.indexOf(Math.max(...responses));
  assert(frequencies[best] >= 22 && frequencies[best] <= 26, `best frequency ${frequencies[best]} Hz`);
  assertLess(2, responses[best] / responses[0]);
  measured("pattern", "frequency that a resonator answers most", frequencies[best], "Hz", import.meta);
  const regular = impedance("regularSpiking", frequencies.slice(0, 9));
  regular.forEach((amplitude, k) => {
    const expected = linearImpedance(PAPER_PATTERNS.regularSpiking, frequencies[k]);
    assert(Math.abs(amplitude / expected - 1) < 0.05, `${frequencies[k]} Hz: ${amplitude} mV, not ${expected}`);
  });
  assertLess(Math.max(...regular) / regular[0], 1.2);
});

Deno.test("firing rates of all patterns rise with the current", async () => {
  const currents = Array.from({ length: 31 }, (_, k) => k);
  for (const name of NAMES) {
    const trains = await trainsOf(name, currents, 2000);
    const counts = trains.map((train) => train.filter((t) => t >= 1000).length);
    for (let k = 1; k < counts.length; k++) {
      assert(counts[k] >= counts[k - 1] - 1, `${name}: ${counts[k - 1]} spikes at ${k - 1}, ${counts[k]} at ${k}`);
    }
    assertEquals(counts[0], 0, name);
    assertLess(mean(counts.slice(0, 10)) * 2, mean(counts.slice(20)), name);
  }
});
