/**
 * Workloads that time the engine, each made of public calls that any user could write. Peers run the same networks
 * (bench/peers).
 */

import type { BackendOptions } from "../brain/backends.ts";
import { Brain } from "../brain/brain.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";

/** A network and how long it runs. */
export interface Workload {
  /** One line. */
  meaning: string;
  /** Neurons when none are asked for. */
  neurons: number;
  /** Simulated time, ms. */
  simMs: number;
  /** Makes the network. */
  create(neurons: number): Brain;
  /** Runs it for its time; by default `brain.run`. */
  run?(brain: Brain): Promise<void>;
}

/** W1: the paper's spread r² of c and d, r of a and b. */
function izhikevich2003(neurons: number): Brain {
  const brain = new Brain({ seed: 1, scheme: "izhikevich2003" }), inhibitory = Math.round(neurons * 0.2);
  const region = brain.addRegion("cortex", "association", { neurons, noise: { excitatory: 5, inhibitory: 2 } });
  brain.connect("cortex", "cortex", { outDegree: 100, weight: { uniform: [0, 3.5] } });
  brain.connect("cortex", "cortex", { transmitter: "gaba", outDegree: 100, weight: { uniform: [0, 7] } });
  const random = new RandomStream(1, "spread"), excitatory = neurons - inhibitory;
  const r = Float64Array.from({ length: neurons }, () => random.uniform());
  const by = (exc: (r: number) => number, inh: (r: number) => number) =>
    r.map((x, i) => i < excitatory ? exc(x) : inh(x));
  region.setParameters({
    a: by(() => 0.02, (r) => 0.02 + 0.08 * r),
    b: by(() => 0.2, (r) => 0.25 - 0.05 * r),
    c: by((r) => -65 + 15 * r * r, () => -65),
    d: by((r) => 8 - 6 * r * r, () => 2),
  });
  return brain;
}

/** W2. */
function izhikevich2006(neurons: number): Brain {
  const brain = new Brain({ seed: 1, scheme: "izhikevich2003" });
  // One spike of the thalamus a millisecond in all.
  brain.addRegion("cortex", "association", { neurons, background: { rateHz: 1000 / neurons, weight: 20 } });
  brain.connect("cortex", "cortex", {
    outDegree: 100,
    weight: 6,
    delay: { uniform: [1, 20] },
    plasticity: { pairing: "nearest", aPlus: 0.01, aMinus: 0.012, weightMax: 10 },
  });
  // Inhibitory neurons reach excitatory ones only.
  const inhibitory = Math.round(neurons * 0.2), random = new RandomStream(1, "inhibition"), each = 100;
  const pairs: { pre: number[]; post: number[] } = { pre: [], post: [] };
  for (let i = 0; i < inhibitory; i++) {
    for (const post of random.permutation(neurons - inhibitory).subarray(0, each)) {
      pairs.pre.push(i);
      pairs.post.push(post);
    }
  }
  brain.connect("cortex", "cortex", { transmitter: "gaba", pairs, weight: 5 });
  return brain;
}

/** W3. */
function staticNetwork(neurons: number): Brain {
  const brain = new Brain({ seed: 1, dt: 0.5, scheme: "izhikevich2003" });
  const options = { neurons, inhibitoryPattern: "regularSpiking", background: { rateHz: 2000, weight: 1.5 } } as const;
  brain.addRegion("cortex", "association", options);
  const outDegree = Math.min(1000, neurons - 1);
  brain.connect("cortex", "cortex", { outDegree, weight: 0.1, delay: 1.5 });
  brain.connect("cortex", "cortex", { transmitter: "gaba", outDegree, weight: 0.5, delay: 1.5 });
  return brain;
}

/** Images of W4. */
const IMAGES = 200, LINES = 784;
/** Time of one, ms. */
export const IMAGE_MS = 150;

/** W4. */
function denseLearning(neurons: number): Brain {
  const brain = new Brain({ seed: 1, scheme: "izhikevich2003" });
  brain.addRegion("image", "input", { neurons: LINES });
  brain.addRegion("features", "association", {
    neurons,
    inhibitory: 0,
    competition: true,
    excitability: { targetHz: 4 / neurons * 1000 / IMAGE_MS, gain: 0.1, everyMs: IMAGE_MS },
  });
  brain.connect("image", "features", {
    density: 1,
    weight: { uniform: [0, 0.15] },
    receptor: { name: "epsc", tauMs: 5 },
    plasticity: { rule: "instar", aPlus: 0.03, tauPlusMs: 40, pairing: "nearest", weightMax: 0.5 },
  });
  brain.region("features").addLateralInhibition({ weight: 5 });
  for (let k = images.length; k < IMAGES; k++) images.push(blobImage(k));
  return brain;
}

/** How images of W4 are shown. */
export const IMAGE_STIMULUS = { train: "regular", maxRateHz: 250 } as const;

