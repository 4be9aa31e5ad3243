/**
 * E. M. Izhikevich, "Simple model of spiking neurons", IEEE Transactions on Neural Networks 14:1569–1572 (2003).
 *
 * Figure 2: seven firing patterns of cortex and thalamus, from one model with four parameters. Figure 3: 800 excitatory
 * and 200 inhibitory neurons that differ from each other, all connected with all, driven by noise: rhythms come and go by
 * themselves, in alpha (about 10 Hz) and in gamma (about 40 Hz), at a mean rate of about 8 Hz.
 *
 *     deno run -A examples/papers/izhikevich_2003.ts [--scheme izhikevich2003]
 *
 * The flag steps the equations as the paper's program does, which fires a little less and makes gamma slower.
 */

import { bandPower, Brain, peakFrequency, powerSpectrum, type SchemeName, spikeCounts } from "../../mod.ts";
import { rasterPlot, xyPlot } from "../../src/plot/plots.ts";
import { RandomStream } from "../../src/state/random.ts";
import { claim, draw, flags, mean } from "../claim.ts";

const { seed, quick, ...flag } = flags({ scheme: "riccati" }), scheme = flag.scheme as SchemeName;

// ---- Figure 2: one neuron a panel, with the current (mV/ms) from 20 to 220 ms and the current after that.

const PANELS = [
  ["RS", "regularSpiking", 10, 10],
  ["IB", "intrinsicallyBursting", 10, 10],
  ["CH", "chattering", 10, 10],
  ["FS", "fastSpiking", 10, 10],
  ["LTS", "lowThresholdSpiking", 10, 10],
  ["TC", "thalamoCortical", 1.5, 1.5],
  ["TC-rebound", "thalamoCortical", -20, 0],
  ["RZ", "resonator", 0.2, 0.2],
] as const;
const names = PANELS.map(([panel]) => panel), dt = 0.1, rest = 500;
const cells = new Brain({ seed, dt, scheme });
for (const [panel, pattern] of PANELS) cells.addRegion(panel, "sensory", { neurons: 1, inhibitory: 0, pattern });
await cells.run(rest / dt); // to the steady state
const recorded = cells.record({ spikes: true, v: Object.fromEntries(names.map((panel) => [panel, [0]])) });
await cells.run(20 / dt);
for (const [panel, , during] of PANELS) cells.injectCurrent(panel, during);
await cells.run(200 / dt);
for (const [panel, , , after] of PANELS) cells.injectCurrent(panel, after);
cells.injectSpikes("RZ", [0]); // a kick: what has been silent so far goes on firing
await cells.run(200 / dt);
const times = (panel: string) => Array.from(recorded.spikes(panel).timeMs, (t) => t - rest);
const gaps = (panel: string) => times(panel).slice(1).map((t, k) => t - times(panel)[k]);
const slowing = (panel: string, from = 0) => gaps(panel).at(-1)! / gaps(panel)[from];
const perBurst = times("CH").length / (1 + gaps("CH").filter((gap) => gap > 20).length);
const rebound = times("TC-rebound"), rz = times("RZ");
claim("RS adapts: last interval over first", slowing("RS") > 1.5, slowing("RS"));
claim("IB bursts, then fires singly: last interval over first", slowing("IB") > 8, slowing("IB"));
claim("CH fires bursts: spikes a burst", perBurst >= 3, perBurst);
claim("FS, once going, does not adapt: last interval over fifth", slowing("FS", 4) < 1.15, slowing("FS", 4));
claim("LTS adapts: last interval over first", slowing("LTS") > 1.5, slowing("LTS"));
claim("TC fires when depolarised: spikes", times("TC").length > 5, times("TC").length);
claim("TC bursts when inhibition ends: spikes", rebound.length > 1 && rebound[0] > 220, rebound.length);
claim("RZ is silent until a kick, rhythmic after: spikes", rz.length > 3 && rz[0] >= 220, rz.length);
const traces = names.map((panel, k) => {
  const { timeMs, values } = recorded.v(panel), y = Array.from(values, (v) => v - 120 * k);
  for (const t of times(panel)) y[Math.round(t / dt)] = 30 - 120 * k; // the peak itself lies within a step
  return { name: "", x: timeMs.map((t) => t - rest), y };
});
const yAxis = { label: "", names: names.map((text, k) => ({ at: -40 - 120 * k, text })) };
draw("izhikevich_2003_figure2.svg", xyPlot("Seven patterns", { label: "time (ms)" }, yAxis, traces));

