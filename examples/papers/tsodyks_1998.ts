/**
 * M. Tsodyks, K. Pawelzik and H. Markram, "Neural networks with dynamic synapses", Neural Computation 10:821–835 (1998).
 *
 * Figure 1: what synapses with short-term plasticity deliver. A depressing synapse runs out of resources: above a
 * limiting frequency its stationary EPSP falls as 1/f, so that the drive no longer depends on the presynaptic rate. A
 * facilitating synapse first releases more and more of what it has, and then runs out as well: its stationary EPSP is
 * largest at an intermediate frequency, 1/√(U τ_fac τ_rec).
 *
 * Input lines fire regular trains of many frequencies, each onto a cell of its own through a synapse that is too weak to
 * make it fire, and the EPSPs are read off the membrane potentials.
 *
 *     deno run -A examples/papers/tsodyks_1998.ts
 */

import { Brain, type ShortTerm } from "../../mod.ts";
import { xyPlot } from "../../src/plot/plots.ts";
import { claim, draw, fitLine, flags } from "../claim.ts";

const { seed } = flags();
const SYNAPSES: Record<string, ShortTerm> = {
  depressing: { use: 0.5, tauRecoveryMs: 800, tauFacilitationMs: 0 },
  facilitating: { use: 0.03, tauRecoveryMs: 130, tauFacilitationMs: 530 },
};
const kinds = Object.keys(SYNAPSES), WEIGHT_MV = 0.1;
const intervalsMs = [1000, 500, 330, 250, 200, 150, 120, 100, 80, 70, 60, 50, 45, 40, 35, 30, 25, 20, 15, 12, 10];
const settleMs = 500, durationMs = 8000, n = intervalsMs.length, hz = intervalsMs.map((ms) => 1000 / ms);

const brain = new Brain({ seed });
for (const kind of kinds) {
  brain.addRegion(`${kind}-line`, "input", { neurons: n });
  brain.addRegion(kind, "sensory", { neurons: n, inhibitory: 0 });
  brain.connect(`${kind}-line`, kind, { oneToOne: true, weight: WEIGHT_MV, delay: 1, shortTerm: SYNAPSES[kind] });
}
await brain.run(settleMs); // cells come to rest
const all = intervalsMs.map((_, k) => k),
  recording = brain.record({ v: Object.fromEntries(kinds.map((k) => [k, all])) });
for (let t = 0; t < durationMs; t++) {
  const now = all.filter((k) => t % intervalsMs[k] === 0);
  for (const kind of kinds) brain.injectSpikes(`${kind}-line`, now);
  brain.step();
}

/** EPSPs of a cell over that of a rested synapse: how far v rises in the step in which a spike arrives. */
function epsps(kind: string, cell: number): number[] {
  const { values } = recording.v(kind), v = (t: number) => values[t * n + cell], every = intervalsMs[cell];
  const rises = Array.from(
    { length: Math.floor((durationMs - 2) / every) + 1 },
    (_, m) => v(m * every + 1) - v(m * every),
  );
  return rises.map((rise) => rise / rises[0]);
}

/** The same of the last of many spikes, in closed form: u and x come back to where they were one interval before. */
function stationary({ use, tauRecoveryMs, tauFacilitationMs }: ShortTerm, intervalMs: number): number {
  const e = Math.exp(-intervalMs / tauRecoveryMs),
    f = tauFacilitationMs > 0 ? Math.exp(-intervalMs / tauFacilitationMs) : 0;
  const u = use / (1 - (1 - use) * f), x = (1 - e) / (1 - (1 - u) * e);
  return u * x / use;
}

const measured = kinds.map((kind) => all.map((cell) => epsps(kind, cell).at(-1)!));
const expected = kinds.map((kind) => intervalsMs.map((ms) => stationary(SYNAPSES[kind], ms)));
kinds.forEach((kind, s) => {
  const error = Math.max(...all.map((k) => Math.abs(measured[s][k] / expected[s][k] - 1)));
  claim(`${kind}: EPSPs at 1 to 100 Hz are those of the closed form; largest relative error`, error < 0.02, error);
});
const [depressed, facilitated] = measured, fast = all.filter((k) => hz[k] >= 25);
const { slope } = fitLine(fast.map((k) => Math.log(hz[k])), fast.map((k) => Math.log(depressed[k])));
claim("depressing: above 25 Hz the EPSP falls as 1/f; power of f", Math.abs(slope + 1) < 0.05, slope);
const best = facilitated.indexOf(Math.max(...facilitated)),
  { use, tauFacilitationMs, tauRecoveryMs } = SYNAPSES.facilitating;
const predicted = 1000 / Math.sqrt(use * tauFacilitationMs * tauRecoveryMs);
claim(
  `facilitating: the EPSP is largest near ${predicted.toFixed(1)} Hz; Hz`,
  Math.abs(hz[best] / predicted - 1) < 0.2,
  hz[best],
);
claim(
  "and falls off on both sides: smallest over largest",
  best > 0 && best < n - 1,
  Math.min(...facilitated) / facilitated[best],
);
const fired = Math.max(...kinds.flatMap((kind) => Array.from(brain.region(kind).spikeCounts)));
claim("no cell fired; spikes", fired === 0, fired);

const cell20 = intervalsMs.indexOf(50), xAxis = { label: "frequency (Hz)", log: true };
kinds.forEach((kind, s) => {
  const { timeMs, values } = recording.v(kind), x = timeMs.slice(0, 1000).map((t) => t - settleMs);
  const trace = { name: "", x, y: x.map((_, t) => values[t * n + cell20]) };
  const [atTime, potential] = [{ label: "time (ms)" }, { label: "v (mV)" }];
  draw(`tsodyks_1998_${kind}_20hz.svg`, xyPlot(`A ${kind} synapse at 20 Hz`, atTime, potential, [trace]));
  const points = { name: "measured", x: hz, y: measured[s], marks: "dots" as const };
  const line = { name: "closed form", x: hz, y: expected[s] },
    yAxis = { label: "relative to a rested synapse", min: 0 };
  draw(`tsodyks_1998_${kind}.svg`, xyPlot(`${kind}: stationary EPSP`, xAxis, yAxis, [points, line]));
});
