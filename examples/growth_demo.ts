/**
 * A brain that grows from scratch and settles. It begins with a few neurons; those that are born get synapses, are more
 * excitable while young, and die when they are not used. Synapses form between neurons that are active together and are
 * pruned when weak. Births fall as room is used up, deaths rise as neurons compete for activity: an equilibrium.
 * (src/biology/growth.ts, src/biology/structure.ts.)
 *
 *     deno run -A examples/growth_demo.ts [--seed N] [--seconds N] [--draw FILE.svg]
 */

import { Brain } from "../mod.ts";
import { linePlot } from "../src/plot/plots.ts";
import { parseArgs } from "../src/deps.ts";

const flags = parseArgs(Deno.args, { string: ["seed", "seconds", "draw"], default: { seed: "1", seconds: "1000" } });
const seconds = Number(flags.seconds),
  growth = { births: 8, silentHz: 0.5, deaths: 0.02, maturationMs: 3000, tauRateMs: 3000 };

const brain = new Brain({ seed: Number(flags.seed) });
brain.addRegion("input", "sensory", { neurons: 40 });
brain.addRegion("cortex", "association", {
  neurons: 20,
  maxNeurons: 400,
  growth,
  connectivity: { density: 0.1, plasticity: "stdp", structure: true },
});
brain.addRegion("output", "motor", { neurons: 10, maxNeurons: 100, growth: { ...growth, births: 4 } });
brain.connect("input", "cortex", { density: 0.2, plasticity: "stdp", structure: true });
brain.connect("cortex", "output", { density: 0.2, plasticity: "stdp", structure: true });
brain.stimulate("input", [0.8, 0.3, 0.5]);

console.log("   time   cortex  births  deaths   output  births  deaths   synapses");
const parts = 20, regions = ["cortex", "output"] as const;
for (let k = 0; k < parts; k++) {
  await brain.run(Math.round(seconds * 1000 / parts));
  const { timeMs, regions: all, synapses } = brain.summary();
  const columns = regions.flatMap((name) => {
    const { neurons, mechanisms: { growth } } = all.find((r) => r.name === name)!;
    return [neurons, growth.births, growth.deaths];
  });
  console.log(
    `${(timeMs / 1000).toFixed(0).padStart(5)} s ${columns.map((n) => String(n).padStart(8)).join("")} ${
      String(synapses).padStart(10)
    }`,
  );
}

if (flags.draw !== undefined) {
  const logs = brain.structureLog.filter(({ target }) => target.startsWith("region:")), [{ timeMs }] = logs;
  const columns = logs.map(({ target }) => target), values = new Float32Array(timeMs.length * logs.length);
  timeMs.forEach((_, r) => logs.forEach(({ count }, c) => values[r * logs.length + c] = count[r]));
  await Deno.writeTextFile(flags.draw, linePlot("Neurons of a growing brain", { timeMs, columns, values }, "neurons"));
}

let failed = false;
function claim(text: string, holds: boolean, found: string): void {
  console.log(`${holds ? "✓" : "✗"} ${text}: ${found}`);
  failed ||= !holds;
}
const since = seconds * 1000 * 0.8;
const settled = brain.structureLog.filter(({ target }) => target.startsWith("region:")).map((log) => {
  const first = log.timeMs.findIndex((t) => t >= since), last = log.timeMs.length - 1;
  return { births: log.born[last] - log.born[first], deaths: log.died[last] - log.died[first] };
});
const births = settled.reduce((n, s) => n + s.births, 0), deaths = settled.reduce((n, s) => n + s.deaths, 0);
const imbalance = Math.abs(births - deaths) / Math.max(births, deaths);
claim("births and deaths balance within 10 % over the last fifth", imbalance <= 0.1, `${births} and ${deaths}`);
const summary = brain.summary();
claim(
  "no region is at its cap",
  summary.regions.slice(1).every((r) => r.neurons < 0.95 * r.maxNeurons),
  summary.regions.slice(1).map((r) => `${r.name} ${r.neurons} of ${r.maxNeurons}`).join(", "),
);
claim(
  "every region fires",
  summary.regions.every((r) => r.rateHz > 0.5),
  summary.regions.map((r) => `${r.name} ${r.rateHz.toFixed(1)} Hz`).join(", "),
);
claim(
  "it grew",
  summary.regions[1].neurons > 40 && summary.regions[2].neurons > 20,
  `cortex from 20 to ${summary.regions[1].neurons}, output from 10 to ${summary.regions[2].neurons}`,
);
if (failed) Deno.exit(1);
