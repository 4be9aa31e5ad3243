/**
 * Morphology: neurons with dendrites. The soma is an Izhikevich neuron; every other compartment is a passive cable piece
 * with a potential of its own (Rall 1962; Rall & Agmon-Snir 1998, in Koch & Segev, "Methods in neuronal modeling"):
 *
 *     C dV/dt = −g_L (V − E_L) + Σ g_ax (V_neighbour − V) + I_syn
 *
 * with g_ax from the axial resistance between the middles of two neighbours. All neurons of a region share one tree.
 * Synapses attach to compartments. Currents are in the soma's unit, mV/ms times the soma's capacitance, so that a synapse
 * carries the same charge wherever it sits, and what differs at the soma is what the dendrite does to it.
 *
 * Mode `full` solves for the potentials (kernels/compartments.ts). Mode `attenuation` has no potentials: a synapse acts on
 * the soma at once, weaker by the steady-state attenuation of its compartment and later by its mean delay, both of which
 * follow exactly from the tree (Agmon-Snir & Segev 1993, J. Neurophysiol. 70:2066).
 */

import { InputError, knownNames, show } from "../state/errors.ts";
import { type Biology, local, type Place } from "./mechanism.ts";
import {
  checkInteger,
  checkKeys,
  checkName,
  checkNumber,
  type Choice,
  lookUp,
  or,
  resolveParameters,
  type ValuesOf,
} from "./parameters.ts";

/** One compartment; the first of a tree is the soma. */
export interface Compartment {
  /** Unique name in the tree. */
  name: string;
  /** Index of the compartment that it is attached to, which comes before it; −1 for the soma. */
  parent: number;
  /** Length, µm. */
  lengthUm: number;
  /** Diameter, µm. */
  diameterUm: number;
}

/** Cable parameters. */
export const CABLE = {
  membraneOhmCm2: { default: 20_000, min: 1, max: 1e7, unit: "Ω cm²", meaning: "resistance of the membrane" },
  axialOhmCm: { default: 150, min: 0.1, max: 1e5, unit: "Ω cm", meaning: "resistance of the inside" },
  capacitanceUfCm2: { default: 1, min: 0.01, max: 100, unit: "µF/cm²", meaning: "capacitance of the membrane" },
  leakMv: { default: -65, min: -120, max: 0, unit: "mV", meaning: "potential at rest of the dendrites" },
} as const;

/** How dendrites are simulated. */
export const MORPHOLOGY_MODES = {
  full: "every compartment has a potential of its own",
  attenuation: "synapses act on the soma, attenuated and delayed as in the steady state",
} as const;

/** Resolved morphology. */
export interface MorphologyValues extends ValuesOf<typeof CABLE> {
  /** See {@linkcode MORPHOLOGY_MODES}. */
  mode: keyof typeof MORPHOLOGY_MODES;
  /** The tree, soma first. */
  compartments: Compartment[];
}

const tree = (...parts: [name: string, parent: number, lengthUm: number, diameterUm: number][]): Compartment[] =>
  parts.map(([name, parent, lengthUm, diameterUm]) => ({ name, parent, lengthUm, diameterUm }));

/** Trees by name; sizes are typical of rat cortex, simplified to a few compartments. */
export const TEMPLATES = {
  point: tree(["soma", -1, 20, 20]),
  pyramidal: tree(
    ["soma", -1, 20, 20],
    ["basal", 0, 150, 3],
    ["trunk1", 0, 150, 4],
    ["trunk2", 2, 150, 3],
    ["oblique", 2, 120, 1.5],
    ["trunk3", 3, 150, 2.5],
    ["tuft", 5, 200, 1.5],
  ),
  interneuron: tree(["soma", -1, 12, 12], ["proximal", 0, 80, 1.5], ["distal", 1, 120, 1], ["other", 0, 120, 1]),
  stellate: tree(
    ["soma", -1, 12, 12],
    ["dendrite1", 0, 100, 1.2],
    ["dendrite2", 0, 100, 1.2],
    ["dendrite3", 0, 100, 1.2],
    ["dendrite4", 0, 100, 1.2],
  ),
} as const satisfies Record<string, Compartment[]>;

/** The options that are no numbers of a table. */
const CHOICES = {
  template: {
    default: "pyramidal",
    names: Object.keys(TEMPLATES),
    meaning: "a tree by name",
  },
  compartments: {
    default: "those of the template",
    meaning: "a tree of one's own: a list of {name, parent, lengthUm, diameterUm}, soma first",
  },
  mode: { default: "full", names: Object.keys(MORPHOLOGY_MODES), meaning: "how dendrites are simulated" },
} as const satisfies Record<string, Choice>;

/** Name of a template. */
export type TemplateName = keyof typeof TEMPLATES;

/** Morphology of a region in a description: a template, or a tree, or a template with other cable parameters. */
export interface MorphologySpec extends Partial<ValuesOf<typeof CABLE>> {
  /** A tree by name (default `pyramidal`). */
  template?: TemplateName;
  /** A tree of one's own, soma first. */
  compartments?: Compartment[];
  /** Default `full`. */
  mode?: MorphologyValues["mode"];
}

