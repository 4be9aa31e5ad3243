/** Dendrites: what synapses on them do at the soma, and the cheap mode against the full one. */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import {
  cableOf,
  type Compartment,
  type MorphologySpec,
  type MorphologyValues,
  type TemplateName,
  TEMPLATES,
  transferToSoma,
} from "../../src/biology/morphology.ts";
import { Brain } from "../../src/brain/brain.ts";
import type { ProjectionSpec } from "../../src/brain/spec.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { InputError } from "../../src/state/errors.ts";
import { differences } from "../property/differences.ts";
import { measured } from "./measured.ts";
import { assertWithin } from "./observe.ts";
import { cablePieces, denseTree, LEAK_MV, solve, valuesOf } from "./tree.ts";

/** What one spike of a line on a compartment does at the soma of a resting neuron: the difference to no spike, by step. */
async function epsp(
  compartment: string,
  { morphology = {}, weight = 0.2, dt = 0.1, ms = 500, ...more }: {
    morphology?: MorphologySpec;
    weight?: number;
    dt?: number;
    ms?: number;
  } & Pick<ProjectionSpec, "receptor"> = {},
): Promise<number[]> {
  const trace = async (spike: boolean) => {
    const brain = new Brain({ dt });
    brain.addRegion("line", "input", { neurons: 1 });
    brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0, morphology });
    brain.connect("line", "n", { density: 1, weight, delay: 1, receptor: "ampaCurrent", compartment, ...more });
    await brain.run(400 / dt); // to rest
    if (spike) brain.injectSpikes("line", [0]);
    const { recording } = await brain.run(Math.round(ms / dt), { record: { v: { n: [0] }, everyMs: dt } });
    return Array.from(recording!.v("n").values);
  };
  const [with_, without] = [await trace(true), await trace(false)];
  return with_.map((v, k) => v - without[k]);
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const centroid = (values: readonly number[], dt: number) => dt * sum(values.map((x, k) => k * x)) / sum(values);

Deno.test("the farther out a synapse sits, the smaller and the later its EPSP at the soma", async () => {
  const course = [];
  for (const name of ["soma", "trunk1", "trunk2", "trunk3", "tuft"]) {
    const response = await epsp(name), peak = Math.max(...response);
    course.push({ name, peak, timeMs: response.indexOf(peak) * 0.1, centroidMs: centroid(response, 0.1) });
  }
  for (let k = 1; k < course.length; k++) {
    const [near, far] = [course[k - 1], course[k]];
    assertLess(far.peak, 0.97 * near.peak, far.name);
    assertLess(near.timeMs, far.timeMs, far.name);
    assertLess(near.centroidMs, far.centroidMs, far.name);
  }
  const [soma, tuft] = [course[0], course[4]];
  assertLess(tuft.peak, 0.8 * soma.peak);
  // From the tip of a thin dendrite of 600 µm little is left.
  const thin = { compartments: cablePieces(12, 600, 0.8) };
  const [near, far] = [await epsp("soma", { morphology: thin }), await epsp("c11", { morphology: thin })];
  assertLess(Math.max(...far), 0.35 * Math.max(...near));
  assertLess(near.indexOf(Math.max(...near)) + 60, far.indexOf(Math.max(...far)));
  measured(
    "morphology",
    "peak of an EPSP from the tuft, relative to one at the soma",
    tuft.peak / soma.peak,
    "1",
    import.meta,
  );
  measured("morphology", "later peak of an EPSP from the tuft", tuft.timeMs - soma.timeMs, "ms", import.meta);
});

Deno.test("the mode without potentials keeps the full mode's ratios of charge and differences of time", async () => {
  const dt = 0.1;
  for (const name of ["trunk2", "oblique", "tuft"]) {
    const ratio: number[] = [], later: number[] = [];
    for (const mode of ["full", "attenuation"] as const) {
      const options = { morphology: { mode }, weight: mode === "full" ? 2 : 0.3, dt, ms: 400 };
      const at = await epsp(name, options), soma = await epsp("soma", options);
      ratio.push(sum(at) / sum(soma));
      later.push(centroid(at, dt) - centroid(soma, dt));
    }
    assertWithin(ratio[1], ratio[0], 0.03, `${name}: charge`);
    assertAlmostEquals(later[1], later[0], 0.05 * later[0] + dt, `${name}: time`);
    if (name === "tuft") {
      measured("morphology", "charge from the tuft: cheap over full mode", ratio[1] / ratio[0], "1", import.meta);
    }
  }
});

