/** Snapshots as files: whole or not at all, and none is lost. */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { loadBrain, saveBrain } from "../../src/snapshot/file.ts";
import { FileError, InputError } from "../../src/state/errors.ts";
import { differences } from "./differences.ts";
import { randomBrain } from "./random_brain.ts";
import { BYTES, small } from "./small.ts";

/** Runs with the path of an empty folder, which is removed afterwards. */
async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const list = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("saving leaves the file and nothing else", () =>
  inFolder(async (folder) => {
    await saveBrain(small(), `${folder}/a.brain`);
    assertEquals(list(folder), ["a.brain"]);
    assertEquals(await Deno.readFile(`${folder}/a.brain`), BYTES);
    assertEquals(differences(await loadBrain(`${folder}/a.brain`), small()), []);
  }));

Deno.test("an existing file is kept unless overwriting is asked for", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`, brain = small();
    await Deno.writeTextFile(path, "precious");
    const error = await assertRejects(() => saveBrain(brain, path), InputError);
    assertStringIncludes(error.message, path);
    assertStringIncludes(error.message, "exists");
    assertEquals([await Deno.readTextFile(path), list(folder)], ["precious", ["a.brain"]]);
    await saveBrain(brain, path, { overwrite: true });
    assertEquals([await Deno.readFile(path), list(folder)], [BYTES, ["a.brain"]]);
  }));

Deno.test("a file that cannot be written is a FileError, and leaves nothing behind", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/taken.brain`);
    for (const path of [`${folder}/missing/a.brain`, `${folder}/taken.brain`]) {
      const error = await assertRejects(() => saveBrain(small(), path, { overwrite: true }), FileError);
      assertStringIncludes(error.message, path);
      assertEquals(list(folder), ["taken.brain"]);
    }
  }));

Deno.test("two savings of one path at the same time leave one whole file", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.brain`, one = small(), other = randomBrain(3);
    for (let k = 0; k < 5; k++) {
      await Promise.all([one, other, one, other].map((b) => saveBrain(b, path, { overwrite: true })));
    }
    assertEquals(list(folder), ["a.brain"]);
    const loaded = await loadBrain(path);
    const same = [one, other].filter((b) => JSON.stringify(b.spec) === JSON.stringify(loaded.spec));
    assertEquals(same.length, 1);
    assertEquals(differences(loaded, same[0]), []);
  }));

Deno.test("a file that is not there, is a folder or is no snapshot is a FileError that names it", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/text.brain`, "no snapshot");
    await Deno.writeFile(`${folder}/half.brain`, BYTES.subarray(0, 500));
    const cases = {
      "missing.brain": "no such file",
      "": "folder",
      "text.brain": "not a brainsim",
      "half.brain": "truncated",
    };
    for (const [name, word] of Object.entries(cases)) {
      const path = `${folder}/${name}`, error = await assertRejects(() => loadBrain(path), FileError);
      assertStringIncludes(error.message, path);
      assertStringIncludes(error.message, word);
    }
  }));
