/** The raw rows under bench/results. */

const results = new URL("../results/", import.meta.url), figures = new URL("../figures/", import.meta.url);

/** The text of a file of results. */
export async function read(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, results));
}

/** Keeps a figure as bench/figures/NAME.svg. */
export async function writeFigure(name: string, svg: string): Promise<void> {
  await Deno.mkdir(figures, { recursive: true });
  await Deno.writeTextFile(new URL(`${name}.svg`, figures), svg);
}

/** JSON Lines as objects. */
// deno-lint-ignore no-explicit-any
export async function lines(name: string): Promise<any[]> {
  return (await read(name)).trim().split("\n").map((line) => JSON.parse(line));
}
