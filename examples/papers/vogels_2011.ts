/**
 * T. P. Vogels, H. Sprekeler, F. Zenke, C. Clopath and W. Gerstner, "Inhibitory plasticity balances excitation and
 * inhibition in sensory pathways and memory networks", Science 334:1569–1573 (2011).
 *
 * Figure 1: a cell hears eight channels, each of 100 excitatory and 25 inhibitory lines whose rates rise and fall
 * together. Excitation prefers one channel, inhibition at first none. The inhibitory synapses learn: those that are active
 * together with the cell grow, and each of their spikes alone costs a little, so that the cell is led to a target rate.
 * Inhibition then comes to mirror excitation channel by channel: detailed balance.
 *
 * Then, as in figure 3, a network of 800 excitatory and 200 inhibitory neurons that are driven unequally: the same rule
 * brings each excitatory neuron to the target rate.
 *
 *     deno run -A examples/papers/vogels_2011.ts
 */

import { Brain } from "../../mod.ts";
import { xyPlot } from "../../src/plot/plots.ts";
import { RandomStream } from "../../src/state/random.ts";
import { claim, draw, fitLine, flags, mean, sum } from "../claim.ts";

const { seed, quick } = flags();
const TARGET_HZ = 5, CHANNELS = 8, EXCITATORY = 100, INHIBITORY = 25, CELLS = 10;
const onTarget = (hz: number) => Math.abs(hz / TARGET_HZ - 1) < 0.2;
const rule = { rule: "inhibitory", targetHz: TARGET_HZ } as const;

// ---- One cell, and nine others with the same input and another noise, to measure rates more quickly.

const brain = new Brain({ seed });
brain.addRegion("excitatory", "input", { neurons: CHANNELS * EXCITATORY });
brain.addRegion("inhibitory", "input", { neurons: CHANNELS * INHIBITORY });
const cell = brain.addRegion("cell", "sensory", { neurons: CELLS, inhibitory: 0, noise: 1 });
const excitation = brain.connect("excitatory", "cell", { density: 1, receptor: "ampa" });
const inhibition = brain.connect("inhibitory", "cell", {
  density: 1,
  source: "all", // these lines release GABA
  transmitter: "gaba",
  receptor: { tauMs: 10, reversalMv: -80 },
  weight: 0.004,
  plasticity: { ...rule, aPlus: 0.002, weightMax: 0.2 },
});
// All-to-all weights lie line by line, and for each line cell by cell.
const tuning = Array.from({ length: CHANNELS }, (_, k) => 0.3 + 1.1 / (1 + (k - 4) ** 4));
excitation.setWeights(excitation.weights.map((_, s) => 0.02 * tuning[Math.floor(s / CELLS / EXCITATORY)]));
const perChannel = (weights: Float32Array) =>
  tuning.map((_, k) => mean(weights.subarray(k * weights.length / CHANNELS, (k + 1) * weights.length / CHANNELS)));

const random = new RandomStream(seed, "channels"), level = new Float64Array(CHANNELS);
const match = () => fitLine(tuning, perChannel(inhibition.weights)).correlation, matchBefore = match();
const seconds = quick ? 60 : 100, rates: number[] = [];
for (let second = 0; second < seconds; second++) {
  const before = sum(cell.spikeCounts);
  for (let part = 0; part < 40; part++) {
    level.forEach((x, k) => level[k] = 0.6 * x + 0.3 * (random.uniform() + random.uniform() - 1));
    const shares = Array.from(level, (x) => Math.max(0, Math.min(1, x + 0.1)));
    brain.stimulate("excitatory", shares, { maxRateHz: 40 }); // each value drives its eighth of the lines
    brain.stimulate("inhibitory", shares, { maxRateHz: 80 });
    await brain.run(25);
  }
  rates.push((sum(cell.spikeCounts) - before) / CELLS);
}
const early = mean(rates.slice(0, 3)), late = mean(rates.slice(-30)), matched = match();
claim("cell: far above its target at first; Hz", early > 2 * TARGET_HZ, early);
claim(`cell: led to the target of ${TARGET_HZ} Hz; Hz`, onTarget(late), late);
claim("cell: inhibition knows nothing of the tuning at first; correlation", Math.abs(matchBefore) < 0.1, matchBefore);
claim("cell: inhibition mirrors excitation in the end; correlation", matched > 0.8, matched);

// ---- A network.

const net = new Brain({ seed }), drive = new RandomStream(seed, "drive"), settle = quick ? 20 : 40;
const principal = net.addRegion("excitatory", "sensory", { neurons: 800, inhibitory: 0, noise: 3 });
net.addRegion("inhibitory", "sensory", { neurons: 200, inhibitory: 1, noise: 3 });
net.connect("excitatory", "excitatory", { density: 0.1, weight: 0.2 });
net.connect("excitatory", "inhibitory", { density: 0.1, weight: 0.5 });
net.connect("inhibitory", "inhibitory", { density: 0.1, weight: 0.5, transmitter: "gaba" });
const learned = { ...rule, aPlus: 0.02, weightMax: 4 };
net.connect("inhibitory", "excitatory", { density: 0.5, weight: 0.02, transmitter: "gaba", plasticity: learned });
net.injectCurrent("excitatory", Array.from({ length: 800 }, () => 2 + 6 * drive.uniform()));
net.injectCurrent("inhibitory", 3);
const measure = async (seconds: number) => {
  const before = principal.spikeCounts;
  await net.run(1000 * seconds);
  return Array.from(principal.spikeCounts, (n, k) => (n - before[k]) / seconds);
};
const first = await measure(2);
await net.run(1000 * settle);
const last = await measure(10), share = mean(last.map((hz) => Math.abs(hz - TARGET_HZ) < 2 ? 1 : 0));
claim("network: far above the target at first; mean rate, Hz", mean(first) > 2 * TARGET_HZ, mean(first));
claim(`network: led to ${TARGET_HZ} Hz; mean rate, Hz`, onTarget(mean(last)), mean(last));
claim("network: neuron by neuron; share of them within 2 Hz of the target", share > 0.9, share);

const x = tuning.map((_, k) => k + 1), scaled = (list: number[]) => list.map((w) => w / Math.max(...list));
const inhibitory = scaled(perChannel(inhibition.weights)), yAxis = { label: "weight over largest", min: 0 };
const curves = [{ name: "excitation", x, y: scaled(tuning) }, { name: "inhibition", x, y: inhibitory }];
draw("vogels_2011_tuning.svg", xyPlot("Detailed balance", { label: "channel" }, yAxis, curves));
const rate = { name: "", x: rates.map((_, k) => k + 1), y: rates };
draw("vogels_2011_rate.svg", xyPlot("Rate of the cell", { label: "time (s)" }, { label: "Hz", min: 0 }, [rate]));
