/** Checks projections and fills their defaults. */

import {
  checkInteger,
  checkKeys,
  checkName,
  checkNumber,
  lookUp,
  or,
  resolveParameters,
} from "../biology/parameters.ts";
import { REGION_TYPES } from "../biology/neuron.ts";
import {
  type Receptor,
  RECEPTOR_RANGE,
  RECEPTORS,
  type TransmitterName,
  TRANSMITTERS,
} from "../biology/neurotransmitter.ts";
import { NORMALIZATION } from "../biology/normalization.ts";
import { REWARD } from "../biology/reward.ts";
import { SHORT_TERM, SHORT_TERM_PRESETS, type ShortTerm } from "../biology/short_term.ts";
import { type PairingName, PAIRINGS, STDP } from "../biology/stdp.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import {
  type Distribution,
  meanOf,
  type PlasticitySpec,
  type ResolvedPlasticity,
  type ResolvedProjection,
  type ResolvedSpec,
  type Rule,
  sourceSize,
} from "./spec.ts";

/** Longest delay in steps. */
export const MAX_DELAY_STEPS = 4096;

const RULES = ["density", "outDegree", "inDegree", "oneToOne", "pairs"] as const;

/**
 * Checks a projection, fills its defaults and adds it to a description.
 * @throws {InputError} when something is refused; the description is then unchanged
 */
export function addProjection(spec: ResolvedSpec, given: unknown): ResolvedProjection {
  checkKeys("projection", given, [
    "from",
    "to",
    "name",
    "transmitter",
    "source",
    ...RULES,
    "layout",
    "weight",
    "delay",
    "receptor",
    "shortTerm",
    "plasticity",
  ]);
  const regionNames = spec.regions.map((r) => r.name);
  const find = (name: unknown) => {
    const region = spec.regions.find((r) => r.name === name);
    if (region) return region;
    throw new InputError(
      `Cannot connect ${show(given.from)} to ${show(given.to)}: no such region ${show(name)}; ${
        knownNames("regions", String(name), regionNames)
      }`,
    );
  };
  const from = find(given.from), to = find(given.to);
  const transmitterName = (or(given.transmitter, "glutamate")) as TransmitterName;
  const arrow = transmitterName === "gaba" ? "-|" : "->";
  const name = given.name === undefined ? `${from.name}${arrow}${to.name}` : checkName("projection", given.name);
  const what = `projection "${name}"`;
  const transmitter = lookUp(what, "transmitters", TRANSMITTERS, transmitterName);
  if (spec.projections.some((p) => p.name === name)) {
    throw new InputError(`${what} exists already; give this one another name`);
  }
  if (REGION_TYPES[to.type] === REGION_TYPES.input) {
    throw new InputError(
      `${what}: region "${to.name}" has type input, which has no membrane to receive spikes`,
    );
  }
  const source = (or(given.source, transmitter.source)) as ResolvedProjection["source"];
  lookUp(what, "sources", { excitatory: 1, inhibitory: 1, all: 1 }, source);
  const sources = sourceSize(from, source);
  if (sources === 0) {
    throw new InputError(
      `${what}: region "${from.name}" has no ${source} neurons; set its "inhibitory" share or this projection's "source"`,
    );
  }
  const rule = resolveRule(what, given, sources, to.neurons, spec.dt);
  const layout = resolveLayout(what, given.layout, rule, from === to);
  const receptor = resolveReceptor(what, or(given.receptor, "pulse"));
  const other = spec.projections.find((p) => p.to === to.name && p.receptor.name === receptor.name)?.receptor;
  if (other && (other.tauMs !== receptor.tauMs || other.reversalMv !== receptor.reversalMv)) {
    throw new InputError(
      `${what}: region "${to.name}" has another receptor "${receptor.name}" (${
        show(other)
      }); give this one another name`,
    );
  }
  checkSign(what, transmitterName, receptor);
  const degree = rule.inDegree ?? (rule.density ?? (rule.outDegree ?? 1) / to.neurons) * sources;
  const fallback = defaultWeight(degree, receptor);
  const weight = resolveDistribution(
    `${what}: weight`,
    or(given.weight, layout === "uniform" ? fallback : { uniform: [0.5 * fallback, 1.5 * fallback] }),
    0,
    1e6,
  );
  if (layout === "uniform" && typeof weight !== "number") {
    throw new InputError(
      `${what}: a uniform layout has one weight for all; weight is ${show(weight)}`,
    );
  }
  const resolved: ResolvedProjection = {
    name,
    from: from.name,
    to: to.name,
    transmitter: transmitterName,
    source,
    ...rule,
    layout,
    weight,
    delay: resolveDelay(what, or(given.delay, Math.max(1, spec.dt)), spec.dt),
    receptor,
  };
  if (typeof resolved.delay !== "number" && layout !== "sparse") {
    throw new InputError(
      `${what}: a ${layout} layout has one delay for all; use layout "sparse" for a range of delays`,
    );
  }
  if (given.shortTerm !== undefined) resolved.shortTerm = resolveShortTerm(what, given.shortTerm);
  if (given.plasticity !== undefined) {
    if (layout === "uniform") {
      throw new InputError(`${what}: a uniform layout stores no synapses that could be plastic`);
    }
    resolved.plasticity = resolvePlasticity(what, given.plasticity, weight, rule);
  }
  spec.projections = [...spec.projections, resolved];
  return resolved;
}

