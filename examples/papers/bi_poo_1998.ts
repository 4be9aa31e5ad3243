/**
 * G. Bi and M. Poo, "Synaptic modifications in cultured hippocampal neurons: dependence on spike timing, synaptic
 * strength, and postsynaptic cell type", Journal of Neuroscience 18:10464–10472 (1998).
 *
 * Figure 7: a synapse whose spikes arrive before those of its target grows stronger, one whose spikes arrive after them
 * weaker, and both effects fade exponentially with the time between. Each point is one synapse that was paired 60 times,
 * once a second, at its own time difference Δt. The rule is given constants as fitted to such data (Bi & Poo 2001, Annual
 * Review of Neuroscience 24:139); fits to the measured points must give them back.
 *
 *     deno run -A examples/papers/bi_poo_1998.ts
 */

import { Brain } from "../../mod.ts";
import { xyPlot } from "../../src/plot/plots.ts";
import { claim, draw, fitLine, flags } from "../claim.ts";

const { seed, quick } = flags();

const RULE = { aPlus: 0.006475, aMinus: 0.002275, tauPlusMs: 16.8, tauMinusMs: 33.7 }; // A as shares of the largest weight
const PAIRINGS = 60, PERIOD_MS = 1000, DELAY_MS = 1, WEIGHT = 0.001, LARGEST = 0.002; // mV: too weak to move anything

// One presynaptic line and one postsynaptic neuron for each Δt from −100 to 100 ms.
const lags = Array.from({ length: 201 }, (_, k) => k - 100).filter((lag) => lag !== 0 && (!quick || lag % 5 === 0));
const brain = new Brain({ seed });
brain.addRegion("pre", "input", { neurons: lags.length });
brain.addRegion("post", "sensory", { neurons: lags.length, inhibitory: 0 });
const synapses = brain.connect("pre", "post", {
  oneToOne: true,
  weight: WEIGHT,
  delay: DELAY_MS,
  plasticity: { rule: "pair", weightMax: LARGEST, ...RULE },
});

// Δt is the time from the spike's arrival to the postsynaptic spike.
const preMs = 200, postMs = (lag: number) => preMs + DELAY_MS + lag;
for (let pairing = 0; pairing < PAIRINGS; pairing++) {
  for (let t = 0; t < PERIOD_MS; t++) {
    if (t === preMs) brain.injectSpikes("pre", lags.map((_, k) => k));
    const paired = lags.flatMap((lag, k) => postMs(lag) === t ? [k] : []);
    if (paired.length > 0) brain.injectSpikes("post", paired);
    brain.step();
  }
}
const change = Array.from(synapses.weights, (w) => 100 * (w / WEIGHT - 1)); // percent

/** A and τ of A·e^(−|Δt|/τ): a straight line through the logarithms. */
function fit(side: 1 | -1): { amplitude: number; tau: number } {
  const own = lags.map((_, k) => k).filter((k) => side * lags[k] > 0);
  const { slope, offset } = fitLine(own.map((k) => Math.abs(lags[k])), own.map((k) => Math.log(side * change[k])));
  return { amplitude: Math.exp(offset), tau: -1 / slope };
}
const before = fit(1), after = fit(-1), percent = 100 * PAIRINGS * LARGEST / WEIGHT;
const within = (value: number, expected: number) => Math.abs(value / expected - 1) < 0.05;
const spikes = Array.from(brain.region("post").spikeCounts);
claim("only paired spikes were fired: spikes a neuron", spikes.every((n) => n === PAIRINGS), Math.max(...spikes));
claim(
  "pre before post potentiates at every Δt: smallest change, %",
  lags.every((lag, k) => lag < 0 || change[k] > 0),
  change.at(-1)!,
);
claim(
  "post before pre depresses at every Δt: smallest change, %",
  lags.every((lag, k) => lag > 0 || change[k] < 0),
  change[0],
);
claim(`τ₊ is ${RULE.tauPlusMs} ms`, within(before.tau, RULE.tauPlusMs), before.tau);
claim(`τ₋ is ${RULE.tauMinusMs} ms`, within(after.tau, RULE.tauMinusMs), after.tau);
claim(
  `A₊ of 60 pairings is ${(percent * RULE.aPlus).toFixed(1)} %`,
  within(before.amplitude, percent * RULE.aPlus),
  before.amplitude,
);
claim(
  `A₋ of 60 pairings is ${(percent * RULE.aMinus).toFixed(1)} %`,
  within(after.amplitude, percent * RULE.aMinus),
  after.amplitude,
);

const curve = (side: 1 | -1, { amplitude, tau }: typeof before) => {
  const x = Array.from({ length: 100 }, (_, k) => side * (k + 1));
  return { name: "", x, y: x.map((lag) => side * amplitude * Math.exp(-Math.abs(lag) / tau)), colour: "black" };
};
const points = { name: "", x: lags, y: change, marks: "dots" as const };
const yAxis = { label: "change of weight (%)" }, xAxis = { label: "post − arrival of pre (ms)" };
draw(
  "bi_poo_1998_figure7.svg",
  xyPlot("STDP, 60 pairings at 1 Hz", xAxis, yAxis, [points, curve(1, before), curve(-1, after)]),
);
