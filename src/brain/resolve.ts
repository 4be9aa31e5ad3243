/** Checks descriptions and fills their defaults: settings and regions; projections: resolve_projection.ts. */

import { checkInteger, checkKeys, checkName, checkNumber, lookUp, nameOf, or } from "../biology/parameters.ts";
import {
  type Distribution,
  NEURON_RANGE,
  type NeuronDistribution,
  type NeuronParameters,
  PATTERNS,
  REGION_TYPES,
  type RegionType,
  type RegionTypeName,
  type SchemeName,
  SCHEMES,
} from "../biology/neuron.ts";
import { InputError, show } from "../state/errors.ts";
import { findCompartment } from "../biology/morphology.ts";
import { resolvePositions } from "../biology/space.ts";
import { MECHANISM_NAMES, MECHANISMS } from "../engine/mechanisms.ts";
import type { RegionMechanism } from "../engine/mechanism.ts";
import { resolveDistribution } from "../biology/distribution.ts";
import { REGION_OPTIONS } from "./options.ts";
import { addProjection, setMechanisms } from "./resolve_projection.ts";
import {
  type BrainSpec,
  type ConnectivitySpec,
  placeOf,
  populationRoom,
  populationSizes,
  type ProjectionSpec,
  type ResolvedRegion,
  type ResolvedSpec,
} from "./spec.ts";

/** Largest number of neurons: spike lists and synapse targets are 32-bit. */
const MAX_NEURONS = 2 ** 28;

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
  const scheme = (or(spec.scheme, "riccati")) as SchemeName;
  lookUp("brain", "schemes", SCHEMES, scheme);
  return {
    dt: checkNumber("brain: dt", or(spec.dt, 1), 0.01, 1, "ms"),
    seed: checkInteger("brain: seed", or(spec.seed, 0), 0, 2 ** 32 - 1),
    scheme,
  };
}

/**
 * Checks a region, fills its defaults and adds it, with the projections of its `connectivity`, to a description.
 * @throws {InputError} when something is refused; the description is then unchanged
 */
