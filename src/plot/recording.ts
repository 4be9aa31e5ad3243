/** Plots of what a recording holds. */

import type { Brain } from "../brain/brain.ts";
import { histogram } from "../brain/histogram.ts";
import { Recording, type Series } from "../brain/recording.ts";
import { InputError, knownNames, show } from "../state/errors.ts";
import { histogramPlot, linePlot, rasterPlot } from "./plots.ts";

/** What can be plotted, with the units of its numbers. */
export const PLOTTED = {
  spikes: "",
  rates: "Hz",
  v: "mV",
  lfp: "mV/ms",
  weights: "weight (unit: see inspect)",
} as const;

/** Name of it. */
export type Plotted = keyof typeof PLOTTED;

/** A plot as SVG. Notebooks show it where it is the value of a cell. */
export class Plot {
  /** Made by {@linkcode plot}. */
  constructor(
    /** The text of the picture. */
    readonly svg: string,
  ) {}

  /** The text of the picture. */
  toString(): string {
    return this.svg;
  }

  /** What Jupyter shows. */
  [Symbol.for("Jupyter.display")](): Record<string, string> {
    return { "image/svg+xml": this.svg };
  }
}

/** The numbers over time that a recording holds. */
export function seriesOf(recording: Recording, kind: Exclude<Plotted, "spikes">, name?: string): Series {
  return kind === "rates" ? recording.rates() : recording[kind](name!);
}

/**
 * Draws what a recording holds: spikes of all regions or of one as a raster, rates, potentials or the field over time,
 * weights of a projection as a histogram of their present values.
 * @param name of a region, or of a projection
 * @throws {InputError} when it was not recorded
 * @example
 * ```ts
 * import { Brain, plot, PRESETS } from "../../mod.ts";
 * const brain = Brain.fromSpec(PRESETS.quickstart.spec);
 * brain.stimulate("input", [0.8, 0.3, 0.5]);
 * const { recording } = await brain.run(1000, { record: { spikes: true } });
 * const raster = plot(brain, recording!, "spikes"); // shown inline in a notebook
 * console.assert(raster.svg.startsWith("<svg"));
 * ```
 */
export function plot(brain: Brain, recording: Recording, kind: Plotted, name?: string): Plot {
  if (!(recording instanceof Recording)) {
    throw new InputError(`Cannot plot ${show(recording)}; expected a recording, such as that of run(…, { record: … })`);
  }
  if (!Object.hasOwn(PLOTTED, kind)) {
    throw new InputError(`Cannot plot ${show(kind)}; ${knownNames("kinds", kind, Object.keys(PLOTTED))}`);
  }
  if (name === undefined && kind !== "spikes" && kind !== "rates") {
    throw new InputError(`Cannot plot ${kind}: give the name of the ${kind === "weights" ? "projection" : "region"}`);
  }
  if (kind === "spikes") {
    const offset = name === undefined ? 0 : brain.region(name).range[0];
    const bands = brain.regions.filter((region) => name === undefined || name === region.name)
      .map(({ name, range: [begin, end] }) => ({ name, begin: begin - offset, end: end - offset }));
    return new Plot(rasterPlot(recording.spikes(name), bands, recording.fromMs, brain.timeMs));
  }
  if (kind === "weights") {
    const { counts, binWidth } = histogram(brain.projection(name!));
    return new Plot(histogramPlot(`Weights of ${name}`, counts, binWidth, "weight"));
  }
  const title = { rates: "Rates", v: `Membrane potentials of ${name}`, lfp: `Field of ${name}` }[kind];
  return new Plot(linePlot(title, seriesOf(recording, kind, name), PLOTTED[kind]));
}