Deno.test("the mode without potentials has no arrays of compartments, and delays are longer by the dendrite's", () => {
  const brain = (mode: MorphologyValues["mode"], more: Partial<ProjectionSpec>) => {
    const made = new Brain();
    made.addRegion("line", "input", { neurons: 2 });
    made.addRegion("n", "sensory", { neurons: 3, morphology: { mode } });
    made.connect("line", "n", { compartment: "tuft", ...more });
    return made;
  };
  const late = Math.round(
    transferToSoma(cableOf(valuesOf(TEMPLATES.pyramidal as unknown as Compartment[]))).delayMs[6],
  );
  assertLess(2, late);
  const cheap = brain("attenuation", { density: 1, delay: 2 }), full = brain("full", { density: 1, delay: 2 });
  assertEquals(cheap.arrays.entry("region.n.morphology.v").data.length, 0);
  assertEquals(full.arrays.entry("region.n.morphology.v").shape, [6, 3]);
  assertEquals([...new Set(cheap.projections[0].synapseTable().delay)], [2 + late]);
  assertEquals([...new Set(full.projections[0].synapseTable().delay)], [2]);
  // Delays that were listed one by one are longer by as much.
  const pairs = { pre: [0, 0, 1], post: [0, 1, 2], delay: [1, 5, 2], weight: [1, 2, 3] };
  assertEquals([...brain("full", { pairs }).projections[0].synapseTable().delay], [1, 5, 2]);
  assertEquals(
    [...brain("attenuation", { pairs }).projections[0].synapseTable().delay],
    [1, 5, 2].map((d) => d + late),
  );
});

Deno.test("AMPA on a compartment pulls that compartment towards its reversal, never beyond, whatever its strength", async () => {
  for (const weight of [0.01, 1, 1e4]) {
    const brain = new Brain();
    brain.addRegion("line", "input", { neurons: 1 });
    brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0, morphology: "pyramidal" });
    brain.connect("line", "n", { density: 1, weight, receptor: "ampa", compartment: "tuft" });
    assertEquals(brain.arrays.has("region.n.receptor.ampa@tuft"), true);
    await brain.run(100);
    const v = brain.arrays.get("region.n.morphology.v", "f32"), rest = v.slice();
    brain.injectSpikes("line", [0]);
    await brain.run(3);
    const up = v.map((x, k) => x - rest[k]); // basal, trunk1, trunk2, oblique, trunk3, tuft
    assertLess(up[4], up[5]);
    assertLess(up[2], up[4]);
    assertLess(0, up[0]);
    assert(v.every((x) => x < 0), `${v}`);
    if (weight === 1e4) assertLess(-5, v[5]);
  }
});

Deno.test("NMDA on a compartment sees the potential there, whatever the soma's", () => {
  /** What a little open NMDA does to its compartment within a step, the potentials being set. */
  const rise = (compartmentMv: number, somaMv: number) => {
    const [open, shut] = [0.05, 0].map((g) => {
      const brain = new Brain({ dt: 0.1 });
      brain.addRegion("line", "input", { neurons: 1 });
      brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0, morphology: "pyramidal" });
      brain.connect("line", "n", { density: 1, receptor: "nmda", compartment: "tuft" });
      brain.arrays.get("region.n.receptor.nmda@tuft", "f32")[0] = g;
      const v = brain.arrays.get("region.n.morphology.v", "f32");
      v[5] = compartmentMv;
      brain.arrays.get("neuron.v", "f32")[0] = somaMv;
      brain.step();
      return v[5];
    });
    return (open - shut) / -shut; // by mV of driving force, which is that at the end of the step
  };
  const block = (mv: number) => 1 / (1 + 1 / 3.57 * Math.exp(-0.062 * mv)); // Jahr & Stevens 1990, 1 mM
  const rest = rise(-65, -65);
  for (const mv of [-80, -50, -35, -20]) {
    assertWithin(rise(mv, -65) / rest, block(mv) / block(-65), 0.01, `${mv} mV`);
  }
  assertWithin(rise(-65, -40), rest, 0.01);
});

