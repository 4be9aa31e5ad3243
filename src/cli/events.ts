/** Events on the command line (stimuli, rewards, lesions …) and how a run is cut at them. */

import type { Brain } from "../brain/brain.ts";
import type { StimulusOptions } from "../brain/encode.ts";
import type { SleepOptions } from "../brain/memory.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import type { ModulatorName } from "../biology/modulators.ts";
import type { EncodingName, TrainName } from "../biology/stimulus.ts";
import { type Given, INDICES, parseIndices, parseNumber, parseTime } from "./command.ts";

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
  /** What it sets until it is over, in words. */
  sets?: string;
  /** Does it; returns what is to be done when it is over, unless the brain sees to that itself. */
  act(brain: Brain): void | (() => void);
}

/** `REGION=VALUE[@FROM-TO]`: from now on, or from one time of the run to another. */
function parseSpan(name: string, text: string, expected: string) {
  const [, region, value, from, to] = /^([^=]+)=([^@]*)(?:@([0-9.]+)-([0-9.]+))?$/.exec(text) ?? [];
  if (region === undefined) throw new InputError(`--${name} is ${show(text)}; expected ${expected}`);
  const flag = `--${name} ${text}`;
  if (from === undefined) return { region, value, span: { flag, atMs: 0 } };
  const atMs = parseNumber(`${flag}: from`, from), endMs = parseNumber(`${flag}: to`, to, { min: atMs });
  if (endMs === atMs) throw new InputError(`${flag} ends when it begins; give a later end`);
  return { region, value, span: { flag, atMs, endMs } };
}

/** `region=0.8,0.3[@from-to]`: stimulate; `region=off` ends it. */
function parseStimulus(text: string, options: StimulusOptions): Event {
  const expected = "REGION=VALUES[@FROM-TO] (ms), such as input=0.8,0.3@0-500";
  const { region, value, span } = parseSpan("stimulate", text, expected), { flag, atMs, endMs } = span;
  const event = { ...span, sets: `the stimulus of "${region}"` };
  if (value === "off") {
    if (endMs === undefined) return { ...event, endMs: 0, act: (brain) => brain.clearStimulus(region) };
    throw new InputError(
      `${flag}: "off" ends a stimulus when the run begins and takes no times (give the stimulus its own: REGION=VALUES@FROM-TO)`,
    );
  }
  const numbers = value.split(",").map((number, k) => parseNumber(`${flag}: value ${k}`, number));
  const act = (brain: Brain) => {
    // Both times meet the grid of steps, not begin and duration, so that a stimulus ends where the next begins.
    const time = (ms: number) => Math.round(ms / brain.dt) * brain.dt;
    const durationMs = endMs === undefined ? undefined : time(endMs) - time(atMs);
    brain.stimulate(region, numbers, { ...options, durationMs });
  };
  return { ...event, act };
}

/** `region=5[@from-to]`: inject a constant current into all neurons (mV/ms); `region=off` ends it. */
function parseCurrent(text: string): Event {
  const { region, value, span } = parseSpan("current", text, "REGION=VALUE[@FROM-TO] (mV/ms), such as cortex=5@0-500");
  const current = value === "off" ? 0 : parseNumber(`${span.flag}: value`, value);
  const act = (brain: Brain) => {
    const { current: before } = brain.region(region);
    brain.injectCurrent(region, current);
    return span.endMs === undefined ? undefined : () => brain.injectCurrent(region, before);
  };
  return { ...span, sets: `the current of "${region}"`, act };
}

/** `TARGET=WHAT[@MS]`: at a time of the run (default: its beginning). */
function parseMoment(name: string, text: string, pattern: string, expected: string) {
  const [, target, what, at = "0"] = new RegExp(`^([^=]+)=(${pattern})(?:@([0-9.]+))?$`).exec(text) ?? [];
  if (target === undefined) throw new InputError(`--${name} is ${show(text)}; expected ${expected}`);
  const flag = `--${name} ${text}`;
  return { target, what, moment: { flag, atMs: parseNumber(`${flag}: time`, at) } };
}

