/** Checks descriptions and fills their defaults: everything that can be wrong with a spec is said here. */

import { checkInteger, checkKeys, checkNumber, lookUp, resolveParameters } from "../biology/parameters.ts";
import {
  NEURON_RANGE,
  type NeuronParameters,
  PATTERNS,
  REGION_TYPES,
  type RegionType,
  type RegionTypeName,
  type SchemeName,
  SCHEMES,
} from "../biology/neuron.ts";
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
  type ConnectivitySpec,
  type Distribution,
  meanOf,
  type PlasticitySpec,
  populationSizes,
  type ResolvedPlasticity,
  type ResolvedProjection,
  type ResolvedRegion,
  type ResolvedSpec,
  type Rule,
  sourceSize,
} from "./spec.ts";

/** Largest number of neurons: spike lists and synapse targets are 32-bit. */
const MAX_NEURONS = 2 ** 28;
/** Longest delay in steps. */
export const MAX_DELAY_STEPS = 4096;

/**
 * Checks a description and fills its defaults.
 * @throws {InputError} naming what was refused and what is allowed
 */
export function resolveSpec(spec: unknown): ResolvedSpec {
  checkKeys("brain", spec, ["dt", "seed", "scheme", "regions", "projections"]);
  const resolved: ResolvedSpec = { ...resolveSettings(spec), regions: [], projections: [] };
  if (!Array.isArray(spec.regions)) {
    throw new InputError(`brain: regions is ${show(spec.regions)}; expected a list of regions`);
  }
  if (spec.projections !== undefined && !Array.isArray(spec.projections)) {
    throw new InputError(
      `brain: projections is ${show(spec.projections)}; expected a list of projections`,
    );
  }
  for (const region of spec.regions) addRegion(resolved, region);
  for (const projection of spec.projections ?? []) addProjection(resolved, projection);
  return resolved;
}

/** Checks and fills dt, seed and scheme. */
export function resolveSettings(
  spec: Record<string, unknown>,
): Pick<ResolvedSpec, "dt" | "seed" | "scheme"> {
  const scheme = (spec.scheme ?? "riccati") as SchemeName;
  lookUp("brain", "schemes", SCHEMES, scheme);
  return {
    dt: checkNumber("brain: dt", spec.dt ?? 1, 0.01, 2, "ms"),
    seed: checkInteger("brain: seed", spec.seed ?? 0, 0, 2 ** 32 - 1),
    scheme,
  };
}

/**
 * Checks a region, fills its defaults and adds it, with the projections of its `connectivity`, to a description.
 * @throws {InputError} when something is refused; the description is then unchanged
 */
export function addRegion(spec: ResolvedSpec, region: unknown): ResolvedRegion {
  checkKeys("region", region, [
    "name",
    "type",
    "neurons",
    "pattern",
    "inhibitoryPattern",
    "inhibitory",
    "noise",
    "connectivity",
  ]);
  const name = checkName("region", region.name);
  const what = `region "${name}"`;
  if (spec.regions.some((r) => r.name === name)) {
    throw new InputError(`${what} exists already; choose another name`);
  }
  const type: RegionType = lookUp(what, "types", REGION_TYPES, region.type);
  const noise = typeof region.noise === "object" && region.noise !== null ? region.noise : {
    excitatory: region.noise,
    inhibitory: region.noise,
  };
  checkKeys(`${what}: noise`, noise, ["excitatory", "inhibitory"]);
  const resolved: ResolvedRegion = {
    name,
    type: region.type as RegionTypeName,
    neurons: checkInteger(`${what}: neurons`, region.neurons, 1, MAX_NEURONS),
    pattern: resolvePattern(`${what}: pattern`, region.pattern ?? type.pattern),
    inhibitoryPattern: resolvePattern(
      `${what}: inhibitoryPattern`,
      region.inhibitoryPattern ?? type.inhibitoryPattern,
    ),
    inhibitory: checkNumber(`${what}: inhibitory`, region.inhibitory ?? type.inhibitory, 0, 1),
    noise: {
      excitatory: checkNumber(`${what}: noise`, noise.excitatory ?? 0, 0, 1e4, "mV/√ms"),
      inhibitory: checkNumber(`${what}: noise`, noise.inhibitory ?? 0, 0, 1e4, "mV/√ms"),
    },
  };
  if (type.source && (resolved.noise.excitatory > 0 || resolved.noise.inhibitory > 0)) {
    throw new InputError(
      `${what}: noise has no effect on input lines, which have no membrane; choose another type`,
    );
  }
  const total = spec.regions.reduce((n, r) => n + r.neurons, resolved.neurons);
  if (total > MAX_NEURONS) {
    throw new InputError(`${what} makes ${total} neurons in all; at most ${MAX_NEURONS}`);
  }
  const trial = {
    ...spec,
    regions: [...spec.regions, resolved],
    projections: [...spec.projections],
  };
  if (region.connectivity !== undefined) addConnectivity(trial, resolved, region.connectivity);
  spec.regions = trial.regions;
  spec.projections = trial.projections;
  return resolved;
}