// ---- Figure 3: r is drawn for each neuron, and makes it more or less of a burster, faster or slower.

const fromMs = 1000, toMs = quick ? 9000 : 21_000, random = new RandomStream(seed, "neurons");
const r = Array.from({ length: 1000 }, () => random.uniform()), excites = (i: number) => i < 800;
const brain = new Brain({ seed, scheme }), noise = { excitatory: 5, inhibitory: 2 };
const cortex = brain.addRegion("cortex", "association", { neurons: 1000, inhibitory: 0.2, noise });
brain.connect("cortex", "cortex", { density: 1, weight: { uniform: [0, 0.5] } });
brain.connect("cortex", "cortex", { density: 1, weight: { uniform: [0, 1] }, transmitter: "gaba" });
cortex.setParameters({
  a: r.map((r, i) => excites(i) ? 0.02 : 0.02 + 0.08 * r),
  b: r.map((r, i) => excites(i) ? 0.2 : 0.25 - 0.05 * r),
  c: r.map((r, i) => excites(i) ? -65 + 15 * r ** 2 : -65),
  d: r.map((r, i) => excites(i) ? 8 - 6 * r ** 2 : 2),
});
await brain.run(fromMs); // all begin together: that has to die away
const { recording, meanRateHz } = await brain.run(toMs - fromMs, { record: { spikes: true } });
const spikes = recording!.spikes(), activity = spikeCounts(spikes, fromMs, toMs, 1);
const spectrum = powerSpectrum(activity, { sampleMs: 1 });
const around = (of: typeof spectrum, hz: number, width: number) =>
  bandPower(of, hz - width / 2, hz + width / 2) / width;
const alphaHz = peakFrequency(spectrum, 5, 16), gammaHz = peakFrequency(spectrum, 22, 80);
const trough = around(spectrum, 18, 8), alpha = around(spectrum, alphaHz, 5), gamma = around(spectrum, gammaHz, 15);
const alphaWins = mean(Array.from({ length: activity.length / 1000 }, (_, k) => {
  const second = powerSpectrum(activity.subarray(1000 * k, 1000 * (k + 1)), { sampleMs: 1, segmentMs: 500 });
  return around(second, alphaHz, 5) > around(second, gammaHz, 15) ? 1 : 0;
}));
claim("mean rate is about 8 Hz", meanRateHz > 6.5 && meanRateHz < 9.5, meanRateHz);
claim("the spectrum peaks in alpha: Hz", alphaHz > 7 && alphaHz < 13, alphaHz);
claim("and in gamma: Hz", gammaHz > 28 && gammaHz < 50, gammaHz);
claim("alpha stands out of the trough between: times", alpha > 2 * trough, alpha / trough);
claim("so does gamma: times", gamma > 1.5 * trough, gamma / trough);
claim("they take turns: share of seconds led by alpha", alphaWins > 0.05 && alphaWins < 0.95, alphaWins);

const bands = [{ name: "excitatory", begin: 0, end: 800 }, { name: "inhibitory", begin: 800, end: 1000 }];
draw("izhikevich_2003_figure3.svg", rasterPlot(spikes, bands, fromMs, fromMs + 1000));
const xAxis = { label: "Hz", min: 2, max: 80 }, curve = { name: "", x: spectrum.frequencyHz, y: spectrum.power };
draw("izhikevich_2003_spectrum.svg", xyPlot("Population activity", xAxis, { label: "spikes²/Hz", min: 0 }, [curve]));
