/** Events on the command line (stimuli, rewards) and how a run is cut at them. */

import type { Brain } from "../brain/brain.ts";
import type { StimulusOptions } from "../brain/encode.ts";
import { InputError, show } from "../state/errors.ts";
import { parseNumber } from "./command.ts";

/** Something to do at a time of the run. */
export interface Event {
  /** ms after the beginning of the run. */
  atMs: number;
  act(brain: Brain): void;
}

/** `region=0.8,0.3[@from-to]`: stimulate, from now on or from one time of the run to another; `region=off` ends it. */
export function parseStimulus(text: string, options: StimulusOptions): Event {
  const [, region, values, from, to] = /^([^=]+)=([^@]*)(?:@([0-9.]+)-([0-9.]+))?$/.exec(text) ?? [];
  const what = `--stimulate ${text}`;
  if (region === undefined) {
    throw new InputError(
      `--stimulate is ${show(text)}; expected REGION=VALUES[@FROM-TO] (ms), such as input=0.8,0.3@0-500`,
    );
  }
  if (values === "off" && from !== undefined) {
    throw new InputError(
      `--stimulate is ${
        show(text)
      }; "off" ends a stimulus when the run begins and takes no times (give the stimulus its own: REGION=VALUES@FROM-TO)`,
    );
  }
  if (values === "off") return { atMs: 0, act: (brain) => brain.clearStimulus(region) };
  const numbers = values.split(",").map((value, k) => parseNumber(`${what}: value ${k}`, value));
  if (from === undefined) return { atMs: 0, act: (brain) => brain.stimulate(region, numbers, options) };
  const start = parseNumber(`${what}: from`, from), end = parseNumber(`${what}: to`, to, { min: start });
  return { atMs: start, act: (brain) => brain.stimulate(region, numbers, { ...options, durationMs: end - start }) };
}

/** `2.0@5000[:input->cortex]`: reward (or, with sign −1, punish) at a time of the run. */
export function parseReward(flag: string, text: string, sign: 1 | -1): Event {
  const [, amount, at, target] = /^([^@]+)@([0-9.]+)(?::(.+))?$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new InputError(`--${flag} is ${show(text)}; expected AMOUNT@MS[:TARGET], such as 2.0@5000:region:cortex`);
  }
  const value = sign * parseNumber(`--${flag} ${text}: amount`, amount);
  return { atMs: parseNumber(`--${flag} ${text}: time`, at), act: (brain) => brain.reward(value, { target }) };
}

/**
 * Refuses an event that a brain would refuse, or that lies behind the end of the run, before anything runs.
 * @throws {InputError} as the event itself would
 */
export function rehearse(brain: Brain, events: readonly Event[], runMs: number): void {
  const stage = brain.clone();
  for (const event of events) {
    if (event.atMs > runMs) {
      throw new InputError(`an event at ${event.atMs} ms lies behind the end of the run at ${runMs} ms`);
    }
    event.act(stage);
  }
}

/**
 * Runs a brain and lets each event happen at its time.
 * @param until asked between the pieces; true stops the run early
 * @returns steps that were run
 */
export async function runWithEvents(
  brain: Brain,
  steps: number,
  events: readonly Event[],
  until: (done: number) => boolean = () => false,
): Promise<number> {
  const queue = [...events].sort((a, b) => a.atMs - b.atMs);
  const piece = 100;
  let done = 0;
  for (;;) {
    while (queue.length > 0 && Math.round(queue[0].atMs / brain.dt) <= done) queue.shift()!.act(brain);
    if (done >= steps || until(done)) return done;
    const next = queue.length > 0 ? Math.round(queue[0].atMs / brain.dt) : steps;
    const now = Math.min(next - done, steps - done, piece);
    await brain.run(now);
    done += now;
  }
}
