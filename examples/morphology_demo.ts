/**
 * Dendrites: what a synapse's place on the tree does to what the soma sees of it (Rall 1967, Journal of Neurophysiology
 * 30:1138), how well a cheap substitute does without the tree, and what NMDA receptors make of the tree.
 *
 * The cell is a pyramidal one of seven compartments. The same synaptic current enters at the soma and at sites further
 * and further out: the EPSP at the soma grows smaller, later and broader, and its area falls as cable theory says. Mode
 * `attenuation` replaces the tree by that factor and a delay. At last, many synapses at once on the distal tuft: AMPA
 * conductances shunt each other, while NMDA conductances open each other by depolarising the dendrite, so that together
 * they do more than each alone (Schiller et al. 2000, Nature 404:285).
 *
 *     deno run -A examples/morphology_demo.ts [--draw DIR]
 */

import { Brain } from "../mod.ts";
import { cableOf, transferToSoma } from "../src/biology/morphology.ts";
import { xyPlot } from "../src/plot/plots.ts";
import { claim, draw, flags, sum } from "./claim.ts";

const { seed } = flags(), dt = 0.1, restMs = 2000, recordMs = 300;
const sites = ["soma", "trunk1", "trunk2", "trunk3", "tuft"];

// ---- One spike, onto cells that differ only in where it arrives.

const brain = new Brain({ seed, dt }), cells: Record<string, string[]> = { full: [], attenuation: [] };
brain.addRegion("line", "input", { neurons: 1 });
for (const mode of ["full", "attenuation"] as const) {
  for (const site of sites) {
    const cell = `${mode}-${site}`, place = site === "soma" ? {} : { compartment: site };
    brain.addRegion(cell, "sensory", { neurons: 1, inhibitory: 0, morphology: { template: "pyramidal", mode } });
    // Strong enough for single precision to tell the tails; without its dendrites the soma is lighter.
    const weight = mode === "full" ? 1 : 0.2;
    brain.connect("line", cell, { density: 1, weight, receptor: "ampaCurrent", ...place });
    cells[mode].push(cell);
  }
}
await brain.run(restMs / dt);
brain.injectSpikes("line", [0]);
const v = Object.fromEntries([...cells.full, ...cells.attenuation].map((cell) => [cell, [0]]));
const { recording } = await brain.run(recordMs / dt, { record: { v } });
const epsp = (cell: string) => recording!.v(cell).values.map((v, _, all) => v - all[0]);
const full = cells.full.map(epsp), cheap = cells.attenuation.map(epsp);

const { compartments, ...cable } = brain.region("full-soma").spec.morphology!;
const theory = transferToSoma(cableOf({ compartments, ...cable }));
const attenuation = sites.map((site) => theory.attenuation[compartments.findIndex(({ name }) => name === site)]);

const peaks = full.map((curve) => Math.max(...curve)), times = full.map((curve, k) => curve.indexOf(peaks[k]) * dt);
const areas = (curves: Float32Array[]) => curves.map((curve) => sum(curve) / sum(curves[0]));
const delays = (curves: Float32Array[]) => {
  const centres = curves.map((curve) => curve.reduce((moment, x, k) => moment + x * k * dt, 0) / sum(curve));
  return centres.map((centre) => centre - centres[0]);
};
const rises = (list: number[]) => list.every((x, k) => k === 0 || x > list[k - 1]), last = sites.length - 1;
const error = Math.max(...areas(full).map((x, k) => Math.abs(x / attenuation[k] - 1)));
const cheapError = Math.max(...areas(cheap).map((x, k) => Math.abs(x / areas(full)[k] - 1)));
const lag = Math.max(...delays(cheap).map((x, k) => Math.abs(x - delays(full)[k])));
claim("further out, the EPSP is smaller: tuft over soma", rises(peaks.toReversed()), peaks[last] / peaks[0]);
claim("and later: peak from the tuft after that from the soma, ms", rises(times), times[last] - times[0]);
claim("its area falls as cable theory says: largest relative error", error < 0.02, error);
claim("the cheap mode attenuates as the full one: largest relative difference", cheapError < 0.02, cheapError);
claim("and delays as much: largest difference of the centres, ms", lag < 0.3, lag);

// ---- Many spikes at once on the tuft: one cell for each number of synapses.

const COUNTS = [1, 2, 4, 8, 12, 16], one = COUNTS.map(() => 0), own = COUNTS.map((_, k) => k);
const crowd = new Brain({ seed, dt }), weight = COUNTS.map((count) => 0.05 * count);
crowd.addRegion("line", "input", { neurons: 1 });
for (const receptor of ["ampa", "nmda"] as const) {
  crowd.addRegion(receptor, "sensory", { neurons: COUNTS.length, inhibitory: 0, morphology: "pyramidal" });
  crowd.connect("line", receptor, { pairs: { pre: one, post: own, weight }, receptor, compartment: "tuft" });
}
await crowd.run(restMs / dt);
crowd.injectSpikes("line", [0]);
const together = (await crowd.run(recordMs / dt, { record: { spikes: true, v: { ampa: own, nmda: own } } })).recording!;
/** Peaks at the soma of so many synapses together, over the peak of one. */
const gain = (receptor: string) => {
  const { values } = together.v(receptor), n = COUNTS.length;
  const peak = own.map((k) => Math.max(...values.filter((_, i) => i % n === k)) - values[k]);
  return peak.map((mV) => mV / peak[0]);
};
const ampa = gain("ampa").at(-1)! / COUNTS.at(-1)!, nmda = gain("nmda").at(-1)! / COUNTS.at(-1)!;
const fired = together.spikes().neuron.length - 1; // but for the line's own
claim("16 AMPA synapses on the tuft do less than 16 times one: share", ampa < 0.9, ampa);
claim("16 NMDA synapses do more: times the sum", nmda > 1.2, nmda);
claim("and no cell fired: spikes", fired === 0, fired);

const ms = { label: "time (ms)", min: 0, max: 60 },
  x = Float64Array.from(full[0], (_, k) => k * dt),
  mv = { label: "mV" };
const curves = full.map((y, k) => ({ name: sites[k], x, y }));
draw("morphology_epsp.svg", xyPlot("EPSP at the soma, by the site of the synapse", ms, mv, curves));
const bars = [{ name: "full", x: attenuation, y: areas(full) }, { name: "cheap", x: attenuation, y: areas(cheap) }];
const expected = { label: "attenuation by cable theory" }, measured = { label: "measured area over the soma's" };
const dots = bars.map((bar) => ({ ...bar, marks: "dots" as const }));
draw("morphology_attenuation.svg", xyPlot("Attenuation", expected, measured, dots));
const gains = ["ampa", "nmda"].map((receptor) => ({ name: receptor, x: COUNTS, y: gain(receptor) }));
const linear = { name: "sum of single ones", x: COUNTS, y: COUNTS, colour: "gray" };
draw(
  "morphology_nmda.svg",
  xyPlot("Synapses on the tuft", { label: "number" }, { label: "peak over one" }, [...gains, linear]),
);
