/** The notebook's cells run, one after the other, and what they end with is shown inline. */

import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { program } from "../cli/command_line.ts";

const file = new URL("../../examples/notebook.ipynb", import.meta.url);

interface Cell {
  cell_type: string;
  source: string[];
  outputs?: { output_type: string; data?: Record<string, unknown> }[];
}

/** A cell as a kernel runs it: the value of its last expression is shown. */
function shown(source: string): string {
  return source.replace(/^(plot\([^]*\));\s*$/m, "__show($1);");
}

Deno.test("examples/notebook.ipynb: every cell runs, and plots are pictures that Jupyter shows", async () => {
  const { cells } = JSON.parse(await Deno.readTextFile(file)) as { cells: Cell[] };
  const code = cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => shown(source.join("")));
  const show = `const __show = (x: unknown) => {
  const bundle = (x as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]();
  console.log("shown", Object.keys(bundle)[0], bundle["image/svg+xml"].includes("</svg>"));
};`;
  const folder = fromFileUrl(new URL("./", file)), script = await Deno.makeTempFile({ dir: folder, suffix: ".ts" });
  try {
    await Deno.writeTextFile(script, [show, ...code].join("\n"));
    const { code: exit, out, err } = await program(Deno.execPath(), ["run", "-A", "--check", script], { cwd: folder });
    assertEquals(exit, 0, err);
    const pictures = out.split("\n").filter((line) => line === "shown image/svg+xml true");
    assertEquals(pictures.length, code.filter((text) => text.includes("__show(")).length);
    assert(pictures.length >= 4);
    const accuracy = Number(/(\d+) % of 30 flowers/.exec(out)?.[1]);
    assert(accuracy > 70, out);
  } finally {
    await Deno.remove(script);
  }
});
