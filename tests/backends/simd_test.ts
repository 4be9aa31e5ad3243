/**
 * The SIMD kernels against their plain twins, on the same arrays: integers and noise exact, membranes within the rounding
 * of single precision; whole networks by their statistics; and the binary against its sources.
 */

import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { AT_OWN_SPIKES } from "../../src/biology/stdp.ts";
import { Brain } from "../../src/brain/brain.ts";
import { buildState, linkProgram } from "../../src/brain/build.ts";
import { resolveSpec } from "../../src/brain/resolve.ts";
import type { BrainSpec } from "../../src/brain/spec.ts";
import { CpuBackend } from "../../src/engine/cpu/backend.ts";
import { type CpuNeurons, plainNeurons, simdNeurons } from "../../src/engine/cpu/neurons.ts";
import { FIELDS, NUMBERS, simdOn } from "../../src/engine/cpu/simd.ts";
import type { Program } from "../../src/engine/program.ts";
import { normalTable, RandomStream } from "../../src/state/random.ts";
import { poissonAmounts, poissonThresholds } from "../../src/biology/background.ts";
import { SIMD_BINARY } from "../../kernels/simd/binary.ts";
import { binaryFile, buildSimd } from "../../kernels/simd/build.ts";

const NEURONS = 1003;

/** Two equal programs of neurons in random states, with their kernels. */
function twins(scheme: "riccati" | "izhikevich2003", dt: number, seed: number): [Program, CpuNeurons][] {
  const spec = resolveSpec({
    scheme,
    dt,
    seed,
    regions: [{ name: "n", type: "association", neurons: NEURONS, spread: 0.1, noise: 1, background: { rateHz: 500 } }],
  });
  const arrays = buildState(spec), random = new RandomStream(seed, "state");
  const { membranes: m, current } = linkProgram(spec, arrays);
  for (let i = 0; i < NEURONS; i++) {
    m.v[i] = random.uniform() < 0.1 ? -50 + 80 * random.uniform() : -85 + 40 * random.uniform();
    m.u[i] = -20 + 20 * random.uniform();
    m.input[i] = random.uniform() < 0.1 ? -1000 * random.uniform() : 15 * random.normal();
    m.conductance[i] = random.uniform() < 0.5 ? 0 : random.uniform() < 0.2 ? 50 * random.uniform() : random.uniform();
    m.input[i] -= 70 * m.conductance[i];
    current[i] = random.normal();
  }
  m.v[0] = 30; // forced
  const plain = linkProgram(spec, arrays), fast = linkProgram(spec, arrays.clone());
  return [[plain, plainNeurons(plain)], [fast, simdNeurons(fast, simdOn(fast.arrays.memory!))!]];
}

/** Largest difference of two lists. */
function farthest(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}

Deno.test("SIMD noise, background and currents are those of the plain kernels, bit by bit, for any range", () => {
  const [[plain, slow], [fast, simd]] = twins("riccati", 1, 1), ranges = [[0, NEURONS], [3, 8], [5, 6], [7, 1002]];
  const table = fast.regions[0].noise[0]!, thresholds = fast.arrays.get("region.n.background.thresholds", "u32");
  thresholds.set(poissonThresholds(0.5, 16));
  const own = Uint32Array.from(thresholds);
  for (const [k, [from, to]] of ranges.entries()) {
    for (const [kernels, noise, steps] of [[slow, normalTable(), own], [simd, table, thresholds]] as const) {
      kernels.addCurrents();
      kernels.gaussianNoise([[from, to]], noise, 77 * k - 9999);
      kernels.poissonNoise([[from, to]], steps, poissonAmounts(0.1, steps.length), 99 * k + 12345);
    }
    assertEquals(fast.membranes.input, plain.membranes.input, `neurons ${from} to ${to}`);
  }
});

/** Asserts that numbers differ by less than single precision tells apart after a few roundings. */
function assertRounded(fast: ArrayLike<number>, plain: ArrayLike<number>, what: string): void {
  assertEquals(fast.length, plain.length);
  for (let k = 0; k < fast.length; k++) {
    assertLess(Math.abs(fast[k] - plain[k]), 2e-6 * (0.01 + Math.abs(plain[k])), `${what}, element ${k}: ${plain[k]}`);
  }
}

