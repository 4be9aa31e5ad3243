/** The plots of a run and of a brain. */

import type { Series, SpikeTable } from "../brain/recording.ts";
import { type Axis, COLOURS, figure, legend, px } from "./figure.ts";

/** A range of neurons with a name: a region. */
export interface Band {
  name: string;
  begin: number;
  end: number;
}

/** A raster: a dot for each spike, neurons of one region below the other, each region in its colour. */
export function rasterPlot(spikes: SpikeTable, bands: readonly Band[], fromMs: number, toMs: number): string {
  const neurons = bands.at(-1)?.end ?? 1;
  const names = bands.map(({ name, begin, end }) => ({ at: (begin + end) / 2, text: name }));
  const yAxis: Axis = { min: neurons, max: 0, label: "neuron", names };
  return figure("Spikes", { min: fromMs / 1000, max: toMs / 1000, label: "time (s)" }, yAxis, (x, y) => {
    const height = Math.max(1, Math.min(6, Math.abs(y(1) - y(0))));
    return bands.map(({ begin, end }, k) => {
      let path = "";
      for (let s = 0; s < spikes.neuron.length; s++) {
        const i = spikes.neuron[s];
        if (i >= begin && i < end) path += `M${px(x(spikes.timeMs[s] / 1000))} ${px(y(i))}v${px(height)}`;
      }
      return `<path d="${path}" stroke="${COLOURS[k % COLOURS.length]}" fill="none"/>`;
    }).join("\n");
  });
}

/** Lines over time, one a column. */
export function linePlot(title: string, series: Series, unit: string): string {
  const { timeMs, columns, values } = series, n = columns.length;
  const low = values.reduce((a, b) => Math.min(a, b), 0), high = values.reduce((a, b) => Math.max(a, b), low);
  const xAxis: Axis = { min: (timeMs[0] ?? 0) / 1000, max: (timeMs.at(-1) ?? 1) / 1000, label: "time (s)" };
  return figure(title, xAxis, { min: low, max: high > low ? high : low + 1, label: unit }, (x, y) => {
    const lines = columns.map((_, c) => {
      const points = Array.from(timeMs, (t, r) => `${px(x(t / 1000))},${px(y(values[r * n + c]))}`).join(" ");
      return `<polyline points="${points}" fill="none" stroke="${COLOURS[c % COLOURS.length]}"/>`;
    });
    return [...lines, n <= COLOURS.length ? legend(columns) : ""].join("\n");
  });
}

/** A histogram of counts in bins of equal width, from zero. */
export function histogramPlot(title: string, counts: readonly number[], binWidth: number, unit: string): string {
  const most = Math.max(1, ...counts), end = counts.length * binWidth || 1;
  return figure(
    title,
    { min: 0, max: end, label: unit },
    { min: 0, max: most, label: "synapses" },
    (x, y) =>
      counts.map((count, k) => {
        const left = x(k * binWidth), right = x((k + 1) * binWidth);
        return `<rect x="${px(left)}" y="${px(y(count))}" width="${px(Math.max(0.5, right - left - 1))}" height="${
          px(y(0) - y(count))
        }" fill="${COLOURS[0]}"/>`;
      }).join("\n"),
  );
}
