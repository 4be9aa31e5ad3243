/**
 * Where everything of a brain lies: ranges of neurons, sizes of projections, delays in steps. A plan follows from the
 * description alone; nothing is drawn or allocated.
 */

import { type AnyArray, type ArrayInfo, type Arrays, type Dtype, indexDtype } from "../state/arrays.ts";
import { InputError } from "../state/errors.ts";
import { NORMAL_ENTRIES } from "../state/random.ts";
import { MAX_DELAY_STEPS } from "./resolve_rule.ts";
import { LOG_ROWS } from "../biology/growth.ts";
import { local, type LocalArrays, type Place } from "../biology/mechanism.ts";
import { type Receptor, TRANSMITTERS } from "../biology/neurotransmitter.ts";
import { cableOf, transferToSoma } from "../biology/morphology.ts";
import { farthest } from "../biology/space.ts";
import { RULES, type StdpRule } from "../biology/stdp.ts";
import { MECHANISM_NAMES, MECHANISMS } from "../engine/mechanisms.ts";
import type { RegionMechanism } from "../engine/mechanism.ts";
import { placeOf, populationRoom, type ResolvedProjection, type ResolvedRegion, type ResolvedSpec } from "./spec.ts";

/** A region's range in the index space of all neurons: excitatory neurons first, then inhibitory ones. */
export interface RegionPlan {
  spec: ResolvedRegion;
  index: number;
  begin: number;
  /** First inhibitory neuron. */
  split: number;
  end: number;
  /** Neurons, room for newborn ones included. */
  size: number;
  place: Place;
  /**
   * Receptor channels that projections onto the region use, pulses excepted, by name; those on a compartment with its
   * name after "@".
   */
  receptors: Map<string, Receptor & { compartment: number }>;
}

/** A projection's sizes. */
export interface ProjectionPlan {
  spec: ResolvedProjection;
  from: RegionPlan;
  to: RegionPlan;
  /** Range of the source neurons. */
  begin: number;
  end: number;
  /** Delays that occur, in steps, ascending. */
  delays: number[];
}

/** A brain's plan. */
export interface Plan {
  spec: ResolvedSpec;
  neurons: number;
  regions: RegionPlan[];
  projections: ProjectionPlan[];
  /** Rows of the ring of spike lists: longest delay + 1. */
  slots: number;
}

/** Lays a description out. */
export function planBrain(spec: ResolvedSpec): Plan {
  let neurons = 0;
  const regions = spec.regions.map((region, index): RegionPlan => {
    const begin = neurons;
    neurons += region.maxNeurons;
    return {
      spec: region,
      index,
      begin,
      split: begin + populationRoom(region).excitatory,
      end: neurons,
      size: region.maxNeurons,
      place: placeOf(region, spec.dt, spec.seed),
      receptors: new Map(),
    };
  });
  refuseIdleDopamine(spec);
  const byName = new Map(regions.map((r) => [r.spec.name, r]));
  const projections = spec.projections.map((projection): ProjectionPlan => {
    const from = byName.get(projection.from)!, to = byName.get(projection.to)!;
    if (projection.receptor.tauMs > 0) {
      const compartment = compartmentOf(projection, to.spec);
      to.receptors.set(receptorKey(projection), { ...projection.receptor, compartment });
    }
    return {
      spec: projection,
      from,
      to,
      begin: projection.source === "inhibitory" ? from.split : from.begin,
      end: projection.source === "excitatory" ? from.split : from.end,
      delays: delaysOf(projection, spec.dt, from.spec, to.spec).map((steps) =>
        steps + lateness(projection, to.spec, spec.dt)
      ),
    };
  });
  const longest = projections.reduce((max, p) => Math.max(max, p.delays.at(-1) ?? 1), 1);
  const slots = longest + 1;
  if (slots * neurons >= 2 ** 32) {
    throw new InputError(
      `${neurons} neurons with delays of up to ${longest} steps are too many: their product must stay below 2^32`,
    );
  }
  return { spec, neurons, regions, projections, slots };
}

