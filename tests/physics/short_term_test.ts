/** Short-term plasticity against the closed forms of Tsodyks, Pawelzik & Markram 1998, measured where spikes arrive. */

import { assert, assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { SHORT_TERM_PRESETS, type ShortTerm, type ShortTermName } from "../../src/biology/short_term.ts";
import { Brain } from "../../src/brain/brain.ts";
import type { ProjectionSpec } from "../../src/brain/spec.ts";
import { RandomStream } from "../../src/state/random.ts";
import { measured } from "./measured.ts";
import { assertWithin } from "./observe.ts";

/** The presets as the papers have them, typed in again; the names of fields are the simulator's. */
const PRESETS: Record<ShortTermName, ShortTerm> = {
  depressing: { use: 0.5, tauRecoveryMs: 800, tauFacilitationMs: 0 },
  facilitating: { use: 0.15, tauRecoveryMs: 50, tauFacilitationMs: 750 },
  pseudolinear: { use: 0.25, tauRecoveryMs: 200, tauFacilitationMs: 200 },
};
const NAMES = Object.keys(PRESETS) as ShortTermName[];

/**
 * What each spike delivers: line k spikes at the times (ms) of `trains[k]` and is connected with weight 1 to target k
 * alone, by a receptor whose current is read at every step.
 */
function delivered(
  shortTerm: ProjectionSpec["shortTerm"],
  trains: number[][],
  dt = 1,
  delay = 1,
): number[][] {
  const brain = new Brain({ dt }), n = trains.length;
  brain.addRegion("line", "input", { neurons: n });
  brain.addRegion("target", "sensory", { neurons: n, inhibitory: 0 });
  brain.connect("line", "target", {
    oneToOne: true,
    weight: 1,
    delay,
    receptor: { tauMs: 1 },
    ...(shortTerm && { shortTerm }),
  });
  const g = brain.arrays.get("region.target.receptor.current1", "f32"), decay = Math.exp(-dt);
  const due = new Map<number, number[]>();
  trains.forEach((train, k) => {
    for (const t of train) {
      const step = Math.round(t / dt);
      due.set(step, [...due.get(step) ?? [], k]);
    }
  });
  const amounts: number[][] = trains.map(() => []);
  const last = Math.max(...due.keys()) + Math.round(delay / dt), before = new Float64Array(n);
  for (let step = 0; step <= last; step++) {
    brain.injectSpikes("line", due.get(step) ?? []);
    before.set(g);
    brain.step();
    for (const k of due.get(step - Math.round(delay / dt)) ?? []) amounts[k].push(g[k] / decay - before[k]);
  }
  assertEquals(amounts.map((a) => a.length), trains.map((t) => t.length));
  return amounts;
}

/** Times of a regular train, ms. */
function regular(intervalMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => k * intervalMs);
}

/** Steady-state amount of a spike at a constant interval, relative to a rested synapse. */
function steadyState({ use, tauRecoveryMs, tauFacilitationMs }: ShortTerm, intervalMs: number): number {
  const e = Math.exp(-intervalMs / tauRecoveryMs);
  const f = tauFacilitationMs > 0 ? Math.exp(-intervalMs / tauFacilitationMs) : 0;
  const u = use / (1 - (1 - use) * f);
  return u * (1 - e) / (1 - (1 - u) * e) / use;
}

Deno.test("the presets have the published parameters", () => {
  assertEquals({ ...SHORT_TERM_PRESETS }, PRESETS as typeof SHORT_TERM_PRESETS);
});

Deno.test("without short-term plasticity every spike delivers the weight", () => {
  for (const amount of delivered(undefined, [regular(10, 20)])[0]) assertAlmostEquals(amount, 1, 1e-4);
});

const INTERVALS_MS = [1000, 500, 200, 100, 50, 25, 20, 10, 5];

for (const name of NAMES) {
  Deno.test(`the steady state of a ${name} synapse follows the closed form from 1 to 200 Hz`, () => {
    const amounts = delivered(name, INTERVALS_MS.map((interval) => regular(interval, 6 + Math.ceil(4000 / interval))));
    INTERVALS_MS.forEach((interval, k) => {
      const expected = steadyState(PRESETS[name], interval);
      assertWithin(amounts[k][amounts[k].length - 1], expected, 0.002, `${1000 / interval} Hz`);
      assertWithin(amounts[k][0], 1, 1e-4, `first spike at ${1000 / interval} Hz`);
    });
  });

  Deno.test(`the paired-pulse ratio of a ${name} synapse follows the closed form`, () => {
    const gaps = [5, 10, 20, 50, 100, 300, 1000, 3000], { use, tauRecoveryMs, tauFacilitationMs } = PRESETS[name];
    const amounts = delivered(name, gaps.map((gap) => [0, gap]));
    gaps.forEach((gap, k) => {
      const f = tauFacilitationMs > 0 ? use * Math.exp(-gap / tauFacilitationMs) : 0;
      const expected = (f + use * (1 - f)) * (1 - use * Math.exp(-gap / tauRecoveryMs)) / use;
      assertWithin(amounts[k][1] / amounts[k][0], expected, 0.001, `gap ${gap} ms`);
    });
  });

  Deno.test(`a ${name} synapse follows the differential equations under an irregular train`, () => {
    const random = new RandomStream(4, "irregular"), train = [0];
    while (train.length < 60) {
      train.push(train[train.length - 1] + 1 + Math.floor(-40 * Math.log(1 - random.uniform())));
    }
    const [amounts] = delivered(name, [train]);
    // Between spikes x′ = (1 − x)/τ_rec and u′ = −u/τ_fac by the midpoint method, from x = 1 and u = 0.
    const { use, tauRecoveryMs, tauFacilitationMs } = PRESETS[name], h = 0.02;
    let x = 1, u = 0;
    train.forEach((t, k) => {
      for (let s = 0; k > 0 && s < Math.round((t - train[k - 1]) / h); s++) {
        const rate = 1 / tauRecoveryMs;
        x += h * rate * (1 - (x + h / 2 * rate * (1 - x)));
        if (tauFacilitationMs > 0) u -= h / tauFacilitationMs * (u - h / 2 / tauFacilitationMs * u);
        else u = 0;
      }
      u += use * (1 - u);
      assertWithin(amounts[k], u * x / use, 0.002, `spike ${k} at ${t} ms`);
      x -= u * x;
    });
  });
}

