/**
 * The work of a step follows what happens in it: neurons and events, never all synapses. Counted, not timed: the arrays of
 * a projection are replaced by ones that count how often their elements are looked at.
 */

import { GROW_LIMIT } from "../../kernels/reward.ts";
import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { ProjectionSpec } from "../../src/brain/spec.ts";
import { CpuBackend } from "../../src/engine/cpu/backend.ts";
import type { Program, ProjectionProgram } from "../../src/engine/program.ts";
import { Dice } from "./dice.ts";

/** How often elements of counted arrays were read and written. */
interface Tally {
  reads: number;
  writes: number;
}

/** A typed array that counts accesses to its elements. */
function counted(data: Float32Array, tally: Tally): Float32Array {
  return new Proxy(data, {
    get(target, key) {
      if (typeof key === "string" && /^\d+$/.test(key)) tally.reads++;
      const value = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
    set(target, key, value) {
      if (typeof key === "string" && /^\d+$/.test(key)) tally.writes++;
      return Reflect.set(target, key, value, target);
    },
  });
}

/** A brain's program on a backend of its own, whose accesses to the weights of all projections are counted. */
class Counter {
  readonly weights: Tally = { reads: 0, writes: 0 };
  readonly out: Tally = { reads: 0, writes: 0 };
  readonly program: Program;
  // The plain kernels, whose accesses can be counted; the others do the same work (tests/backends/simd_test.ts).
  readonly #backend = new CpuBackend({ plain: true });
  #step = 0;

  constructor(brain: Brain) {
    this.program = brain.program();
    for (const projection of this.program.projections) {
      const weight = counted(projection.weight, this.weights);
      projection.weight = weight;
      projection.out = counted(projection.out, this.out);
      const { plasticity } = projection;
      if (!plasticity) continue;
      plasticity.synapses.weight = weight;
      if (plasticity.synapses.rewarded) plasticity.synapses.rewarded.weight = weight;
    }
    this.#backend.load(this.program);
  }

  /** Takes a step; returns accesses to weights during it, and the neurons that spiked in it. */
  step(): { touched: number; spiked: number[] } {
    const before = this.weights.reads + this.weights.writes, step = this.#step++;
    this.#backend.runNow(step, 1);
    const { last } = this.program.activity;
    const spiked = Array.from(last.keys()).filter((i) => last[i] === step);
    return { touched: this.weights.reads + this.weights.writes - before, spiked };
  }

  /** Makes these neurons spike in the next step. */
  fire(neurons: number[]): void {
    for (const i of neurons) this.program.membranes.v[i] = 30;
  }
}

/** Input lines onto neurons that spike only when they are made to: weights are too small to excite them. */
function quiet(options: Omit<ProjectionSpec, "from" | "to">, lines = 50, cells = 40): Brain {
  const brain = new Brain({ seed: 1 });
  brain.addRegion("lines", "input", { neurons: lines });
  brain.addRegion("cells", "sensory", { neurons: cells, inhibitory: 0 });
  brain.connect("lines", "cells", { weight: 1e-6, ...options });
  return brain;
}

/** Synapses of a sparse source neuron with one delay, or of all its delays. */
function rowLength({ rows }: ProjectionProgram, pre: number, delay?: number): number {
  const { delays, rowStart } = rows!;
  const first = pre * delays + (delay ?? 0), end = delay === undefined ? (pre + 1) * delays : first + 1;
  return rowStart[end] - rowStart[first];
}

Deno.test("a step without spikes looks at no synapse, whatever the layout and plasticity", () => {
  const kinds: Omit<ProjectionSpec, "from" | "to">[] = [
    { density: 0.5 },
    { density: 1 },
    { layout: "uniform" },
    { density: 0.5, delay: { uniform: [1, 20] } },
    { density: 0.5, plasticity: "stdp" },
    { density: 1, plasticity: "rstdp" },
    { density: 0.5, plasticity: "rstdp", shortTerm: "depressing" },
  ];
  for (const kind of kinds) {
    const counter = new Counter(quiet(kind));
    for (let k = 0; k < 200; k++) assertEquals(counter.step(), { touched: 0, spiked: [] }, JSON.stringify(kind));
  }
});

Deno.test("a static sparse projection looks at the synapses of arriving spikes, each once", () => {
  const counter = new Counter(quiet({ density: 0.3, delay: { uniform: [2, 5] } })), dice = new Dice(1);
  const [projection] = counter.program.projections, history: number[][] = [];
  for (let t = 0; t < 200; t++) {
    if (dice.chance(0.5)) counter.fire([dice.whole(0, 49), dice.whole(0, 49)]);
    const { touched, spiked } = counter.step();
    history.push(spiked);
    let arriving = 0;
    projection.delays.forEach((d, k) => {
      for (const pre of history[t - d] ?? []) arriving += rowLength(projection, pre, k);
    });
    assertEquals(touched, arriving, `step ${t}`);
  }
  assert(counter.weights.reads > 1000);
});

Deno.test("a static dense projection looks at one row for each arriving spike", () => {
  const counter = new Counter(quiet({ density: 1 }));
  counter.fire([3, 17, 49]);
  assertEquals([counter.step().touched, counter.step().touched, counter.step().touched], [0, 3 * 40, 0]);
});

Deno.test("a uniform projection makes one pass over its targets, however many spikes arrive", () => {
  for (const spikes of [1, 10, 50]) {
    const counter = new Counter(quiet({ layout: "uniform" }));
    counter.fire(Array.from({ length: spikes }, (_, k) => k));
    counter.step();
    const before = counter.out.writes, { touched } = counter.step();
    assertEquals([touched, counter.out.writes - before], [1, 40], `${spikes} spikes`);
  }
});

Deno.test("ten times as many silent synapses cause no more work", () => {
  for (const plasticity of [undefined, "stdp", "rstdp"] as const) {
    const work = (lines: number) => {
      const post = Array.from({ length: 20 }, (_, k) => k);
      // The synapses of line 0 come first and are the same in both brains; those of the others are never used.
      const pre = [...post.map(() => 0), ...Array.from({ length: lines }, (_, k) => 1 + k % (lines - 1))];
      const pairs = { pre, post: pre.map((_, k) => k % 20), weight: pre.map(() => 1e-6) };
      const counter = new Counter(quiet({ pairs, ...(plasticity && { plasticity }) }, lines, 20));
      for (let t = 0; t < 150; t++) {
        if (t % 7 === 0) counter.fire([0]);
        counter.step();
      }
      return counter.weights;
    };
    const few = work(100), many = work(1000);
    assertEquals(many, few, plasticity);
    assert(few.reads > 0);
  }
});

Deno.test("a plastic synapse is touched only when one of its two neurons spikes, and then a few times", () => {
  for (const layout of ["sparse", "dense"] as const) {
    for (const plasticity of ["stdp", "rstdp"] as const) {
      const counter = new Counter(quiet({ density: 1, layout, plasticity })), dice = new Dice(2);
      let arriving: number[] = [], most = 0;
      for (let t = 0; t < 150; t++) { // less than the period of the trace clocks, after which a pass over all is due
        if (dice.chance(0.4)) counter.fire([dice.whole(0, 49), 50 + dice.whole(0, 39)]);
        const { touched, spiked } = counter.step();
        const events = 40 * arriving.length + 50 * spiked.filter((i) => i >= 50).length;
        assertLessOrEqual(touched, 8 * events, `${layout} ${plasticity}, step ${t}`);
        most = Math.max(most, touched);
        arriving = spiked.filter((i) => i < 50);
      }
      assert(most > 0);
    }
  }
});

Deno.test("reward by itself touches no synapse until its neurons spike or somebody looks", () => {
  const brain = quiet({ density: 1, plasticity: { reward: {} } }), counter = new Counter(brain);
  brain.reward(5);
  for (let t = 0; t < 1000; t++) assertEquals(counter.step().touched, 0);
});

Deno.test("reward clocks pass over all synapses once a period, not more often", () => {
  const brain = quiet({ density: 1, plasticity: { reward: { tauEligibilityMs: 10 } } });
  const counter = new Counter(brain), period = Math.ceil(Math.log(GROW_LIMIT) * 10);
  counter.fire([0]);
  brain.reward(1);
  const passes: number[] = [];
  for (let t = 0; t < 5 * period; t++) {
    if (counter.step().touched >= 50 * 40) passes.push(t);
  }
  assert(passes.length <= 4 && passes.every((t, k) => Math.abs(t - (k + 1) * period) <= k + 1), passes.join());
  assert(period >= 50, `a period of ${period} steps`);
});

Deno.test("weights of silent synapses are not used: poison in them reaches no neuron", async () => {
  for (const layout of ["sparse", "dense"] as const) {
    for (const plasticity of [undefined, "stdp", "rstdp"] as const) {
      const brain = new Brain({ seed: 3 });
      brain.addRegion("lines", "input", { neurons: 20 });
      brain.addRegion("cells", "sensory", { neurons: 10, inhibitory: 0, noise: 5 });
      brain.connect("lines", "cells", { density: 1, layout, delay: 2, ...(plasticity && { plasticity }) });
      const { weight } = brain.program().projections[0];
      // Line k has row k: poison all lines but the first five, which alone are stimulated.
      weight.fill(NaN, 5 * 10);
      brain.stimulate("lines", [1, 0, 0, 0], { maxRateHz: 200 });
      await brain.run(300);
      assert(brain.region("cells").v.every(Number.isFinite), `${layout} ${plasticity}`);
      assert(brain.region("cells").spikeCounts.some((n) => n > 0));
      assert(weight.subarray(0, 50).every(Number.isFinite) && weight.subarray(50).every(Number.isNaN));
    }
  }
});

Deno.test("a static sparse synapse costs at most 9 bytes, an all-to-all uniform one nothing", () => {
  const bytes = (options: Omit<ProjectionSpec, "from" | "to">) => {
    const brain = quiet(options, 1000, 1000), [projection] = brain.projections;
    return brain.arrays.bytes("projection.") / projection.synapses;
  };
  assertLessOrEqual(bytes({ outDegree: 200 }), 9);
  assertLessOrEqual(bytes({ density: 1 }), 4.1);
  assertLessOrEqual(bytes({ layout: "uniform" }), 1e-5);
});
