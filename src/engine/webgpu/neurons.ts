/** The kernels that pass over neurons, as dispatches on a device. */

import type { Cable } from "../../biology/morphology.ts";
import { RATE_TAU_MS } from "../../biology/neuron.ts";
import { stepKey } from "../../state/random.ts";
import type { NeuronKernels, Work } from "../kernels.ts";
import { selectionOf } from "../mechanisms.ts";
import type { Range, ReceptorProgram, RegionProgram } from "../program.ts";
import { groupsFor, groupsForSpikes, lazily, NARROW, once, type Place, WIDE } from "./place.ts";
import type { Bound, Parameters } from "./recorder.ts";
import type { Collected } from "./synapses.ts";

/** Passes over neurons, bound to a place. */
export function gpuNeurons(place: Place, collected: Collected): NeuronKernels {
  const { program, memory, recorder, kind, pattern, spikes, lists } = place, { scalars } = memory;
  const { membranes: m, current, neurons } = program;
  const [v, u, input, conductance] = [m.v, m.u, m.input, m.conductance].map((array) => place.buffer(array));
  const wide = (bound: Bound, threads: number, numbers: Parameters) =>
    recorder.run(bound, numbers, groupsFor(threads, WIDE));
  /** A kernel for each array that it may be given. */
  const on = (name: string, as: string) =>
    once((array: Float32Array) => recorder.bind(name, { input, v, kind, conductance, [as]: place.buffer(array) }));
  const add = on("addCurrents", "value"), poisson = on("poissonTrain", "value"), latency = on("latencyTrain", "value");
  const oppose = on("opposeInput", "theta"), drive = on("noteDrive", "drive"), decays = on("decayThreshold", "theta");
  const origin = on("moveOrigin", "trace"), gaussian = on("gaussianNoise", "table");
  const regular = once((value: Float32Array) =>
    recorder.bind("regularTrain", {
      v,
      value: place.buffer(value),
      phase: place.buffer(program.regions.find(({ stimulus }) => stimulus.value === value)!.stimulus.phase),
    })
  );
  const events = (name: string) =>
    once((thresholds: Uint32Array) => recorder.bind(name, { input, kind, threshold: place.buffer(thresholds) }));
  const noise = events("poissonNoise"), rare = events("rareEvents");
  const uniform = lazily(() => recorder.bind("addUniformCurrent", { input }));
  const replays = once((membership: Float32Array) => {
    const site = program.regions.flatMap(({ mechanisms }) => [...mechanisms.values()])
      .find(({ data }) => data.membership === membership)!;
    const latency = place.buffer(site.data.latency);
    return recorder.bind("replayTrace", { input, kind, membership: place.buffer(membership), latency });
  });
  const receptors = once((receptor: ReceptorProgram) => receptorWork(receptor));
  const field = once((lfp: Float32Array) =>
    recorder.bind("sumCurrents", { kind, v, input, conductance, lfp: place.buffer(lfp) })
  );
  const raise = once((theta: Float32Array) => recorder.bind("raiseThreshold", { spikes, theta: place.buffer(theta) }));
  const scalar = (name: string) => lazily(() => recorder.bind(name, { scalars, spikes, u, pattern }));
  const [reset, gate, modulate, relieve, decayLevels] = [
    "resetGains",
    "gateLearning",
    "modulate",
    "relieveAdaptation",
    "decayLevels",
  ].map(scalar);
  const ofSpikes = ({ index, begin, end }: RegionProgram, step: number) => ({
    numbers: { ...lists, step, population: 2 * index, base: begin },
    groups: groupsForSpikes(end - begin),
  });
  return {
    addCurrents: () => wide(add(current), neurons, { base: 0, count: neurons }),
    addStimulus: (base, value) => wide(add(value), value.length, { base, count: value.length }),
    addUniformCurrent: (base, to, current) => wide(uniform(), to - base, { base, count: to - base, current }),
    gaussianNoise(ranges, table, key) {
      const [base, to] = span(ranges);
      wide(gaussian(table), to - base, { base, count: to - base, key });
    },
    poissonNoise(ranges, thresholds, amounts, key) {
      if (ranges.length === 0) return;
      const [base, to] = span(ranges), count = to - base;
      wide(noise(thresholds), count, { base, count, key, thresholds: thresholds.length, amount: amounts[1] });
    },
    rareEvents({ begin, end }, block, thresholds, amount, key) {
      const count = Math.ceil((end - begin) / block);
      const numbers = { base: begin, end, count, block, key, thresholds: thresholds.length, amount };
      recorder.run(rare(thresholds), numbers, groupsFor(count, NARROW));
    },
    poissonTrain: (base, value, key) => wide(poisson(value), value.length, { base, count: value.length, key }),
    regularTrain: (base, value, _phase, age) => wide(regular(value), value.length, { base, count: value.length, age }),
    latencyTrain: (base, value, age, period) =>
      wide(latency(value), value.length, { base, count: value.length, age, period }),
    replayTrace(base, membership, _latency, trace, size, begin, end, shuffle, current) {
      const half = Math.max(1, Math.ceil(Math.log2(size) / 2)), shuffles = shuffle === null ? 0 : 1;
      const numbers = { base, trace, size, begin, end, shuffles, key: shuffle ?? 0, half, current };
      wide(replays(membership), size, numbers);
    },
    receptors: (receptor) => receptors(receptor)(0),
    dendrites: (region, cable, data) => dendriteWork(place, region, cable, data),
    sumCurrents({ begin, end, living }, lfp) {
      const neurons = living.flat().reduce((sum, [from, to]) => sum + to - from, 0);
      recorder.run(field(lfp as Float32Array), { base: begin, count: end - begin, living: neurons }, 1);
    },
    opposeInput: (base, theta) => wide(oppose(theta), theta.length, { base, count: theta.length }),
    noteDrive: (base, values) => wide(drive(values), values.length, { base, size: values.length }),
    decay: (factor, values) => wide(decays(values), values.length, { count: values.length, change: factor - 1 }),
    // What the next step notes anew needs no clearing here.
    clear: () => {},
    moveOrigin: (trace, clock) =>
      wide(origin(trace), trace.length, { count: trace.length, factor: clock.decay[clock.period] }),
    raiseThreshold(region, step, increment, theta) {
      const { numbers, groups } = ofSpikes(region, step);
      recorder.run(raise(theta), { ...numbers, increment }, groups);
    },
    resetGains: (region) => recorder.run(reset(), { gains: place.gainsOf(region) }, 1),
    gateLearning: (region, factor) => recorder.run(gate(), { gains: place.gainsOf(region), factor }, 1),
    modulate: (region, { acetylcholine, serotonin }, level) =>
      recorder.run(modulate(), {
        gains: place.gainsOf(region),
        level: memory.scalarsOf(level),
        learning: acetylcholine?.learning ?? 0,
        inhibition: serotonin?.inhibition ?? 0,
        patience: serotonin?.patience ?? 0,
      }, 1),
    relieveAdaptation(region, step, strength, level) {
      const { numbers, groups } = ofSpikes(region, step);
      recorder.run(relieve(), { ...numbers, strength, level: memory.scalarsOf(level) }, groups);
    },
    decayLevels: (level, [decay0, decay1]) =>
      recorder.run(decayLevels(), { level: memory.scalarsOf(level), decay0, decay1 }, 1),
  };

  function receptorWork({ at, g, mean, decay, reversalMv, magnesiumMm }: ReceptorProgram): Work {
    const name = reversalMv === undefined
      ? "currentReceptors"
      : magnesiumMm === undefined
      ? "conductanceReceptors"
      : "blockedReceptors";
    const own = [...collected.values()].find(({ out, here }) => here && out === g);
    const bound = recorder.bind(name, {
      g: place.buffer(g),
      input: place.buffer(at.input),
      conductance: place.buffer(at.conductance),
      v: place.buffer(at.v),
      sum: own?.sum ?? memory.none("sum"),
      scalars,
    });
    const numbers = {
      base: at.from,
      count: g.length,
      mean,
      decay,
      reversal: reversalMv ?? 0,
      magnesium: magnesiumMm ?? 0,
      inverse: own ? 1 / own.unit : 0,
      inhibits: own?.inhibits ? 1 : 0,
      gains: own?.gains ?? 0,
    };
    return () => wide(bound, g.length, numbers);
  }
}

