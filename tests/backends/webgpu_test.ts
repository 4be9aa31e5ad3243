/**
 * Whole brains on the device: the same as on the CPU in their statistics, the same in every run, able to go on elsewhere,
 * with recordings, slow processes and structure; and what it says when it cannot.
 */

import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import { PRESETS } from "../../src/brain/presets.ts";
import type { BrainSpec } from "../../src/brain/spec.ts";
import { CpuBackend } from "../../src/engine/cpu/backend.ts";
import { WebGpuBackend } from "../../src/engine/webgpu/backend.ts";
import { respond } from "../../src/evaluation/respond.ts";
import { openDevice } from "../../src/engine/webgpu/device.ts";
import { decodeSnapshot, encodeSnapshot } from "../../src/snapshot/snapshot.ts";
import { Arrays } from "../../src/state/arrays.ts";
import { InputError } from "../../src/state/errors.ts";
import { findTask } from "../../src/tasks/registry.ts";
import { differences } from "../property/differences.ts";
import { randomBrain } from "../property/random_brain.ts";
import { randomActions, runTo } from "../property/random_life.ts";
import { brainsim } from "../cli/command_line.ts";
import { gpuTest } from "./gpu.ts";

/** Excitation, inhibition, noise: 500 neurons. */
function balanced(seed: number, more: Partial<BrainSpec["regions"][0]> = {}): Brain {
  const brain = new Brain({ seed });
  brain.addRegion("cortex", "association", { neurons: 500, noise: { excitatory: 5, inhibitory: 2 }, ...more });
  brain.connect("cortex", "cortex", { outDegree: 40, weight: { uniform: [0, 1.2] }, delay: { uniform: [1, 5] } });
  brain.connect("cortex", "cortex", { transmitter: "gaba", outDegree: 40, weight: { uniform: [0, 2.4] } });
  return brain;
}

/** Mean rate, and mean coefficient of variation of intervals between spikes. */
async function statisticsOf(brain: Brain, ms: number): Promise<{ rate: number; cv: number }> {
  const { recording, meanRateHz } = await brain.run(ms, { record: { spikes: true } });
  const { neuron, timeMs: step } = recording!.spikes(), times = new Map<number, number[]>();
  for (let k = 0; k < neuron.length; k++) {
    if (!times.has(neuron[k])) times.set(neuron[k], []);
    times.get(neuron[k])!.push(step[k]);
  }
  const variations = [...times.values()].filter((list) => list.length > 4).map((list) => {
    const gaps = list.slice(1).map((t, k) => t - list[k]), mean = gaps.reduce((a, b) => a + b) / gaps.length;
    return Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length) / mean;
  });
  return { rate: meanRateHz, cv: variations.reduce((a, b) => a + b, 0) / variations.length };
}

gpuTest("a network fires on the device as on the CPU: rates within 2 %, and as irregularly, over seeds", async () => {
  const sums = { cpu: { rate: 0, cv: 0 }, webgpu: { rate: 0, cv: 0 } };
  for (let seed = 0; seed < 3; seed++) {
    for (const backend of ["cpu", "webgpu"] as const) {
      using brain = balanced(seed);
      await brain.moveTo({ backend });
      const { rate, cv } = await statisticsOf(brain, 1000);
      sums[backend].rate += rate;
      sums[backend].cv += cv;
    }
  }
  assert(sums.cpu.rate > 3 * 2, `the network is alive: ${sums.cpu.rate / 3} Hz`);
  assertAlmostEquals(sums.webgpu.rate / sums.cpu.rate, 1, 0.02);
  assertAlmostEquals(sums.webgpu.cv / sums.cpu.cv, 1, 0.02);
});

/** All mechanisms of learning, in a small brain. */
function learner(seed = 1): Brain {
  const brain = new Brain({ seed });
  brain.addRegion("input", "input", { neurons: 60 });
  brain.addRegion("cortex", "association", {
    neurons: 100,
    noise: 4,
    threshold: {},
    modulators: { acetylcholine: {} },
  });
  brain.connect("input", "cortex", {
    density: 0.3,
    weight: 0.6,
    plasticity: { rule: "triplet" },
    shortTerm: "depressing",
  });
  brain.connect("cortex", "cortex", { outDegree: 10, weight: 0.3, plasticity: "rstdp", delay: { uniform: [1, 4] } });
  brain.stimulate("input", [0.9, 0.2, 0.5], { maxRateHz: 80 });
  return brain;
}

gpuTest("the same run twice is the same, byte for byte, however it is cut", async () => {
  const [once, twice] = [learner(), learner()];
  for (const brain of [once, twice]) await brain.moveTo({ backend: "webgpu" });
  await once.run(60);
  once.reward(1);
  await once.run(60);
  for (const steps of [1, 29, 30]) await twice.run(steps);
  twice.reward(1);
  await twice.run(60);
  assertEquals(differences(once, twice), []);
  assert(once.summary().spikes > 100);
  for (const brain of [once, twice]) brain.close();
});