/** See {@linkcode defaultWeight}. */
const VOLLEY_MV = 21;

/**
 * Mean weight of a projection for which none was given: 21/√k mV a spike for k expected synapses per target neuron. With
 * sources at about 10 Hz this lets activity pass from region to region at rates of the same order, whatever the degree
 * (measured on the quick start: tests/physics/quickstart_test.ts). Currents get the same charge, conductances the same
 * charge at 60 mV of driving force.
 * @param degree expected number of synapses per target neuron
 */
export function defaultWeight(degree: number, receptor: Receptor): number {
  const millivolts = VOLLEY_MV / Math.sqrt(Math.max(1, degree));
  if (receptor.tauMs === 0) return millivolts;
  return millivolts / receptor.tauMs / (receptor.reversalMv === undefined ? 1 : 60);
}

function resolveRule(
  what: string,
  given: Record<string, unknown>,
  sources: number,
  targets: number,
  dt: number,
): Rule {
  const rules = RULES.filter((rule) => given[rule] !== undefined && given[rule] !== false);
  if (rules.length > 1) {
    throw new InputError(`${what}: ${rules.join(" and ")} exclude each other; give one`);
  }
  switch (rules[0]) {
    case "outDegree":
      return {
        outDegree: checkInteger(
          `${what}: outDegree`,
          given.outDegree,
          0,
          targets - (given.from === given.to ? 1 : 0),
        ),
      };
    case "inDegree":
      return {
        inDegree: checkInteger(
          `${what}: inDegree`,
          given.inDegree,
          0,
          sources - (given.from === given.to ? 1 : 0),
        ),
      };
    case "oneToOne":
      if (given.oneToOne !== true) {
        throw new InputError(`${what}: oneToOne is ${show(given.oneToOne)}; expected true or false`);
      }
      if (sources !== targets) {
        throw new InputError(
          `${what}: oneToOne needs equal numbers; ${sources} sources, ${targets} targets`,
        );
      }
      if (given.from === given.to) {
        throw new InputError(`${what}: oneToOne inside a region would connect neurons to themselves; use pairs`);
      }
      return { oneToOne: true };
    case "pairs":
      return { pairs: resolvePairs(what, given.pairs, sources, targets, dt) };
    default:
      return {
        density: checkNumber(
          `${what}: density`,
          or(given.density, given.layout === "dense" || given.layout === "uniform" ? 1 : 0.1),
          0,
          1,
        ),
      };
  }
}

