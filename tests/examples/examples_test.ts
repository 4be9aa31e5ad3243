/** The examples run, hold what they claim, and draw their figures: each in its short form. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const top = new URL("../../", import.meta.url);

/** Runs a script of the checkout. */
async function runScript(path: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = new Deno.Command(Deno.execPath(), { args: ["run", "-A", path, ...args], cwd: top });
  const { code, stdout, stderr } = await command.output(), text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** Scripts, with the least number of claims and of figures. */
const SCRIPTS: [path: string, claims: number, figures: number][] = [
  ["examples/papers/izhikevich_2003.ts", 14, 3],
  ["examples/papers/bi_poo_1998.ts", 7, 1],
  ["examples/papers/tsodyks_1998.ts", 6, 4],
  ["examples/papers/izhikevich_2007.ts", 3, 2], // without the hour that its main claim needs
  ["examples/papers/vogels_2011.ts", 7, 2],
  ["examples/oscillation_demo.ts", 9, 4],
  ["examples/morphology_demo.ts", 8, 3],
  ["examples/recall_demo.ts", 4, 0],
  ["examples/growth_demo.ts", 3, 1], // without the time that it takes to settle
  ["examples/grid_nav_benchmark.ts", 3, 2],
  ["examples/iris_benchmark.ts", 2, 2],
  ["examples/mnist_benchmark.ts", 2, 3],
  ["examples/mnist_diagnosis.ts", 3, 1],
  ["examples/fewshot_benchmark.ts", 2, 1],
  ["examples/forgetting_benchmark.ts", 3, 1],
  ["examples/growth_benchmark.ts", 3, 1],
  ["examples/degradation_benchmark.ts", 3, 1],
  ["examples/sleep_benchmark.ts", 3, 1],
];

for (const [path, claims, figures] of SCRIPTS) {
  Deno.test(`${path} holds what it claims and draws its figures`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const { code, out, err } = await runScript(path, "--quick", "--draw", folder);
      assertEquals([code, err.replace(/^.*Check.*\n/gm, "")], [0, ""], out);
      const lines = out.split("\n").filter((line) => /^[✓✗]/.test(line));
      assert(lines.length >= claims, out);
      for (const line of lines) assertMatch(line, /^✓ .+: [-\d.e]+$/);
      const drawn = Array.from(Deno.readDirSync(folder), ({ name }) => name);
      assertEquals(drawn.length, figures);
      for (const name of drawn) {
        const svg = await Deno.readTextFile(`${folder}/${name}`);
        assertStringIncludes(svg, "</svg>");
        assert(!/NaN|Infinity|undefined/.test(svg), name);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("a claim that does not hold makes a script end with code 1, after the others", async () => {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  const { href } = new URL("examples/claim.ts", top);
  await Deno.writeTextFile(
    script,
    `import { claim, flags } from "${href}"; flags(); claim("one", false, 2); claim("two", true, 1 / 3);`,
  );
  const { code, out } = await runScript(script);
  assertEquals([code, out], [1, "✗ one: 2\n✓ two: 0.3333\n"]);
  const wrong = await runScript(script, "--sed", "3");
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.err, "no flag --sed; known are --quick, --seed, --draw");
  await Deno.remove(script);
});