gpuTest("a brain goes on from the CPU to the device, into a file, and back", async () => {
  const brain = learner(2);
  await brain.run(100);
  const { backend, adapter } = await brain.moveTo({ backend: "webgpu" });
  assertEquals([backend, brain.backend], ["webgpu", "webgpu"]);
  assert(adapter.length > 0);
  const before = brain.summary().spikes, weights = brain.projection("input", "cortex").weights;
  await brain.run(100);
  assert(brain.summary().spikes > before, "it lives");
  const changed = brain.projection("input", "cortex").weights;
  assert(changed.some((w, k) => w !== weights[k]), "it learns");
  const loaded = decodeSnapshot(encodeSnapshot(brain));
  assertEquals(differences(loaded, brain), []);
  await brain.moveTo({ backend: "cpu" });
  await brain.run(50);
  await loaded.run(50);
  assertEquals(differences(loaded, brain), []);
});

gpuTest("spikes, potentials and weights are recorded on the device", async () => {
  using brain = learner(3);
  await brain.moveTo({ backend: "webgpu" });
  const recording = brain.record({
    spikes: true,
    v: { cortex: [0, 7] },
    weights: ["input->cortex"],
    everyMs: 10,
  });
  const { spikes } = await brain.run(100);
  const table = recording.spikes();
  assertEquals(table.neuron.length, spikes);
  assert(table.timeMs.every((t, k) => k === 0 || t >= table.timeMs[k - 1]));
  const series = recording.v("cortex");
  assertEquals(series.values.length, 2 * 100);
  const { v } = brain.program().membranes, { begin } = brain.program().regions[1];
  assertEquals([...series.values.slice(-2)], [v[begin], v[begin + 7]]);
});

gpuTest("random brains live on the device with all that happens to them, structure included", async () => {
  for (let seed = 100; seed < 106; seed++) {
    const brain = randomBrain(seed), actions = randomActions(seed, brain, 60);
    await brain.moveTo({ backend: "webgpu" });
    await runTo(brain, 60, actions);
    const loaded = decodeSnapshot(encodeSnapshot(brain)); // whose reader checks every index
    assertEquals(differences(loaded, brain), [], `seed ${seed}`);
    for (const { name, data } of brain.arrays.entries()) {
      for (const x of data) if (!Number.isFinite(x)) throw new Error(`seed ${seed}: ${name} holds ${x}`);
    }
    brain.close();
  }
});

gpuTest("a projection that no kernel sees whole is cut into pieces, and does the same", async (gpu) => {
  for (const layout of ["sparse", "dense"] as const) {
    const [whole, cut] = [1, 2].map(() => {
      const brain = new Brain({ seed: 8 });
      brain.addRegion("a", "input", { neurons: 50 });
      brain.addRegion("b", "association", { neurons: 60, inhibitory: 0, pattern: "regularSpiking" });
      brain.connect("a", "b", {
        ...layout === "dense" ? { density: 1 } : { density: 0.5 },
        weight: 5,
        plasticity: { weightMax: 10, reward: { learningRate: 10 } },
      });
      brain.stimulate("a", [1, 0.5], { maxRateHz: 100 });
      return brain;
    });
    await whole.moveTo({ backend: "webgpu" });
    // As if the device saw 4 KiB at once: 1,024 weights of the 1,500 or 3,000, 512 incoming synapses.
    await cut.runOn(new WebGpuBackend({ ...gpu, bindingBytes: 70_000, pieceBytes: 4096 }));
    for (const brain of [whole, cut]) {
      await brain.run(60);
      brain.reward(1);
      await brain.run(60);
      brain.close();
    }
    // Integers add up the same in any order; a dense row is summed piece by piece, and rounded.
    if (layout === "sparse") assertEquals(differences(whole, cut), []);
    const [a, b] = [whole, cut].map((brain) => brain.projection("a", "b").weights);
    assert(a.some((w) => w !== 5));
    a.forEach((w, k) => assertAlmostEquals(b[k], w, 1e-3));
    assertAlmostEquals(cut.summary().spikes / whole.summary().spikes, 1, 0.01);
  }
});

gpuTest("weights may grow beyond what the sums were made for", async () => {
  using brain = new Brain({ seed: 9 });
  brain.addRegion("a", "input", { neurons: 20 });
  brain.addRegion("b", "association", { neurons: 20, inhibitory: 0 });
  const projection = brain.connect("a", "b", { density: 0.5, layout: "sparse", weight: 1e-6 });
  await brain.moveTo({ backend: "webgpu" });
  brain.injectSpikes("a", Array.from({ length: 20 }, (_, k) => k));
  await brain.run(3);
  projection.setWeights(projection.weights.map(() => 1000));
  brain.injectSpikes("a", Array.from({ length: 20 }, (_, k) => k));
  assertEquals((await brain.run(5)).spikes >= 40, true);
});