export function addRegion(spec: ResolvedSpec, region: unknown): ResolvedRegion {
  checkKeys(nameOf("region", region), region, Object.keys(REGION_OPTIONS));
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
  const neurons = checkInteger(`${what}: neurons`, region.neurons, 1, MAX_NEURONS);
  const spread = resolveSpread(`${what}: spread`, or(region.spread, 0));
  const share = checkNumber(`${what}: inhibitory`, or(region.inhibitory, type.inhibitory), 0, 1);
  const resolved: ResolvedRegion = {
    name,
    type: region.type as RegionTypeName,
    neurons,
    maxNeurons: checkInteger(`${what}: maxNeurons`, or(region.maxNeurons, neurons), neurons, MAX_NEURONS),
    pattern: resolvePattern(`${what}: pattern`, or(region.pattern, type.pattern), spread),
    inhibitoryPattern: resolvePattern(
      `${what}: inhibitoryPattern`,
      or(region.inhibitoryPattern, type.inhibitoryPattern),
      spread,
    ),
    inhibitory: share,
    groups: checkInteger(
      `${what}: groups`,
      or(region.groups, 1),
      1,
      Math.max(1, populationSizes({ neurons, inhibitory: share }).excitatory),
    ),
    noise: {
      excitatory: checkNumber(`${what}: noise`, or(noise.excitatory, 0), 0, 1e4, "mV/√ms"),
      inhibitory: checkNumber(`${what}: noise`, or(noise.inhibitory, 0), 0, 1e4, "mV/√ms"),
    },
  };
  if (resolved.groups > 1 && populationRoom(resolved).excitatory % resolved.groups !== 0) {
    throw new InputError(
      `${what}: groups is ${resolved.groups}; expected a divisor of its ${
        populationRoom(resolved).excitatory
      } excitatory neurons`,
    );
  }
  const place = placeOf(resolved, spec.dt, spec.seed);
  if (region.positions !== undefined) {
    resolved.positions = resolvePositions(`${what}: positions`, region.positions, place);
  }
  if (type.source) refuseOnInputLines(what, region, resolved, type);
  for (const mechanism of MECHANISM_NAMES) {
    const given = region[mechanism];
    if (given === undefined || given === false) continue;
    const { biology } = MECHANISMS[mechanism] as RegionMechanism;
    Object.assign(resolved, { [mechanism]: biology.resolve(`${what}: ${mechanism}`, given, place) });
  }
  const total = spec.regions.reduce((n, r) => n + r.maxNeurons, resolved.maxNeurons);
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

/**
 * Gives a region of a description a morphology, or another one.
 * @throws {InputError} when it is refused, or lacks a compartment that synapses sit on; the description is then unchanged
 */
export function setMorphology(spec: ResolvedSpec, region: ResolvedRegion, given: unknown): void {
  const what = `Cannot enable the morphology of "${region.name}"`;
  if (REGION_TYPES[region.type] === REGION_TYPES.input) {
    throw new InputError(`${what}: input lines have no membrane; choose another type`);
  }
  const morphology = MECHANISMS.morphology.biology.resolve(what, given, placeOf(region, spec.dt, spec.seed));
  for (const { name, to, compartment } of spec.projections) {
    if (to === region.name && compartment !== undefined) {
      findCompartment(`${what}: projection "${name}"`, morphology, compartment);
    }
  }
  setMechanisms(region, { morphology });
}

/** Input lines have no membrane that an option could act on. */
function refuseOnInputLines(what: string, given: Record<string, unknown>, resolved: ResolvedRegion, type: RegionType) {
  const acts = ["pattern", "inhibitoryPattern", "noise", "spread", ...MECHANISM_NAMES]
    .find((key) => given[key] !== undefined && given[key] !== false);
  // A resolved description names the patterns and the absent noise of input lines too; that changes nothing.
  const { excitatory, inhibitory } = resolved.noise;
  const asDefault = JSON.stringify([resolved.pattern, resolved.inhibitoryPattern, excitatory, inhibitory]) ===
    JSON.stringify([PATTERNS[type.pattern], PATTERNS[type.inhibitoryPattern], 0, 0]);
  const mechanism = MECHANISM_NAMES.some((name) => name === acts);
  if (acts !== undefined && (mechanism || !asDefault)) {
    throw new InputError(
      `${what}: ${acts} has no effect on input lines, which have no membrane; choose another type`,
    );
  }
}

/**
 * The same description with what the option `connectivity` of regions stands for written out as projections, so that
 * each of them can be given options of its own. It describes the same brain.
 * @throws {InputError} when a region is refused
 */
export function writeOutConnectivity(spec: BrainSpec): BrainSpec {
  const trial: ResolvedSpec = { ...resolveSettings({ ...spec }), regions: [], projections: [] };
  const inside = spec.regions.flatMap(({ connectivity, ...region }) => {
    const resolved = addRegion(trial, region);
    return connectivity === undefined ? [] : addConnectivity(trial, resolved, connectivity);
  });
  const regions = spec.regions.map(({ connectivity: _, ...region }) => region);
  return { ...spec, regions, projections: [...inside, ...spec.projections ?? []] };
}

/** Adds the two projections inside a region; returns their descriptions. */
function addConnectivity(spec: ResolvedSpec, region: ResolvedRegion, connectivity: unknown): ProjectionSpec[] {
  const given = typeof connectivity === "number" ? { density: connectivity } : connectivity;
  if (typeof given !== "object" || given === null) {
    throw new InputError(
      `region "${region.name}": connectivity is ${show(connectivity)}; expected a density or an object`,
    );
  }
  const taken = ["from", "to", "name", "transmitter", "source"].find((key) => Object.hasOwn(given, key));
  if (taken !== undefined) {
    throw new InputError(
      `region "${region.name}": connectivity: no option "${taken}"; use a projection of its own for that`,
    );
  }
  const { inhibitoryWeight, inhibitoryReceptor, ...options } = given as ConnectivitySpec;
  const { excitatory, inhibitory } = populationSizes(region), ends = { from: region.name, to: region.name };
  const list: ProjectionSpec[] = [];
  const add = (projection: ProjectionSpec) => {
    list.push(projection);
    return addProjection(spec, projection);
  };
  const excites = excitatory > 0 ? add({ ...options, ...ends }) : undefined;
  if (inhibitory === 0) return list;
  // Plasticity and structure are asked for the excitatory synapses: inhibition has a rule of its own, in a projection of its own.
  const { plasticity: _, structure: __, ...unplastic } = options;
  const conducts = excites?.receptor.reversalMv !== undefined;
  add({
    ...unplastic,
    ...ends,
    transmitter: "gaba",
    weight: inhibitoryWeight ?? (excites && doubled(excites.weight)),
    receptor: inhibitoryReceptor ?? (conducts ? "gabaA" : options.receptor),
  });
  return list;
}

function doubled(weight: Distribution): Distribution {
  if (typeof weight === "number") return 2 * weight;
  return "uniform" in weight
    ? { uniform: [2 * weight.uniform[0], 2 * weight.uniform[1]] }
    : { normal: [2 * weight.normal[0], 2 * weight.normal[1]] };
}

function resolvePattern(what: string, pattern: unknown, spread: NeuronParameters): NeuronDistribution {
  const given = typeof pattern === "string" ? lookUp<NeuronParameters>(what, "patterns", PATTERNS, pattern) : pattern;
  checkKeys(what, given, Object.keys(NEURON_RANGE));
  return Object.fromEntries(
    Object.entries(NEURON_RANGE).map(([key, { default: fallback, min, max, unit }]) => {
      const value = resolveDistribution(`${what}: ${key}`, or(given[key], fallback), min, max, unit);
      const sd = spread[key as keyof NeuronParameters];
      if (sd === 0) return [key, value];
      if (typeof value !== "number") {
        throw new InputError(`${what}: ${key} is a distribution already; leave spread out`);
      }
      // What is wider than the range could not be read back as a distribution.
      const widest = (max - min) / Math.abs(value);
      if (sd > widest) {
        throw new InputError(`${what}: spread of ${key} is ${sd}; at ${value} ${unit} at most ${widest.toFixed(2)}`);
      }
      return [key, { normal: [value, Math.abs(value) * sd] }];
    }),
  ) as unknown as NeuronDistribution;
}

function resolveSpread(what: string, given: unknown): NeuronParameters {
  const keys = Object.keys(NEURON_RANGE);
  const values = typeof given === "object" ? given : Object.fromEntries(keys.map((key) => [key, given]));
  checkKeys(what, values, keys);
  const spread = keys.map((key) => [key, checkNumber(`${what}: ${key}`, or(values[key], 0), 0, 2)]);
  return Object.fromEntries(spread) as unknown as NeuronParameters;
}
