import { assert } from "@std/assert";
import { Brain, PRESETS } from "../../mod.ts";

Deno.test("in the quick start every region fires at 1 to 30 Hz, for any seed and for weak and strong stimuli", async () => {
  for (const values of [[0.8, 0.3, 0.5], [0.3], [1]]) {
    for (let seed = 0; seed < 5; seed++) {
      const brain = Brain.fromSpec({ ...PRESETS.quickstart.spec, seed });
      brain.stimulate("input", values);
      await brain.run(5000);
      for (const { name, rateHz } of brain.summary().regions) {
        assert(
          rateHz >= 1 && rateHz <= 30,
          `seed ${seed}, stimulus ${values}: ${name} fires at ${rateHz.toFixed(2)} Hz`,
        );
      }
    }
  }
});

Deno.test("in the quick start STDP changes weights by itself, R-STDP only by reward", async () => {
  const brain = Brain.fromSpec({ ...PRESETS.quickstart.spec, seed: 3 });
  brain.stimulate("input", [0.8, 0.3, 0.5]);
  const changed = (before: Float32Array, name: string) =>
    brain.projection(name).weights.some((w, k) => w !== before[k]);
  const stdp = brain.projection("input->cortex").weights, rewarded = brain.projection("cortex->output").weights;
  await brain.run(1000);
  assert(changed(stdp, "input->cortex"), "STDP changed nothing");
  assert(!changed(rewarded, "cortex->output"), "R-STDP changed weights without reward");
  brain.reward(1);
  await brain.run(1000);
  assert(changed(rewarded, "cortex->output"), "reward changed nothing");
});

Deno.test("in the balanced preset noise alone keeps all neurons active, below 20 Hz", async () => {
  const brain = Brain.fromSpec({ ...PRESETS.balanced.spec, seed: 1 });
  await brain.run(2000);
  const [{ rateHz, silent }] = brain.summary().regions;
  assert(rateHz > 1 && rateHz < 20 && silent < 20, `${rateHz.toFixed(1)} Hz, ${silent} silent`);
});
