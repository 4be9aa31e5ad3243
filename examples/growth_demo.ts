/**
 * A brain that grows from scratch and settles. It begins with a few neurons; those that are born get synapses, are more
 * excitable while young, and die when they are not used. Synapses form between neurons that are active together and are
 * pruned when weak. Neurons of a region inhibit each other and so compete for activity: births fall as room is used up,
 * deaths rise as neurons starve each other, and the two meet: an equilibrium.
 * (src/biology/growth.ts, src/biology/structure.ts.)
 *
 * It takes some hundreds of seconds of its time to settle; `--quick` shows only that it grows.
 *
 *     deno run -A examples/growth_demo.ts [--seed N] [--seconds 1000] [--draw DIR]
 */

import { Brain } from "../mod.ts";
import { linePlot } from "../src/plot/plots.ts";
import { claim, draw, flags } from "./claim.ts";

const { seed, quick, ...flag } = flags({ seconds: 1000 }), seconds = quick ? 60 : flag.seconds;
const growth = { births: 8, silentHz: 1, deaths: 0.02, maturationMs: 3000, tauRateMs: 3000 };
const scaling = { targetHz: 2, tauMs: 20_000 };

const brain = new Brain({ seed });
brain.addRegion("input", "sensory", { neurons: 40 });
brain.addRegion("cortex", "association", {
  neurons: 20,
  maxNeurons: 400,
  growth,
  scaling,
  connectivity: { density: 0.1, plasticity: "stdp", structure: true },
});
brain.addRegion("output", "motor", { neurons: 10, maxNeurons: 100, growth: { ...growth, births: 4 }, scaling });
brain.connect("input", "cortex", { density: 0.2, plasticity: "stdp", structure: true });
brain.connect("cortex", "output", { density: 0.2, plasticity: "stdp", structure: true });
for (const name of ["cortex", "output"]) brain.region(name).addLateralInhibition({ weight: 0.1 });
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

const logs = brain.structureLog.filter(({ target }) => target.startsWith("region:")), [{ timeMs }] = logs;
const values = new Float32Array(timeMs.length * logs.length), columns = logs.map(({ target }) => target);
timeMs.forEach((_, r) => logs.forEach(({ count }, c) => values[r * logs.length + c] = count[r]));
draw("growth.svg", linePlot("Neurons of a growing brain", { timeMs, columns, values }, "neurons"));

const [, cortex, output] = brain.summary().regions;
claim("the cortex has grown from 20 neurons: now", cortex.neurons > 40, cortex.neurons);
claim("the output from 10: now", output.neurons > 20, output.neurons);
const slowest = Math.min(...brain.summary().regions.map((r) => r.rateHz));
claim("every region fires: slowest, Hz", slowest > 0.5, slowest);
if (!quick) {
  // The last fifth: by then births and deaths have found their balance.
  const settled = logs.map((log) => {
    const first = log.timeMs.findIndex((t) => t >= seconds * 800), last = log.timeMs.length - 1;
    return { births: log.born[last] - log.born[first], deaths: log.died[last] - log.died[first] };
  });
  const births = settled.reduce((n, s) => n + s.births, 0), deaths = settled.reduce((n, s) => n + s.deaths, 0);
  const imbalance = Math.abs(births - deaths) / Math.max(births, deaths);
  claim(
    `${births} births and ${deaths} deaths balance within 10 % over the last fifth: %`,
    imbalance <= 0.1,
    100 * imbalance,
  );
  const fullest = Math.max(cortex.neurons / cortex.maxNeurons, output.neurons / output.maxNeurons);
  claim("no region is at its cap: fullest, share of its room", fullest < 0.95, fullest);
}