Deno.test("SIMD receptors, thresholds, trains and drives are those of the plain kernels, for any range", () => {
  for (const [from, n] of [[0, NEURONS], [3, 5], [5, 1], [7, 990]]) {
    const both = twins("riccati", 1, 2);
    for (const [program, kernels] of both) {
      // Any arrays of the memory serve as a region's own.
      const { membranes: m, current } = program, own = (array: Float32Array) => array.subarray(0, n);
      const receptor = { g: own(m.d), mean: 0.91, decay: 0.82, at: { from, ...m } };
      for (let k = 0; k < 3; k++) {
        kernels.receptors(receptor);
        kernels.receptors({ ...receptor, g: own(m.c), reversalMv: -70.3 });
        kernels.opposeInput(from, own(current));
      }
      kernels.noteDrive(from, own(m.recovery));
      for (let i = 0; i < NEURONS; i++) m.a[i] = i % 3 === 2 ? 0 : (1 + i % 7) / 8;
      m.v.fill(-65);
      const value = own(m.a), phase = own(m.b);
      for (let age = 0; age < 50; age++) kernels.regularTrain(from, value, phase, age * 7);
      for (let key = -3; key < 3; key++) kernels.poissonTrain(from, own(m.a), key * 123_456_789);
      m.u[0] = m.v.filter((v) => v >= 30).length;
      const end = kernels.emitSources(from, from + n, 2);
      m.u[1] = end;
    }
    const [plain, fast] = both.map(([program]) => program);
    for (const name of ["conductance", "c", "d"] as const) {
      assertRounded(fast.membranes[name], plain.membranes[name], `${name}, ${n} from ${from}`);
    }
    // What is left of a sum of large parts is judged by them.
    const large = (program: Program) => program.membranes.input.map((x) => x + 1e4);
    assertRounded(large(fast), large(plain), "input");
    assertRounded(fast.membranes.recovery.map((x) => x + 1e4), plain.membranes.recovery.map((x) => x + 1e4), "drive");
    for (const name of ["v", "u"] as const) {
      assertEquals(fast.membranes[name], plain.membranes[name], `${name}, ${n} from ${from}`);
    }
    assertEquals(fast.spikes.ring, plain.spikes.ring);
    assert(plain.membranes.u[0] >= n / 4 && plain.membranes.u[1] === plain.membranes.u[0] + 2, "trains spike");
  }
});

Deno.test("regular trains by their next spikes are those of the plain kernel, for any rates, in any order of steps", () => {
  const [[plain, slow], [fast, simd]] = twins("riccati", 1, 3), lines = 600;
  const random = new RandomStream(3, "trains"), rates = [0, 1e-6, 1 / 3, 0.25, 0.999, 1, 2.5];
  // So slow that rounding moves spikes by many steps.
  const slowest = [1e-15, 3e-16, 1e-16].flatMap((rate) =>
    Array.from({ length: 8 }, (_, k) => [Math.fround(rate * (1 + k / 7)), 1 - (k + 1) * 2 ** -24])
  );
  const programs = [[plain, slow], [fast, simd]] as const;
  const trains = programs.map(([{ membranes: m }]) => ({
    value: m.a.subarray(0, lines),
    phase: m.b.subarray(0, lines),
  }));
  const draw = () => {
    for (let k = 0; k < lines; k++) {
      const rate = k < rates.length ? rates[k] : 0.3 * random.uniform() ** 3;
      // Rates whose multiples are exact meet whole numbers exactly.
      const [value, phase] = k % 3 === 0 ? [rate, random.uniform()] : [2 ** -(k % 11), (k % 8) / 8];
      const last = lines - 1 - k;
      for (const train of trains) {
        [train.value[k], train.phase[k]] = slowest[last] ?? [value, phase];
      }
    }
    simd.written!(trains[1].value);
  };
  const about = (age: number) => Array.from({ length: 60 }, (_, k) => age - 30 + k);
  const late = slowest.flatMap(([rate, phase]) => about(Math.round((1 - phase) / rate))).filter((age) =>
    age < 2 ** 31 - 1
  );
  const ages = [...Array(400).keys(), ...late, 7, 8, 9, 1_000_000, 1_000_001, 2 ** 31 - 3, 200, ...Array(99).keys()];
  let spikes = 0;
  for (const [k, age] of ages.entries()) {
    if (k === 0 || k === 250) draw();
    for (const [p, [{ membranes: m }, kernels]] of programs.entries()) {
      m.v.fill(-65);
      kernels.regularTrain(5, trains[p].value, trains[p].phase, age);
    }
    assertEquals(fast.membranes.v, plain.membranes.v, `age ${age}`);
    spikes += plain.membranes.v.reduce((n, v) => n + Number(v === 30), 0);
  }
  assertGreater(spikes, 10_000);
});