/** `region=0,3,7..9[@ms]`: make neurons spike. */
function parseSpikes(text: string): Event {
  const expected = "REGION=NEURONS[@MS], such as input=0,3,7..9@500";
  const { target, what, moment } = parseMoment("spikes", text, INDICES, expected);
  const act = (brain: Brain) => {
    const [begin, end] = brain.region(target).range;
    brain.injectSpikes(target, parseIndices("neuron", what, end - begin));
  };
  return { ...moment, act };
}

/** `cortex=30%@500` or `a->b=0,3,7..9`: kill neurons of a region, remove synapses of a projection. */
function parseLesion(text: string): Event {
  const expected = "TARGET=SHARE%[@MS] or TARGET=INDICES[@MS], such as cortex=30%@500 or 'input->cortex=0,3,7..9'";
  const { target, what, moment } = parseMoment("lesion", text, `${INDICES}|[^@]+%`, expected);
  const share = what.endsWith("%")
    ? parseNumber(`${moment.flag}: share in %`, what.slice(0, -1), { min: 0, max: 100 }) / 100
    : undefined;
  const act = (brain: Brain) => {
    const [, kind, name] = /^(?:(region|projection):)?(.*)$/.exec(target)!;
    const has = (own: string, list: readonly { name: string }[]) =>
      (kind ?? own) === own && list.some((x) => x.name === name);
    const chosen = (limit: number) => share === undefined ? parseIndices("index", what, limit) : { share };
    if (has("region", brain.regions)) {
      const [begin, end] = brain.region(name).range;
      return brain.lesion(name, chosen(end - begin));
    }
    if (has("projection", brain.projections)) {
      return brain.lesionSynapses(name, chosen(brain.projection(name).synapses));
    }
    const known = [...brain.regions, ...brain.projections].map((x) => x.name);
    throw new InputError(
      `no such ${kind ?? "region or projection"} ${show(name)}; ${knownNames("names", name, known)}`,
    );
  };
  return { ...moment, act };
}