/** First and last neuron of ranges: kernels leave out what does not live between them. */
function span(ranges: readonly Range[]): Range {
  return [ranges[0][0], ranges[ranges.length - 1][1]];
}

function dendriteWork(
  place: Place,
  { begin, end }: RegionProgram,
  { parent, leak, leakMv, up, down, fromSoma }: Cable,
  data: { v: Float32Array; input: Float32Array; conductance: Float32Array },
): { fold: Work; advance: Work } {
  const { program: { dt, membranes: m }, memory, recorder } = place;
  const n = end - begin, compartments = parent.length, children = new Float64Array(compartments);
  for (let c = 1; c < compartments; c++) children[parent[c]] += down[c];
  const words = new Uint32Array(5 * compartments), floats = new Float32Array(words.buffer);
  for (let c = 0; c < compartments; c++) {
    words[5 * c] = Math.max(0, parent[c]);
    floats.set([up[c], down[c], fromSoma[c], children[c]], 5 * c + 1);
  }
  const arrays = {
    dendriteV: place.buffer(data.v),
    dendriteInput: place.buffer(data.input),
    dendriteConductance: place.buffer(data.conductance),
    elimination: memory.words(2 * n * compartments, "elimination"),
    v: place.buffer(m.v),
    input: place.buffer(m.input),
    conductance: place.buffer(m.conductance),
    cable: memory.words(words.length, "cable", words),
  };
  const fold = recorder.bind("foldCompartments", arrays), advance = recorder.bind("advanceCompartments", arrays);
  const numbers = { base: begin, neurons: n, compartments, dt, leak, leakMv }, groups = groupsFor(n, NARROW);
  return {
    fold: () => recorder.run(fold, numbers, groups),
    advance: () => recorder.run(advance, numbers, groups),
  };
}