gpuTest(
  "weak synapses beside strong ones act as they should; where integers cannot tell them apart, that is said",
  async () => {
    const spec = (plasticity?: { weightMax: number }) => {
      const brain = new Brain({ seed: 9 });
      brain.addRegion("a", "input", { neurons: 20 });
      brain.addRegion("b", "association", { neurons: 20, inhibitory: 0 });
      const options = { density: 0.5, layout: "sparse", receptor: "ampaCurrent" } as const;
      brain.connect("a", "b", { ...options, name: "teacher", weight: 1e5 });
      brain.connect("a", "b", { ...options, name: "weak", weight: 1e6 });
      brain.connect("a", "b", { ...options, name: "learns", weight: 0.03, ...plasticity && { plasticity } });
      brain.projection("teacher").setWeights(brain.projection("teacher").weights.map(() => 0));
      return brain;
    };
    const found: number[][] = [];
    for (const backend of ["cpu", "webgpu"] as const) {
      using brain = spec();
      await brain.moveTo({ backend });
      brain.projection("weak").setWeights(brain.projection("weak").weights.map((_, k) => 1e-4 * (1 + k % 3)));
      brain.injectSpikes("a", Array.from({ length: 20 }, (_, k) => k));
      await brain.run(2);
      found.push([...brain.program().regions[1].receptors[0].g]);
    }
    found[0].forEach((g, k) => assertAlmostEquals(found[1][k], g, 1e-3 * g));
    assert(found[0].some((g) => g > 0.1));
    await assertRejects(() => spec({ weightMax: 1e6 }).moveTo({ backend: "webgpu" }), InputError, "too small");
    assertEquals((await spec({ weightMax: 1e6 }).moveTo({ backend: "auto" })).backend, "cpu");
  },
);

gpuTest("receptors of a region keep apart, also where arrays share no memory", async (gpu) => {
  const brain = balanced(3, { neurons: 200 });
  for (const transmitter of ["glutamate", "gaba"] as const) {
    const receptor = transmitter === "gaba" ? "gabaA" : "ampa";
    brain.connect("cortex", "cortex", { name: receptor, transmitter, receptor, outDegree: 20, weight: 0.05 });
  }
  const apart = () => {
    const arrays = new Arrays();
    for (const { data, ...info } of brain.arrays.entries()) arrays.add(info, data.slice());
    return arrays;
  };
  const spikes = [];
  for (const backend of [new CpuBackend(), new WebGpuBackend(gpu)]) {
    using own = Brain.fromState(brain.spec, apart(), 0, backend);
    spikes.push((await own.run(200)).spikes);
  }
  assert(spikes[0] > 100);
  assertAlmostEquals(spikes[1] / spikes[0], 1, 0.1);
});

gpuTest("what cannot be is said, and loses nothing", async (gpu) => {
  const brain = learner(4);
  await brain.run(20);
  await assertRejects(() => brain.moveTo({ backend: "webgpu", workers: 2 }), InputError, "workers are of the CPU");
  await assertRejects(
    () => brain.moveTo({ backend: "gpu" as "webgpu" }),
    InputError,
    "known backends: cpu, webgpu, auto",
  );
  await assertRejects(
    () => brain.runOn(new WebGpuBackend({ ...gpu, bindingBytes: 256 })),
    InputError,
    "sees 1 MiB at once",
  );
  assertEquals(brain.backend, "cpu");
  await brain.moveTo({ backend: "webgpu" });
  assertThrows(() => brain.step(), InputError, "await run(1)");
  const { why, backend } = await brain.moveTo({ backend: "auto" });
  assertEquals(backend, "cpu");
  assert(/neurons/.test(why), why);
});

for (const backend of ["cpu", "webgpu"] as const) {
  const test = backend === "cpu" ? Deno.test : gpuTest;
  test(`a brain that was closed says so, can be read, and goes on where it is moved: ${backend}`, async () => {
    const brain = learner(6);
    await brain.moveTo({ backend });
    await brain.run(20);
    const { spikes } = brain.summary(), running = assertRejects(() => brain.run(1e6), InputError, "closed");
    await new Promise((resolve) => setTimeout(resolve, 100));
    brain.close();
    await running;
    // Step and arrays belong together: what was not read is not there.
    assert(brain.stepCount >= 20 && brain.stepCount < 1e6);
    const { last } = brain.program().activity;
    assert(last.every((step) => step < brain.stepCount) && last.some((step) => step >= brain.stepCount - 30));
    if (backend === "webgpu") assertEquals([brain.stepCount, brain.summary().spikes], [20, spikes]);
    await assertRejects(() => brain.run(1), InputError, "let it go on somewhere with moveTo");
    assertThrows(() => brain.step(), InputError, "closed");
    assert(brain.summary().spikes >= 0);
    await brain.moveTo({ backend: "cpu" });
    assertEquals((await brain.run(5)).steps, 5);
    brain.close();
    brain.close();
  });
}