/** An image of W4, a blob at a random place: about a fifth of the lines active, 16 spikes a millisecond in all. */
export function blobImage(k: number): Float32Array {
  const random = new RandomStream(1, `image ${k}`), x = random.integer(28), y = random.integer(28);
  const image = new Float32Array(LINES);
  for (let i = 0; i < LINES; i++) {
    image[i] = Math.exp(-(((i % 28) - x) ** 2 + (Math.floor(i / 28) - y) ** 2) / 50);
  }
  const sum = image.reduce((a, b) => a + b, 0), perMs = image.map((value) => Math.min(0.25, 16 * value / sum));
  return perMs.map((rate) => rate * 4);
}

/** Made before the run, as images of a set are read before it. */
const images: Float32Array[] = [];

async function showImages(brain: Brain): Promise<void> {
  for (const image of images) {
    brain.stimulate("image", image, IMAGE_STIMULUS);
    await brain.run(IMAGE_MS);
    brain.resetActivity();
  }
}

/** All workloads. */
export const WORKLOADS: Record<string, Workload> = {
  W1: {
    meaning: "Izhikevich 2003, figure 3: 100 synapses a neuron, weights of the paper times 7, Gaussian noise",
    neurons: 10_000,
    simMs: 1000,
    create: izhikevich2003,
  },
  W2: {
    meaning: "Izhikevich 2006: 100 synapses a neuron, delays of 1-20 ms, nearest-neighbour STDP",
    neurons: 1000,
    simMs: 10_000,
    create: izhikevich2006,
  },
  W3: {
    meaning: "1,000 static synapses a neuron, delay 1.5 ms, Poisson drive, steps of 0.5 ms",
    neurons: 20_000,
    simMs: 200,
    create: staticNetwork,
  },
  W4: {
    meaning: "784 lines at 16 spikes/ms, all-to-all, learning with competition; images of 150 ms",
    neurons: 400,
    simMs: IMAGES * IMAGE_MS,
    create: denseLearning,
    run: showImages,
  },
};

/** What a timing found. */
export interface Timing {
  workload: string;
  neurons: number;
  workers: number;
  synapses: number;
  simMs: number;
  /** The run alone, and the same again, from the same beginning in the same process, s. */
  wallS: number;
  warmS: number;
  /** CPU time of the second run, s; and of a third with plasticity frozen, where there is any. */
  cpuS: number;
  frozenS: number | null;
  buildS: number;
  meanRateHz: number;
  /** Resident memory at the end, MB. */
  rssMb: number;
  bytesPerSynapse: number;
  backend: string;
  adapter: string;
}

/**
 * Times a workload in this process.
 * @param place where it runs
 * @param cpuMs a clock of the process' CPU time, ms
 * @throws {InputError} for an unknown workload
 */
export async function timeWorkload(
  name: string,
  neurons: number | undefined,
  place: BackendOptions,
  cpuMs: () => number,
): Promise<Timing> {
  if (!Object.hasOwn(WORKLOADS, name)) {
    throw new InputError(`no such workload ${show(name)}; ${knownNames("workloads", name, Object.keys(WORKLOADS))}`);
  }
  const workload = WORKLOADS[name], n = neurons ?? workload.neurons;
  const run = workload.run ?? (async (b: Brain) => void await b.run(Math.round(workload.simMs / b.dt)));
  const started = performance.now(), brain = workload.create(n);
  brain.program();
  const { backend, adapter } = await brain.moveTo(place), { workers = 1 } = place;
  const buildS = (performance.now() - started) / 1000;
  const time = async () => {
    // What building left behind is collected first: it is not part of the run.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const [wall, cpu] = [performance.now(), cpuMs()];
    await run(brain);
    return { wallS: (performance.now() - wall) / 1000, cpuS: (cpuMs() - cpu) / 1000 };
  };
  const first = await time(), rssMb = Deno.memoryUsage().rss / 2 ** 20;
  // The same work again, from the same beginning.
  brain.copyFrom(workload.create(n));
  const again = await time();
  const spikes = brain.regions.filter(({ spec }) => spec.type !== "input")
    .reduce((sum, region) => region.spikeCounts.reduce((a, b) => a + b, sum), 0);
  const { synapses } = brain.summary(), bytes = brain.arrays.bytes("projection.");
  let frozenS: number | null = null;
  if (brain.projections.some(({ spec }) => spec.plasticity)) {
    brain.copyFrom(workload.create(n));
    brain.freezePlasticity();
    frozenS = (await time()).cpuS;
  }
  brain.close();
  return {
    workload: name,
    neurons: n,
    workers,
    synapses,
    simMs: workload.simMs,
    wallS: first.wallS,
    warmS: again.wallS,
    cpuS: again.cpuS,
    frozenS,
    buildS,
    meanRateHz: spikes / n / workload.simMs * 1000,
    rssMb,
    bytesPerSynapse: bytes / synapses,
    backend,
    adapter,
  };
}
