/**
 * brainsim: biologically inspired learning in spiking neural systems.
 *
 * Build a brain of regions and projections, stimulate and reward it, let it run and adapt, read it, save it, and go on
 * where it stopped. Times are in ms, rates in Hz, potentials in mV.
 *
 * @example A brain that lives
 * ```ts
 * import { Brain, loadBrain, saveBrain } from "./mod.ts";
 *
 * const brain = new Brain({ seed: 1 });
 * brain.addRegion("input", "sensory", { neurons: 50 });
 * brain.addRegion("cortex", "association", { neurons: 200, connectivity: 0.1 });
 * brain.addRegion("output", "motor", { neurons: 10 });
 * brain.connect("input", "cortex", { density: 0.2, plasticity: "stdp" });
 * brain.connect("cortex", "output", { density: 0.3, plasticity: "rstdp" });
 *
 * brain.stimulate("input", [0.8, 0.3, 0.5]);
 * const before = brain.projection("cortex", "output").weights;
 * await brain.run(2000);
 * brain.reward(1, { target: "region:output" });
 * await brain.run(3000);
 *
 * for (const { name, rateHz } of brain.summary().regions) {
 *   if (rateHz < 1 || rateHz > 30) throw new Error(`${name} fires at ${rateHz} Hz`);
 * }
 * const after = brain.projection("cortex", "output").weights;
 * if (after.every((w, k) => w === before[k])) throw new Error("reward changed nothing");
 *
 * const path = await Deno.makeTempFile({ suffix: ".brain" });
 * await saveBrain(brain, path, { overwrite: true });
 * const again = await loadBrain(path);
 * await again.run(1000); // goes on exactly where it was saved
 * await Deno.remove(path);
 * ```
 *
 * @module
 */

export type { RewardOptions } from "./src/brain/drive.ts";
export { type BackendChoice, type BackendName, type BackendOptions, BACKENDS } from "./src/brain/backends.ts";
export { Brain, type BrainOptions, type HistoryEntry, type RunResult } from "./src/brain/brain.ts";
export type { StimulusOptions } from "./src/brain/encode.ts";
export { type Preset, PRESETS } from "./src/brain/presets.ts";
export { Projection, type SynapseTable } from "./src/brain/projection.ts";
export { Recording, type RecordOptions, type Series, type SpikeTable } from "./src/brain/recording.ts";
export { Region } from "./src/brain/region.ts";
export type {
  BrainSpec,
  ConnectivitySpec,
  Delay,
  MechanismOptions,
  MechanismValues,
  PartOf,
  PlasticitySpec,
  ProjectionSpec,
  RegionSpec,
  ResolvedPlasticity,
  ResolvedProjection,
  ResolvedRegion,
  ResolvedSpec,
  Rule,
} from "./src/brain/spec.ts";
export type { MemoryTrace, Recall, RecallOptions, SleepOptions } from "./src/brain/memory.ts";
export type { LesionShare, StructureLog } from "./src/brain/structure.ts";
export type { ProjectionSummary, RegionSummary, Summary } from "./src/brain/summary.ts";
export { spikeCounts } from "./src/analysis/activity.ts";
export {
  analyticSignal,
  bandPower,
  type Modulation,
  modulationIndex,
  type ModulationOptions,
  peakFrequency,
  powerSpectrum,
  type Spectrum,
  type SpectrumOptions,
} from "./src/analysis/spectrum.ts";
export { respond, type RespondOptions, type Samples } from "./src/evaluation/respond.ts";
export type { Presentation } from "./src/evaluation/presenter.ts";
export { loadBrain, saveBrain, type SaveOptions } from "./src/snapshot/file.ts";
export { Plot, plot, PLOTTED, type Plotted } from "./src/plot/recording.ts";
export { parseSwc } from "./src/io/swc.ts";
export { BACKGROUND, type BackgroundValues } from "./src/biology/background.ts";
export { COMPETITION, type CompetitionValues } from "./src/biology/competition.ts";
export { EXCITABILITY, type ExcitabilityValues } from "./src/biology/excitability.ts";
export type { FieldValues } from "./src/biology/field.ts";
export { GROWTH, type GrowthValues } from "./src/biology/growth.ts";
export { STRUCTURE, type StructureValues } from "./src/biology/structure.ts";
export {
  CABLE,
  type Compartment,
  MORPHOLOGY_MODES,
  type MorphologySpec,
  type MorphologyValues,
  type TemplateName,
  TEMPLATES,
} from "./src/biology/morphology.ts";
export { MEMORY, type MemoryValues } from "./src/biology/memory.ts";
export { MATURATION, type MaturationValues } from "./src/biology/maturation.ts";
export { METAPLASTICITY, type MetaplasticityValues } from "./src/biology/metaplasticity.ts";
export { type ModulatorName, MODULATORS, type ModulatorValues } from "./src/biology/modulators.ts";
export { OSCILLATION, type OscillationValues } from "./src/biology/oscillation.ts";
export { SCALING, type ScalingValues } from "./src/biology/scaling.ts";
export { GAUSSIAN, type PositionsSpec, RECEPTIVE_FIELD, RING, type SpatialRule } from "./src/biology/space.ts";
export { THRESHOLD, type ThresholdValues } from "./src/biology/threshold.ts";
export type { Parameter, ParameterTable, ValuesOf } from "./src/biology/parameters.ts";
export {
  type Distribution,
  type NeuronDistribution,
  type NeuronParameters,
  type PatternName,
  PATTERNS,
  REGION_TYPES,
  type RegionType,
  type RegionTypeName,
  type SchemeName,
  SCHEMES,
} from "./src/biology/neuron.ts";
export {
  type Receptor,
  type ReceptorName,
  RECEPTORS,
  type Transmitter,
  type TransmitterName,
  TRANSMITTERS,
} from "./src/biology/neurotransmitter.ts";
export { NORMALIZATION, type NormalizationValues } from "./src/biology/normalization.ts";
export { REWARD, type RewardValues } from "./src/biology/reward.ts";
export { SHORT_TERM, SHORT_TERM_PRESETS, type ShortTerm, type ShortTermName } from "./src/biology/short_term.ts";
export {
  type PairingName,
  PAIRINGS,
  type RuleName,
  RULES,
  STDP,
  type StdpParameter,
  type StdpRule,
  type StdpValues,
} from "./src/biology/stdp.ts";
export { type EncodingName, ENCODINGS, type TrainName, TRAINS } from "./src/biology/stimulus.ts";
export type { AnyArray, ArrayInfo, ArrayOf, Arrays, Dtype, Entry, Indices } from "./src/state/arrays.ts";
export { FileError, InputError } from "./src/state/errors.ts";
export { parseTable, type Table } from "./src/tasks/table.ts";
export {
  type ClassifierOptions,
  type ClassifierParameters,
  TableTrainer,
  type Teacher,
} from "./src/tasks/classifier.ts";
export type { Evaluation, Progress, Score, Trainer } from "./src/tasks/task.ts";
