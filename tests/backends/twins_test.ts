/**
 * Every kernel of WGSL against its twin on the CPU, on the same arrays: random brains in the midst of their lives, stage
 * by stage, each stage from the state in which the CPU left the one before. Integers are the same; floats have an NMSE of
 * 1e-9 at most (1e-7 after short-term plasticity), but for neurons that reach the peak within rounding (they are few, and left out).
 */

import { assertEquals, assertLess } from "@std/assert";
import { linkProgram } from "../../src/brain/build.ts";
import type { Brain } from "../../src/brain/brain.ts";
import { cpuKernels } from "../../src/engine/cpu/kernels.ts";
import type { Program } from "../../src/engine/program.ts";
import { workOf } from "../../src/engine/stages.ts";
import type { Gpu } from "../../src/engine/webgpu/device.ts";
import { signatures } from "../../src/engine/webgpu/kernel.ts";
import { gpuKernels } from "../../src/engine/webgpu/kernels.ts";
import { Place } from "../../src/engine/webgpu/place.ts";
import { randomBrain } from "../property/random_brain.ts";
import { randomActions, runTo } from "../property/random_life.ts";
import { gpuTest } from "./gpu.ts";
import { groupedBrain, rareBrain, replayingBrain, timedBrain } from "./twin_brains.ts";

/** Steps of life before the comparison, and compared steps. */
const BEFORE = 60, STEPS = 12;
/** Largest normalised mean squared error; short-term plasticity multiplies exponentials, which devices round differently. */
const NMSE = 1e-9, NMSE_OF_RELEASE = 1e-7;
/** Largest error of one element, relative to the root mean square of its array. */
const WORST = 5e-3;
/** Share of neurons that may fire in one twin only, of those that fire. */
const MAY_DIFFER = 1e-3;

/** Further stages that are compared together with one: arrivals are collected by receptors, spikes counted when listed. */
const TOGETHER: Partial<Record<string, number>> = { deliver: 1, integrate: 2 };

/** Arrays that a stage of the device leaves differently, and why. */
const EXCEPT: { name: RegExp; why: string }[] = [
  { name: /^spikes\.ring$/, why: "what lies behind the lists is of older steps; the lists are compared as they are" },
  { name: /\.competition\.drive$/, why: "the device does not clear what the next step notes anew" },
];

/** Kernels that ran in any comparison. */
const ran = new Set<string>();
let fired = 0, differed = 0;

/** Compares both for some steps, from the brain's state on. */
async function compare(gpu: Gpu, brain: Brain, what: string): Promise<void> {
  const near = linkProgram(brain.spec, brain.arrays.clone()), far = linkProgram(brain.spec, brain.arrays.clone());
  near.injects = far.injects = true;
  const place = new Place(gpu, far), names = [...far.arrays.entries()].map(({ name }) => name);
  const slow = workOf(near, cpuKernels(near, true)), fast = workOf(far, gpuKernels(place));
  try {
    for (let step = brain.stepCount; step < brain.stepCount + STEPS; step++) {
      for (let s = 0; s < slow.length; s++) {
        for (const { name, data } of near.arrays.entries()) {
          far.arrays.entry(name).data.set(data);
          place.memory.upload(name);
        }
        const last = s + (TOGETHER[slow[s].stage] ?? 0), stages = slow.slice(s, last + 1);
        for (; s <= last; s++) for (const { work } of [slow[s], fast[s]]) for (const part of work) part(step);
        s = last;
        await place.memory.download(names, place.recorder);
        assertEquals(gpu.failure, null);
        assertSame(near, far, step, `${what}, step ${step}, ${stages.map(({ stage }) => stage).join(" and ")}`);
      }
    }
  } finally {
    for (const name of place.recorder.ran) ran.add(name);
    place.close();
  }
}

/** Neurons listed in a step. */
function firedIn({ spikes: { ring, start }, slots, neurons, regions }: Program, step: number): Set<number> {
  const slot = step % slots, boundaries = 2 * regions.length + 1;
  return new Set(ring.subarray(slot * neurons, start[(slot + 1) * boundaries - 1]));
}

function assertSame(near: Program, far: Program, step: number, what: string): void {
  const a = firedIn(near, step), b = firedIn(far, step), odd = a.symmetricDifference(b);
  fired += a.size;
  differed += odd.size;
  for (const { name, data, dtype } of near.arrays.entries()) {
    if (EXCEPT.some((exception) => exception.name.test(name))) continue;
    // Who fires in one only differs in all that is a neuron's own, and shifts the lists.
    if (odd.size > 0 && /^(neuron|spikes)\./.test(name)) continue;
    const other = far.arrays.entry(name).data;
    let square = 0, error = 0, worst = 0, unequal = -1;
    for (let k = 0; k < data.length; k++) {
      square += data[k] ** 2;
      error += (data[k] - other[k]) ** 2;
      worst = Math.max(worst, Math.abs(data[k] - other[k]));
      if (data[k] !== other[k]) unequal = k;
    }
    const most = name.includes(".shortTerm.") ? NMSE_OF_RELEASE : NMSE;
    if (dtype === "f32" || dtype === "f64") {
      // A sum of currents that cancel is as exact as those are.
      const scale = name.endsWith(".field.lfp") ? Math.max(square, 1) : square + 1e-12;
      assertLess(error / scale, most, `${what}: ${name}`);
      // No single element hides among many.
      assertLess(
        worst,
        WORST * Math.sqrt(square / Math.max(1, data.length)) + 1e-6,
        `${what}: ${name}, the worst element`,
      );
    } else {assertEquals(
        unequal,
        -1,
        `${what}: ${name}[${unequal}] is ${data[unequal]}, on the device ${other[unequal]}`,
      );}
  }
}

gpuTest("every stage on the device does what it does on the CPU: random brains with all mechanisms", async (gpu) => {
  for (let seed = 0; seed < 14; seed++) {
    const brain = randomBrain(seed);
    await runTo(brain, BEFORE, randomActions(seed, brain, BEFORE));
    await compare(gpu, brain, `seed ${seed}`);
  }
});

gpuTest(
  "so do those that random brains seldom have: replay, rare background, many groups, all trains",
  async (gpu) => {
    for (const make of [replayingBrain, rareBrain, groupedBrain, timedBrain]) {
      await compare(gpu, await make(), make.name);
    }
  },
);

gpuTest("these tests run every kernel, and nearly no neuron fires on one side only", () => {
  const missing = [...signatures().keys()].filter((name) => !ran.has(name) && name !== "sample");
  assertEquals(missing, []);
  assertLess(differed, MAY_DIFFER * fired + 1);
  if (fired < 1000) throw new Error(`only ${fired} spikes were compared`);
});
