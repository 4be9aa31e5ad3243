/** Checks projections and fills their defaults. */

import {
  checkInteger,
  checkKeys,
  checkName,
  checkNumber,
  lookUp,
  nameOf,
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
import { METAPLASTICITY } from "../biology/metaplasticity.ts";
import { type ModulatorName, MODULATORS } from "../biology/modulators.ts";
import { type Parameter, type ParameterTable } from "../biology/parameters.ts";
import { findCompartment } from "../biology/morphology.ts";
import { farthest, GAUSSIAN, patches, RECEPTIVE_FIELD, RING } from "../biology/space.ts";
import {
  type PairingName,
  PAIRINGS,
  type RuleName,
  RULES as STDP_RULES,
  STDP,
  type StdpParameter,
  type StdpRule,
} from "../biology/stdp.ts";
import { MECHANISM_NAMES, MECHANISMS } from "../engine/mechanisms.ts";
import { meanOf, resolveDistribution } from "../biology/distribution.ts";
import { STRUCTURE } from "../biology/structure.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import {
  type Delay,
  type Distribution,
  type MechanismValues,
  placeOf,
  type PlasticitySpec,
  type ResolvedPlasticity,
  type ResolvedProjection,
  type ResolvedRegion,
  type ResolvedSpec,
  type Rule,
  sourceSize,
} from "./spec.ts";

/** Longest delay in steps. */
export const MAX_DELAY_STEPS = 4096;

const RULES = [
  "density",
  "outDegree",
  "inDegree",
  "oneToOne",
  "gaussian",
  "ring",
  "receptiveField",
  "pairs",
] as const;

/**
 * Checks a projection, fills its defaults and adds it to a description.
 * @throws {InputError} when something is refused; the description is then unchanged
 */