Deno.test("a stimulus that changes, goes on, or is restored spikes as on the plain kernels, however a run is cut", async () => {
  const spec: BrainSpec = { regions: [{ name: "in", type: "input", neurons: 50 }], seed: 4 };
  const counts = async (plain: boolean, pieces: number[]) => {
    const resolved = resolveSpec(spec), make = () => new CpuBackend({ plain });
    const brain = Brain.fromState(resolved, buildState(resolved), 0, make()), all: number[][] = [];
    const show = async (values: number[], steps: number) => {
      brain.stimulate("in", values, { train: "regular", maxRateHz: 300 });
      for (let left = steps, k = 0; left > 0; k++) {
        const now = Math.min(left, pieces[k % pieces.length]);
        await brain.run(now);
        left -= now;
      }
      all.push([...brain.region("in").spikeCounts]);
    };
    const [some, others] = [0.9, 0.4].map((x) => Array.from({ length: 50 }, (_, k) => x * k / 50));
    const before = brain.clone();
    await show(some, 130);
    await show(others, 20);
    await show(others, 50);
    // In the place of one stimulus there is another, as old.
    brain.copyFrom(before);
    await show(others, 130);
    const then = brain.clone();
    brain.copyFrom(before);
    await show(some, 130);
    brain.copyFrom(then);
    await brain.run(40);
    all.push([...brain.region("in").spikeCounts]);
    brain.clearStimulus("in");
    await brain.run(30);
    await show(some, 70);
    return all;
  };
  const judge = await counts(true, [1000]);
  assertGreater(judge[0][49], judge[0][10]);
  for (const pieces of [[1000], [1], [7, 64, 3]]) assertEquals(await counts(false, pieces), judge);
});

for (const scheme of ["riccati", "izhikevich2003"] as const) {
  Deno.test(`SIMD membranes follow the plain kernel within rounding: ${scheme}`, () => {
    for (const dt of [1, 0.5, 0.1]) {
      for (let seed = 0; seed < 5; seed++) {
        const [[plain, slow], [fast, simd]] = twins(scheme, dt, seed), before = plain.membranes.v.slice();
        const counts = [slow, simd].map((kernels) => kernels.integrate(2, NEURONS - 2, 0));
        const spikes = [plain, fast].map((p, k) => [...p.spikes.ring.subarray(0, counts[k])]);
        // Who reaches the peak within rounding may fire in one and not in the other.
        const differ = new Set(
          spikes[0].filter((i) => !spikes[1].includes(i)).concat(spikes[1].filter((i) => !spikes[0].includes(i))),
        );
        assertLess(differ.size, 3, `spikes that differ: ${[...differ]}`);
        assert(spikes[0].length > 5 && spikes[1].every((i, k) => k === 0 || i > spikes[1][k - 1]));
        const [a, b] = [plain, fast].map(({ membranes: { v, u } }) =>
          [v, u].map((x) => x.filter((_, i) => !differ.has(i)))
        );
        // The published step squares potentials of any size; the other keeps to its fixed points.
        const tolerance = scheme === "riccati" ? 2e-4 : 2e-2;
        assertLess(farthest(a[0], b[0]), tolerance, `v at dt ${dt}, seed ${seed}`);
        assertLess(farthest(a[1], b[1]), tolerance, `u at dt ${dt}, seed ${seed}`);
        for (const { membranes: { v, input, conductance } } of [plain, fast]) {
          assert(
            input.subarray(2, NEURONS - 2).every((x) => x === 0) &&
              conductance.subarray(2, NEURONS - 2).every((x) => x === 0),
          );
          for (const i of [0, 1, NEURONS - 2, NEURONS - 1]) assertEquals(v[i], before[i], "neurons outside the range");
          assert(input[1] !== 0);
        }
      }
    }
  });
}

