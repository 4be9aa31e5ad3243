/**
 * The options of regions and projections: what resolves a description checks their names against these tables, and the
 * command line tells of them what there is to tell.
 */

import { NEURON_RANGE, PATTERNS, REGION_TYPES } from "../biology/neuron.ts";
import { RECEPTOR, RECEPTORS, TRANSMITTERS } from "../biology/neurotransmitter.ts";
import type { ParameterTree } from "../biology/parameters.ts";
import { SHORT_TERM, SHORT_TERM_PRESETS } from "../biology/short_term.ts";
import { GAUSSIAN, RECEPTIVE_FIELD, RING } from "../biology/space.ts";
import { RULES, type StdpRule } from "../biology/stdp.ts";
import { STRUCTURE } from "../biology/structure.ts";
import { MECHANISM_NAMES, MECHANISMS } from "../engine/mechanisms.ts";
import { PLASTICITY, PLASTICITY_PRESETS } from "./resolve_plasticity.ts";
import { RULES as CONNECTION_RULES } from "./resolve_rule.ts";

/** What there is to tell of an option. */
export interface Option {
  /** One line. */
  meaning?: string;
  /** Names that it may be given as. */
  names?: readonly string[];
  /** What it takes as an object. */
  parameters?: ParameterTree;
  /** More lines. */
  notes?: readonly string[];
}

/** How synapses are stored. */
export const LAYOUTS = { sparse: "a list", dense: "all pairs", uniform: "one weight for all pairs" } as const;

/** Which neurons of a region project. */
export const SOURCES = { excitatory: "", inhibitory: "", all: "" } as const;

const pattern: Option = { names: Object.keys(PATTERNS), parameters: NEURON_RANGE };

/** The options of a region. */
export const REGION_OPTIONS: Readonly<Record<string, Option>> = {
  name: {},
  type: { names: Object.keys(REGION_TYPES) },
  neurons: {},
  maxNeurons: {},
  pattern,
  inhibitoryPattern: pattern,
  spread: {},
  inhibitory: {},
  groups: {},
  positions: {},
  noise: {},
  connectivity: {},
  ...Object.fromEntries(MECHANISM_NAMES.map((name) => {
    const { meaning, biology: { parameters } } = MECHANISMS[name];
    return [name, { meaning, parameters }];
  })),
};

/** The options of a projection. */
export const PROJECTION_OPTIONS: Readonly<Record<string, Option>> = {
  from: {},
  to: {},
  name: {},
  transmitter: { names: Object.keys(TRANSMITTERS) },
  source: { names: Object.keys(SOURCES) },
  ...Object.fromEntries(CONNECTION_RULES.map((rule) => [rule, {}])),
  gaussian: { meaning: "connects by distance", parameters: GAUSSIAN },
  ring: { meaning: "connects between two distances", parameters: RING },
  receptiveField: { meaning: "connects each group to one patch of the source", parameters: RECEPTIVE_FIELD },
  layout: { names: Object.keys(LAYOUTS) },
  withinGroups: {},
  weight: {},
  delay: {},
  receptor: { names: Object.keys(RECEPTORS), parameters: RECEPTOR },
  compartment: {},
  shortTerm: {
    meaning: "synapses depress or facilitate from spike to spike",
    names: Object.keys(SHORT_TERM_PRESETS),
    parameters: SHORT_TERM,
  },
  plasticity: {
    meaning: "weights learn from the times of spikes, with reward if given",
    names: Object.keys(PLASTICITY_PRESETS),
    parameters: PLASTICITY,
    notes: [
      "reward, normalization and metaplasticity are off unless they are given; {} takes their defaults",
      ...Object.entries<StdpRule>(RULES).map(([rule, { meaning, reads }]) => {
        const list = Object.entries(reads).map(([name, own]) => own === true ? name : `${name} (default ${own})`);
        return `rule ${rule}: ${meaning}; reads ${list.join(", ")}`;
      }),
    ],
  },
  structure: { meaning: "synapses form and are pruned", parameters: STRUCTURE },
};