Deno.test("a depressing synapse recovers from a train with τ_rec", () => {
  const pauses = [20, 100, 400, 800, 2000, 6000], burst = regular(20, 25);
  const amounts = delivered("depressing", pauses.map((pause) => [...burst, burst[24] + pause]));
  const depleted = 1 - amounts[0][24] * 0.5; // resources left after the last spike of the burst, x − U x
  const left = amounts[0][24] - (1 - depleted);
  assertLess(left, 0.1);
  pauses.forEach((pause, k) => {
    assertWithin(amounts[k][25], 1 - (1 - left) * Math.exp(-pause / 800), 0.002, `after ${pause} ms`);
  });
});

Deno.test("the drive through depressing synapses saturates at 1/(U τ_rec) rested spikes a second", () => {
  const limit = 1000 / (0.5 * 800);
  const drive = delivered("depressing", [[...regular(10, 400)], [...regular(5, 800)]])
    .map((amounts, k) => amounts[amounts.length - 1] * [100, 200][k]);
  for (const perSecond of drive) assertWithin(perSecond, limit, 0.03);
});

Deno.test("at 20 Hz depressing synapses weaken spike by spike, facilitating ones strengthen, pseudolinear ones stay within a third", () => {
  const train = [regular(50, 40)];
  const [depressing] = delivered("depressing", train), [facilitating] = delivered("facilitating", train);
  for (let k = 1; k < 5; k++) {
    assertLess(depressing[k], depressing[k - 1]);
    assertLess(facilitating[k - 1], facilitating[k]);
  }
  assertLess(depressing[39], 0.2);
  assertLess(2, facilitating[39]);
  measured("shortTerm", "depressing: fortieth spike at 20 Hz over the first", depressing[39], "1", import.meta);
  measured("shortTerm", "facilitating: the same", facilitating[39], "1", import.meta);
  for (const amount of delivered("pseudolinear", train)[0]) assert(amount > 0.67 && amount < 1.33, `${amount}`);
});

Deno.test("what a spike releases does not depend on dt, on the delay or on spikes in flight", () => {
  const train = [[0, 10, 15, 40, 45, 50, 200, 210]];
  for (const name of NAMES) {
    const [usual] = delivered(name, train);
    for (const [dt, delay] of [[0.5, 1], [0.1, 1], [1, 30], [0.5, 255]]) {
      const [amounts] = delivered(name, train, dt, delay);
      amounts.forEach((amount, k) => assertWithin(amount, usual[k], 0.001, `${name}, dt ${dt}, delay ${delay}, ${k}`));
    }
  }
});

Deno.test("short-term plasticity acts alike through sparse, dense and uniform projections", async () => {
  const potentials: Float32Array[] = [];
  for (const layout of ["sparse", "dense", "uniform"] as const) {
    const brain = new Brain({ seed: 7 });
    brain.addRegion("line", "input", { neurons: 10 });
    brain.addRegion("target", "sensory", { neurons: 10, inhibitory: 0 });
    brain.connect("line", "target", {
      density: 1,
      layout,
      weight: 0.2,
      delay: 4,
      shortTerm: "depressing",
      receptor: "ampaCurrent",
    });
    brain.stimulate("line", [1], { maxRateHz: 40 });
    await brain.run(300);
    const { v } = brain.region("target");
    v.forEach((x) => assertLess(-70 + 0.02, x)); // driven, below threshold
    potentials.push(v);
  }
  for (const v of potentials.slice(1)) v.forEach((x, k) => assertAlmostEquals(x, potentials[0][k], 1e-4));
});

Deno.test("resting the activity of a brain fills the resources", () => {
  const brain = new Brain();
  brain.addRegion("line", "input", { neurons: 1 });
  brain.addRegion("target", "sensory", { neurons: 1, inhibitory: 0 });
  brain.connect("line", "target", { oneToOne: true, weight: 1, receptor: { tauMs: 1 }, shortTerm: {} });
  const g = brain.arrays.get("region.target.receptor.current1", "f32");
  const amount = () => {
    g[0] = 0;
    brain.injectSpikes("line", [0]);
    brain.step();
    brain.step();
    return g[0] * Math.E;
  };
  assertAlmostEquals(amount(), 1, 1e-4);
  assertLess(amount(), 0.6);
  brain.resetActivity();
  assertAlmostEquals(amount(), 1, 1e-4);
});
