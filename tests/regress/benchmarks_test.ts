/** BENCHMARKS.md against the raw rows. */

import { assert, assertEquals } from "@std/assert";
import { benchmarks, FIGURES } from "../../bench/render.ts";
import { figures } from "../../bench/report/results.ts";

Deno.test("BENCHMARKS.md is what its script makes of the raw rows, its figures too, and no number in it is missing", async () => {
  const text = await benchmarks(), kept = await Deno.readTextFile(new URL("../../BENCHMARKS.md", import.meta.url));
  assertEquals(text, kept, "render it anew: deno task bench:render");
  for (const word of ["undefined", "NaN", "Infinity", "[object"]) assert(!text.includes(word), word);
  const files = [...Deno.readDirSync(FIGURES)].map(({ name }) => name.replace(/\.svg$/, ""));
  assertEquals(files.sort(), [...figures.keys()].sort());
  for (const [name, svg] of figures) assertEquals(await Deno.readTextFile(new URL(`${name}.svg`, FIGURES)), svg, name);
});