/** Checks a tree. */
function resolveTree(what: string, given: unknown): Compartment[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new InputError(`${what}: compartments are ${show(given)}; expected a list that begins with the soma`);
  }
  const names = new Set<string>();
  return given.map((part, k) => {
    const where = `${what}: compartments[${k}]`;
    checkKeys(where, part, ["name", "parent", "lengthUm", "diameterUm"]);
    const name = checkName("compartment", part.name);
    if (names.has(name)) throw new InputError(`${where}: there are two compartments "${name}"`);
    names.add(name);
    return {
      name,
      parent: checkInteger(`${where}: parent`, part.parent, k === 0 ? -1 : 0, k - 1),
      lengthUm: checkNumber(`${where}: lengthUm`, part.lengthUm, 0.1, 1e5, "µm"),
      diameterUm: checkNumber(`${where}: diameterUm`, part.diameterUm, 0.01, 1e4, "µm"),
    };
  });
}

const arrays = ({ mode, compartments }: MorphologyValues, { neurons }: Place) => {
  const shape = [mode === "full" ? compartments.length - 1 : 0, neurons];
  return {
    v: local("f32", shape, "mV", "potential of each compartment but the soma; one row a compartment"),
    input: local("f32", shape, "mV/ms", "input collected for this step; zero between steps", true),
    conductance: local("f32", shape, "1/ms", "conductance collected for this step; zero between steps", true),
  };
};

const parameters = { ...CHOICES, ...CABLE };

/** The option `morphology` of a region. */
export const morphology: Biology<MorphologyValues, ReturnType<typeof arrays>> = {
  parameters,
  resolve(what, given) {
    const spec = given === true ? {} : typeof given === "string" ? { template: given } : given;
    checkKeys(what, spec, Object.keys(parameters));
    const { template, compartments, mode, ...cable } = spec;
    if (template !== undefined && compartments !== undefined) {
      throw new InputError(`${what}: template and compartments exclude each other; give one`);
    }
    const named = lookUp<readonly Compartment[]>(what, "templates", TEMPLATES, or(template, CHOICES.template.default));
    lookUp(what, "modes", MORPHOLOGY_MODES, or(mode, CHOICES.mode.default));
    return {
      ...resolveParameters(what, CABLE, cable),
      mode: or(mode, CHOICES.mode.default) as MorphologyValues["mode"],
      compartments: compartments === undefined ? structuredClone([...named]) : resolveTree(what, compartments),
    };
  },
  arrays,
  rest: ({ v }, { leakMv }) => v.fill(leakMv),
};

/**
 * A compartment by name.
 * @throws {InputError} naming the known ones
 */
export function findCompartment(what: string, { compartments }: MorphologyValues, name: unknown): number {
  const known = compartments.map((c) => c.name), index = known.indexOf(name as string);
  if (index >= 0) return index;
  throw new InputError(`${what}: no such compartment ${show(name)}; ${knownNames("compartments", name, known)}`);
}

/** What the solver needs of each compartment. */
export interface Cable {
  parent: number[];
  /** g_L/C, 1/ms. */
  leak: number;
  leakMv: number;
  /** g_ax/C of the coupling to the parent, in the compartment's own equation, 1/ms; 0 for the soma. */
  up: number[];
  /** The same coupling in the parent's equation, 1/ms. */
  down: number[];
  /** Capacitance of the soma over the compartment's own: what a current in the soma's unit is multiplied by. */
  fromSoma: number[];
}

/** The rates of a tree. */
export function cableOf(
  { compartments, membraneOhmCm2, axialOhmCm, capacitanceUfCm2, leakMv }: MorphologyValues,
): Cable {
  // cm, Ω, F: areas and axial resistances of half compartments.
  const cm = 1e-4, area = compartments.map(({ lengthUm, diameterUm }) => Math.PI * lengthUm * diameterUm * cm * cm);
  const half = compartments.map(({ lengthUm, diameterUm }) =>
    axialOhmCm * (lengthUm * cm / 2) / (Math.PI * (diameterUm * cm / 2) ** 2)
  );
  const farad = area.map((a) => a * capacitanceUfCm2 * 1e-6), perMs = 1e-3;
  const siemens = compartments.map(({ parent }, k) => parent < 0 ? 0 : 1 / (half[k] + half[parent]));
  return {
    parent: compartments.map(({ parent }) => parent),
    leak: perMs / (membraneOhmCm2 * capacitanceUfCm2 * 1e-6),
    leakMv,
    up: siemens.map((g, k) => perMs * g / farad[k]),
    down: siemens.map((g, k) => k === 0 ? 0 : perMs * g / farad[compartments[k].parent]),
    fromSoma: farad.map((c) => farad[0] / c),
  };
}

/**
 * What the soma sees of a synapse on each compartment in the steady state: attenuation, and the mean delay in ms. With
 * G(s) the input admittance of a subtree at its root, the transfer from a compartment to its parent is g/(g + G(s)); its
 * value at s = 0 attenuates, and −d/ds of its logarithm delays.
 */
export function transferToSoma(cable: Cable): { attenuation: number[]; delayMs: number[] } {
  const n = cable.parent.length, { up, down, parent, leak } = cable;
  // Admittances in units of the compartment's own capacitance: 1/ms, and the derivative by s without unit.
  const load = new Array<number>(n).fill(leak), slope = new Array<number>(n).fill(1);
  for (let k = n - 1; k > 0; k--) {
    const p = parent[k], inOwn = load[k], share = down[k] / up[k];
    load[p] += share * up[k] * inOwn / (up[k] + inOwn);
    slope[p] += share * up[k] ** 2 * slope[k] / (up[k] + inOwn) ** 2;
  }
  const attenuation = [1], delayMs = [0];
  for (let k = 1; k < n; k++) {
    attenuation[k] = attenuation[parent[k]] * up[k] / (up[k] + load[k]);
    delayMs[k] = delayMs[parent[k]] + slope[k] / (up[k] + load[k]);
  }
  return { attenuation, delayMs };
}
