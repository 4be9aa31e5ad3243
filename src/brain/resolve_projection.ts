/** Checks projections and fills their defaults. */

import {
  checkKeys,
  checkName,
  checkNumber,
  lookUp,
  nameOf,
  or,
  resolveParameters,
  resolveTable,
} from "../biology/parameters.ts";
import { REGION_TYPES } from "../biology/neuron.ts";
import { RECEPTOR, type Receptor, RECEPTORS, type TransmitterName, TRANSMITTERS } from "../biology/neurotransmitter.ts";
import { SHORT_TERM, SHORT_TERM_PRESETS, type ShortTerm } from "../biology/short_term.ts";
import { type ModulatorName, MODULATORS } from "../biology/modulators.ts";
import { findCompartment } from "../biology/morphology.ts";
import { farthest } from "../biology/space.ts";
import { AT_OWN_SPIKES } from "../biology/stdp.ts";
import { MECHANISM_NAMES, MECHANISMS } from "../engine/mechanisms.ts";
import { resolveDistribution } from "../biology/distribution.ts";
import { STRUCTURE } from "../biology/structure.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import { LAYOUTS, PROJECTION_OPTIONS, SOURCES } from "./options.ts";
import { resolvePlasticity } from "./resolve_plasticity.ts";
import { expectedDegree, MAX_DELAY_STEPS, requirePositions, resolveRule, RULES } from "./resolve_rule.ts";
import {
  type Delay,
  type MechanismValues,
  placeOf,
  type ResolvedProjection,
  type ResolvedRegion,
  type ResolvedSpec,
  type Rule,
  sourceSize,
} from "./spec.ts";

/**
 * Checks a projection, fills its defaults and adds it to a description.
 * @throws {InputError} when something is refused; the description is then unchanged
 */
export function addProjection(spec: ResolvedSpec, given: unknown): ResolvedProjection {
  checkKeys(nameOf("projection", given), given, Object.keys(PROJECTION_OPTIONS));
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
  lookUp(what, "sources", SOURCES, source);
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
    const name = resolved.plasticity.rule;
    if (to.maturation && !AT_OWN_SPIKES.includes(name)) {
      throw new InputError(
        `${what}: rule "${name}" also learns when spikes arrive, which the maturation of "${to.name}" does not govern; ` +
          `use ${AT_OWN_SPIKES.join(" or ")}`,
      );
    }
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
  lookUp(what, "layouts", LAYOUTS, layout);
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
  checkKeys(`${what}: receptor`, receptor, Object.keys(RECEPTOR));
  const name = receptor.name === undefined ? undefined : checkName("receptor", receptor.name);
  const tauMs = checkNumber(
    `${what}: receptor.tauMs`,
    receptor.tauMs,
    RECEPTOR.tauMs.min,
    RECEPTOR.tauMs.max,
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
  const { min, max } = RECEPTOR.reversalMv;
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
      RECEPTOR.magnesiumMm.min,
      RECEPTOR.magnesiumMm.max,
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