Deno.test("the last neurons of all are listed when they spike, whatever lies behind their arrays", () => {
  // Blocks of four from an odd neuron on reach beyond the last one: behind the conductances lies the ring of spikes.
  for (const scheme of ["riccati", "izhikevich2003"] as const) {
    for (let first = 1; first <= 4; first++) {
      for (let neurons = 1; neurons <= 8; neurons++) {
        const brain = new Brain({ scheme });
        brain.addRegion("a", "sensory", { neurons: first });
        brain.addRegion("b", "sensory", { neurons });
        const recording = brain.record({ spikes: true }), told: number[] = [];
        for (let step = 0; step < 8; step++) {
          brain.injectSpikes("b", [step % neurons]);
          if (step % 2 === 0) brain.injectSpikes("b", [neurons - 1]);
          told.push(...new Set([step % neurons, ...step % 2 === 0 ? [neurons - 1] : []]));
          brain.step();
        }
        const { neuron } = recording.stop().spikes("b");
        assertEquals([...neuron].sort(), told.sort(), `${scheme}, ${first} and ${neurons} neurons`);
      }
    }
  }
});

/** Two brains of a description, on the plain and on the fast kernels. */
function brainsOf(description: BrainSpec): Brain[] {
  const spec = resolveSpec(description);
  return [true, false].map((plain) => Brain.fromState(spec, buildState(spec), 0, new CpuBackend({ plain })));
}

const RULES = [
  { rule: "pair", softness: 1, metaplasticity: {} },
  { rule: "triplet" },
  { rule: "presynapticTrace" },
  { rule: "instar" },
  { rule: "inhibitory" },
] as const;

/** Of the target: after a few spikes, neurons learn less. */
const MATURATION = { spikes: 3, everyMs: 25 };

