/** Synapses: when spikes arrive, what they do to the membrane, and that the layouts of a projection mean the same. */

import { assert, assertEquals, assertLess } from "@std/assert";
import { RECEPTORS } from "../../src/biology/neurotransmitter.ts";
import { Brain } from "../../src/brain/brain.ts";
import type { ProjectionSpec } from "../../src/brain/spec.ts";
import { currentReceptors } from "../../kernels/receptors.ts";
import { measured } from "./measured.ts";
import { assertWithin, runFor, spikeTrains } from "./observe.ts";
import { PAPER_PATTERNS, solveNeuron } from "./reference.ts";

/** Time given to membranes to come to rest before a spike is sent, ms. */
const SETTLE_MS = 500;

/** v of RS neurons at rest, mV: the lower root of 0.04 v² + 4.8 v + 140. */
const REST_MV = -70;

/**
 * One input line that spikes once after membranes have settled; target k gets the k-th of `weights`. Returns, for each
 * target, v at the end of each step from the step of the spike on, for `ms`.
 */
async function responses(
  options: Omit<ProjectionSpec, "from" | "to" | "pairs">,
  weights: number[],
  ms: number,
  dt: number,
  delays?: number[],
): Promise<number[][]> {
  const brain = new Brain({ dt });
  brain.addRegion("line", "input", { neurons: 1, inhibitory: 0 });
  brain.addRegion("target", "sensory", { neurons: weights.length, inhibitory: 0 });
  const post = weights.map((_, k) => k);
  brain.connect("line", "target", {
    source: "all",
    ...options,
    pairs: { pre: post.map(() => 0), post, weight: weights, ...(delays && { delay: delays }) },
  });
  await brain.run(SETTLE_MS / dt);
  brain.injectSpikes("line", [0]);
  const { values } = (await runFor(brain, ms, { v: { target: post } })).v("target");
  return post.map((k) => Array.from({ length: Math.round(ms / dt) }, (_, s) => values[s * post.length + k]));
}

for (const dt of [1, 0.5, 0.1]) {
  Deno.test(`a spike arrives exactly after its delay, 1 to 255 ms, at dt ${dt} ms`, async () => {
    const delays = [1, 2, 5, 17, 100, 255];
    const traces = await responses({}, delays.map(() => 3), 300, dt, delays);
    traces.forEach((v, k) => {
      const arrival = v.findIndex((x) => x > REST_MV + 0.5);
      // The spike is emitted in step 0; what arrives in step s shows at the end of step s.
      assertEquals(arrival, Math.round(delays[k] / dt), `delay ${delays[k]} ms`);
      if (delays[k] === 255) {
        measured("delay", `arrival by a delay of 255 ms, dt ${dt} ms`, arrival * dt, "ms", import.meta);
      }
    });
  });
}

Deno.test("one delay for a whole projection, dense, sparse or uniform, is the time to arrival", async () => {
  for (const layout of ["dense", "sparse", "uniform"] as const) {
    for (const delay of [1, 7.5, 60]) {
      const brain = new Brain({ dt: 0.5 });
      brain.addRegion("line", "input", { neurons: 2 });
      brain.addRegion("target", "sensory", { neurons: 3, inhibitory: 0 });
      brain.connect("line", "target", { density: 1, layout, weight: 100, delay });
      await brain.run(100);
      brain.injectSpikes("line", [1]);
      const recording = await runFor(brain, 80);
      assertEquals(spikeTrains(recording, "line", 2), [[], [50]]);
      assertEquals(spikeTrains(recording, "target", 3).map((t) => t[0] - 50), [delay, delay, delay], layout);
    }
  }
});

