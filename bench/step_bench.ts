/** Whole steps of small networks. `deno bench -A bench/`; compare `min` or `p75`. */

import { Brain, PRESETS } from "../mod.ts";

/** A brain that has settled into its activity. */
async function settled(brain: Brain): Promise<Brain> {
  await brain.run(1000);
  return brain;
}

const quickstart = Brain.fromSpec({ ...PRESETS.quickstart.spec, seed: 1 });
quickstart.stimulate("input", [0.8, 0.3, 0.5]);
await settled(quickstart);
Deno.bench(
  "100 steps of the quick start: 260 neurons, 6,000 synapses, STDP and R-STDP",
  { group: "quickstart" },
  async () => {
    await quickstart.run(100);
  },
);

for (const scheme of ["riccati", "izhikevich2003"] as const) {
  const balanced = await settled(Brain.fromSpec({ ...PRESETS.balanced.spec, scheme, seed: 1 }));
  Deno.bench(`100 steps of 1,000 noisy neurons, 100,000 synapses, ${scheme}`, { group: "balanced" }, async () => {
    await balanced.run(100);
  });
}
