/** Rhythms: driven ones by band, their coupling and what they gate, and gamma that a network makes of its own. */

import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { RegionSpec } from "../../src/brain/spec.ts";
import { measured } from "./measured.ts";
import { mean } from "./observe.ts";
import { RandomStream } from "../../src/state/random.ts";
import { demodulate, modulationIndex, peakHz, power } from "./spectrum.ts";

type Oscillation = Exclude<NonNullable<RegionSpec["oscillation"]>, true>;

/** A region under rhythms: resting neurons, whose field is the drive alone. */
function region(oscillation: Oscillation | undefined, { seed = 1, dt = 1, name = "n" } = {}): Brain {
  const brain = new Brain({ seed, dt });
  brain.addRegion(name, "sensory", { neurons: 2, field: true, ...oscillation && { oscillation } });
  return brain;
}

/** The field of a region after every step. */
function fieldOf(brain: Brain, ms: number, name = "n"): Float64Array {
  const lfp = brain.arrays.get(`region.${name}.field.lfp`, "f32");
  return Float64Array.from({ length: Math.round(ms / brain.dt) }, () => {
    brain.step();
    return lfp[0];
  });
}

const BANDS = { delta: 2, theta: 6, alpha: 10, beta: 20, gamma: 40 } as const;
const NAMES = Object.keys(BANDS) as (keyof typeof BANDS)[];

Deno.test("the field shows a peak within 0.5 Hz of each band that is driven, and none elsewhere", () => {
  const all = fieldOf(region({ delta: 1, theta: 1, alpha: 1, beta: 1, gamma: 1 }), 4000);
  for (const name of NAMES) {
    const hz = BANDS[name], found = peakHz(all, 0.75 * hz, 1.3 * hz);
    assertAlmostEquals(found, hz, 0.5, name);
    if (name === "theta" || name === "gamma") {
      measured("oscillation", `peak of ${name} in the field`, found, "Hz", import.meta);
    }
    const alone = fieldOf(region({ [name]: 1 }), 4000), own = power(alone, hz);
    for (const other of NAMES) {
      if (other !== name) assertLess(power(alone, BANDS[other]), 1e-3 * own, `${other} in ${name}`);
    }
    assertLess(own, 1e-3 + 1.1 * power(all, hz));
  }
  for (const hz of [4, 8, 14, 30, 60]) assertLess(power(all, hz), 0.01 * power(all, 40), `${hz} Hz`);
});

Deno.test("frequencies can be moved, and do not depend on dt", () => {
  for (const dt of [1, 0.25]) {
    const brain = region({ theta: 2, thetaHz: 7.3, gamma: 1, gammaHz: 55 }, { dt }), field = fieldOf(brain, 3000);
    assertAlmostEquals(peakHz(field, 5, 10, 0.1, dt), 7.3, 0.15);
    assertAlmostEquals(peakHz(field, 45, 65, 0.1, dt), 55, 0.15);
  }
});

Deno.test("the drive is a cosine of the amplitude that was set, for every neuron alike", () => {
  const brain = region({ alpha: 3 }), field = fieldOf(brain, 1000);
  assertAlmostEquals(Math.max(...field), 3, 0.01);
  assertAlmostEquals(Math.min(...field), -3, 0.01);
  assertAlmostEquals(mean(field), 0, 1e-3);
  // Three neighbours of a sampled cosine: x(k+1) + x(k−1) = 2 cos(ω) x(k).
  for (let k = 1; k + 1 < field.length; k++) {
    assertAlmostEquals(field[k + 1] + field[k - 1], 2 * Math.cos(2 * Math.PI * 0.01) * field[k], 1e-4);
  }
});

Deno.test("an amplitude of zero is no drive", () => {
  assertEquals(fieldOf(region({ coupling: 0.5 }), 100), fieldOf(region(undefined), 100));
});

/** Tort's index of gamma's amplitude over theta's phase. */
function coupling(depth: number, seed = 1): number {
  const field = fieldOf(region({ theta: 1, gamma: 1, coupling: depth, gammaHz: 42 }, { seed }), 4000);
  const theta = demodulate(field, 6, 600), gamma = demodulate(field, 42, 50);
  // Both series on the times that they share.
  const skip = theta.offset - gamma.offset;
  return modulationIndex(theta.phase, gamma.amplitude.slice(skip, skip + theta.phase.length));
}

Deno.test("Tort's modulation index rises with the depth of theta–gamma coupling and is zero at depth zero", () => {
  const depths = [0, 0.25, 0.5, 0.75, 1], indices = depths.map((depth) => coupling(depth));
  assertLess(Math.abs(indices[0]), 1e-3);
  for (let k = 1; k < depths.length; k++) assertLess(1.5 * indices[k - 1], indices[k], `${indices}`);
  assertLess(0.02, indices[4]);
  measured("oscillation", "modulation index (Tort) at coupling 1", indices[4], "1", import.meta);
  measured("oscillation", "modulation index at coupling 0", indices[0], "1", import.meta);
});

