/**
 * E. M. Izhikevich, "Solving the distal reward problem through linkage of STDP and dopamine signaling", Cerebral Cortex
 * 17:2443–2452 (2007).
 *
 * Figure 1: of the 80,000 excitatory synapses in a noisy network of 1,000 neurons one is chosen and set to zero. Whenever
 * its presynaptic neuron happens to fire up to 20 ms before its postsynaptic one, dopamine is released 1 to 3 s later, by
 * when both neurons, and many others, have fired again. The coincidence has left a slowly fading eligibility at the
 * synapse, and dopamine turns it into weight: within an hour of simulated time the synapse rises to the maximum. Others
 * get there by chance, but do not stay: what tells them apart is the average over the last half hour.
 *
 * The paper's noise is uniform, ±6.5 mV; with Gaussian noise of 3.5 mV neurons fire at the same rate, 1.2 Hz.
 *
 * This is the long one: the hour takes about three minutes. `--minutes N` simulates less or more.
 *
 *     deno run -A examples/papers/izhikevich_2007.ts [--minutes 60]
 */

import { Brain } from "../../mod.ts";
import { histogramPlot, xyPlot } from "../../src/plot/plots.ts";
import { RandomStream } from "../../src/state/random.ts";
import { claim, draw, flags, mean } from "../claim.ts";

const { seed, quick, ...flag } = flags({ minutes: 60 }), minutes = quick ? 0.5 : flag.minutes;
const COINCIDENCE_MS = 20, REWARD = 0.5, DELAY_MS = [1000, 3000], LARGEST_MV = 4, CHUNK_MS = 500;

const brain = new Brain({ seed });
brain.addRegion("cortex", "association", { neurons: 1000, noise: 3.5 });
const synapses = brain.connect("cortex", "cortex", {
  outDegree: 100,
  weight: 1,
  plasticity: {
    pairing: "nearest",
    weightMax: LARGEST_MV,
    aPlus: 0.025, // of 4 mV: 0.1 mV, and 0.15 mV of depression
    aMinus: 0.0375,
    reward: { tauEligibilityMs: 1000, tauDopamineMs: 200, tonic: 0.002, learningRate: 100 },
  },
});
brain.connect("cortex", "cortex", { transmitter: "gaba", outDegree: 100, weight: 1 });

const table = synapses.synapseTable(), chosen = 0, pre = table.pre[chosen], post = table.post[chosen];
synapses.setWeights({ [chosen]: 0 });
console.log(`The synapse from neuron ${pre} to neuron ${post} is rewarded, for ${minutes} minutes of simulated time.`);

// Rewards come a second or more after what earns them, so it is early enough to look for coincidences after each chunk.
const random = new RandomStream(seed, "reward delays"), due: number[] = [];
const history = { minutes: [] as number[], chosen: [] as number[], others: [] as number[] };
const late = new Float64Array(table.weight.length); // sums of all weights over the last half hour
let lastPre = -Infinity, coincidences = 0, rewards = 0, spikes = 0;
const started = performance.now();
for (let end = CHUNK_MS; end <= minutes * 60_000; end += CHUNK_MS) {
  const recording = brain.record({ spikes: ["cortex"] });
  while (brain.timeMs < end) {
    await brain.run(Math.min(end, ...due) - brain.timeMs);
    while (due.includes(brain.timeMs)) {
      brain.reward(REWARD);
      due.splice(due.indexOf(brain.timeMs), 1);
      rewards++;
    }
  }
  const { neuron, timeMs } = recording.stop().spikes("cortex");
  for (let k = 0; k < neuron.length; k++) {
    const t = timeMs[k];
    if (neuron[k] === post && t > lastPre && t - lastPre <= COINCIDENCE_MS) {
      coincidences++;
      due.push(Math.round(t) + DELAY_MS[0] + random.integer(DELAY_MS[1] - DELAY_MS[0]));
    }
    if (neuron[k] === pre) lastPre = t;
  }
  spikes += neuron.length;
  if (end % 10_000 === 0) {
    const { weights } = synapses;
    history.minutes.push(end / 60_000);
    history.chosen.push(weights[chosen]);
    history.others.push(mean(weights));
    if (end > (minutes - 30) * 60_000) weights.forEach((w, k) => late[k] += w / 180);
    if (end % 600_000 === 0) console.log(`${end / 60_000} min, ${rewards} rewards: ${weights[chosen].toFixed(2)} mV`);
  }
}
const seconds = (performance.now() - started) / 1000, { weights } = synapses;

const rateHz = spikes / 60 / minutes / 1000, beaten = late.filter((w) => w < late[chosen]).length / late.length;
console.log(`${(60 * minutes / seconds).toFixed(1)} times faster than real time, recording included`);
claim("neurons fire at about 1 Hz: mean rate, Hz", rateHz > 0.5 && rateHz < 2, rateHz);
claim("every coincidence is rewarded, 1 to 3 s later: rewards", rewards + due.length === coincidences, rewards);
claim("weights stay between 0 and 4 mV: mean", weights.every((w) => w >= 0 && w <= LARGEST_MV), mean(weights));
if (minutes >= 60) {
  const top = Math.max(...history.chosen);
  claim("the rewarded synapse has risen from 0 to the maximum: mV", top > 0.99 * LARGEST_MV, top);
  claim("it stays there: mean over the last half hour, mV", late[chosen] > 0.9 * LARGEST_MV, late[chosen]);
  claim("like hardly another: share of synapses with a smaller mean", beaten > 0.999, beaten);
  claim("most others stay small: mean, mV", mean(weights) < 1, mean(weights));
} else console.log(`At ${weights[chosen].toFixed(2)} mV after ${minutes} minutes; the paper's claim needs the hour.`);

const x = history.minutes, xAxis = { label: "time (min)" }, yAxis = { label: "mV", min: 0, max: LARGEST_MV };
const curves = [{ name: "rewarded synapse", x, y: history.chosen }, { name: "mean of all", x, y: history.others }];
draw("izhikevich_2007_weight.svg", xyPlot("Distal reward", xAxis, yAxis, curves));
const inBin = (bin: number) => weights.filter((w) => Math.min(39, Math.floor(w * 10)) === bin).length;
const counts = Array.from({ length: 40 }, (_, bin) => inBin(bin));
draw("izhikevich_2007_weights.svg", histogramPlot("Weights at the end", counts, 0.1, "mV"));