Deno.test("with dt = 1 ms, strong conductances and extreme coupling, all potentials stay where they can be", () => {
  const tight: Compartment[] = [
    { name: "soma", parent: -1, lengthUm: 5, diameterUm: 5 },
    ...Array.from({ length: 12 }, (_, k) => ({ name: `d${k}`, parent: k, lengthUm: 0.1, diameterUm: 30 })),
  ];
  const cases: MorphologySpec[] = [
    { template: "pyramidal" },
    { template: "interneuron", axialOhmCm: 0.1 },
    { compartments: tight, axialOhmCm: 0.1, membraneOhmCm2: 1e7, capacitanceUfCm2: 0.01 },
    { compartments: cablePieces(100, 10, 20), axialOhmCm: 0.1, capacitanceUfCm2: 100 },
  ];
  for (const morphology of cases) {
    for (const scheme of ["riccati", "izhikevich2003"] as const) {
      const brain = new Brain({ seed: 3, scheme });
      brain.addRegion("line", "input", { neurons: 20 });
      brain.addRegion("n", "sensory", { neurons: 10, inhibitory: 0, noise: 3, morphology });
      const names = brain.spec.regions[1].morphology!.compartments.map(({ name }) => name);
      const last = names.at(-1)!;
      brain.connect("line", "n", { name: "e", density: 0.5, weight: 1000, receptor: "ampa", compartment: last });
      brain.connect("line", "n", {
        name: "i",
        source: "all",
        density: 0.5,
        weight: 1000,
        transmitter: "gaba",
        receptor: "gabaB",
        compartment: names[1],
      });
      brain.stimulate("line", [1], { maxRateHz: 30 });
      const v = brain.arrays.get("region.n.morphology.v", "f32");
      for (let step = 0; step < 300; step++) {
        brain.step();
        assert(v.every((x) => x >= -91 && x <= 31), `${scheme}, step ${step}: ${v}`);
        assert(
          brain.region("n").v.every((x) => x >= -200 && x <= 30),
          `${scheme}, step ${step}: ${brain.region("n").v}`,
        );
      }
    }
  }
});

Deno.test("without synapses on it, a tight dendrite holds its soma at the common rest, and does not make it fire", async () => {
  const brain = new Brain();
  brain.addRegion("n", "sensory", {
    neurons: 1,
    inhibitory: 0,
    morphology: { template: "pyramidal", axialOhmCm: 0.1, leakMv: -70 },
  });
  await brain.run(3000);
  assertEquals(brain.region("n").spikeCounts[0], 0);
  for (const v of brain.arrays.get("region.n.morphology.v", "f32")) assertAlmostEquals(v, -70, 0.1);
});

Deno.test("dendrites are a load: the smallest current that fires the soma rises as their conductance says", async () => {
  const fires = async (current: number, morphology?: TemplateName) => {
    const brain = new Brain();
    brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0, ...morphology && { morphology } });
    for (let k = 1; k <= 50; k++) { // slowly: a step overshoots
      brain.injectCurrent("n", current * k / 50);
      await brain.run(60);
    }
    await brain.run(1000);
    return brain.region("n").spikeCounts[0] > 0;
  };
  for (const name of ["point", "pyramidal", "interneuron", "stellate"] as const) {
    const compartments = TEMPLATES[name], { inner, toSoma } = denseTree(compartments);
    // What the soma loses to dendrites at rest, by mV above it: Σ g (1 − V_child), in units of its capacitance.
    const follow = solve(inner, toSoma),
      somaFarad = Math.PI * compartments[0].lengthUm * compartments[0].diameterUm * 1e-14;
    const load = sum(toSoma.map((g, k) => g * (1 - follow[k]))) / somaFarad / 1000;
    // The fixed point of 0.04 v² + 5 v + 140 − b v + load (E − v) + I vanishes.
    const rheobase = (5 - 0.2 - load) ** 2 / 0.16 - 140 - load * LEAK_MV;
    if (name !== "point") assertLess(4.2, rheobase);
    assertEquals(await fires(0.9 * rheobase, name), false, `${name} at ${0.9 * rheobase}`);
    assertEquals(await fires(1.05 * rheobase, name), true, `${name} at ${1.05 * rheobase}`);
  }
  assertEquals([await fires(3.6), await fires(4.2)], [false, true]);
});