/** A projection that releases dopamine where nothing learns from it would be a name without an effect. */
function refuseIdleDopamine({ projections }: ResolvedSpec): void {
  const idle = projections.find(({ transmitter, to }) =>
    transmitter === "dopamine" && !projections.some((p) => p.to === to && p.plasticity?.reward)
  );
  if (idle) {
    throw new InputError(
      `projection "${idle.name}" releases dopamine into region "${idle.to}", where no projection learns from reward; ` +
        `give one onto "${idle.to}" the plasticity "rstdp"`,
    );
  }
}

/** Key of a projection's receptor in its target region. */
export function receptorKey({ receptor, compartment }: ResolvedProjection): string {
  return compartment === undefined ? receptor.name : `${receptor.name}@${compartment}`;
}

/** Index of the compartment with a potential of its own that a projection's synapses sit on; 0: the soma. */
export function compartmentOf({ compartment }: ResolvedProjection, { morphology }: ResolvedRegion): number {
  if (compartment === undefined || morphology?.mode !== "full") return 0;
  return morphology.compartments.findIndex(({ name }) => name === compartment);
}

/** In the mode without potentials: what the soma sees of a synapse's strength, and how much later. */
export function attenuationOf({ compartment }: ResolvedProjection, { morphology }: ResolvedRegion) {
  if (compartment === undefined || morphology?.mode !== "attenuation") return { attenuation: 1, delayMs: 0 };
  const at = morphology.compartments.findIndex(({ name }) => name === compartment);
  const { attenuation, delayMs } = transferToSoma(cableOf(morphology));
  return { attenuation: attenuation[at], delayMs: delayMs[at] };
}

/** How many steps later than its axonal delay a synapse acts on the soma. */
export function lateness(projection: ResolvedProjection, to: ResolvedRegion, dt: number): number {
  return Math.round(attenuationOf(projection, to).delayMs / dt);
}

/** A time in steps, at least one. */
export function delaySteps(ms: number, dt: number): number {
  return Math.min(MAX_DELAY_STEPS, Math.max(1, Math.round(ms / dt)));
}

function delaysOf(
  { delay, pairs }: ResolvedProjection,
  dt: number,
  from: ResolvedRegion,
  to: ResolvedRegion,
): number[] {
  if (pairs?.delay) {
    const distinct = new Set(pairs.delay.map((ms) => delaySteps(ms, dt)));
    return distinct.size > 0 ? [...distinct].sort((a, b) => a - b) : [1];
  }
  if (typeof delay === "number") return [delaySteps(delay, dt)];
  if ("speed" in delay) {
    const longest = delaySteps(farthest(from.positions!, to.positions!) / delay.speed, dt);
    return Array.from({ length: longest }, (_, k) => 1 + k);
  }
  const first = delaySteps(delay.uniform[0], dt), last = delaySteps(delay.uniform[1], dt);
  return Array.from({ length: last - first + 1 }, (_, k) => first + k);
}

/**
 * Declares every array of a brain. Order is that of the snapshot.
 * @param synapses number of synapses of the sparse projection of this name
 */