function resolvePairs(what: string, pairs: unknown, sources: number, targets: number, dt: number) {
  checkKeys(`${what}: pairs`, pairs, ["pre", "post", "weight", "delay"]);
  const list = (key: string, check: (where: string, x: unknown) => number): number[] => {
    const values = pairs[key];
    if (!Array.isArray(values) && !ArrayBuffer.isView(values)) {
      throw new InputError(`${what}: pairs.${key} is ${show(values)}; expected a list of numbers`);
    }
    return Array.from(
      values as ArrayLike<number>,
      (x, i) => check(`${what}: pairs.${key}[${i}]`, x),
    );
  };
  const pre = list("pre", (w, x) => checkInteger(w, x, 0, sources - 1));
  const post = list("post", (w, x) => checkInteger(w, x, 0, targets - 1));
  const weight = pairs.weight === undefined ? undefined : list("weight", (w, x) => checkNumber(w, x, 0, 1e6));
  const delay = pairs.delay === undefined
    ? undefined
    : list("delay", (w, x) => checkNumber(w, x, dt, MAX_DELAY_STEPS * dt, "ms"));
  for (const [key, values] of Object.entries({ post, weight, delay })) {
    if (values && values.length !== pre.length) {
      throw new InputError(
        `${what}: pairs.${key} has ${values.length} elements and pairs.pre ${pre.length}; they must be equal`,
      );
    }
  }
  return { pre, post, ...(weight && { weight }), ...(delay && { delay }) };
}

function resolveLayout(
  what: string,
  layout: unknown,
  rule: Rule,
  internal: boolean,
): ResolvedProjection["layout"] {
  const allToAll = rule.density === 1;
  if (layout === undefined) return allToAll && !internal ? "dense" : "sparse";
  lookUp(what, "layouts", { sparse: 1, dense: 1, uniform: 1 }, layout);
  if (layout !== "sparse" && !allToAll) {
    throw new InputError(`${what}: a ${layout} layout connects all pairs; set density 1`);
  }
  if (layout === "dense" && internal) {
    throw new InputError(
      `${what}: a dense layout would connect neurons to themselves; use "sparse" inside a region`,
    );
  }
  return layout as ResolvedProjection["layout"];
}

function resolveReceptor(what: string, receptor: unknown): Receptor & { name: string } {
  if (typeof receptor === "string") {
    return { name: receptor, ...lookUp<Receptor>(what, "receptors", RECEPTORS, receptor) };
  }
  checkKeys(`${what}: receptor`, receptor, ["name", "tauMs", "reversalMv"]);
  const name = receptor.name === undefined ? undefined : checkName("receptor", receptor.name);
  const tauMs = checkNumber(
    `${what}: receptor.tauMs`,
    receptor.tauMs,
    RECEPTOR_RANGE.tauMs.min,
    RECEPTOR_RANGE.tauMs.max,
    "ms",
  );
  if (receptor.reversalMv === undefined) {
    return { name: name ?? (tauMs === 0 ? "pulse" : `current${tauMs}`), tauMs };
  }
  if (tauMs === 0) {
    throw new InputError(`${what}: a receptor with a reversal potential needs tauMs > 0`);
  }
  const { min, max } = RECEPTOR_RANGE.reversalMv;
  const reversalMv = checkNumber(
    `${what}: receptor.reversalMv`,
    receptor.reversalMv,
    min,
    max,
    "mV",
  );
  return { name: name ?? `conductance${tauMs}to${reversalMv}`, tauMs, reversalMv };
}

/** Above this a conductance drives a neuron to spike, mV. */
const THRESHOLD_MV = -50;