Deno.test("a range of delays is used evenly from its first step to its last", () => {
  const brain = new Brain({ seed: 3 });
  brain.addRegion("line", "input", { neurons: 100 });
  brain.addRegion("target", "sensory", { neurons: 100, inhibitory: 0 });
  const projection = brain.connect("line", "target", {
    density: 1,
    layout: "sparse",
    weight: 0.1,
    delay: { uniform: [3, 12] },
  });
  const counts = new Map<number, number>();
  for (const delay of projection.synapseTable().delay) counts.set(delay, (counts.get(delay) ?? 0) + 1);
  assertEquals([...counts.keys()].sort((a, b) => a - b), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  for (const count of counts.values()) assert(Math.abs(count - 1000) < 150, `${count} of 10,000 synapses`);
});

Deno.test("a pulse of w mV steps the membrane by w", async () => {
  const weights = [0.25, 1, 3, 6];
  for (const [transmitter, sign] of [["glutamate", 1], ["gaba", -1]] as const) {
    const traces = await responses({ transmitter }, weights, 3, 0.05, weights.map(() => 1));
    traces.forEach((v, k) => {
      const step = v[20] - v[19];
      assertWithin(step, sign * weights[k], 0.03, `${transmitter} pulse of ${weights[k]} mV`);
    });
  }
});

Deno.test("at dt 1 ms a pulse is a current of w/dt for one step, as the fine solution has it", async () => {
  const weights = [0.25, 1, 3, 6], { regularSpiking } = PAPER_PATTERNS;
  const traces = await responses({ delay: 1 }, weights, 20, 1);
  traces.forEach((v, k) => {
    const current = (t: number) => t >= SETTLE_MS + 1 && t < SETTLE_MS + 2 ? weights[k] : 0;
    const fine = solveNeuron(regularSpiking, SETTLE_MS + 20, { current }, 1, 0.02).v.slice(SETTLE_MS);
    const largest = Math.max(...fine.map((x, s) => Math.abs(x - v[s])));
    assertLess(largest, 0.03 * weights[k], `pulse of ${weights[k]} mV`);
    assertLess(0.5 * weights[k], Math.max(...v) - REST_MV); // and there was a response to compare
  });
});

Deno.test("the charge of an exponential current is w·τ whatever dt", () => {
  for (const tau of [0.5, 5, 100]) {
    for (const dt of [1, 0.5, 0.1]) {
      const decay = Math.exp(-dt / tau), g = Float32Array.of(2), input = new Float32Array(1);
      for (let t = 0; t < 25 * tau; t += dt) currentReceptors(0, g, (1 - decay) * tau / dt, decay, input);
      assertWithin(input[0] * dt, 2 * tau, 1e-4, `τ ${tau} ms, dt ${dt} ms`);
    }
  }
});

Deno.test("the area of a small postsynaptic potential is w·τ over the slope of the membrane, at any dt", async () => {
  // Of a resting RS neuron the response to a constant small current is 1 / (b − f′) = 1 / (0.2 + 0.6) mV per mV/ms.
  for (const tauMs of [2, 20]) {
    for (const dt of [1, 0.5, 0.1]) {
      const w = 2 / tauMs;
      const [up] = await responses({ receptor: { tauMs } }, [w], 300, dt);
      const [down] = await responses({ transmitter: "gaba", receptor: { tauMs } }, [w], 300, dt);
      // Half the difference of the two responses: what is not linear in w cancels to the second order.
      const area = up.reduce((sum, v, s) => sum + (v - down[s]) / 2 * dt, 0);
      assertWithin(area, w * tauMs / 0.8, 0.02, `τ ${tauMs} ms, dt ${dt} ms`);
      if (dt === 1) {
        measured(
          "receptor",
          `area of a potential over the closed form, τ ${tauMs} ms`,
          area / (w * tauMs / 0.8),
          "1",
          import.meta,
        );
      }
    }
  }
});

Deno.test("postsynaptic potentials of conductances have the shape of the fine solution", async () => {
  const cases = [["ampa", "glutamate", 0.03], ["gabaA", "gaba", 0.3], ["gabaB", "gaba", 0.05], [
    "lateral",
    "gaba",
    0.4,
  ]] as const;
  for (const [receptor, transmitter, weight] of cases) {
    const { tauMs, reversalMv } = RECEPTORS[receptor];
    for (const dt of [1, 0.5, 0.1]) {
      const [v] = await responses({ transmitter, receptor, delay: 2 }, [weight], 80, dt);
      const conductance = (t: number) => t < SETTLE_MS + 2 ? 0 : weight * Math.exp(-(t - SETTLE_MS - 2) / tauMs);
      const fine = solveNeuron(PAPER_PATTERNS.regularSpiking, SETTLE_MS + 80, { conductance, reversalMv }, dt, 0.02).v
        .slice(-v.length);
      const size = Math.max(...fine.map((x) => Math.abs(x - REST_MV)));
      const largest = Math.max(...fine.map((x, s) => Math.abs(x - v[s])));
      // gabaA reverses at rest: it has no potential of its own, and what remains is the error.
      if (receptor === "gabaA") assertLess(size, 0.01);
      else assertLess(1, size, receptor);
      assertLess(largest, Math.max(0.01, 0.03 * size * dt), `${receptor}, dt ${dt} ms`);
    }
  }
});

Deno.test("a conductance pulls towards its reversal from either side and not beyond", async () => {
  for (const reversalMv of [-80, -72, -68, -62]) {
    const traces = await responses({ transmitter: "gaba", receptor: { tauMs: 200, reversalMv } }, [0.5, 2, 5], 60, 1);
    const reached = traces.map((v) => Math.max(...v.map((x) => Math.sign(reversalMv - REST_MV) * (x - REST_MV))));
    const way = Math.abs(reversalMv - REST_MV);
    reached.forEach((x, k) => {
      assertLess(x, way, `reversal ${reversalMv} mV`);
      if (k > 0) assertLess(reached[k - 1], x); // the larger the conductance, the nearer
    });
    assertLess(0.8 * way, reached[2]);
  }
});

Deno.test("inhibition by conductance divides what an excitatory pulse can do", async () => {
  const size = async (gaba: number) => {
    const brain = new Brain({ dt: 0.1 });
    brain.addRegion("line", "input", { neurons: 2 });
    brain.addRegion("target", "sensory", { neurons: 2, inhibitory: 0 });
    brain.connect("line", "target", { name: "e", pairs: { pre: [0], post: [0] }, weight: 2, delay: 3 });
    brain.connect("line", "target", {
      name: "i",
      transmitter: "gaba",
      source: "all",
      receptor: "gabaA",
      pairs: { pre: [1, 1], post: [0, 1] },
      weight: gaba,
      delay: 1,
    });
    await brain.run(SETTLE_MS / 0.1);
    brain.injectSpikes("line", [0, 1]);
    const { values } = (await runFor(brain, 60, { v: { target: [0, 1] } })).v("target");
    let area = 0;
    for (let s = 0; s < values.length; s += 2) area += (values[s] - values[s + 1]) * 0.1;
    return area;
  };
  const free = await size(0), shunted = await size(1);
  assertLess(0, shunted);
  assertLess(shunted, 0.6 * free);
});

Deno.test("glutamate excites and GABA inhibits, as a pulse, as a current and as a conductance", async () => {
  const cases = [
    ["glutamate", "pulse", 1, 1],
    ["gaba", "pulse", 1, -1],
    ["glutamate", "ampaCurrent", 0.5, 1],
    ["gaba", "gabaACurrent", 0.5, -1],
    ["glutamate", "ampa", 0.02, 1],
    ["gaba", "gabaB", 0.05, -1],
  ] as const;
  for (const [transmitter, receptor, weight, sign] of cases) {
    const [v] = await responses({ transmitter, receptor }, [weight], 30, 1);
    const up = Math.max(...v) - REST_MV, down = REST_MV - Math.min(...v);
    if (sign > 0) assert(up > 0.2 && up > 3 * down, `${transmitter} ${receptor}: up ${up}, down ${down}`);
    else assert(down > 0.2 && down > 3 * up, `${transmitter} ${receptor}: up ${up}, down ${down}`);
  }
});

Deno.test("by default excitatory neurons release glutamate and inhibitory ones GABA (Dale)", () => {
  const brain = new Brain();
  brain.addRegion("a", "association", { neurons: 10, connectivity: 1 });
  const excitatory = brain.projection("a->a").synapseTable(), inhibitory = brain.projection("a-|a").synapseTable();
  assertEquals(new Set(excitatory.pre), new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  assertEquals(new Set(inhibitory.pre), new Set([8, 9]));
  for (const { pre, post } of [excitatory, inhibitory]) assert(pre.every((i, k) => i !== post[k]));
});

Deno.test("weights drawn from a wide normal distribution do not cross zero", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 100 });
  brain.addRegion("target", "sensory", { neurons: 100 });
  const options = { density: 1, weight: { normal: [1, 2] as [number, number] }, plasticity: { weightMax: 3 } };
  brain.connect("line", "target", { ...options, name: "sparse", layout: "sparse" });
  brain.connect("line", "target", { ...options, name: "dense", layout: "dense" });
  for (const layout of ["sparse", "dense"]) {
    const { weights } = brain.projection(layout);
    assertEquals(weights.length, 10_000);
    assert(weights.every((w) => w >= 0 && w <= 3));
    assertLess(2000, weights.filter((w) => w === 0).length); // a third of the draws was negative
    assertLess(1000, weights.filter((w) => w === 3).length);
  }
});

