/** What is done to random brains, drawn at random: every seed another, always the same for one seed. */

import type { ModulatorName } from "../../src/biology/modulators.ts";
import { type EncodingName, ENCODINGS } from "../../src/biology/stimulus.ts";
import type { Brain } from "../../src/brain/brain.ts";
import { Dice, names } from "./dice.ts";

/** Something done to a brain before it takes step `at`. */
export interface Action {
  at: number;
  what: string;
  act(brain: Brain): void;
}

/** Everything that can be done to a brain while it runs, at random steps below `steps`. */
export function randomActions(seed: number, brain: Brain, steps: number): Action[] {
  const dice = new Dice(seed + 1_000_000), { regions, projections } = brain.spec;
  const rewarded = projections.filter((p) => p.plasticity?.reward).map((p) => p.name);
  const plastic = projections.filter((p) => p.plasticity).map((p) => p.name);
  const actions: Action[] = [];
  const plan = (at: number, what: string, act: (brain: Brain) => void) => actions.push({ at, what, act });
  const encodings = names(ENCODINGS);
  regions.forEach((region, k) => {
    const encoding: EncodingName = encodings[(seed + k) % (region.type === "input" ? 3 : 4)];
    const values = Array.from({ length: dice.whole(1, Math.min(5, region.neurons)) }, () => dice.uniform());
    const rate = { train: dice.pick(["poisson", "regular"] as const), maxRateHz: dice.pick([20, 100, 400]) };
    const options = {
      encoding,
      ...(encoding === "temporal" ? { periodMs: 20, windowMs: 15 } : encoding === "current" ? {} : rate),
      ...(dice.chance(0.4) && { durationMs: dice.whole(5, 60) }),
    };
    plan(
      dice.whole(0, steps >> 2),
      `stimulate ${region.name} by ${encoding}`,
      (b) => b.stimulate(region.name, values, options),
    );
    if (dice.chance(0.3)) plan(dice.whole(steps >> 1, steps - 1), "clear", (b) => b.clearStimulus(region.name));
    const some = dice.whole(0, region.neurons - 1), current = dice.between(-5, 10);
    if (region.type !== "input") {
      plan(dice.whole(0, steps - 1), "current", (b) => b.injectCurrent(region.name, current));
    }
    plan(dice.whole(0, steps - 1), "spikes", (b) => {
      const { alive } = b.region(region.name);
      b.injectSpikes(region.name, [0, some].filter((k) => alive[k] === 1));
    });
    if (dice.chance(0.2)) plan(dice.whole(0, steps - 1), "lesion", (b) => b.lesion(region.name, [some]));
  });
  for (const name of rewarded) {
    const amount = dice.between(0, 3);
    plan(dice.whole(0, steps - 1), `reward ${name}`, (b) => b.reward(amount, { target: `projection:${name}` }));
    if (dice.chance(0.5)) plan(dice.whole(0, steps - 1), "punish", (b) => b.punish(amount));
  }
  if (plastic.length > 0 && dice.chance(0.6)) {
    const name = dice.pick(plastic), at = dice.whole(0, steps - 1);
    plan(at, `freeze ${name}`, (b) => b.freezePlasticity(name));
    if (dice.chance(0.6)) plan(dice.whole(at, steps - 1), `unfreeze ${name}`, (b) => b.unfreezePlasticity(name));
  }
  for (const { name, modulators } of regions) {
    for (const modulator of Object.keys(modulators ?? {}) as ModulatorName[]) {
      const amount = dice.between(0, 3);
      plan(dice.whole(0, steps - 1), `release ${modulator}`, (b) => b.release(name, modulator, amount));
    }
  }
  const learning = regions.filter(({ threshold, excitability, scaling }) => threshold || excitability || scaling);
  if (learning.length > 0 && dice.chance(0.4)) {
    const { name } = dice.pick(learning), at = dice.whole(0, steps - 1);
    plan(at, "freeze a region", (b) => b.freezePlasticity(`region:${name}`));
    if (dice.chance(0.6)) plan(dice.whole(at, steps - 1), "thaw it", (b) => b.unfreezePlasticity(`region:${name}`));
  }
  for (const { name, layout } of projections) {
    if (layout === "uniform" || !dice.chance(0.15)) continue;
    plan(dice.whole(0, steps - 1), "lesion synapses", (b) => {
      const { synapses } = b.projection(name);
      b.lesionSynapses(name, synapses > 2 ? [1, synapses - 1] : []);
    });
  }
  const built = [...regions.filter(({ growth }) => growth), ...projections.filter(({ structure }) => structure)];
  if (built.length > 0 && dice.chance(0.3)) {
    const at = dice.whole(0, steps - 1);
    plan(at, "freeze structure", (b) => b.freezeStructure());
    if (dice.chance(0.6)) plan(dice.whole(at, steps - 1), "thaw structure", (b) => b.unfreezeStructure());
  }
  const remembers = regions.some(({ memory }) => memory);
  if (dice.chance(remembers ? 0.7 : 0.1)) {
    const ms = dice.between(2, 60), shuffled = dice.chance(0.3), silent = dice.chance(0.3);
    plan(dice.whole(steps >> 1, steps - 1), `sleep${remembers ? " with replays" : ""}`, (b) => {
      if (!b.asleep) b.startSleep(ms, { shuffled, ...silent && { plastic: [] } });
    });
  }
  if (dice.chance(0.3)) plan(dice.whole(0, steps - 1), "reset traces", (b) => b.resetTraces());
  if (dice.chance(0.2)) plan(dice.whole(0, steps - 1), "reset activity", (b) => b.resetActivity());
  return actions.sort((a, b) => a.at - b.at);
}

/** Runs a brain to a step; actions planned for a step happen before it, those of the last step not yet. */
export async function runTo(brain: Brain, step: number, actions: readonly Action[]): Promise<void> {
  for (const { at, act } of actions) {
    if (at < brain.stepCount || at >= step) continue;
    await brain.run(at - brain.stepCount);
    act(brain);
  }
  await brain.run(step - brain.stepCount);
}
