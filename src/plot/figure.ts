/** The frame of a plot: axes with ticks and labels, as SVG. */

/** One axis. */
export interface Axis {
  min: number;
  max: number;
  label: string;
  /** Names instead of numbers, at their places. */
  names?: { at: number; text: string }[];
}

/** What is drawn inside the frame: SVG text, given the scales from data to pixels. */
export type Marks = (x: (value: number) => number, y: (value: number) => number) => string;

const WIDTH = 760, HEIGHT = 420, LEFT = 84, RIGHT = 16, TOP = 34, BOTTOM = 48;

/** Distinguishable colours (Okabe & Ito 2008). */
export const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/** A figure with a title, two axes and marks. */
export function figure(title: string, xAxis: Axis, yAxis: Axis, marks: Marks): string {
  const x = scale(xAxis, LEFT, WIDTH - RIGHT), y = scale(yAxis, HEIGHT - BOTTOM, TOP);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${LEFT}" y="20" font-size="14">${escape(title)}</text>`,
    marks(x, y),
    `<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}" fill="none" stroke="black"/>`,
    ...ticks(xAxis).map(({ at, text }) =>
      `<path d="M${px(x(at))} ${HEIGHT - BOTTOM}v4" stroke="black"/><text x="${px(x(at))}" y="${
        HEIGHT - BOTTOM + 18
      }" text-anchor="middle">${escape(text)}</text>`
    ),
    ...ticks(yAxis).map(({ at, text }) =>
      `<path d="M${LEFT} ${px(y(at))}h-4" stroke="black"/><text x="${LEFT - 7}" y="${
        px(y(at) + 4)
      }" text-anchor="end">${escape(text)}</text>`
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escape(xAxis.label)}</text>`,
    `<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${
      escape(yAxis.label)
    }</text>`,
    "</svg>",
  ];
  return parts.join("\n") + "\n";
}

/** Names with colours, one below the other at the top right. */
export function legend(names: readonly string[], colours: readonly string[] = COLOURS): string {
  return names.map((name, k) =>
    `<text x="${WIDTH - RIGHT - 6}" y="${TOP + 14 + 16 * k}" text-anchor="end" fill="${colours[k % colours.length]}">${
      escape(name)
    }</text>`
  ).join("\n");
}

function scale({ min, max }: Axis, low: number, high: number): (value: number) => number {
  const span = max !== min ? max - min : 1; // an axis may run downwards
  return (value) => low + (value - min) / span * (high - low);
}

/** Ticks at one, two or five times a power of ten; or the axis' own names. */
function ticks({ min, max, names }: Axis): { at: number; text: string }[] {
  if (names) return names;
  const span = max > min ? max - min : 1;
  const raw = span / 6, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw)!;
  const list = [];
  for (let k = Math.ceil(min / step); k * step <= max + step * 1e-9; k++) {
    list.push({ at: k * step, text: String(Number((k * step).toPrecision(6))) });
  }
  return list;
}

/** A coordinate with a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Text that is safe inside SVG. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
