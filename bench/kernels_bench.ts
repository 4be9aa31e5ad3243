/** Single kernels on arrays of 10,000 neurons or 1,000,000 synapses. `deno bench -A bench/`; compare `min` or `p75`. */

import { deliverDense, deliverSparse } from "../kernels/deliver.ts";
import { integratePublished, integrateRiccati, type Membranes } from "../kernels/integrate.ts";
import { spikeSparse } from "../kernels/stdp.ts";
import { gaussianNoise } from "../kernels/stimulus.ts";
import { normalTable, RandomStream } from "../src/state/random.ts";

const NORMAL = normalTable();
const N = 10_000, DEGREE = 100, SPIKES = 100;
const random = new RandomStream(1, "bench");
const membranes = (): Membranes => {
  const filled = (x: number) => new Float32Array(N).fill(x);
  return {
    v: filled(-65),
    u: filled(-13),
    a: filled(0.02),
    b: filled(0.2),
    c: filled(-65),
    d: filled(8),
    recovery: filled(Math.exp(-0.02 / 4)),
    input: filled(0),
    conductance: filled(0),
  };
};

for (const [name, integrate] of Object.entries({ integrateRiccati, integratePublished })) {
  const m = membranes(), spikes = new Uint32Array(N);
  Deno.bench(
    `${name}, 10,000 neurons at 8 mV/ms`,
    { group: "integrate", baseline: name === "integratePublished" },
    () => {
      m.input.fill(8);
      integrate(0, N, 1, m, spikes, 0);
    },
  );
}

const input = new Float32Array(N);
Deno.bench("gaussianNoise, 10,000 neurons", { group: "noise" }, () => gaussianNoise(0, N, NORMAL, 123, input));

const rowStart = Uint32Array.from({ length: N + 1 }, (_, i) => i * DEGREE);
const target = Uint32Array.from({ length: N * DEGREE }, () => random.integer(N));
const weight = Float32Array.from({ length: N * DEGREE }, () => random.uniform());
const spikes = Uint32Array.from({ length: SPIKES }, (_, k) => k * (N / SPIKES));
const arrivals = { spikes, first: 0, last: SPIKES, base: 0 };
Deno.bench("deliverSparse, 100 spikes × 100 synapses", { group: "deliver" }, () => {
  deliverSparse(arrivals, { delays: 1, rowStart, target }, 0, weight, 1, null, input);
});
const row = input.subarray(0, DEGREE);
Deno.bench(
  "deliverDense, 100 spikes × 100 synapses",
  { group: "deliver" },
  () => deliverDense(arrivals, weight, 1, null, row),
);

const trace = Float32Array.from({ length: N }, () => random.uniform());
const synapse = Uint32Array.from({ length: N * DEGREE }, () => random.integer(N * DEGREE));
Deno.bench("spikeSparse, 100 spikes × 100 synapses", { group: "stdp" }, () => {
  const incoming = { start: rowStart, synapse, terminal: target };
  const now = { slope: 1e-3, slow: 0, offset: 0, pull: 0, eligibilityGrow: 1, gain: 0, mark: 1, markSlow: 0 };
  const synapses = { weight, weightMax: 1, softness: 0, rewarded: null };
  spikeSparse(spikes, 0, SPIKES, 0, incoming, synapses, trace, { slow: null, balance: null, plastic: null }, now);
});