/** Advances all membranes, thins out the spikes, lists and counts them. */
export function integrateWork(place: Place): Work {
  const { program, memory, recorder, kind, pattern, fired, spikes, lists } = place;
  const { membranes: m, scheme, neurons, dt, regions, activity } = program;
  const [v, u, input, conductance] = [m.v, m.u, m.input, m.conductance].map((array) => place.buffer(array));
  const blocks = groupsFor(neurons, WIDE), many = memory.words(blocks, "spikes of blocks");
  const integrate = recorder.bind(scheme === "riccati" ? "integrateRiccati" : "integratePublished", {
    v,
    u,
    pattern,
    kind,
    input,
    conductance,
    fired,
    many,
  });
  const boundary = Uint32Array.from([...regions.flatMap(({ begin, split }) => [begin, split]), neurons]);
  const arrays = {
    fired,
    spikes,
    many,
    offset: memory.words(blocks, "offset"),
    boundary: memory.words(boundary.length, "boundary", boundary),
    count: place.buffer(activity.count),
    lastSpike: place.buffer(activity.last),
    rate: place.buffer(activity.rate),
  };
  const scan = recorder.bind("scanSpikes", arrays), list = recorder.bind("listSpikes", arrays);
  const scanned = blocks > WIDE ? 1 : 0,
    competitions = regions.flatMap((region) => competitionWork(place, region, many));
  const { rateClock: { grow, period } } = activity;
  return (step) => {
    const row = place.rowOf(step);
    recorder.run(integrate, { neurons, row, dt }, blocks);
    for (const compete of competitions) compete(step);
    if (scanned) recorder.run(scan, { neurons, row }, 1);
    const amount = grow[step % period] * 1000 / RATE_TAU_MS;
    recorder.run(list, { ...lists, step, neurons, row, amount, scanned }, blocks);
  };
}

function competitionWork(place: Place, region: RegionProgram, many: GPUBuffer): Work[] {
  const selection = selectionOf(region), { begin, split, groups } = region, size = split - begin;
  if (!selection || size === 0) return [];
  const { memory, recorder, fired, pattern, program: { membranes: m } } = place, { winners, drive, key } = selection;
  const arrays = {
    fired,
    many,
    pattern,
    drive: place.buffer(drive),
    loses: memory.words(size, "losers"),
    v: place.buffer(m.v),
    u: place.buffer(m.u),
  };
  const compete = recorder.bind("compete", arrays), drop = recorder.bind("dropLosers", arrays);
  return [(step) => {
    const numbers = {
      base: begin,
      size,
      each: size / groups,
      winners,
      key: stepKey(key, step),
      row: place.rowOf(step),
    };
    recorder.run(compete, numbers, groupsFor(size, NARROW));
    recorder.run(drop, numbers, groupsFor(size, WIDE));
  }];
}
