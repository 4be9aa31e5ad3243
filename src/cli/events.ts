/** Events on the command line (stimuli, rewards) and how a run is cut at them. */

import type { Brain } from "../brain/brain.ts";
import type { StimulusOptions } from "../brain/encode.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import type { ModulatorName } from "../biology/modulators.ts";
import { parseNumber, parseTime } from "./command.ts";

/** Something to do at a time of the run. */
export interface Event {
  /** The flag as it was typed. */
  flag: string;
  /** ms after the beginning of the run. */
  atMs: number;
  /** When it is over, ms after the beginning of the run, if it has an end of its own. */
  endMs?: number;
  /** Whether it puts the brain to sleep. */
  sleeps?: true;
  /** The region that a stimulus drives. */
  region?: string;
  act(brain: Brain): void;
}

/** `region=0.8,0.3[@from-to]`: stimulate, from now on or from one time of the run to another; `region=off` ends it. */
export function parseStimulus(text: string, options: StimulusOptions): Event {
  const [, region, values, from, to] = /^([^=]+)=([^@]*)(?:@([0-9.]+)-([0-9.]+))?$/.exec(text) ?? [];
  const flag = `--stimulate ${text}`;
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
  const event = { flag, region, atMs: 0 };
  if (values === "off") {
    return { ...event, endMs: 0, act: (brain) => brain.clearStimulus(knownRegion(brain, region)) };
  }
  const numbers = values.split(",").map((value, k) => parseNumber(`${flag}: value ${k}`, value));
  if (from === undefined) {
    return { ...event, act: (brain) => brain.stimulate(knownRegion(brain, region), numbers, options) };
  }
  const atMs = parseNumber(`${flag}: from`, from), endMs = parseNumber(`${flag}: to`, to, { min: atMs });
  if (endMs === atMs) throw new InputError(`${flag} ends when it begins; give a later end`);
  const act = (brain: Brain) => {
    // Both times meet the grid of steps, not begin and duration, so that a stimulus ends where the next begins.
    const durationMs = (Math.round(endMs / brain.dt) - Math.round(atMs / brain.dt)) * brain.dt;
    brain.stimulate(knownRegion(brain, region), numbers, { ...options, durationMs });
  };
  return { ...event, atMs, endMs, act };
}

function knownRegion(brain: Brain, name: string): string {
  const known = brain.regions.map((region) => region.name);
  if (known.includes(name)) return name;
  throw new InputError(`Cannot stimulate ${show(name)}: no such region; ${knownNames("regions", name, known)}`);
}

/** `2.0@5000[:input->cortex]`: reward or punish at a time of the run. */
export function parseReward(name: "reward" | "punish", text: string): Event {
  const [, amount, at, target] = /^([^@]+)@([0-9.]+)(?::(.+))?$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new InputError(`--${name} is ${show(text)}; expected AMOUNT@MS[:TARGET], such as 2.0@5000:region:cortex`);
  }
  const flag = `--${name} ${text}`, value = parseNumber(`${flag}: amount`, amount);
  if (name === "punish" && value < 0) {
    throw new InputError(`${flag}: amount is ${value}; expected ≥ 0 (to raise dopamine, give --reward)`);
  }
  return { flag, atMs: parseNumber(`${flag}: time`, at), act: (brain) => brain[name](value, { target }) };
}

/** `acetylcholine=2@500:cortex`: release a modulator into a region at a time of the run. */
export function parseRelease(text: string): Event {
  const [, modulator, amount, at, region] = /^([a-z]+)=([^@]+)@([0-9.]+):(.+)$/.exec(text) ?? [];
  if (modulator === undefined) {
    throw new InputError(
      `--release is ${show(text)}; expected MODULATOR=AMOUNT@MS:REGION, such as acetylcholine=2@500:cortex`,
    );
  }
  const flag = `--release ${text}`, value = parseNumber(`${flag}: amount`, amount);
  const act = (brain: Brain) => brain.release(region, modulator as ModulatorName, value);
  return { flag, atMs: parseNumber(`${flag}: time`, at), act };
}

/** `5s@1000`: sleep for a time, from a time of the run on (default: its beginning). */
export function parseSleep(text: string): Event {
  const [duration, at = "0"] = text.split("@"), flag = `--sleep ${text}`;
  const ms = parseTime(flag, duration), atMs = parseNumber(`${flag}: time`, at, { min: 0 });
  return { flag, atMs, endMs: atMs + ms, sleeps: true, act: (brain) => brain.startSleep(ms) };
}

/** `region:cortex` or `projection:a->b`: freeze or thaw plasticity or structure from the beginning of the run on. */
export function parseFreeze(name: "freeze" | "thaw", text: string): Event {
  const [, kind, target] = /^(plasticity|structure)(?::(.+))?$/.exec(text) ?? [];
  if (kind === undefined) {
    throw new InputError(
      `--${name} is ${
        show(text)
      }; expected plasticity[:TARGET] or structure[:TARGET], such as plasticity:region:cortex`,
    );
  }
  const method = `${name === "freeze" ? "freeze" : "unfreeze"}${
    kind === "plasticity" ? "Plasticity" : "Structure"
  }` as const;
  return { flag: `--${name} ${text}`, atMs: 0, act: (brain) => brain[method](target) };
}

/**
 * Refuses, before anything runs, an event that a brain would refuse, one that lies behind the end of the run, and two
 * stimuli of one region at the same time: one would replace the other unseen.
 * @throws {InputError} naming the flags
 */
export function rehearse(brain: Brain, events: readonly Event[], steps: number): void {
  const stage = brain.clone();
  for (const event of events) {
    const { flag, atMs, endMs = atMs } = event;
    if (Math.round(endMs / brain.dt) > steps) {
      throw new InputError(
        `${flag}: ${endMs} ms lies behind the end of the run at ${steps * brain.dt} ms; end it by then, or run longer`,
      );
    }
    // A rehearsal takes no time: each sleep has a stage of its own.
    event.act(event.sleeps ? brain.clone() : stage);
  }
  const sleeps = events.filter((event) => event.sleeps).sort((a, b) => a.atMs - b.atMs);
  const early = sleeps.find(({ atMs }, k) => k > 0 && atMs < sleeps[k - 1].endMs!);
  if (early) {
    throw new InputError(`${early.flag} begins before the sleep before it is over; give it a later time (@MS)`);
  }
  const stimuli = events.filter(({ region }) => region !== undefined).sort((a, b) => a.atMs - b.atMs);
  for (const [k, { flag, region, atMs, endMs = Infinity }] of stimuli.entries()) {
    const other = stimuli.slice(k + 1).find((b) => b.region === region && (b.atMs === atMs || b.atMs < endMs));
    if (other) {
      throw new InputError(
        `${flag} and ${other.flag} drive "${region}" at the same time; give one, or each its own times (@FROM-TO)`,
      );
    }
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