function bits({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Pairs of 30 lines and 37 neurons, thirteen a line, some of them twice. */
const REPEATED = {
  pre: Array.from({ length: 30 * 13 }, (_, k) => Math.floor(k / 13)),
  post: Array.from({ length: 30 * 13 }, (_, k) => (5 * (k % 13) + 3 * Math.floor(k / 13)) % 11),
};

// `bare`: rows long enough for lanes, and nothing beside the rule that would keep them from it.
for (const { layout, bare } of [{ layout: "sparse" }, { layout: "sparse", bare: true }, { layout: "dense" }] as const) {
  Deno.test(`${bare ? "bare " : ""}${layout} synapses on WebAssembly kernels are those on the plain ones, byte for byte`, () => {
    for (const [k, rule] of RULES.entries()) {
      for (const reward of rule.rule === "inhibitory" ? [undefined] : [undefined, { tauEligibilityMs: 100 }]) {
        const spec: BrainSpec = {
          seed: 3,
          dt: 0.5,
          // 37 targets: two whole blocks of a dense row, one of four, and one that is left over.
          regions: [{ name: "in", type: "input", neurons: 30 }, {
            name: "out",
            type: "sensory",
            neurons: 37,
            ...!bare && AT_OWN_SPIKES.includes(rule.rule) && { maturation: MATURATION },
          }],
          projections: [{
            from: "in",
            to: "out",
            layout,
            ...bare
              ? { pairs: REPEATED, delay: 2 }
              : layout === "sparse"
              ? { density: 0.5, delay: { uniform: [1, 5] } }
              : { density: 1, delay: 2 },
            ...rule.rule === "inhibitory" && { transmitter: "gaba", source: "excitatory" },
            weight: { uniform: [0, 1] },
            receptor: k === 3 ? "pulse" : rule.rule === "inhibitory" ? "gabaA" : "ampa",
            ...!bare && k % 2 === 0 && { shortTerm: "depressing" },
            plasticity: { ...rule, weightMax: 2, reward },
          }],
        };
        const brains = brainsOf(spec), drawn = brains[0].projections[0].weights.slice();
        for (const brain of brains) brain.stimulate("in", [1], { maxRateHz: 100 });
        for (let step = 0; step < 600; step++) {
          for (const brain of brains) {
            if (layout === "dense" && step === 200) brain.lesionSynapses(brain.projections[0].name, { share: 0.3 });
            // Membranes are kept at rest, so that none rounds differently; spikes are those that are forced.
            brain.program().membranes.v.fill(-65);
            brain.program().membranes.u.fill(-13);
            brain.injectSpikes("out", [step % 37, (7 * step) % 37]);
            if (reward && step % 100 === 50) brain.reward(step % 200 === 50 ? 1 : -0.5);
            brain.step();
          }
        }
        for (const { name, data } of brains[0].arrays.entries()) {
          const { data: fast } = brains[1].arrays.entry(name), what = `${rule.rule}: ${name}`;
          if (name.includes("receptor")) assertRounded(fast, data, what);
          // Bits: of lesioned synapses the sign of zero counts.
          else if (name.startsWith("projection.") || name.startsWith("spike")) {
            assertEquals(bits(fast), bits(data), what);
          }
        }
        assert(brains[0].projections[0].weights.some((x, i) => x !== drawn[i]), "weights have changed");
      }
    }
  });
}

Deno.test("indices of 32 bits, of regions and terminals beyond 65,536, give the bytes of the plain kernels too", () => {
  const spec: BrainSpec = {
    seed: 6,
    regions: [{ name: "in", type: "input", neurons: 66_000 }, { name: "out", type: "sensory", neurons: 66_000 }],
    projections: [
      { from: "in", to: "out", outDegree: 7, weight: 1, plasticity: "stdp" },
      { from: "in", to: "out", name: "paid", outDegree: 2, weight: 1, plasticity: "rstdp", receptor: "ampa" },
    ],
  };
  const brains = brainsOf(spec), [{ rows, plasticity }] = brains[1].program().projections;
  assert(rows!.target instanceof Uint32Array && plasticity!.incoming!.terminal instanceof Uint32Array);
  for (const brain of brains) brain.stimulate("in", [1], { maxRateHz: 50 });
  for (let step = 0; step < 40; step++) {
    for (const brain of brains) {
      brain.program().membranes.v.fill(-65);
      brain.injectSpikes("out", Array.from({ length: 500 }, (_, k) => (k * 131 + step * 7) % 66_000));
      if (step === 20) brain.reward(1);
      brain.step();
    }
  }
  for (const { name, data } of brains[0].arrays.entries()) {
    if (name.startsWith("projection.")) assertEquals(bits(brains[1].arrays.entry(name).data), bits(data), name);
  }
  assert(brains[1].projections[0].weights.some((w) => w !== 1), "weights have changed");
});

Deno.test("networks on SIMD and on the plain kernels have the same statistics", async () => {
  const spec = (seed: number): BrainSpec => ({
    seed,
    regions: [{
      name: "cortex",
      type: "association",
      neurons: 500,
      noise: { excitatory: 5, inhibitory: 2 },
      connectivity: { density: 0.2, weight: { uniform: [0, 3] }, inhibitoryWeight: { uniform: [0, 6] } },
    }],
  });
  const rates: number[][] = [[], []];
  for (let seed = 0; seed < 8; seed++) {
    for (const [k, plain] of [true, false].entries()) {
      const resolved = resolveSpec(spec(seed));
      const brain = Brain.fromState(resolved, buildState(resolved), 0, new CpuBackend({ plain }));
      await brain.run(1000);
      rates[k].push(brain.summary().regions[0].lifetimeRateHz);
    }
  }
  const [a, b] = rates.map((list) => list.reduce((sum, x) => sum + x, 0) / list.length);
  assertLess(Math.abs(a - b) / a, 0.02, `${a} and ${b} Hz`);
});

Deno.test("a view is written as the kernels read it", async () => {
  const source = await Deno.readTextFile(new URL("../../kernels/simd/projection.ts", import.meta.url));
  const body = /class Projection \{([^}]*)\}/.exec(source)![1];
  const fields = [...body.matchAll(/(\w+): (\w+);/g)].map(([, name, type]) => ({ name, wide: type === "f64" }));
  assertEquals(fields.filter(({ wide }) => !wide).map(({ name }) => name), [...FIELDS]);
  assertEquals(fields.map(({ wide }) => wide), fields.map((_, k) => k >= FIELDS.length), "numbers come last");
  assertEquals(fields.length - FIELDS.length, NUMBERS);
});

Deno.test("the SIMD binary is what its sources build to", async (t) => {
  let bytes: Uint8Array;
  try {
    bytes = await buildSimd();
  } catch (error) {
    // Without the compiler nothing can be said; a machine that has the npm registry does say it.
    assert(/error sending request|dns error|npm registry|network/i.test(String(error)), String(error));
    await t.step({ name: "the compiler cannot be had here", ignore: true, fn: () => {} });
    return;
  }
  assert(binaryFile(bytes).includes(SIMD_BINARY.trim().slice(0, 1000)));
  assertEquals(binaryFile(bytes), await Deno.readTextFile(new URL("../../kernels/simd/binary.ts", import.meta.url)));
});