/** Dale's principle holds for conductances too: their sign lies in the reversal potential. */
function checkSign(
  what: string,
  transmitter: TransmitterName,
  { name, reversalMv }: ReturnType<typeof resolveReceptor>,
) {
  if (reversalMv === undefined) return;
  if (reversalMv > THRESHOLD_MV !== TRANSMITTERS[transmitter].sign > 0) {
    throw new InputError(
      `${what}: receptor "${name}" reverses at ${reversalMv} mV, which does not fit ${transmitter}; expected ${
        transmitter === "gaba" ? "at most" : "more than"
      } ${THRESHOLD_MV} mV`,
    );
  }
}

function resolveDistribution(what: string, given: unknown, min: number, max: number): Distribution {
  if (typeof given === "number") return checkNumber(what, given, min, max);
  checkKeys(what, given, ["uniform", "normal"]);
  const kind = given.uniform !== undefined ? "uniform" : "normal";
  const pair = given[kind];
  if (!Array.isArray(pair) || pair.length !== 2 || Object.keys(given).length !== 1) {
    throw new InputError(
      `${what} is ${show(given)}; expected a number, {"uniform": [low, high]} or {"normal": [mean, sd]}`,
    );
  }
  const first = checkNumber(what, pair[0], min, max);
  const second = checkNumber(what, pair[1], kind === "uniform" ? first : 0, max);
  return kind === "uniform" ? { uniform: [first, second] } : { normal: [first, second] };
}

function resolveDelay(what: string, given: unknown, dt: number): ResolvedProjection["delay"] {
  const max = MAX_DELAY_STEPS * dt;
  if (typeof given === "number") return checkNumber(`${what}: delay`, given, dt, max, "ms");
  const range = resolveDistribution(`${what}: delay`, given, dt, max);
  if (typeof range === "number" || !("uniform" in range)) {
    throw new InputError(
      `${what}: delay is ${show(given)}; expected ms or {"uniform": [low, high]}`,
    );
  }
  return range;
}

function resolveShortTerm(what: string, given: unknown): ShortTerm {
  if (typeof given === "string") {
    return { ...lookUp<ShortTerm>(what, "short-term presets", SHORT_TERM_PRESETS, given) };
  }
  checkKeys(`${what}: shortTerm`, given, Object.keys(SHORT_TERM));
  return resolveParameters(`${what}: shortTerm`, SHORT_TERM, given);
}

function resolvePlasticity(
  what: string,
  given: unknown,
  weight: Distribution,
  rule: Rule,
): ResolvedPlasticity {
  const options = typeof given === "string"
    ? lookUp<PlasticitySpec>(what, "plasticity presets", { stdp: {}, rstdp: { reward: {} } }, given)
    : given;
  checkKeys(`${what}: plasticity`, options, [
    ...Object.keys(STDP),
    "pairing",
    "weightMax",
    "reward",
    "normalization",
  ]);
  const pairing = (or(options.pairing, "all")) as PairingName;
  lookUp(`${what}: plasticity`, "pairings", PAIRINGS, pairing);
  const largest = rule.pairs?.weight?.reduce((a, b) => Math.max(a, b), 0) ?? 0;
  const { reward, normalization, pairing: _, weightMax, ...values } = options;
  const resolved: ResolvedPlasticity = {
    ...resolveParameters(`${what}: plasticity`, STDP, values),
    pairing,
    weightMax: checkNumber(
      `${what}: plasticity: weightMax`,
      or(weightMax, Math.max(2 * meanOf(weight), largest) || 1),
      1e-9,
      1e6,
    ),
  };
  if (reward !== undefined) {
    checkKeys(`${what}: plasticity: reward`, reward, Object.keys(REWARD));
    resolved.reward = resolveParameters(`${what}: plasticity: reward`, REWARD, reward);
  }
  if (normalization !== undefined) {
    checkKeys(`${what}: plasticity: normalization`, normalization, Object.keys(NORMALIZATION));
    resolved.normalization = resolveParameters(`${what}: plasticity: normalization`, NORMALIZATION, normalization);
  }
  return resolved;
}