export function declareArrays(plan: Plan, synapses: (projection: string) => number): ArrayInfo[] {
  const n = plan.neurons;
  const list: ArrayInfo[] = [];
  const declare = (
    name: string,
    dtype: Dtype,
    shape: number[],
    unit: string,
    meaning: string,
    marks: Omit<ArrayInfo, "name" | "dtype" | "shape" | "unit" | "meaning"> = {},
  ) => list.push({ name, dtype, shape, unit, meaning, ...marks });

  const constant = { constant: true };
  declare("brain.sleep", "i32", [2], "step", "first step of the present sleep, and its end; zeros while awake");
  declare("neuron.v", "f32", [n], "mV", "membrane potential", { ofNeurons: 0 });
  declare("neuron.u", "f32", [n], "mV/ms", "recovery variable", { ofNeurons: 0 });
  declare("neuron.a", "f32", [n], "1/ms", "rate of the recovery variable", constant);
  declare("neuron.b", "f32", [n], "1/ms", "sensitivity of the recovery variable to v", constant);
  declare("neuron.c", "f32", [n], "mV", "v after a spike", constant);
  declare("neuron.d", "f32", [n], "mV/ms", "step of u at a spike", constant);
  declare("neuron.current", "f32", [n], "mV/ms", "injected current, until changed", constant);
  declare("neuron.alive", "u8", [n], "1", "1; 0 where no neuron lives: not yet born, or dead", constant);
  declare("neuron.spikes", "u32", [n], "1", "spikes since the beginning");
  declare("neuron.lastSpike", "i32", [n], "step", "step of the last spike; -1: none yet");
  declare("neuron.rate", "f32", [n], "Hz", "running rate, as of the origin of its trace clock");
  declare("neuron.recovery", "f32", [n], "1", "exp(-a dt/4)", { derived: true });
  declare(
    "neuron.input",
    "f32",
    [n],
    "mV/ms",
    "input collected for this step; zero between steps",
    { derived: true },
  );
  declare(
    "neuron.conductance",
    "f32",
    [n],
    "1/ms",
    "conductance collected for this step; zero between steps",
    { derived: true },
  );
  declare(
    "spikes.ring",
    "u32",
    [plan.slots, n],
    "neuron",
    "spikes of the last steps, ascending; row: step mod slots",
  );
  declare(
    "spikes.start",
    "u32",
    [plan.slots, 2 * plan.regions.length + 1],
    "index",
    "where each population's spikes begin in a row of the ring; last: end",
  );

  for (const region of plan.regions) {
    const at = `region.${region.spec.name}`, { size } = region;
    declare(
      `${at}.stimulus`,
      "f32",
      [size],
      "1",
      "encoded stimulus: spikes a step, latency in steps, or current",
      constant,
    );
    declare(`${at}.stimulusPhase`, "f32", [size], "1", "phase of regular trains, 0-1", constant);
    declare(`${at}.stimulusControl`, "i32", [4], "step", "mode, first step, end step, period", constant);
    for (const [name, { reversalMv }] of region.receptors) {
      const [unit, kind] = reversalMv === undefined ? ["mV/ms", "current"] : ["1/ms", "conductance"];
      declare(
        `${at}.receptor.${name}`,
        "f32",
        [size],
        unit,
        `${kind} of the receptor at the start of the step`,
        { ofNeurons: region.begin },
      );
    }
    for (const population of ["excitatory", "inhibitory"] as const) {
      if (region.spec.noise[population] === 0) continue;
      declare(`${at}.noise.${population}`, "f32", [NORMAL_ENTRIES], "mV/ms", "quantiles of the noise of a step", {
        derived: true,
      });
    }
    if (region.spec.positions) declare(`${at}.position`, "f32", [size, 3], "mm", "where the neurons lie", constant);
    for (const mechanism of mechanismsOf(region)) {
      for (const [key, { dtype, shape, unit, meaning, derived }] of Object.entries(mechanism.arrays)) {
        declare(`${at}.${mechanism.name}.${key}`, dtype, shape, unit, meaning, derived ? { derived } : {});
      }
    }
  }

  for (const { spec, begin, end, to, delays } of plan.projections) {
    const at = `projection.${spec.name}`, rows = end - begin, columns = to.size;
    const sparse = spec.layout === "sparse";
    const count = sparse ? synapses(spec.name) : rows * columns;
    const shape = sparse ? [count] : [rows, columns], each = sparse ? { perSynapse: true } : {};
    if (sparse) {
      declare(
        `${at}.rowStart`,
        "u32",
        [rows * delays.length + 1],
        "index",
        "first synapse of each (source neuron, delay)",
        constant,
      );
      declare(`${at}.target`, indexDtype(columns), shape, "neuron", "target neuron within its region", {
        ...each,
        ...constant,
      });
    }
    declare(
      `${at}.weight`,
      "f32",
      spec.layout === "uniform" ? [1] : shape,
      weightUnit(spec),
      `magnitude of the weight${spec.layout === "dense" ? "; minus zero: lesioned" : ""}`,
      { ...each, ...!spec.plasticity && constant },
    );
    if (spec.structure) {
      declare(`${at}.structure.enabled`, "u8", [1], "1", "1; 0 while structure is frozen; 2 while sleep holds it");
      declare(`${at}.structure.born`, "i32", shape, "step", "step in which the synapse formed; 0: from the beginning", {
        ...each,
        ...constant,
      });
      declare(`${at}.structure.counters`, "u32", [4], "1", "formed; pruned; rows of the log; ticks between two rows");
      declare(`${at}.structure.log`, "u32", [LOG_ROWS, 4], "1", "step, synapses, formed so far, pruned so far");
    }
    if (spec.shortTerm) {
      declare(`${at}.shortTerm.x`, "f32", [rows], "1", "available resources after the last spike");
      declare(`${at}.shortTerm.u`, "f32", [rows], "1", "use at the last spike");
      declare(
        `${at}.shortTerm.last`,
        "i32",
        [rows],
        "step",
        "step of the last spike; -1: none yet",
      );
      declare(
        `${at}.shortTerm.release`,
        "f32",
        [plan.slots, rows],
        "1",
        "release of the spikes in flight, relative to U",
      );
    }
    if (learns(spec, to.spec)) {
      declare(`${at}.plasticityEnabled`, "u8", [1], "1", "1; 0 while plasticity is frozen; 2 while sleep holds it");
    }
    if (spec.plasticity) {
      declare(
        `${at}.preTrace`,
        "f32",
        [rows * delays.length],
        "1",
        "presynaptic trace of each (source neuron, delay)",
      );
      declare(`${at}.postTrace`, "f32", [columns], "1", "postsynaptic trace");
      const { reads }: StdpRule = RULES[spec.plasticity.rule];
      if (reads.tauXMs) declare(`${at}.preSlow`, "f32", [rows * delays.length], "1", "slow presynaptic trace");
      if (reads.tauYMs) declare(`${at}.postSlow`, "f32", [columns], "1", "slow postsynaptic trace");
      if (spec.plasticity.metaplasticity) {
        declare(`${at}.metaplasticity.threshold`, "f32", [columns], "Hz", "sliding threshold");
        declare(`${at}.metaplasticity.balance`, "f32", [columns], "1", "what potentiation is multiplied by");
      }
      if (sparse) {
        declare(
          `${at}.incomingStart`,
          "u32",
          [columns + 1],
          "index",
          "first incoming synapse of each target",
          { derived: true },
        );
        declare(
          `${at}.incomingSynapse`,
          "u32",
          shape,
          "index",
          "incoming synapses by target",
          { derived: true, ...each },
        );
        declare(
          `${at}.incomingTerminal`,
          indexDtype(rows * delays.length),
          shape,
          "index",
          "presynaptic trace of each incoming synapse",
          { derived: true, ...each },
        );
      }
      if (spec.plasticity.reward) {
        declare(
          `${at}.eligibility`,
          "f32",
          shape,
          weightUnit(spec),
          "eligibility, as of the origin of its clock",
          each,
        );
        declare(
          `${at}.settled`,
          "f32",
          shape,
          "1",
          "reward gain up to which the weight is settled",
          each,
        );
        declare(
          `${at}.dopamine`,
          "f64",
          [5],
          "1",
          "dopamine level; reward gain since the origin; sign of its last change; e^(t/τ_e) since the origin; expected reward",
        );
      }
    }
  }
  return list;
}

