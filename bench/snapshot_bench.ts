/** Saving and loading: a small brain, and one of a million learning synapses. `deno bench -A bench/`; compare `min` or `p75`. */

import { Brain, PRESETS } from "../mod.ts";
import { decodeSnapshot, encodeSnapshot } from "../src/snapshot/snapshot.ts";

const small = Brain.fromSpec(PRESETS.quickstart.spec), large = new Brain({ seed: 1 });
large.addRegion("cortex", "association", { neurons: 10_000 });
large.connect("cortex", "cortex", { outDegree: 125, plasticity: "rstdp" });

for (const [name, brain] of [["the quick start", small], ["a million synapses under reward", large]] as const) {
  await brain.run(10);
  const bytes = encodeSnapshot(brain), size = `${(bytes.length / 1e6).toFixed(1)} MB`;
  Deno.bench(`save ${name}, ${size}`, { group: name }, () => void encodeSnapshot(brain));
  Deno.bench(`load ${name}, ${size}`, { group: name }, () => void decodeSnapshot(bytes));
}