/** `2.0@5000[:input->cortex]`: reward or punish at a time of the run. */
function parseReward(name: "reward" | "punish", text: string): Event {
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
function parseRelease(text: string): Event {
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
function parseSleep(text: string, options: SleepOptions): Event {
  const [duration, at = "0"] = text.split("@"), flag = `--sleep ${text}`;
  const ms = parseTime(flag, duration), atMs = parseNumber(`${flag}: time`, at, { min: 0 });
  return { flag, atMs, endMs: atMs + ms, sleeps: true, act: (brain) => brain.startSleep(ms, options) };
}

/** `region:cortex` or `projection:a->b`: freeze or thaw plasticity or structure from the beginning of the run on. */
function parseFreeze(name: "freeze" | "thaw", text: string): Event {
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

/** What reads each flag, in the order in which events of one time happen. */
const PARSERS: Record<string, (text: string, options: { stimulus: StimulusOptions; sleep: SleepOptions }) => Event> = {
  lesion: parseLesion,
  stimulate: (text, { stimulus }) => parseStimulus(text, stimulus),
  current: parseCurrent,
  spikes: parseSpikes,
  reward: (text) => parseReward("reward", text),
  punish: (text) => parseReward("punish", text),
  release: parseRelease,
  sleep: (text, { sleep }) => parseSleep(text, sleep),
  freeze: (text) => parseFreeze("freeze", text),
  thaw: (text) => parseFreeze("thaw", text),
};

/** All events of a command line. */
export function eventsOf(given: Given): Event[] {
  const stimulus = {
    encoding: given.text("encoding") as EncodingName | undefined,
    train: given.text("train") as TrainName | undefined,
    maxRateHz: given.number("max-rate"),
  };
  const sleep = {
    regions: namesOf(given, "sleep-replay"),
    plastic: namesOf(given, "sleep-plastic"),
    shuffled: given.has("sleep-shuffled"),
  };
  return Object.entries(PARSERS).flatMap(([name, parse]) =>
    given.list(name).map((text) => parse(text, { stimulus, sleep }))
  );
}

/** The names that a flag was given, or none at all for `none`; undefined when it was not given. */
function namesOf(given: Given, flag: string): string[] | undefined {
  const names = given.list(flag), none = names.includes("none");
  if (none && names.length > 1) {
    throw new InputError(`--${flag}: "none" and other names exclude each other; give either`);
  }
  return given.has(flag) ? names.filter(() => !none) : undefined;
}

/** Lets an event happen; what the brain refuses is said of the flag. */
function happen({ flag, act }: Event, brain: Brain): void | (() => void) {
  try {
    return act(brain);
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${flag}: ${error.message}`) : error;
  }
}

function inOrder(events: readonly Event[]): Event[] {
  return [...events].sort((a, b) => a.atMs - b.atMs);
}

/**
 * Refuses, before anything runs, an event that a brain would refuse, one that lies behind the end of the run, and two
 * that set one thing at the same time: one would replace the other unseen.
 * @throws {InputError} naming the flags
 */
export function rehearse(brain: Brain, events: readonly Event[], steps: number): void {
  if (events.length === 0) return;
  const stage = brain.clone(), ordered = inOrder(events);
  for (const event of ordered) {
    const { flag, atMs, endMs = atMs } = event;
    if (Math.round(endMs / brain.dt) > steps) {
      throw new InputError(
        `${flag}: ${endMs} ms lies behind the end of the run at ${steps * brain.dt} ms; end it by then, or run longer`,
      );
    }
    // A rehearsal takes no time: each sleep has a stage of its own.
    happen(event, event.sleeps ? brain.clone() : stage);
  }
  const sleeps = ordered.filter((event) => event.sleeps);
  const early = sleeps.find(({ atMs }, k) => k > 0 && atMs < sleeps[k - 1].endMs!);
  if (early) {
    throw new InputError(`${early.flag} begins before the sleep before it is over; give it a later time (@MS)`);
  }
  for (const [k, { flag, sets, atMs, endMs = Infinity }] of ordered.entries()) {
    const other = ordered.slice(k + 1).find((b) => sets && b.sets === sets && (b.atMs === atMs || b.atMs < endMs));
    if (other) {
      throw new InputError(
        `${flag} and ${other.flag} set ${sets} at the same time; give one, or each its own times (@FROM-TO)`,
      );
    }
  }
}

/** Time between two looks at what the user wants, ms. */
const PIECE_MS = 200;

/**
 * Runs a brain and lets each event happen at its time.
 * @param until asked between the pieces; true stops the run early
 * @returns steps that were run, and what was not done yet
 */
export async function runWithEvents(
  brain: Brain,
  steps: number,
  events: readonly Event[],
  until: (done: number) => boolean = () => false,
): Promise<{ done: number; left: Event[] }> {
  let left = inOrder(events);
  const next = () => left.length > 0 ? Math.round(left[0].atMs / brain.dt) : Infinity;
  let done = 0, piece = 100;
  for (;;) {
    while (next() <= done) {
      const event = left.shift()!, act = happen(event, brain);
      // What ends does so before anything else begins at the same time.
      if (act) left = inOrder([{ flag: `the end of ${event.flag}`, atMs: event.endMs!, act }, ...left]);
    }
    if (done >= steps || until(done)) return { done, left };
    const now = Math.min(next() - done, steps - done, piece), started = performance.now();
    await brain.run(now);
    done += now;
    // Long enough that looking up costs nothing, short enough that an interrupt is heard.
    if (now === piece && performance.now() - started < PIECE_MS / 2) piece *= 2;
  }
}
