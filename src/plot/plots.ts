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
        const shown = spikes.timeMs[s] >= fromMs && spikes.timeMs[s] <= toMs;
        if (shown && i >= begin && i < end) path += `M${px(x(spikes.timeMs[s] / 1000))} ${px(y(i))}v${px(height)}`;
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

/** Points of one curve or cloud in {@linkcode xyPlot}. */
export interface Curve {
  /** For the legend; none when empty. */
  name: string;
  /** Abscissae, in the order in which they are joined. */
  x: ArrayLike<number>;
  /** Ordinates; what is not finite is left out. */
  y: ArrayLike<number>;
  /** Joined by a line (default), or a dot each. */
  marks?: "line" | "dots";
  /** Whether its line is dashed: for curves beyond the number of colours. */
  dashed?: boolean;
  /** One of the colours, by default that of the curve's place in the list. */
  colour?: string;
}

/** An axis of {@linkcode xyPlot}: what is left out follows from the data. */
export interface AxisOptions extends Partial<Axis> {
  label: string;
  /** Logarithmic, with ticks at powers of ten, up to three decades also at 2 and 5 times these. */
  log?: boolean;
}

/** Curves and clouds of points over any x. */
export function xyPlot(title: string, xOptions: AxisOptions, yOptions: AxisOptions, curves: readonly Curve[]): string {
  const xAxis = axisOf(xOptions, curves.map((c) => c.x)), yAxis = axisOf(yOptions, curves.map((c) => c.y));
  const place = ({ log }: AxisOptions, value: number) => log ? Math.log10(value) : value;
  return figure(title, xAxis, yAxis, (x, y) => {
    const colours = curves.map(({ colour }, k) => colour ?? COLOURS[k % COLOURS.length]);
    const drawn = curves.map(({ x: xs, y: ys, marks, dashed }, k) => {
      const points = Array.from(xs, (value, i) => [place(xOptions, value), place(yOptions, ys[i])])
        .filter(([a, b]) => inside(xAxis, a) && Number.isFinite(b))
        .map(([a, b]) => [px(x(a)), px(y(Math.min(Math.max(b, yAxis.min), yAxis.max)))]);
      if (marks === "dots") {
        return points.map(([a, b]) => `<circle cx="${a}" cy="${b}" r="2" fill="${colours[k]}"/>`).join("");
      }
      return `<polyline points="${points.map((point) => point.join(",")).join(" ")}" fill="none" stroke="${
        colours[k]
      }"${dashed ? ' stroke-dasharray="6 4"' : ""}/>`;
    });
    return [...drawn, legend(curves.map(({ name, dashed }) => name && dashed ? `${name} (dashed)` : name), colours)]
      .join("\n");
  });
}

function inside({ min, max }: Axis, value: number): boolean {
  const slack = (max - min) * 1e-9;
  return value >= min - slack && value <= max + slack;
}

/** An axis around data. */
function axisOf({ label, log = false, names, ...given }: AxisOptions, data: readonly ArrayLike<number>[]): Axis {
  let low = Infinity, high = -Infinity;
  for (const list of data) {
    for (let k = 0; k < list.length; k++) {
      if (!Number.isFinite(list[k]) || (log && list[k] <= 0)) continue;
      low = Math.min(low, list[k]);
      high = Math.max(high, list[k]);
    }
  }
  if (low > high) [low, high] = [log ? 1 : 0, 1];
  const min = given.min ?? low, max = given.max ?? (high > min ? high : log ? 10 * min : min + 1);
  if (!log) return { min, max, label, names };
  const ticks = [], marks = max > 1000 * min ? [1] : [1, 2, 5];
  for (let decade = Math.floor(Math.log10(min)); decade <= Math.log10(max); decade++) {
    for (const m of marks) {
      const value = m * 10 ** decade;
      if (value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9)) {
        ticks.push({ at: Math.log10(value), text: String(Number(value.toPrecision(6))) });
      }
    }
  }
  return { min: Math.log10(min), max: Math.log10(max), label, names: names ?? ticks };
}

/**
 * How often each class was answered with each: rows are what was shown, columns what was answered, shares of the row in
 * percent; the darker, the more.
 * @param counts one row a class; a further column is of those without an answer
 */
export function confusionPlot(
  title: string,
  classes: readonly string[],
  counts: readonly (readonly number[])[],
): string {
  const columns = [...classes, ...counts.some((row) => row.length > classes.length) ? ["none"] : []];
  const names = (list: readonly string[]) => list.map((text, at) => ({ at, text }));
  const xAxis = { min: -0.5, max: columns.length - 0.5, label: "answered", names: names(columns) };
  const yAxis = { min: classes.length - 0.5, max: -0.5, label: "shown", names: names(classes) };
  return figure(title, xAxis, yAxis, (x, y) =>
    counts.flatMap((row, j) => {
      const all = row.reduce((a, b) => a + b, 0);
      return row.map((n, k) => {
        const share = all > 0 ? n / all : 0, left = px(x(k - 0.5)), top = px(y(j - 0.5));
        const [width, height] = [px(x(k + 0.5) - x(k - 0.5)), px(y(j + 0.5) - y(j - 0.5))];
        const cell = `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${
          COLOURS[0]
        }" fill-opacity="${share.toFixed(3)}"/>`;
        if (n === 0) return cell;
        return `${cell}<text x="${px(x(k))}" y="${px(y(j) + 4)}" text-anchor="middle" fill="${
          share > 0.5 ? "white" : "black"
        }">${(100 * share).toFixed(share < 0.095 ? 1 : 0)}</text>`;
      });
    }).join("\n"));
}