/** A driven network of input lines and 40 neurons, whose projections are made by `connect`. */
async function network(connect: (brain: Brain) => void, ms: number): Promise<{ spikes: number[][]; v: Float32Array }> {
  const brain = new Brain({ seed: 5 });
  brain.addRegion("line", "input", { neurons: 20 });
  brain.addRegion("cortex", "association", { neurons: 40, noise: 4 });
  connect(brain);
  brain.stimulate("line", Array.from({ length: 20 }, (_, k) => (k + 1) / 20), { maxRateHz: 100 });
  brain.injectCurrent("cortex", Array.from({ length: 40 }, (_, k) => 2 + k / 8));
  const spikes = spikeTrains(await runFor(brain, ms), "cortex", 40);
  assertLess(50, spikes.flat().length);
  return { spikes, v: brain.region("cortex").v };
}

Deno.test("a uniform projection is a sparse one with equal weights: the same spikes", async () => {
  const all = { density: 1, weight: 2.5, delay: 3 }; // halves are exact in any order of addition
  const [uniform, sparse, dense] = await Promise.all(
    (["uniform", "sparse", "dense"] as const).map((layout) =>
      network((brain) => brain.connect("line", "cortex", { ...all, layout }), 500)
    ),
  );
  assertEquals(uniform, sparse);
  assertEquals(dense, sparse);
  const without = await network(() => {}, 500);
  assertLess(without.spikes.flat().length, 0.7 * sparse.spikes.flat().length); // the projection matters
});

