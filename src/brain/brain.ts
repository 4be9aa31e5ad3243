/** A brain: what a user builds, drives and reads. */

import { REPLAY } from "../biology/memory.ts";
import { DOPAMINE } from "../../kernels/reward.ts";
import { checkInteger, checkKeys, checkNumber } from "../biology/parameters.ts";
import type { RegionTypeName, SchemeName } from "../biology/neuron.ts";
import type { Backend } from "../engine/backend.ts";
import { CpuBackend } from "../engine/cpu/backend.ts";
import { isAsleep, type Program, type RegionProgram } from "../engine/program.ts";
import type { ModulatorName } from "../biology/modulators.ts";
import type { Arrays } from "../state/arrays.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import { type BackendChoice, type BackendOptions, openBackend } from "./backends.ts";
import { buildState, linkProgram } from "./build.ts";
import {
  endStimuli,
  forceSpikes,
  giveReward,
  learnersAt,
  MAX_STEPS,
  releaseModulator,
  type RewardOptions,
  setCurrent,
  setStimulus,
} from "./drive.ts";
import type { StimulusOptions } from "./encode.ts";
import { Projection } from "./projection.ts";
import { Recording, type RecordOptions } from "./recording.ts";
import { Region } from "./region.ts";
import {
  fallAsleep,
  type MemoryTrace,
  readTraces,
  type Recall,
  type RecallOptions,
  recallTrace,
  type SleepOptions,
} from "./memory.ts";
import { setFrozen } from "./freeze.ts";
import { resetActivity, resetTraces } from "./reset.ts";
import { addRegion, resolveSettings, resolveSpec, setMorphology } from "./resolve.ts";
import { addProjection } from "./resolve_projection.ts";
import { Runner } from "./runner.ts";
import type { BrainSpec, ProjectionSpec, RegionSpec, ResolvedSpec } from "./spec.ts";
import { lesionNeurons, type LesionShare, lesionSynapses, type StructureLog, structureLogs } from "./structure.ts";
import { summarise, type Summary } from "./summary.ts";

/** Settings of a new brain. */
export interface BrainOptions {
  /** Time step, ms (default 1). */
  dt?: number;
  /** Seed of everything random, 0 to 2³² − 1 (default 0). */
  seed?: number;
  /** How membranes are advanced (default `riccati`). */
  scheme?: SchemeName;
}

/** What a run did. */
export interface RunResult {
  /** Steps that were run. */
  steps: number;
  /** Spikes of all neurons during the run. */
  spikes: number;
  /** Mean rate during the run of the neurons that live at its end. */
  meanRateHz: number;
  /** Of this run only, when `record` asked for one. */
  recording?: Recording;
}

/** What was done to a brain, when. */
export interface HistoryEntry {
  /** Step at which it was done. */
  step: number;
  /** Such as "create" or "train iris". */
  action: string;
  /** Plain data. */
  [detail: string]: unknown;
}

/**
 * A brain of regions and projections. Regions and projections are described first; the first call that needs neurons
 * builds them, and from then on the brain can run, learn, be read and be saved.
 *
 * @example
 * ```ts
 * import { Brain } from "../../mod.ts";
 * const brain = new Brain({ seed: 1 });
 * brain.addRegion("input", "sensory", { neurons: 20 });
 * brain.addRegion("cortex", "association", { neurons: 100, connectivity: 0.1 });
 * brain.connect("input", "cortex", { density: 0.2, plasticity: "stdp" });
 * brain.stimulate("input", [0.8, 0.3]);
 * const { spikes } = await brain.run(1000);
 * console.assert(spikes > 0);
 * ```
 */
export class Brain {
  /** What was done to this brain; saved with it. */
  readonly history: HistoryEntry[] = [];
  /** Plain data that users and tasks keep with the brain; saved with it. */
  readonly notes: Record<string, unknown> = {};
  readonly #spec: ResolvedSpec;
  readonly #regions = new Map<string, Region>();
  readonly #projections = new Map<string, Projection>();
  #runner: Runner | null = null;
  /** Built brains that were found to have the same description. */
  readonly #alike = new WeakSet<Brain>();

