/** Driving a brain: stimuli, currents, spikes, rewards, modulators. Each function returns the names of arrays it changed. */

import { MODULATOR_INDEX, type ModulatorName } from "../biology/modulators.ts";
import { PEAK_MV } from "../biology/neuron.ts";
import { checkInteger, checkKeys, checkNumber } from "../biology/parameters.ts";
import { MODE } from "../biology/stimulus.ts";
import type { PlasticityProgram, Program, RegionProgram } from "../engine/program.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";
import { receiveReward } from "../../kernels/reward.ts";
import { checkValues, encodeStimulus, type StimulusOptions } from "./encode.ts";

/** Largest number of steps: step numbers are 32-bit. */
export const MAX_STEPS = 2 ** 31 - 1;

/** Where a reward goes: `region:NAME`, `projection:NAME`, or a bare name. */
export interface RewardOptions {
  /** Default: every projection that learns from reward. */
  target?: string;
}

/** Begins a stimulus; the same one again goes on as it was. */
export function setStimulus(
  program: Program,
  { name, begin, end, stimulus, source }: RegionProgram,
  step: number,
  values: ArrayLike<number>,
  options: StimulusOptions,
): string[] {
  const what = `Cannot stimulate "${name}"`, { dt, seed, alive } = program;
  const encoded = encodeStimulus(what, values, alive.subarray(begin, end), options, dt);
  if (source && encoded.mode === MODE.current) {
    throw new InputError(`${what}: input lines have no membrane for a current; use another encoding`);
  }
  const steps = options.durationMs === undefined
    ? MAX_STEPS
    : Math.round(checkNumber(`${what}: durationMs`, options.durationMs, 0, 1e12, "ms") / dt);
  if (steps === 0) {
    throw new InputError(
      `${what}: durationMs is ${options.durationMs}, which is no step of ${dt} ms; give at least one`,
    );
  }
  const until = Math.min(MAX_STEPS, step + steps);
  const { control, value, phase } = stimulus;
  // A run in two pieces is the run in one: the same stimulus does not begin again.
  const goesOn = control[0] === encoded.mode && control[2] === until && control[3] === encoded.periodSteps &&
    value.every((x, k) => x === encoded.value[k]);
  if (goesOn) return [];
  value.set(encoded.value);
  if (encoded.mode === MODE.regular) {
    const phases = new RandomStream(seed, `phase:${name}:${step}`);
    for (let k = 0; k < phase.length; k++) phase[k] = phases.uniform();
  }
  control.set([encoded.mode, step, until, encoded.periodSteps]);
  return ["stimulus", "stimulusPhase", "stimulusControl"].map((key) => `region.${name}.${key}`);
}

/** Ends the stimuli of some regions. */
export function endStimuli(regions: readonly RegionProgram[]): string[] {
  for (const { stimulus } of regions) stimulus.control.fill(0);
  return regions.map(({ name }) => `region.${name}.stimulusControl`);
}

/** Sets the constant current of a region's neurons. */
export function setCurrent(
  program: Program,
  { name, begin, end, source }: RegionProgram,
  current: number | ArrayLike<number>,
): string[] {
  const what = `Cannot inject current into "${name}"`, n = end - begin;
  if (source) throw new InputError(`${what}: input lines have no membrane; stimulate them instead`);
  const values = typeof current === "number" ? new Array<number>(n).fill(current) : current;
  checkValues(what, values, n, -1e6, 1e6);
  if (values.length !== n) {
    throw new InputError(`${what}: ${values.length} values for ${n} neurons; give one number, or one a neuron`);
  }
  program.current.set(values, begin);
  return ["neuron.current"];
}

/** Makes neurons spike in the next step. */
export function forceSpikes(
  { membranes, alive }: Program,
  { name, begin, end }: RegionProgram,
  neurons: ArrayLike<number>,
): string[] {
  const what = `Cannot inject spikes into "${name}": neuron`;
  const indices = Array.from(neurons, (i) => begin + checkInteger(what, i, 0, end - begin - 1));
  const dead = indices.find((i) => alive[i] === 0);
  if (dead !== undefined) throw new InputError(`${what} ${dead - begin} does not live`);
  for (const i of indices) membranes.v[i] = PEAK_MV;
  return ["neuron.v"];
}

/** Raises dopamine at a target by an amount, or by its prediction error. */
export function giveReward(program: Program, amount: number, options: RewardOptions): string[] {
  return learnersAt(program, options).map(({ name, reward }) => {
    receiveReward(reward.dopamine, amount, reward.critic);
    return `projection.${name}.dopamine`;
  });
}

/** Releases a modulator into a region. */
export function releaseModulator(
  { name, mechanisms }: RegionProgram,
  modulator: ModulatorName,
  amount: number,
): string[] {
  const what = `Cannot release ${show(modulator)} into "${name}"`, site = mechanisms.get("modulators");
  const known = Object.keys(site?.values ?? {});
  if (!site || !known.includes(modulator)) {
    throw new InputError(
      `${what}: ${
        known.length > 0
          ? `the region does not respond to it; ${knownNames("modulators", modulator, known)}`
          : `the region responds to no modulator; describe it with the option modulators, of ${
            Object.keys(MODULATOR_INDEX).join(" and ")
          }`
      }`,
    );
  }
  const level = site.data.level as Float64Array;
  level[MODULATOR_INDEX[modulator]] += checkNumber(`${what}: amount`, amount, 0, 1e9);
  return [`region.${name}.modulators.level`];
}

/** A projection that learns from reward. */
interface Learner {
  name: string;
  reward: NonNullable<PlasticityProgram["reward"]>;
}

/**
 * The projections that learn from reward at a target.
 * @throws {InputError} when there are none
 */
export function learnersAt({ regions, projections }: Program, options: RewardOptions): Learner[] {
  checkKeys("Cannot reward: options", options as unknown, ["target"]);
  const { target } = options;
  if (target !== undefined && typeof target !== "string") {
    throw new InputError(`Cannot reward: target is ${show(target)}; expected a name such as "region:output"`);
  }
  const learning = projections.flatMap(({ name, to, plasticity }) =>
    plasticity?.reward ? [{ name, to: regions[to].name, reward: plasticity.reward }] : []
  );
  const [, kind, name] = target === undefined ? [] : /^(?:(region|projection):)?(.*)$/.exec(target) ?? [];
  const found = learning.filter((p) =>
    target === undefined || (kind !== "region" && p.name === name) || (kind !== "projection" && p.to === name)
  );
  if (found.length > 0) return found;
  const known = [...new Set(learning.flatMap((p) => [`projection:${p.name}`, `region:${p.to}`]))];
  const what = `Cannot reward${target === undefined ? "" : ` ${show(target)}`}`;
  throw new InputError(
    target === undefined || known.length === 0
      ? `${what}: no projection learns from reward; connect one with plasticity "rstdp"`
      : `${what}: nothing there learns from reward; ${knownNames("targets", target, known)}`,
  );
}