Deno.test("all-to-all means all pairs in every layout, also when there are more sources than targets", () => {
  const steps = (["uniform", "sparse", "dense"] as const).map((layout) => {
    const brain = new Brain();
    brain.addRegion("line", "input", { neurons: 30 });
    brain.addRegion("target", "sensory", { neurons: 7, inhibitory: 0 });
    const projection = brain.connect("line", "target", { density: 1, layout, weight: 0.25, receptor: { tauMs: 1 } });
    assertEquals(projection.synapses, 210, layout);
    for (let k = 0; k < 30; k++) {
      brain.injectSpikes("line", [k]);
      brain.step();
    }
    return Array.from(brain.arrays.get("region.target.receptor.current1", "f32"));
  });
  assertEquals(steps[1], steps[0]);
  assertEquals(steps[2], steps[0]);
});

Deno.test("lateral inhibition is an all-to-all projection without self-connections", async () => {
  const lateral = await network((brain) => brain.region("cortex").addLateralInhibition({ weight: 0.125 }), 400);
  const sparse = await network((brain) =>
    brain.connect("cortex", "cortex", {
      transmitter: "gaba",
      source: "all",
      receptor: "lateral",
      density: 1,
      weight: 0.125,
    }), 400);
  assertEquals(lateral.spikes, sparse.spikes);
  const without = await network(() => {}, 400);
  assertLess(lateral.spikes.flat().length, 0.7 * without.spikes.flat().length);
});

Deno.test("a neuron does not receive its own spikes through uniform inhibition", async () => {
  const train = async (weight: number) => {
    const brain = new Brain();
    brain.addRegion("n", "sensory", { neurons: 2, inhibitory: 0 });
    brain.region("n").addLateralInhibition({ weight });
    brain.injectCurrent("n", [10, 0]);
    return spikeTrains(await runFor(brain, 500), "n", 2);
  };
  const free = await train(0), inhibited = await train(5);
  assertLess(5, free[0].length);
  assertEquals(inhibited, free);
});

Deno.test("a dense projection is a sparse one with the same weights: the same potentials to the bit", async () => {
  let weights: { pre: number[]; post: number[]; weight: number[] } | undefined;
  const dense = await network((brain) => {
    brain.connect("line", "cortex", { density: 1, weight: { uniform: [0, 2] }, delay: 4, receptor: "ampaCurrent" });
    const { pre, post, weight } = Brain.fromSpec(brain.spec).projection("line", "cortex").synapseTable();
    weights = { pre: [...pre], post: [...post], weight: [...weight] };
  }, 500);
  const sparse = await network(
    (brain) => brain.connect("line", "cortex", { pairs: weights!, delay: 4, receptor: "ampaCurrent" }),
    500,
  );
  assertEquals(weights!.pre.length, 800);
  assertEquals(dense, sparse);
});

Deno.test("spikes that arrive together add their weights", async () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 8 });
  brain.addRegion("target", "sensory", { neurons: 2, inhibitory: 0 });
  brain.connect("line", "target", {
    pairs: { pre: [0, 1, 2, 3, 4], post: [0, 0, 0, 0, 1], weight: [0.5, 0.5, 0.5, 0.5, 2] },
  });
  await brain.run(SETTLE_MS);
  brain.injectSpikes("line", [0, 1, 2, 3, 4]);
  await brain.run(5);
  const [a, b] = brain.region("target").v;
  assertEquals(a, b);
  assertLess(REST_MV + 0.1, a);
});