/** A region's mechanisms with their values and declared arrays, in the order of the table. */
export function mechanismsOf({ spec, place }: RegionPlan) {
  return MECHANISM_NAMES.flatMap((name) => {
    const values = spec[name];
    if (values === undefined) return [];
    const row = MECHANISMS[name] as RegionMechanism;
    const arrays: LocalArrays = {
      ...row.biology.arrays(values, place),
      ...row.freezes &&
        { enabled: local("u8", [1], "1", `1; 0 while ${row.freezes} is frozen; 2 while sleep holds it`) },
    };
    return [{ name, row, values, arrays }];
  });
}

/** The data of a mechanism's arrays by their keys. */
export function localData(arrays: Arrays, at: string, declared: Record<string, unknown>): Record<string, AnyArray> {
  return Object.fromEntries(Object.keys(declared).map((key) => [key, arrays.entry(`${at}.${key}`).data]));
}

/** Whether anything changes a projection's weights. */
export function learns(spec: ResolvedProjection, to: ResolvedRegion): boolean {
  if (spec.plasticity !== undefined) return true;
  const scaled = to.scaling !== undefined && (TRANSMITTERS[spec.transmitter].sign > 0 || to.scaling.inhibition > 0);
  return scaled && spec.layout !== "uniform";
}

function weightUnit({ receptor }: ResolvedProjection): string {
  return receptor.name === "modulator"
    ? "1"
    : receptor.tauMs === 0
    ? "mV"
    : receptor.reversalMv === undefined
    ? "mV/ms"
    : "1/ms";
}