Deno.test("coupling 1 − c + c (1 + cos θ)/2 is that of gamma's amplitude: the index is the closed form's", () => {
  // Amplitudes 1 − c + c (1 + cos φ)/2 over phases, smoothed like gamma's: the window of 50 ms dampens 6 Hz a little.
  const half = 25;
  let damp = 0, whole = 0;
  for (let j = -half; j <= half; j++) {
    const weight = 0.5 + 0.5 * Math.cos(Math.PI * j / (half + 1));
    damp += weight * Math.cos(2 * Math.PI * 6 * j / 1000);
    whole += weight;
  }
  for (const depth of [0.5, 1]) {
    const phases = Array.from({ length: 3600 }, (_, k) => 2 * Math.PI * (k + 0.5) / 3600);
    const amplitudes = phases.map((p) => 1 - depth / 2 + depth / 2 * damp / whole * Math.cos(p));
    const expected = modulationIndex(phases, amplitudes);
    assertAlmostEquals(coupling(depth), expected, 0.1 * expected, `depth ${depth}`);
  }
});

Deno.test("gamma is largest at theta's crest and smallest at its trough", () => {
  const field = fieldOf(region({ theta: 1, gamma: 1, coupling: 1 }), 3000);
  const theta = demodulate(field, 6, 600), gamma = demodulate(field, 40, 50), skip = theta.offset - gamma.offset;
  const at = (cosine: (c: number) => boolean) =>
    mean(gamma.amplitude.slice(skip, skip + theta.phase.length).filter((_, k) => cosine(Math.cos(theta.phase[k]))));
  assertLess(5 * at((c) => c < -0.9), at((c) => c > 0.9));
});

Deno.test("phases differ by seed and region and band, and are equal for equal seeds", () => {
  const start = (seed: number, name = "n", hz = 6) => {
    const { phase, offset } = demodulate(fieldOf(region({ theta: 1, alpha: 1 }, { seed, name }), 1500, name), hz, 1000);
    return (((phase[0] - 2 * Math.PI * hz * offset / 1000) / (2 * Math.PI)) % 1 + 1) % 1;
  };
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => start(seed));
  assertEquals(start(1), seeds[0]);
  const sorted = [...seeds].sort((a, b) => a - b);
  assert(sorted.every((p, k) => k === 0 || p - sorted[k - 1] > 1e-3), `${seeds}`);
  assertLess(0.3, sorted[7] - sorted[0]);
  assertLess(0.01, Math.abs(start(1, "other") - seeds[0]));
  assertLess(0.01, Math.abs(start(1, "n", 10) - seeds[0]));
});

Deno.test("a run in two pieces has the rhythm of one", () => {
  const whole = region({ theta: 1, gamma: 2, coupling: 1 }), pieces = region({ theta: 1, gamma: 2, coupling: 1 });
  const all = fieldOf(whole, 500), first = fieldOf(pieces, 123), second = fieldOf(pieces.clone(), 377);
  assertEquals([...first, ...second], [...all]);
});

Deno.test("gating multiplies weight changes by 1 − g + g (1 + cos θ)/2 at the step of the event", () => {
  for (const gating of [0, 0.5, 1]) {
    const brain = new Brain({ seed: 3 }), n = 60, max = 1e-3;
    brain.addRegion("line", "input", { neurons: n });
    // Theta's amplitude is zero: gating follows its phase alike.
    brain.addRegion("n", "sensory", { neurons: n, inhibitory: 0, oscillation: { gating, theta: 0 } });
    const plasticity = { weightMax: max, aPlus: 0.01 };
    const projection = brain.connect("line", "n", { oneToOne: true, weight: max / 2, plasticity });
    // Synapse k is paired at 200 + 5 k ms: sixty phases of two cycles.
    for (let step = 0; step < 600; step++) {
      brain.injectSpikes("line", step % 5 === 0 && step >= 200 && step < 500 ? [(step - 200) / 5] : []);
      brain.injectSpikes("n", step % 5 === 1 && step >= 200 && step < 500 ? [(step - 201) / 5] : []);
      brain.step();
    }
    const factors = Array.from(projection.weights, (w) => (w - Math.fround(max / 2)) / max / 0.01);
    // The same seed, with theta to be seen: its phase at each step.
    const seen = region({ theta: 1 }, { seed: 3 }), theta = fieldOf(seen, 600);
    factors.forEach((factor, k) => {
      const expected = 1 - gating + gating * (1 + theta[201 + 5 * k]) / 2;
      assertAlmostEquals(factor, expected, 1e-3, `gating ${gating}, ${201 + 5 * k} ms`);
    });
    if (gating === 1) {
      assertLess(Math.min(...factors), 0.01);
      assertLess(0.99, Math.max(...factors));
    }
  }
});

