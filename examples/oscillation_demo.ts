/**
 * Rhythms: one that a region is given, and one that it makes.
 *
 * First a region is driven by theta (6 Hz) and gamma (40 Hz) whose amplitude follows theta's phase: the way in which
 * hippocampus may keep several memories in order, one in each gamma cycle (Lisman & Idiart 1995, Science 267:1512). Its
 * field is recorded; the spectrum shows both rhythms, and the modulation index (Tort et al. 2010, J. Neurophysiol.
 * 104:1195) measures the coupling. Then a network of excitatory and inhibitory neurons under steady drive, without any
 * rhythm from outside, makes gamma of its own: excitation recruits inhibition, which silences both until it has decayed
 * (Börgers & Kopell 2003, Neural Computation 15:509).
 *
 *     deno run -A examples/oscillation_demo.ts [--draw DIR]
 */

import { bandPower, Brain, modulationIndex, peakFrequency, powerSpectrum, spikeCounts } from "../mod.ts";
import { rasterPlot, xyPlot } from "../src/plot/plots.ts";
import { claim, draw, flags } from "./claim.ts";

const { seed, quick } = flags(), durationMs = quick ? 10_000 : 30_000;

// ---- A rhythm that is given.

/** The field of a region whose gamma follows its theta to a depth. */
async function coupledField(coupling: number): Promise<Float32Array> {
  const brain = new Brain({ seed }), oscillation = { theta: 3, gamma: 2, coupling };
  brain.addRegion("hippocampus", "memory", { neurons: 100, noise: 3, field: true, oscillation });
  const { recording } = await brain.run(durationMs, { record: { lfp: ["hippocampus"] } });
  return recording!.lfp("hippocampus").values;
}

const depths = [0, 0.25, 0.5, 0.75, 1], fields: Float32Array[] = [];
for (const depth of depths) fields.push(await coupledField(depth));
const couplings = fields.map((field) => modulationIndex(field, { sampleMs: 1 })), full = couplings.at(-1)!;
const indices = couplings.map(({ index }) => index), rises = indices.every((m, k) => k === 0 || m > indices[k - 1]);
const spectrum = powerSpectrum(fields.at(-1)!, { sampleMs: 1, segmentMs: 4000 });
const thetaHz = peakFrequency(spectrum, 2, 20), gammaHz = peakFrequency(spectrum, 25, 100);
const lead = full.phase[full.amplitude.indexOf(Math.max(...full.amplitude))];
claim("the field has a peak at 6 Hz: Hz", Math.abs(thetaHz - 6) < 0.5, thetaHz);
claim("and one at 40 Hz: Hz", Math.abs(gammaHz - 40) < 0.5, gammaHz);
claim("without coupling the modulation index is zero", indices[0] < 1e-4, indices[0]);
claim("it rises with the depth of coupling: at depth 1", rises && indices[4] > 0.05, indices[4]);
claim("gamma is largest at theta's peak: phase, radians", Math.abs(lead) < 0.5, lead);

// ---- A rhythm of its own.

/** What a network under steady drive does, when inhibition acts on excitation with a strength and a decay. */
async function ownRhythm(inhibition: number, tauMs: number) {
  const brain = new Brain({ seed }), receptor = { tauMs, reversalMv: -70 }; // GABA-A
  brain.addRegion("excitatory", "association", { neurons: 800, inhibitory: 0, noise: 3, field: true });
  brain.addRegion("inhibitory", "association", { neurons: 200, inhibitory: 1, noise: 3 });
  brain.connect("excitatory", "inhibitory", { density: 0.2, weight: 0.02, receptor: "ampa" });
  const gaba = { transmitter: "gaba", density: 0.4, receptor } as const;
  brain.connect("inhibitory", "excitatory", { ...gaba, weight: inhibition });
  brain.connect("inhibitory", "inhibitory", { ...gaba, weight: 0.1 });
  brain.injectCurrent("excitatory", 8); // steady
  await brain.run(1000);
  const { recording } = await brain.run(5000, { record: { spikes: true, lfp: ["excitatory"] } });
  const activity = spikeCounts(recording!.spikes("excitatory"), 1000, 6000, 1);
  const power = powerSpectrum(activity, { sampleMs: 1 }), hz = peakFrequency(power, 10, 100);
  const field = powerSpectrum(recording!.lfp("excitatory").values, { sampleMs: 1 });
  return { spikes: recording!.spikes(), power, hz, fieldHz: peakFrequency(field, 10, 100) };
}

const gamma = await ownRhythm(0.1, 6), slower = await ownRhythm(0.1, 12), blocked = await ownRhythm(0, 6);
const inGamma = [gamma, blocked].map(({ power }) => bandPower(power, gamma.hz - 8, gamma.hz + 8));
claim("an E-I network makes gamma of its own: Hz", gamma.hz > 30 && gamma.hz < 80, gamma.hz);
claim("its field shows the same: Hz", Math.abs(gamma.fieldHz - gamma.hz) < 3, gamma.fieldHz);
claim("without inhibition it is gone: share of its power left", inGamma[1] < 0.1 * inGamma[0], inGamma[1] / inGamma[0]);
claim("inhibition that lasts twice as long slows it: Hz", slower.hz < gamma.hz - 4, slower.hz);

const hz = { label: "Hz", min: 1, max: 100 }, radians = { label: "phase of theta (radians)" };
const given = { name: "", x: spectrum.frequencyHz, y: spectrum.power };
draw("oscillation_field.svg", xyPlot("Field, coupling 1", hz, { label: "power", log: true, min: 1e-5 }, [given]));
const shares = couplings.map(({ phase, amplitude }, k) => ({ name: `coupling ${depths[k]}`, x: phase, y: amplitude }));
draw("oscillation_coupling.svg", xyPlot("Gamma by theta's phase", radians, { label: "share", min: 0 }, shares));
const spectra = Object.entries({ "GABA 6 ms": gamma, "GABA 12 ms": slower, "no GABA": blocked })
  .map(([name, { power }]) => ({ name, x: power.frequencyHz, y: power.power }));
draw("oscillation_own.svg", xyPlot("Activity of the network", hz, { label: "spikes²/Hz", min: 0 }, spectra));
const bands = [{ name: "excitatory", begin: 0, end: 800 }, { name: "inhibitory", begin: 800, end: 1000 }];
draw("oscillation_raster.svg", rasterPlot(gamma.spikes, bands, 1000, 1500));