  /**
   * An empty brain.
   * @throws {InputError} for an unknown option or a value outside its range
   */
  constructor(options: BrainOptions = {}) {
    checkKeys("brain", options, ["dt", "seed", "scheme"]);
    this.#spec = { ...resolveSettings({ ...options }), regions: [], projections: [] };
  }

  /**
   * A brain from a description.
   * @throws {InputError} when something in it is refused
   */
  static fromSpec(spec: BrainSpec): Brain {
    return Brain.#resolved(resolveSpec(spec));
  }

  /**
   * A brain from a resolved description and its saved state, at a step.
   * @internal for readers of snapshots and for tests of backends
   */
  static fromState(spec: ResolvedSpec, arrays: Arrays, step: number, backend: Backend = new CpuBackend()): Brain {
    const brain = Brain.#resolved(spec);
    brain.#runner = new Runner(linkProgram(brain.#spec, arrays), backend);
    brain.#runner.step = step;
    return brain;
  }

  static #resolved(spec: ResolvedSpec): Brain {
    const brain = new Brain({ dt: spec.dt, seed: spec.seed, scheme: spec.scheme });
    brain.#spec.regions = spec.regions;
    brain.#spec.projections = spec.projections;
    brain.#refresh();
    return brain;
  }

  /** Makes the handles of regions and projections that have none yet. */
  #refresh(): void {
    for (const spec of this.#spec.regions) {
      if (!this.#regions.has(spec.name)) {
        this.#regions.set(
          spec.name,
          new Region(spec, () => this.program(), {
            brain: this,
            enableMorphology: (given) => {
              this.#refuseWhenBuilt(`enable the morphology of ${show(spec.name)}`);
              setMorphology(this.#spec, spec, given);
            },
            built: () => this.#runner !== null,
            touched: (...names) => this.#change(() => names),
          }),
        );
      }
    }
    for (const spec of this.#spec.projections) {
      if (!this.#projections.has(spec.name)) {
        this.#projections.set(
          spec.name,
          new Projection(spec, () => this.program(), (...names) => this.#change(() => names)),
        );
      }
    }
  }

  // ---- describing ----

  /**
   * Adds a region.
   * @throws {InputError} for a duplicate name, an unknown type, pattern or option, or a value outside its range
   */
  addRegion(
    name: string,
    type: RegionTypeName,
    options: Omit<RegionSpec, "name" | "type">,
  ): Region {
    this.#refuseWhenBuilt(`add region ${show(name)}`);
    addRegion(this.#spec, { ...options, name, type });
    this.#refresh();
    return this.#regions.get(name)!;
  }

  /**
   * Connects two regions, or a region with itself.
   * @throws {InputError} for an unknown region, a duplicate projection, or a refused option
   */
  connect(from: string, to: string, options: Omit<ProjectionSpec, "from" | "to"> = {}): Projection {
    this.#refuseWhenBuilt(`connect ${show(from)} to ${show(to)}`);
    const { name } = addProjection(this.#spec, { ...options, from, to });
    this.#refresh();
    return this.#projections.get(name)!;
  }

  #refuseWhenBuilt(action: string): void {
    if (this.#runner) {
      throw new InputError(
        `Cannot ${action}: the brain is built already; add regions and projections before it first runs`,
      );
    }
  }

  /** The description, with all defaults filled (a copy; also accepted by {@linkcode Brain.fromSpec}). */
  get spec(): ResolvedSpec {
    return structuredClone(this.#spec);
  }

  /** What it runs on: `cpu` or `webgpu`. */
  get backend(): "cpu" | "webgpu" {
    return this.#built().backend.info.name === "webgpu" ? "webgpu" : "cpu";
  }

  /**
   * Goes on elsewhere from the present state on, such as on a GPU or on several cores; builds the brain when that has not
   * happened yet. Workers give the same bytes as one core. A GPU computes in single precision: runs there agree with those
   * on the CPU in their statistics, and are the same each time. Call {@linkcode Brain.close} in the end: workers keep a
   * program alive, and a GPU's memory is not freed by itself.
   * @returns where it runs now, and why
   * @example
   * ```ts
   * import { Brain, PRESETS } from "../../mod.ts";
   * const brain = Brain.fromSpec(PRESETS.quickstart.spec);
   * const { backend, why } = await brain.moveTo({ backend: "auto" });
   * console.log(`on ${backend}: ${why}`);
   * await brain.run(100);
   * brain.close(); // or declare it with `using`
   * ```
   * @throws {InputError} for a refused option, where there is no GPU, when the brain has something that the backend cannot
   * do, or while a run is under way; all is then as before
   */
  async moveTo(options: BackendOptions): Promise<BackendChoice> {
    const { backend, choice } = await openBackend(this.program(), options);
    try {
      await this.runOn(backend);
    } catch (error) {
      // Only trying shows whether there is room on a GPU.
      if (options.backend !== "auto" || choice.backend === "cpu") throw error;
      const cpu = await openBackend(this.program(), { ...options, backend: "cpu" });
      await this.runOn(cpu.backend);
      return { ...cpu.choice, why: `${choice.adapter} cannot: ${(error as Error).message}` };
    }
    return choice;
  }

  /**
   * Goes on on a backend, from the present state on.
   * @internal for tests of backends
   */
  async runOn(backend: Backend): Promise<void> {
    await this.#built().moveTo(backend);
  }

  /** Frees what the backend holds: workers keep a program alive until then, and a GPU keeps its memory. The brain can still be read and saved, and goes on after {@linkcode Brain.moveTo}. */
  close(): void {
    this.#runner?.close();
  }

  /** {@linkcode Brain.close}, at the end of a `using` declaration. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Time step, ms. */
  get dt(): number {
    return this.#spec.dt;
  }

  /** Seed of everything random. */
  get seed(): number {
    return this.#spec.seed;
  }

  /** Steps so far. */
  get stepCount(): number {
    return this.#runner?.step ?? 0;
  }

  /** Simulated time so far, ms. */
  get timeMs(): number {
    return this.stepCount * this.#spec.dt;
  }

  /** All regions, in the order in which they were added. */
  get regions(): readonly Region[] {
    return [...this.#regions.values()];
  }

  /** All projections, in the order in which they were added. */
  get projections(): readonly Projection[] {
    return [...this.#projections.values()];
  }

  /**
   * A region by name.
   * @throws {InputError} naming the known ones
   */
  region(name: string): Region {
    const region = this.#regions.get(name);
    if (region) return region;
    throw new InputError(
      `no such region ${show(name)}; ${knownNames("regions", name, [...this.#regions.keys()])}`,
    );
  }

  /**
   * A projection by its name, or by the names of its two regions.
   * @throws {InputError} naming the known ones
   */
  projection(nameOrFrom: string, to?: string): Projection {
    const name = to === undefined ? nameOrFrom : `${nameOrFrom}->${to}`;
    const between = (p: Projection) => to !== undefined && p.spec.from === nameOrFrom && p.spec.to === to;
    const projection = this.#projections.get(name) ?? this.projections.find(between);
    if (projection) return projection;
    throw new InputError(
      `no such projection ${show(name)}; ${knownNames("projections", name, [...this.#projections.keys()])}`,
    );
  }

  // ---- building ----

  /**
   * The brain's arrays bound to the kernels; builds the brain when that has not happened yet.
   * @internal for engines and tests
   */
  program(): Program {
    return this.#built().program;
  }

  #built(): Runner {
    if (!this.#runner) {
      if (this.#spec.regions.length === 0) throw new InputError("the brain has no regions; add one with addRegion");
      this.#runner = new Runner(linkProgram(this.#spec, buildState(this.#spec)), new CpuBackend());
    }
    return this.#runner;
  }

  /** All state by name. */
  get arrays(): Arrays {
    return this.program().arrays;
  }

  /** An independent copy, in the same state. */
  clone(): Brain {
    const copy = Brain.fromState(this.spec, this.arrays.clone(), this.stepCount);
    copy.#copyNotes(this);
    return copy;
  }

  /**
   * Takes over the state of another brain of the same description.
   * @throws {InputError} when the descriptions differ
   */
  copyFrom(other: Brain): void {
    if (!this.#alike.has(other)) {
      if (JSON.stringify(this.#spec) !== JSON.stringify(other.#spec)) {
        throw new InputError("Cannot copy the state of a brain that has another description");
      }
      this.#alike.add(other);
    }
    const runner = this.#built().toChange(), { arrays } = runner.program, entries = [...other.arrays.entries()];
    if (entries.some(({ name, data }) => arrays.entry(name).data.length !== data.length)) {
      throw new InputError("Cannot copy the state of a brain that has other synapses; clone it instead");
    }
    for (const { name, data } of entries) arrays.entry(name).data.set(data);
    for (const region of this.program().regions) this.program().census(region);
    runner.step = other.stepCount;
    runner.touchAll();
    runner.reloadWhenStale();
    this.#copyNotes(other);
  }

  #copyNotes(other: Brain): void {
    this.history.length = 0;
    for (const entry of other.history) this.history.push(structuredClone(entry));
    for (const key of Object.keys(this.notes)) delete this.notes[key];
    Object.assign(this.notes, structuredClone(other.notes));
  }

  // ---- driving ----

  /**
   * Stimulates a region from now on, until the stimulus is replaced or cleared, or its duration is over. Fewer values
   * than neurons: each drives an equal share of the region.
   * @param values 0–1 (any finite number for `current`)
   * @throws {InputError} for an unknown region, or values that are too many, not finite or out of range
   */
  stimulate(region: string, values: ArrayLike<number>, options: StimulusOptions = {}): void {
    this.#change((program) => setStimulus(program, this.#linkedRegion(region), this.stepCount, values, options));
  }

  /** Ends the stimulus of a region, or of all. */
  clearStimulus(region?: string): void {
    this.#change(({ regions }) => endStimuli(region === undefined ? regions : [this.#linkedRegion(region)]));
  }

  /**
   * Sets the constant current injected into a region's neurons (mV/ms), until changed: one number for all, or one a neuron.
   * @throws {InputError} for an unknown region or a refused value
   */
  injectCurrent(region: string, current: number | ArrayLike<number>): void {
    this.#change((program) => setCurrent(program, this.#linkedRegion(region), current));
  }

  /**
   * Makes neurons of a region spike in the next step, in sleep too.
   * @throws {InputError} for an unknown region or neuron
   */
  injectSpikes(region: string, neurons: ArrayLike<number>): void {
    this.#change((program) => forceSpikes(program, this.#linkedRegion(region), neurons));
  }

  /**
   * Releases dopamine: the level of the target projections rises by `amount` and decays with their τ.
   * @throws {InputError} when nothing at the target learns from reward
   */
  reward(amount: number, options: RewardOptions = {}): void {
    checkNumber("Cannot reward: amount", amount, -1e9, 1e9);
    this.#change((program) => giveReward(program, amount, options));
  }

  /** The opposite of {@linkcode Brain.reward}: dopamine falls by `amount`. */
  punish(amount: number, options: RewardOptions = {}): void {
    checkNumber("Cannot punish: amount", amount, -1e9, 1e9);
    this.reward(-amount, options);
  }

  /**
   * Releases a modulator into a region: its concentration rises by `amount` and decays with its τ.
   * @throws {InputError} for an unknown region, or a modulator that it does not respond to
   */
  release(region: string, modulator: ModulatorName, amount: number): void {
    this.#change(() => releaseModulator(this.#linkedRegion(region), modulator, amount));
  }

  /** Dopamine levels by projection. */
  dopamine(options: RewardOptions = {}): Record<string, number> {
    return Object.fromEntries(
      learnersAt(this.program(), options).map(({ name, reward }) => [name, reward.dopamine[DOPAMINE.level]]),
    );
  }

  // ---- running ----

  /** Advances by one step, at once. */
  step(): void {
    this.#built().stepNow();
  }

  /**
   * Advances by a number of steps. Long runs let other code go on from time to time: what that changes in the brain, such as a
   * stimulus, acts from then on.
   * @throws {InputError} for a number that is not whole or too large, or while another run is under way
   */
  async run(steps: number, options: { record?: RecordOptions } = {}): Promise<RunResult> {
    checkInteger("Cannot run: steps", steps, 0, MAX_STEPS - this.stepCount);
    checkKeys("Cannot run", options, ["record"]);
    const runner = this.#built(), { activity: { count } } = runner.program;
    const recording = options.record ? this.record(options.record) : undefined;
    const before = total(count);
    try {
      await runner.run(steps);
    } finally {
      recording?.stop();
    }
    const spikes = total(count) - before, seconds = steps * this.dt / 1000;
    const living = runner.program.alive.reduce((n, alive) => n + alive, 0);
    return {
      steps,
      spikes,
      meanRateHz: steps > 0 && living > 0 ? spikes / living / seconds : 0,
      recording,
    };
  }

  /**
   * Notes spikes, potentials, rates or weights from now on, until the recording is stopped.
   * @throws {InputError} for an unknown region, neuron or projection
   */
  record(options: RecordOptions): Recording {
    const { recordings } = this.#built();
    const recording = new Recording(this, options, (r) => recordings.delete(r));
    recordings.add(recording);
    return recording;
  }

  // ---- plasticity ----

  /**
   * Freezes what changes weights and thresholds: of one projection, of a region with all projections onto it, or of all.
   * It stays so until undone, also in snapshots.
   * @param target `region:NAME`, `projection:NAME` or a bare name
   * @throws {InputError} when nothing there learns
   */
  freezePlasticity(target?: string): void {
    this.#change((program) => setFrozen(program, "plasticity", target, true));
  }

  /** Undoes {@linkcode Brain.freezePlasticity}: for one target, or for all. */
  unfreezePlasticity(target?: string): void {
    this.#change((program) => setFrozen(program, "plasticity", target, false));
  }

  /** Re-enables plasticity of one projection after a freeze. */
  enablePlasticity(projection: string): void {
    this.projection(projection);
    this.unfreezePlasticity(`projection:${projection}`);
  }

  // ---- memory ----

  /** The memory traces of a region, in the order of their rows. */
  traces(region: string): MemoryTrace[] {
    this.region(region);
    return readTraces(this.program(), region);
  }

  /**
   * Sleeps: stimuli and injected currents are shut out, memory traces are replayed, and only chosen projections learn.
   * Afterwards all is as before. A sleep that is interrupted goes on with the next run, also after saving and loading.
   * @param durationMs how long
   * @returns what the run did, and the number of replays
   * @throws {InputError} for an unknown region or projection, or while the brain sleeps
   */
  async sleep(durationMs: number, options: SleepOptions = {}): Promise<RunResult & { replays: number }> {
    this.startSleep(durationMs, options);
    const replays = () =>
      sumOf(this.regions, (r) => this.program().regions[r].mechanisms.get("memory")?.data.replay[REPLAY.count] ?? 0);
    const before = replays(), [from, until] = this.program().sleep;
    const result = await this.run(until - from);
    return { ...result, replays: replays() - before };
  }

  /** Begins a sleep without running it: the next steps sleep. See {@linkcode Brain.sleep}. */
  startSleep(durationMs: number, options: SleepOptions = {}): void {
    if (this.program().sleep[1] > this.stepCount) {
      throw new InputError("Cannot sleep: the brain sleeps already; run it until it wakes");
    }
    const steps = Math.round(checkNumber("Cannot sleep: duration", durationMs, this.dt, 1e12, "ms") / this.dt);
    checkInteger("Cannot sleep: steps", steps, 1, MAX_STEPS - this.stepCount);
    this.#change((program) => fallAsleep(program, this.stepCount, steps, options));
  }

  /** Whether the brain sleeps in the next step. */
  get asleep(): boolean {
    return isAsleep(this.program(), this.stepCount);
  }

  /**
   * Gives a region a part of a memory trace and looks at what comes back. The brain lives on meanwhile, but learns
   * nothing.
   * @param cue neurons that are made to fire, as indices within the region
   * @throws {InputError} for a region without memory or an unknown neuron
   */
  async recall(region: string, cue: ArrayLike<number>, options: RecallOptions = {}): Promise<Recall> {
    this.region(region);
    return await recallTrace(
      {
        program: this.program(),
        asleep: this.asleep,
        step: () => this.stepCount,
        touch: (...names) => this.#change(() => names),
        run: async (steps) => void await this.run(steps),
      },
      region,
      cue,
      options,
    );
  }

  // ---- structure ----

  /**
   * Freezes births and deaths of neurons and synapses: of a region (with the projections onto it), of a projection, or
   * of all. It stays so until undone, also in snapshots.
   * @throws {InputError} when nothing there changes its structure
   */
  freezeStructure(target?: string): void {
    this.#change((program) => setFrozen(program, "structure", target, true));
  }

  /** Undoes {@linkcode Brain.freezeStructure}: for one target, or for all. */
  unfreezeStructure(target?: string): void {
    this.#change((program) => setFrozen(program, "structure", target, false));
  }

  /** How the structure has changed: a log for each region with growth and each projection with structure. */
  get structureLog(): StructureLog[] {
    return structureLogs(this.#spec, this.program());
  }

  /**
   * Kills neurons of a region, with all synapses from and to them.
   * @param neurons indices within the region, or a share of the living ones, chosen by the seed
   * @throws {InputError} for an unknown region or neuron, or a share out of range
   */
  lesion(region: string, neurons: ArrayLike<number> | LesionShare): void {
    if (this.#projections.has(region)) {
      throw new InputError(`Cannot lesion the neurons of ${show(region)}: it is a projection; see lesionSynapses`);
    }
    this.#change((program) => {
      lesionNeurons(program, this.#linkedRegion(region), neurons, this.stepCount);
      return [];
    });
  }

  /**
   * Removes synapses of a projection for good; those of a dense one keep their places, with weights of zero.
   * @param synapses indices in the order of its weights, or a share of those that are left, chosen by the seed
   * @throws {InputError} for an unknown projection or synapse, or a share out of range
   */
  lesionSynapses(projection: string, synapses: ArrayLike<number> | LesionShare): void {
    this.#change((program) => {
      lesionSynapses(program, projection, synapses, this.stepCount);
      const changed = ["weight", "eligibility", "settled"].map((key) => `projection.${projection}.${key}`);
      return changed.filter((name) => program.arrays.has(name));
    });
  }

  /** Forgets what led to the present: STDP traces and eligibilities become zero, dopamine tonic. Weights stay. */
  resetTraces(): void {
    this.#change((program) => resetTraces(this.#spec, program));
  }

  /** Puts all neurons at rest: membranes, receptors, spikes in flight, short-term plasticity. Weights and traces stay. */
  resetActivity(): void {
    this.#change(resetActivity);
  }

  /** What is in the brain, and is it healthy. */
  summary(): Summary {
    return summarise(this.#spec, this.stepCount, this.program(), this.regions, this.projections);
  }

  /**
   * Changes arrays on the host: the backend learns of those whose names are returned, and of changes of structure.
   * @throws {InputError} while a run is under way elsewhere; nothing is changed then
   */
  #change(act: (program: Program) => readonly string[]): void {
    const runner = this.#built().toChange();
    runner.touch(...act(runner.program));
    runner.reloadWhenStale();
  }

  #linkedRegion(name: string): RegionProgram {
    this.region(name);
    return this.program().regions.find((r) => r.name === name)!;
  }
}

function sumOf<T>(list: readonly T[], value: (index: number) => number): number {
  return list.reduce((sum, _, k) => sum + value(k), 0);
}

function total(counts: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) sum += counts[i];
  return sum;
}