gpuTest("a device that is lost is an error; the brain stays as it was read, and goes on elsewhere", async () => {
  const brain = learner(5), gpu = await openDevice();
  await brain.moveTo({ backend: "webgpu" });
  await brain.run(20);
  const { spikes } = brain.summary();
  const recording = brain.record({ spikes: true, v: { cortex: [1] } });
  const lost = assertRejects(() => brain.run(1e5), Error, "lost");
  await new Promise((resolve) => setTimeout(resolve, 300)); // in the midst of a run
  gpu.device.destroy();
  await lost;
  assertEquals([brain.stepCount, brain.summary().spikes], [20, spikes]);
  assertEquals([recording.spikes().neuron.length, recording.v("cortex").values.length], [0, 0]);
  recording.stop();
  brain.lesion("cortex", [3]); // the device that is gone cannot load it
  await brain.moveTo({ backend: "cpu" });
  assert((await brain.run(20)).steps === 20);
  const again = learner(5);
  await again.moveTo({ backend: "webgpu" }); // a new device
  await again.run(5);
  again.close();
});

gpuTest("Iris is learnt on the device as on the CPU: the same flowers teach the same, within the spread", async () => {
  const { create } = await findTask("iris"), found = [];
  for (const backend of ["cpu", "webgpu"] as const) {
    const trainer = await create({ seed: 0, samples: 40 });
    using brain = trainer.brain;
    await brain.moveTo({ backend });
    const before = brain.projection("features->setosa").weights;
    while (trainer.done < trainer.total) await trainer.next();
    const change = brain.projection("features->setosa").weights.map((w, k) => w - before[k]);
    found.push({ change, score: (await trainer.evaluate()).score });
  }
  const [cpu, gpu] = found, dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, x, k) => sum + x * b[k], 0);
  assert(cpu.change.some((x) => Math.abs(x) > 0.01), "it has learnt");
  const correlation = dot(cpu.change, gpu.change) /
    Math.sqrt(dot(cpu.change, cpu.change) * dot(gpu.change, gpu.change));
  assertLess(0.9, correlation);
  assertLess(Math.abs(cpu.score - gpu.score), 0.15);
});

Deno.test("without an adapter the command line says so in one line, and auto runs on the CPU", async () => {
  const env = { DENO_WEBGPU_BACKEND: "dx12" }, folder = await Deno.makeTempDir(), file = `${folder}/a.brain`;
  await brainsim(["create", file, "--preset", "quickstart"]);
  const refused = await brainsim(["run", file, "--steps", "10", "--backend", "webgpu"], { env });
  assertEquals(refused.code, 2);
  assert(/^error: no WebGPU adapter[^\n]*$/.test(refused.err.trim()), refused.err);
  const chosen = await brainsim(["run", file, "--steps", "10", "--backend", "auto"], { env });
  assertEquals(chosen.code, 0);
  assert(chosen.err.includes("running on cpu"), chosen.err);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("every preset finds its backend by itself", async () => {
  for (const { spec } of Object.values(PRESETS)) {
    using brain = Brain.fromSpec(spec);
    const { backend, why } = await brain.moveTo({ backend: "auto" });
    assertEquals(backend, "cpu");
    assert(why.length > 10);
  }
});

gpuTest("samples are answered where the brain runs, each as if alone; cores of the CPU do not share them", async () => {
  using brain = balanced(1);
  await brain.moveTo({ backend: "webgpu" });
  const shown = { stimulate: "cortex", stimulus: { encoding: "current" }, durationMs: 20, count: "cortex" } as const;
  const samples = [[5], [12], [5]], { run } = WebGpuBackend.prototype;
  let runs = 0;
  WebGpuBackend.prototype.run = function (...given) {
    runs++;
    return run.apply(this, given);
  };
  try {
    const spikes = await respond(brain, samples, shown),
      [a, b, c] = [0, 1, 2].map((k) => spikes.slice(500 * k, 500 * k + 500));
    assertEquals(a, c);
    assert(b.reduce((x, y) => x + y) > a.reduce((x, y) => x + y));
  } finally {
    WebGpuBackend.prototype.run = run;
  }
  assert(runs >= 3, `${runs}`);
  await assertRejects(() => respond(brain, samples, { ...shown, workers: 2 }), InputError, "cores of the CPU");
});