export function addProjection(spec: ResolvedSpec, given: unknown): ResolvedProjection {
  checkKeys(nameOf("projection", given), given, [
    "from",
    "to",
    "name",
    "transmitter",
    "source",
    ...RULES,
    "layout",
    "withinGroups",
    "weight",
    "delay",
    "receptor",
    "compartment",
    "shortTerm",
    "plasticity",
    "structure",
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
  if (transmitter.sign === 0) return addModulation(spec, { ...given, name, transmitter: transmitterName, source }, to);
  const rule = resolveRule(what, given, from, to, source, spec.dt);
  const layout = resolveLayout(what, given.layout, rule, from, to);
  const withinGroups = resolveWithinGroups(what, given.withinGroups, layout, from, to);
  const receptor = resolveReceptor(what, or(given.receptor, "pulse"));
  const other = spec.projections.find((p) => p.to === to.name && p.receptor.name === receptor.name)?.receptor;
  const same = (a: Receptor, b: Receptor) =>
    a.tauMs === b.tauMs && a.reversalMv === b.reversalMv && a.magnesiumMm === b.magnesiumMm;
  if (other && !same(other, receptor)) {
    throw new InputError(
      `${what}: region "${to.name}" has another receptor "${receptor.name}" (${
        show(other)
      }); give this one another name`,
    );
  }
  checkSign(what, transmitterName, receptor);
  const degree = expectedDegree(rule, from, to, sources);
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
    ...withinGroups && { withinGroups },
    weight,
    delay: resolveDelay(what, or(given.delay, Math.max(1, spec.dt)), spec.dt, from, to),
    receptor,
  };
  if (typeof resolved.delay !== "number" && layout !== "sparse") {
    throw new InputError(
      `${what}: a ${layout} layout has one delay for all; use layout "sparse" for a range of delays`,
    );
  }
  if (given.compartment !== undefined) {
    if (!to.morphology) {
      throw new InputError(`${what}: compartment needs a region with morphology; "${to.name}" has none`);
    }
    if (findCompartment(what, to.morphology, given.compartment) > 0) resolved.compartment = given.compartment as string;
  }
  if (given.shortTerm !== undefined) resolved.shortTerm = resolveShortTerm(what, given.shortTerm);
  if (given.plasticity !== undefined) {
    if (layout === "uniform") {
      throw new InputError(`${what}: a uniform layout stores no synapses that could be plastic`);
    }
    resolved.plasticity = resolvePlasticity(what, given.plasticity, weight, rule, transmitterName);
  }
  if (given.structure !== undefined && given.structure !== false) {
    if (layout !== "sparse") throw new InputError(`${what}: structure needs the sparse layout; this one is ${layout}`);
    const values = given.structure === true ? {} : given.structure;
    resolved.structure = resolveTable(`${what}: structure`, STRUCTURE, values);
  }
  spec.projections = [...spec.projections, resolved];
  return resolved;
}

/** A projection that releases a modulator: volume transmission, one weight for all, no receptor and no plasticity. */
function addModulation(spec: ResolvedSpec, given: Record<string, unknown>, to: ResolvedRegion): ResolvedProjection {
  const name = given.name as string, what = `projection "${name}"`, transmitter = given.transmitter as TransmitterName;
  const { receptor } = given as { receptor?: { name?: unknown } };
  // A resolved projection names what every modulation has.
  const own: Record<string, boolean> = {
    density: given.density === 1,
    layout: given.layout === "uniform",
    receptor: receptor?.name === "modulator",
  };
  const idle = [...RULES, "layout", "withinGroups", "receptor", "compartment", "plasticity", "structure"]
    .find((key) => given[key] !== undefined && !own[key]);
  if (idle !== undefined) {
    throw new InputError(
      `${what}: ${idle} has no effect on the release of ${transmitter}, which reaches all of "${to.name}"`,
    );
  }
  const delay = or(given.delay, Math.max(1, spec.dt));
  const resolved: ResolvedProjection = {
    name,
    from: given.from as string,
    to: to.name,
    transmitter,
    source: given.source as ResolvedProjection["source"],
    density: 1,
    layout: "uniform",
    weight: checkNumber(`${what}: weight`, or(given.weight, 0.01), 0, 1e6),
    delay: checkNumber(`${what}: delay`, delay, spec.dt, MAX_DELAY_STEPS * spec.dt, "ms"),
    receptor: { name: "modulator", tauMs: 0 },
  };
  if (given.shortTerm !== undefined) resolved.shortTerm = resolveShortTerm(what, given.shortTerm);
  if (Object.hasOwn(MODULATORS, transmitter) && !to.modulators?.[transmitter as ModulatorName]) {
    const modulators = MECHANISMS.modulators.biology.resolve(
      `region "${to.name}": modulators`,
      { ...to.modulators, [transmitter]: {} },
      placeOf(to, spec.dt, spec.seed),
    );
    setMechanisms(to, { modulators });
  }
  spec.projections = [...spec.projections, resolved];
  return resolved;
}

/**
 * Gives a region further mechanisms. They come in the order of the table, as when the description is read: descriptions
 * are compared as text.
 */
export function setMechanisms(region: ResolvedRegion, further: MechanismValues): void {
  const mechanisms: MechanismValues = { ...region, ...further };
  for (const mechanism of MECHANISM_NAMES) {
    delete region[mechanism];
    if (mechanisms[mechanism]) Object.assign(region, { [mechanism]: mechanisms[mechanism] });
  }
}

/** Expected number of synapses of a target neuron, for the default weight. */
function expectedDegree(rule: Rule, from: ResolvedRegion, to: ResolvedRegion, sources: number): number {
  if (rule.inDegree !== undefined) return rule.inDegree;
  if (rule.outDegree !== undefined) return rule.outDegree * sources / to.neurons;
  if (rule.oneToOne) return 1;
  if (rule.pairs) return rule.pairs.pre.length / to.neurons;
  if (rule.receptiveField) return rule.receptiveField.width * rule.receptiveField.height;
  if (rule.gaussian || rule.ring) {
    // Sources per area times the area of the rule; no more than there are.
    const area = rule.gaussian
      ? 2 * Math.PI * rule.gaussian.sigmaMm ** 2 * rule.gaussian.peak
      : Math.PI * (rule.ring!.outerMm ** 2 - rule.ring!.innerMm ** 2) * rule.ring!.probability;
    return Math.min(sources, Math.max(1, area * sources / areaOf(from)));
  }
  return (rule.density ?? 0) * sources;
}

function areaOf({ positions: p, neurons }: ResolvedRegion): number {
  if (p?.grid) return p.grid[0] * p.grid[1] * p.spacing! ** 2;
  if (p?.box) return Math.max(1e-9, p.box[0] * p.box[1]);
  return p?.disc !== undefined ? Math.max(1e-9, Math.PI * p.disc ** 2) : neurons;
}

function resolveWithinGroups(
  what: string,
  given: unknown,
  layout: ResolvedProjection["layout"],
  from: ResolvedRegion,
  to: ResolvedRegion,
): true | undefined {
  if (given === undefined || given === false) return undefined;
  if (given !== true) throw new InputError(`${what}: withinGroups is ${show(given)}; expected true or false`);
  if (layout !== "uniform" || from !== to) {
    throw new InputError(`${what}: withinGroups is for a uniform layout inside a region`);
  }
  return true;
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
  from: ResolvedRegion,
  to: ResolvedRegion,
  source: ResolvedProjection["source"],
  dt: number,
): Rule {
  const sources = sourceSize(from, source), targets = to.neurons;
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
    case "gaussian":
      requirePositions(what, "gaussian", from, to);
      return { gaussian: resolveTable(`${what}: gaussian`, GAUSSIAN, given.gaussian) };
    case "ring":
      requirePositions(what, "ring", from, to);
      return { ring: resolveTable(`${what}: ring`, RING, given.ring) };
    case "receptiveField":
      return { receptiveField: resolveField(what, given.receptiveField, from, to, source) };
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

function resolveTable<T extends ParameterTable>(what: string, table: T, given: unknown) {
  checkKeys(what, given, Object.keys(table));
  return resolveParameters(what, table, given as Partial<Record<keyof T, unknown>>);
}

function requirePositions(what: string, option: string, ...regions: ResolvedRegion[]): void {
  const without = regions.find(({ positions }) => !positions);
  if (without) throw new InputError(`${what}: ${option} needs positions; give region "${without.name}" some`);
}

function resolveField(
  what: string,
  given: unknown,
  from: ResolvedRegion,
  to: ResolvedRegion,
  source: ResolvedProjection["source"],
) {
  const field = resolveTable(`${what}: receptiveField`, RECEPTIVE_FIELD, given), grid = from.positions?.grid;
  if (!grid) throw new InputError(`${what}: receptiveField needs region "${from.name}" to lie on a grid`);
  // Each population stands on the grid from its first place on; of both, the excitatory one is seen.
  const population = source === "inhibitory" ? source : "excitatory";
  if (grid[0] * grid[1] > sourceSize(from, population)) {
    throw new InputError(`${what}: the grid of region "${from.name}" has places without an ${population} neuron`);
  }
  const [across, down] = patches(grid, field);
  if (across < 1 || down < 1 || across * down !== to.groups) {
    throw new InputError(
      `${what}: ${Math.max(0, across)} × ${
        Math.max(0, down)
      } patches and ${to.groups} groups in region "${to.name}"; ` +
        "they must be equal in number",
    );
  }
  return field;
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
  from: ResolvedRegion,
  to: ResolvedRegion,
): ResolvedProjection["layout"] {
  const allToAll = rule.density === 1, internal = from === to;
  const grows = [from, to].some(({ neurons, maxNeurons, growth }) => maxNeurons > neurons || growth !== undefined);
  if (layout === undefined) return allToAll && !internal && !grows ? "dense" : "sparse";
  lookUp(what, "layouts", { sparse: 1, dense: 1, uniform: 1 }, layout);
  if (layout !== "sparse" && !allToAll) {
    throw new InputError(`${what}: a ${layout} layout connects all pairs; set density 1`);
  }
  if (layout === "dense" && grows) {
    throw new InputError(`${what}: a dense layout has no room for newborn neurons; use "sparse"`);
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
  checkKeys(`${what}: receptor`, receptor, ["name", "tauMs", "reversalMv", "magnesiumMm"]);
  const name = receptor.name === undefined ? undefined : checkName("receptor", receptor.name);
  const tauMs = checkNumber(
    `${what}: receptor.tauMs`,
    receptor.tauMs,
    RECEPTOR_RANGE.tauMs.min,
    RECEPTOR_RANGE.tauMs.max,
    "ms",
  );
  if (receptor.reversalMv === undefined) {
    if (receptor.magnesiumMm !== undefined) {
      throw new InputError(`${what}: magnesium blocks conductances; give the receptor a reversalMv too`);
    }
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
  const block = receptor.magnesiumMm === undefined ? {} : {
    magnesiumMm: checkNumber(
      `${what}: receptor.magnesiumMm`,
      receptor.magnesiumMm,
      RECEPTOR_RANGE.magnesiumMm.min,
      RECEPTOR_RANGE.magnesiumMm.max,
      "mM",
    ),
  };
  return { name: name ?? `conductance${tauMs}to${reversalMv}`, tauMs, reversalMv, ...block };
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

function resolveDelay(what: string, given: unknown, dt: number, from: ResolvedRegion, to: ResolvedRegion): Delay {
  const max = MAX_DELAY_STEPS * dt;
  if (typeof given === "object" && given !== null && Object.hasOwn(given, "speed")) {
    checkKeys(`${what}: delay`, given, ["speed"]);
    requirePositions(what, "a delay from distance", from, to);
    const speed = checkNumber(`${what}: delay: speed`, given.speed, 1e-6, 1e6, "mm/ms");
    const longest = farthest(from.positions!, to.positions!) / speed;
    if (longest > max) {
      throw new InputError(
        `${what}: at ${speed} mm/ms the longest delay is ${longest.toFixed(1)} ms; at most ${max} ms, raise the speed`,
      );
    }
    return { speed };
  }
  if (typeof given === "number") return checkNumber(`${what}: delay`, given, dt, max, "ms");
  const range = resolveDistribution(`${what}: delay`, given, dt, max);
  if (typeof range === "number" || !("uniform" in range)) {
    throw new InputError(
      `${what}: delay is ${show(given)}; expected ms, {"uniform": [low, high]} or {"speed": mm/ms}`,
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
  transmitter: TransmitterName,
): ResolvedPlasticity {
  const where = `${what}: plasticity`;
  const options = typeof given === "string"
    ? lookUp<PlasticitySpec>(what, "plasticity presets", { stdp: {}, rstdp: { reward: {} } }, given)
    : given;
  checkKeys(where, options, [
    ...Object.keys(STDP),
    "rule",
    "pairing",
    "weightMax",
    "reward",
    "normalization",
    "metaplasticity",
  ]);
  const ruleName = or(options.rule, "pair") as RuleName,
    { reads } = lookUp<StdpRule>(where, "rules", STDP_RULES, ruleName);
  if (ruleName === "inhibitory" && transmitter !== "gaba") {
    throw new InputError(`${where}: rule "inhibitory" is for inhibitory synapses; set transmitter "gaba"`);
  }
  const pairing = (or(options.pairing, "all")) as PairingName;
  lookUp(where, "pairings", PAIRINGS, pairing);
  const largest = rule.pairs?.weight?.reduce((a, b) => Math.max(a, b), 0) ?? 0;
  const { reward, normalization, metaplasticity, pairing: _, rule: __, weightMax, ...values } = options;
  const idle = Object.keys(values).find((key) => values[key] !== undefined && !Object.hasOwn(reads, key));
  if (idle !== undefined) {
    throw new InputError(
      `${where}: rule "${ruleName}" does not read ${idle}; it reads ${Object.keys(reads).join(", ")}`,
    );
  }
  const table = Object.fromEntries(
    Object.entries(reads).map(([key, own]): [string, Parameter] => {
      const parameter: Parameter = STDP[key as StdpParameter];
      return [key, own === true ? parameter : { ...parameter, default: own }];
    }),
  );
  const resolved: ResolvedPlasticity = {
    ...resolveParameters(where, table, values),
    rule: ruleName,
    pairing,
    weightMax: checkNumber(
      `${where}: weightMax`,
      or(weightMax, Math.max(2 * meanOf(weight), largest) || 1),
      1e-9,
      1e6,
    ),
  };
  if (reward !== undefined) resolved.reward = resolveTable(`${where}: reward`, REWARD, reward);
  if (normalization !== undefined) {
    resolved.normalization = resolveTable(`${where}: normalization`, NORMALIZATION, normalization);
  }
  if (metaplasticity !== undefined) {
    if (ruleName !== "pair" && ruleName !== "triplet") {
      throw new InputError(`${where}: metaplasticity is for the rules pair and triplet, not ${ruleName}`);
    }
    resolved.metaplasticity = resolveTable(`${where}: metaplasticity`, METAPLASTICITY, metaplasticity);
  }
  return resolved;
}