/** The two projections inside a region. */
function addConnectivity(spec: ResolvedSpec, region: ResolvedRegion, connectivity: unknown): void {
  const given = typeof connectivity === "number" ? { density: connectivity } : connectivity;
  if (typeof given !== "object" || given === null) {
    throw new InputError(
      `region "${region.name}": connectivity is ${show(connectivity)}; expected a density or an object`,
    );
  }
  const { inhibitoryWeight, ...options } = given as ConnectivitySpec;
  const { excitatory, inhibitory } = populationSizes(region);
  if (excitatory > 0) addProjection(spec, { ...options, from: region.name, to: region.name });
  if (inhibitory > 0) {
    // Plasticity is asked for the excitatory synapses: pair STDP on inhibition would need a rule of its own.
    const { plasticity: _, ...unplastic } = options;
    const weight = inhibitoryWeight ?? doubled(spec.projections.at(-1)?.weight);
    addProjection(spec, {
      ...unplastic,
      weight,
      transmitter: "gaba",
      from: region.name,
      to: region.name,
    });
  }
}

function doubled(weight: Distribution | undefined): Distribution | undefined {
  if (weight === undefined || typeof weight === "number") {
    return weight === undefined ? weight : 2 * weight;
  }
  return "uniform" in weight
    ? { uniform: [2 * weight.uniform[0], 2 * weight.uniform[1]] }
    : { normal: [2 * weight.normal[0], 2 * weight.normal[1]] };
}

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
  const transmitterName = (given.transmitter ?? "glutamate") as TransmitterName;
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
  const source = (given.source ?? transmitter.source) as ResolvedProjection["source"];
  lookUp(what, "sources", { excitatory: 1, inhibitory: 1, all: 1 }, source);
  const sources = sourceSize(from, source);
  if (sources === 0) {
    throw new InputError(
      `${what}: region "${from.name}" has no ${source} neurons; set its "inhibitory" share or this projection's "source"`,
    );
  }
  const rule = resolveRule(what, given, sources, to.neurons);
  const layout = resolveLayout(what, given.layout, rule, from === to);
  const receptor = resolveReceptor(what, given.receptor ?? "pulse");
  const degree = rule.inDegree ?? (rule.density ?? (rule.outDegree ?? 1) / to.neurons) * sources;
  const fallback = defaultWeight(degree, receptor);
  const weight = resolveDistribution(
    `${what}: weight`,
    given.weight ??
      (layout === "uniform" ? fallback : { uniform: [0.5 * fallback, 1.5 * fallback] }),
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
    delay: resolveDelay(what, given.delay ?? Math.max(1, spec.dt), spec.dt),
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

function checkName(kind: string, name: unknown): string {
  if (
    typeof name !== "string" || !/^[A-Za-z0-9_][A-Za-z0-9_.|>-]*$/.test(name) || name.length > 100
  ) {
    throw new InputError(
      `${kind} name is ${show(name)}; expected letters, digits, "_", ".", "-" (at most 100), such as "cortex"`,
    );
  }
  if (kind === "region" && /[|>.]/.test(name)) {
    throw new InputError(
      `region name is ${show(name)}; ".", ">" and "|" are for the names of projections and arrays`,
    );
  }
  return name;
}

function resolvePattern(what: string, pattern: unknown): NeuronParameters {
  if (typeof pattern === "string") {
    return { ...lookUp(what, "patterns", PATTERNS, pattern) as NeuronParameters };
  }
  checkKeys(what, pattern, ["a", "b", "c", "d"]);
  return resolveParameters(what, NEURON_RANGE, pattern);
}

function resolveRule(
  what: string,
  given: Record<string, unknown>,
  sources: number,
  targets: number,
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
      if (sources !== targets) {
        throw new InputError(
          `${what}: oneToOne needs equal numbers; ${sources} sources, ${targets} targets`,
        );
      }
      return { oneToOne: true };
    case "pairs":
      return { pairs: resolvePairs(what, given.pairs, sources, targets) };
    default:
      return {
        density: checkNumber(
          `${what}: density`,
          given.density ?? (given.layout === "dense" || given.layout === "uniform" ? 1 : 0.1),
          0,
          1,
        ),
      };
  }
}

function resolvePairs(what: string, pairs: unknown, sources: number, targets: number) {
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
  const delay = pairs.delay === undefined ? undefined : list("delay", (w, x) => checkNumber(w, x, 0, 1e6, "ms"));
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
  const pairing = (options.pairing ?? "all") as PairingName;
  lookUp(`${what}: plasticity`, "pairings", PAIRINGS, pairing);
  const largest = rule.pairs?.weight?.reduce((a, b) => Math.max(a, b), 0) ?? 0;
  const { reward, normalization, pairing: _, weightMax, ...values } = options;
  const resolved: ResolvedPlasticity = {
    ...resolveParameters(`${what}: plasticity`, STDP, values),
    pairing,
    weightMax: checkNumber(
      `${what}: plasticity: weightMax`,
      weightMax ?? (Math.max(2 * meanOf(weight), largest) || 1),
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