Deno.test("every template works in both modes, with synapses on every compartment and inside the region", async () => {
  for (const template of Object.keys(TEMPLATES) as TemplateName[]) {
    for (const mode of ["full", "attenuation"] as const) {
      const brain = new Brain({ seed: 5 });
      brain.addRegion("line", "input", { neurons: 10 });
      brain.addRegion("n", "association", { neurons: 20, connectivity: 0.2, morphology: { template, mode } });
      for (const { name } of TEMPLATES[template]) {
        brain.connect("line", "n", {
          name: `to-${name}`,
          density: 0.5,
          compartment: name,
          weight: 10,
          plasticity: "stdp",
        });
      }
      brain.connect("n", "n", { name: "inner", density: 0.1, compartment: TEMPLATES[template].at(-1)!.name });
      brain.stimulate("line", [1], { maxRateHz: 40 });
      await brain.run(500);
      const { spikes, regions: [, { mechanisms }] } = brain.summary();
      assertLess(250, spikes, `${template}, ${mode}`);
      assertEquals(mechanisms.morphology, { mode, compartments: TEMPLATES[template].length });
      assertNotEquals(brain.projection("to-soma").weights, Brain.fromSpec(brain.spec).projection("to-soma").weights);
    }
  }
});

Deno.test("resetActivity puts dendrites at rest; a saved brain goes on exactly", async () => {
  for (const mode of ["full", "attenuation"] as const) {
    const brain = new Brain({ seed: 7 });
    brain.addRegion("line", "input", { neurons: 10 });
    brain.addRegion("n", "association", { neurons: 12, noise: 4, connectivity: 0.2, morphology: { mode } });
    brain.connect("line", "n", { density: 0.5, compartment: "tuft", receptor: "nmda", plasticity: "stdp" });
    brain.stimulate("line", [1]);
    await brain.run(77);
    const loaded = decodeSnapshot(encodeSnapshot(brain));
    await brain.run(100);
    await loaded.run(100);
    assertEquals(differences(brain, loaded), []);
    brain.resetActivity();
    assert(brain.arrays.get("region.n.morphology.v", "f32").every((v) => v === LEAK_MV));
  }
});

Deno.test("what is no tree, or no compartment of it, is refused by name", () => {
  const add = (morphology: MorphologySpec | TemplateName) => {
    const brain = new Brain();
    brain.addRegion("n", "sensory", { neurons: 2, morphology });
    return brain;
  };
  const part = (name: string, parent: number) => ({ name, parent, lengthUm: 10, diameterUm: 1 });
  assertThrows(() => add("pyramide" as TemplateName), InputError, 'did you mean "pyramidal"?');
  assertThrows(() => add({ compartments: [] }), InputError, "begins with the soma");
  assertThrows(() => add({ compartments: [part("a", -1), part("a", 0)] }), InputError, 'two compartments "a"');
  assertThrows(() => add({ compartments: [part("a", -1), part("b", 1)] }), InputError, "parent is 1");
  assertThrows(() => add({ compartments: [part("a", -1), part("b", -1)] }), InputError, "parent is -1");
  assertThrows(() => add({ template: "point", compartments: [part("a", -1)] }), InputError, "exclude");
  const brain = add("pyramidal");
  assertThrows(() => brain.connect("n", "n", { compartment: "tufts" }), InputError, 'did you mean "tuft"?');
  const bare = new Brain();
  bare.addRegion("n", "sensory", { neurons: 2 });
  assertThrows(() => bare.connect("n", "n", { compartment: "tuft" }), InputError, "needs a region with morphology");
});
