/** Checks the plasticity of a projection. */

import { meanOf } from "../biology/distribution.ts";
import { METAPLASTICITY } from "../biology/metaplasticity.ts";
import { REWARD } from "../biology/reward.ts";
import { NORMALIZATION } from "../biology/normalization.ts";
import type { TransmitterName } from "../biology/neurotransmitter.ts";
import {
  checkKeys,
  checkNumber,
  type Choice,
  lookUp,
  or,
  type Parameter,
  type ParameterTree,
  resolveParameters,
  resolveTable,
} from "../biology/parameters.ts";
import {
  type PairingName,
  PAIRINGS,
  type RuleName,
  RULES,
  STDP,
  type StdpParameter,
  type StdpRule,
} from "../biology/stdp.ts";
import { InputError } from "../state/errors.ts";
import type { Distribution, PlasticitySpec, ResolvedPlasticity, Rule } from "./spec.ts";

/** The options that are no numbers of a table. */
const CHOICES = {
  rule: { default: "pair", names: Object.keys(RULES), meaning: "the rule" },
  pairing: { default: "all", names: Object.keys(PAIRINGS), meaning: "how events pair" },
  weightMax: { default: "twice the mean initial weight", min: 1e-9, max: 1e6, meaning: "largest weight" },
} as const satisfies Record<string, Choice>;

/** All that the option takes. */
export const PLASTICITY: ParameterTree = {
  ...CHOICES,
  ...STDP,
  reward: REWARD,
  normalization: NORMALIZATION,
  metaplasticity: METAPLASTICITY,
};

/** What stands for the whole option. */
export const PLASTICITY_PRESETS: Record<string, PlasticitySpec> = { stdp: {}, rstdp: { reward: {} } };

/** Fills the defaults of a rule, and of what comes with it. */
export function resolvePlasticity(
  what: string,
  given: unknown,
  weight: Distribution,
  rule: Rule,
  transmitter: TransmitterName,
): ResolvedPlasticity {
  const where = `${what}: plasticity`;
  const options = typeof given === "string" ? lookUp(what, "plasticity presets", PLASTICITY_PRESETS, given) : given;
  checkKeys(where, options, Object.keys(PLASTICITY));
  const ruleName = or(options.rule, CHOICES.rule.default) as RuleName;
  if (Object.hasOwn(PLASTICITY_PRESETS, ruleName)) {
    throw new InputError(
      `${where}: "${ruleName}" is no rule; plasticity "${ruleName}" is short for ${
        JSON.stringify(PLASTICITY_PRESETS[ruleName])
      }, and any rule takes the option reward; known rules: ${Object.keys(RULES).join(", ")}`,
    );
  }
  const { reads } = lookUp<StdpRule>(where, "rules", RULES, ruleName);
  if (ruleName === "inhibitory" && transmitter !== "gaba") {
    throw new InputError(`${where}: rule "inhibitory" is for inhibitory synapses; set transmitter "gaba"`);
  }
  const pairing = (or(options.pairing, CHOICES.pairing.default)) as PairingName;
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
      CHOICES.weightMax.min,
      CHOICES.weightMax.max,
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
