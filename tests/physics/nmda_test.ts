/** NMDA receptors: conductances that magnesium blocks until the membrane is depolarised (Jahr & Stevens 1990). */

import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import type { Receptor } from "../../src/biology/neurotransmitter.ts";
import { Brain } from "../../src/brain/brain.ts";
import { measured } from "./measured.ts";
import { assertWithin, runFor } from "./observe.ts";
import { PAPER_PATTERNS, solveNeuron } from "./reference.ts";

/** Share of open channels, typed in again from the paper. */
const open = (v: number, magnesium = 1) => 1 / (1 + magnesium / 3.57 * Math.exp(-0.062 * v));

/** `lines` lines with one synapse each onto one neuron; the field of its region is its net synaptic current. */
function brainOf(receptor: "nmda" | "ampa" | Receptor, weight: number, lines = 1, dt = 1): Brain {
  const brain = new Brain({ dt });
  brain.addRegion("line", "input", { neurons: lines });
  brain.addRegion("n", "sensory", { neurons: 1, inhibitory: 0, field: true });
  brain.connect("line", "n", { density: 1, weight, delay: dt, receptor });
  return brain;
}

/** Net current in every step after the arrival of one spike, with v held. */
function clamped(brain: Brain, heldMv: number, ms: number): number[] {
  const v = brain.arrays.get("neuron.v", "f32"), [at] = brain.region("n").range;
  const lfp = brain.arrays.get("region.n.field.lfp", "f32");
  brain.injectSpikes("line", [0]);
  brain.step();
  return Array.from({ length: Math.round(ms / brain.dt) }, () => {
    v[at] = heldMv;
    brain.step();
    return lfp[0];
  });
}

Deno.test("the current of a spike is g(t) · (E − v)/(1 + [Mg]/3.57 · exp(−0.062 v)), at every potential and for any magnesium", () => {
  for (const magnesiumMm of [0, 0.3, 1, 2]) {
    for (const v of [-90, -70, -65, -50, -30, -10, 10]) {
      for (const dt of [1, 0.25]) {
        const receptor = { name: "n", tauMs: 80, reversalMv: 5, magnesiumMm };
        const currents = clamped(brainOf(receptor, 0.02, 1, dt), v, 40);
        currents.forEach((current, k) => {
          // The mean of an exponential over the step.
          const g = 0.02 * 80 / dt * (Math.exp(-k * dt / 80) - Math.exp(-(k + 1) * dt / 80));
          assertWithin(current, g * open(v, magnesiumMm) * (5 - v), 1e-4, `[Mg] ${magnesiumMm} mM at ${v} mV`);
        });
      }
    }
  }
});

Deno.test("the receptor called nmda decays in 100 ms, reverses at 0 mV and has 1 mM of magnesium", () => {
  const charge = clamped(brainOf("nmda", 0.01), -40, 1500).reduce((a, b) => a + b);
  assertWithin(charge, 0.01 * 100 * open(-40) * 40, 1e-3);
});

Deno.test("a spike passes more charge at a depolarised membrane, though the driving force is smaller; with AMPA less", () => {
  const charge = (receptor: "nmda" | "ampa", v: number) =>
    clamped(brainOf(receptor, 0.01), v, 800).reduce((a, b) => a + b);
  const nmda = charge("nmda", -30) / charge("nmda", -70), ampa = charge("ampa", -30) / charge("ampa", -70);
  assertWithin(nmda, 30 * open(-30) / (70 * open(-70)), 1e-3);
  assertWithin(ampa, 30 / 70, 1e-3);
  assertLess(3, nmda);
  measured("nmda", "charge of a spike at −30 mV over that at −70 mV", nmda, "1", import.meta);
  measured("nmda", "the same of AMPA", ampa, "1", import.meta);
});

/** Largest depolarisation (mV) after `lines` spikes that arrive together. */
async function peak(receptor: "nmda" | "ampa" | Receptor, weight: number, lines: number): Promise<number> {
  const brain = brainOf(receptor, weight, 8);
  await brain.run(500);
  const [rest] = brain.region("n").v;
  brain.injectSpikes("line", Array.from({ length: lines }, (_, k) => k));
  const { values } = (await runFor(brain, 150, { v: { n: [0] } })).v("n");
  assertEquals(brain.region("n").spikeCounts[0], 0, "below threshold");
  return Math.max(...values) - rest;
}

Deno.test("depolarisations sum supralinearly through NMDA, more than through the same conductance without magnesium", async () => {
  const nmda = { tauMs: 100, reversalMv: 0, magnesiumMm: 1 }, free = { tauMs: 100, reversalMv: 0 };
  // Equal effects of one spike: the unblocked conductance is as large as the blocked one at rest.
  const weight = 0.1, rest = -70, equal = weight * open(rest);
  const gain = async (receptor: Receptor, w: number) => await peak(receptor, w, 6) / (6 * await peak(receptor, w, 1));
  const blocked = await gain(nmda, weight), unblocked = await gain(free, equal);
  assertLess(1.4, blocked);
  assertLess(1.25 * unblocked, blocked);
  measured("nmda", "depolarisation by six spikes over six times that by one", blocked, "1", import.meta);
  measured("nmda", "the same without magnesium", unblocked, "1", import.meta);
});

Deno.test("the membrane under NMDA follows the fine solution of the same equations", async () => {
  const brain = brainOf("nmda", 0.8, 1);
  brain.injectSpikes("line", [0]);
  brain.step();
  const { values } = (await runFor(brain, 60, { v: { n: [0] } })).v("n");
  // The reference takes the block at the membrane's own potential: fixed-point iteration over its trace.
  let trace = Array.from(values), fine = trace;
  for (let pass = 0; pass < 5; pass++) {
    const known = trace;
    const at = (t: number) => {
      const k = Math.min(known.length - 1, Math.floor(t)), before = k < 1 ? -65 : known[k - 1];
      return before + (known[k] - before) * (t - Math.floor(t));
    };
    fine = solveNeuron(PAPER_PATTERNS.regularSpiking, 61, {
      conductance: (t) => t < 1 ? 0 : 0.8 * Math.exp(-(t - 1) / 100) * open(at(t - 1)),
      reversalMv: 0,
    }).v.slice(1);
    trace = fine;
  }
  values.forEach((v, k) => assertAlmostEquals(v, fine[k], 0.3, `${k + 1} ms`));
  const free = solveNeuron(PAPER_PATTERNS.regularSpiking, 61).v.slice(1);
  assertLess(3, Math.max(...free.map((v, k) => values[k] - v))); // the synapse did something
});
