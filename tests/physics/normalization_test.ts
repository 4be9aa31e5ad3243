import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Brain, type PlasticitySpec } from "../../mod.ts";
import { measured } from "./measured.ts";

/** Forty lines onto five neurons that fire. */
function brain(layout: "dense" | "sparse", plasticity: PlasticitySpec): Brain {
  const own = new Brain({ seed: 4 });
  own.addRegion("lines", "input", { neurons: 40 });
  own.addRegion("targets", "sensory", { neurons: 5, inhibitory: 0 });
  own.connect("lines", "targets", {
    density: layout === "dense" ? 1 : 0.5,
    layout,
    weight: { uniform: [1, 5] },
    plasticity: { weightMax: 10, ...plasticity },
  });
  own.stimulate("lines", [1], { maxRateHz: 30 });
  return own;
}

/** Mean incoming weight of each target. */
function means(own: Brain): number[] {
  const { post, weight } = own.projection("lines", "targets").synapseTable();
  const sums = new Array<number>(5).fill(0), counts = new Array<number>(5).fill(0);
  post.forEach((j, k) => {
    sums[j] += weight[k];
    counts[j]++;
  });
  return sums.map((sum, j) => sum / counts[j]);
}

const KINDS: PlasticitySpec[] = [{ aPlus: 0.02 }, { aPlus: 0.02, reward: { tonic: 5 } }];

Deno.test("normalization keeps the mean incoming weight of every neuron, with STDP and with R-STDP, dense and sparse", async () => {
  for (const layout of ["dense", "sparse"] as const) {
    for (const kind of KINDS) {
      const free = brain(layout, kind), kept = brain(layout, { ...kind, normalization: { mean: 0.3, everyMs: 100 } });
      await free.run(2000);
      await kept.run(2000);
      for (const mean of means(kept)) assertAlmostEquals(mean, 3, 0.01);
      assert(means(free).some((mean) => Math.abs(mean - 3) > 0.1), "without it the means would have stayed too");
      if (layout !== "dense" || kind.reward) continue;
      const worst = (own: Brain) => Math.max(...means(own).map((mean) => Math.abs(mean - 3) / 3));
      measured(
        "normalization",
        "largest distance of a mean incoming weight from its set point",
        100 * worst(kept),
        "%",
        import.meta,
      );
      measured("normalization", "the same without it", 100 * worst(free), "%", import.meta);
    }
  }
});

Deno.test("normalization keeps the ratios of a neuron's weights", async () => {
  const own = brain("dense", { aPlus: 0, aMinus: 0, normalization: { mean: 0.2, everyMs: 50 } });
  const before = own.projection("lines", "targets").weights;
  await own.run(50);
  const after = own.projection("lines", "targets").weights;
  for (let k = 5; k < after.length; k++) {
    assertAlmostEquals(after[k] / after[k % 5], before[k] / before[k % 5], 1e-5);
  }
});

Deno.test("normalization acts at its interval and not while plasticity is frozen", async () => {
  const own = brain("dense", { aPlus: 0, aMinus: 0, normalization: { mean: 0.2, everyMs: 50 } });
  const before = own.projection("lines", "targets").weights;
  await own.run(49);
  assertEquals(own.projection("lines", "targets").weights, before);
  own.freezePlasticity();
  await own.run(100);
  assertEquals(own.projection("lines", "targets").weights, before);
  own.unfreezePlasticity();
  await own.run(1);
  for (const mean of means(own)) assertAlmostEquals(mean, 2, 1e-4);
});

Deno.test("normalization holds the mean also when weights meet their bound, and revives a neuron that has lost all", async () => {
  const make = (weight: number[]) => {
    const own = new Brain();
    own.addRegion("lines", "input", { neurons: 5 });
    own.addRegion("target", "sensory", { neurons: 1, inhibitory: 0 });
    own.connect("lines", "target", {
      pairs: { pre: [0, 1, 2, 3, 4], post: [0, 0, 0, 0, 0], weight },
      plasticity: { weightMax: 2, normalization: { mean: 0.5, everyMs: 10 } },
    });
    return own;
  };
  for (
    const weight of [[2, 2, 0.001, 0, 0], [0, 0, 0, 0, 0], [2, 2, 2, 2, 2], [1, 0.1, 0, 0.2, 1.9], [2, 0, 0, 0, 0]]
  ) {
    const own = make(weight);
    await own.run(10);
    const after = own.projection("lines", "target").weights;
    assertAlmostEquals(after.reduce((a, b) => a + b) / 5, 1, 1e-5, `${weight} → ${after}`);
    assert(after.every((w) => w >= 0 && w <= 2));
  }
});