Deno.test("rhythms entrain spikes: they gather at theta's crest, and without it they do not", async () => {
  const locking = async (theta: number) => {
    const brain = new Brain({ seed: 5 });
    brain.addRegion("n", "sensory", { neurons: 100, noise: 5, field: true, oscillation: { theta } });
    const { recording } = await brain.run(3000, { record: { spikes: true } });
    const crest = fieldOf(region({ theta: 1 }, { seed: 5 }), 3000);
    return mean(Array.from(recording!.spikes("n").timeMs, (t) => crest[t]));
  };
  const locked = await locking(4), free = await locking(0);
  assertLess(Math.abs(free), 0.1);
  assertLess(0.3, locked);
  measured("oscillation", "mean cosine of theta's phase at spikes (1 crest, 0 none)", locked, "1", import.meta);
});

Deno.test("the field is the mean over the region's neurons of what comes in: currents, and conductances at their potentials", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("n", "sensory", { neurons: 4, inhibitory: 0, field: true });
  brain.addRegion("other", "sensory", { neurons: 1, inhibitory: 0 });
  brain.connect("line", "n", { density: 1, weight: 0.05, receptor: "ampa" });
  brain.injectCurrent("n", [1, 2, 3, 6]);
  brain.injectCurrent("other", 100);
  brain.injectSpikes("line", [0]);
  brain.step();
  const lfp = brain.arrays.get("region.n.field.lfp", "f32");
  assertAlmostEquals(lfp[0], 3, 1e-5);
  const v = mean(brain.region("n").v);
  brain.step();
  assertAlmostEquals(lfp[0], 3 + 0.05 * 5 * (1 - Math.exp(-1 / 5)) * (0 - v), 1e-4);
});

/** The network of Izhikevich 2003, figure 3: 800 excitatory and 200 inhibitory neurons, each another, and noise. */
function network(connected: boolean): Brain {
  const brain = new Brain({ seed: 1 }), random = new RandomStream(1, "network");
  brain.addRegion("n", "sensory", { neurons: 1000, noise: { excitatory: 5, inhibitory: 2 } });
  if (connected) {
    brain.connect("n", "n", { density: 1, layout: "sparse", weight: { uniform: [0, 0.5] } });
    brain.connect("n", "n", { density: 1, layout: "sparse", transmitter: "gaba", weight: { uniform: [0, 1] } });
  }
  const r = Array.from({ length: 1000 }, () => random.uniform()), e = (k: number) => k < 800;
  brain.region("n").setParameters({
    a: r.map((x, k) => e(k) ? 0.02 : 0.02 + 0.08 * x),
    b: r.map((x, k) => e(k) ? 0.2 : 0.25 - 0.05 * x),
    c: r.map((x, k) => e(k) ? -65 + 15 * x * x : -65),
    d: r.map((x, k) => e(k) ? 8 - 6 * x * x : 2),
  });
  return brain;
}

Deno.test("a network of excitatory and inhibitory neurons under noise makes gamma of its own; without connections it does not", async () => {
  const activity = async (connected: boolean) => {
    const brain = network(connected);
    await brain.run(500);
    const { recording } = await brain.run(8000, { record: { spikes: true } });
    const counts = new Float64Array(8000);
    for (const t of recording!.spikes("n").timeMs) counts[t - 500]++;
    return counts;
  };
  /** Power, averaged over windows of half a second, at multiples of 2 Hz. */
  const spectrum = (counts: Float64Array) =>
    Array.from({ length: 46 }, (_, k) => {
      const windows = Array.from({ length: 31 }, (_, w) => counts.subarray(250 * w, 250 * w + 500));
      return { hz: 10 + 2 * k, power: mean(windows.map((window) => power(window, 10 + 2 * k))) };
    });
  const peak = (list: { hz: number; power: number }[]) => list.reduce((a, b) => b.power > a.power ? b : a);
  const gamma = spectrum(await activity(true)).filter(({ hz }) => hz >= 20), own = peak(gamma);
  assert(own.hz >= 30 && own.hz <= 80, `peak at ${own.hz} Hz`);
  assertLess(2.3 * mean(gamma.map((x) => x.power)), own.power);
  const free = spectrum(await activity(false)).filter(({ hz }) => hz >= 20);
  assertLess(peak(free).power, 0.2 * own.power);
  measured("field", "peak of the spectrum of an excitatory–inhibitory network under noise", own.hz, "Hz", import.meta);
});
