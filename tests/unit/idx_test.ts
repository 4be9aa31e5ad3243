/** IDX files of labelled images: read plain or packed, refused in one line when they are none. */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { FileError } from "../../src/state/errors.ts";
import { parseIdx, readImages } from "../../src/tasks/idx.ts";
import { idx } from "./idx.ts";

const IMAGES = idx([2, 2, 3], Array.from({ length: 12 }, (_, k) => 20 * k)), LABELS = idx([2], [7, 1]);

async function folderOf(files: Record<string, Uint8Array>): Promise<(name: string) => string> {
  const folder = await Deno.makeTempDir();
  for (const [name, bytes] of Object.entries(files)) await Deno.writeFile(`${folder}/${name}`, bytes);
  return (name) => `${folder}/${name}`;
}

async function packed(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

Deno.test("a set of images is read from plain and from packed files", async () => {
  for (const pack of [(bytes: Uint8Array<ArrayBuffer>) => Promise.resolve(bytes), packed]) {
    const ending = pack === packed ? ".gz" : "";
    const where = await folderOf({
      [`train-images-idx3-ubyte${ending}`]: await pack(IMAGES),
      [`train-labels-idx1-ubyte${ending}`]: await pack(LABELS),
    });
    const { pixels, labels, width, height } = await readImages("train", where);
    assertEquals([width, height, [...labels]], [3, 2, [7, 1]]);
    assertEquals([...pixels], Array.from({ length: 12 }, (_, k) => 20 * k));
  }
});

Deno.test("files that are missing, damaged or do not fit together are refused by name", async () => {
  const images = "t10k-images-idx3-ubyte", labels = "t10k-labels-idx1-ubyte";
  await assertRejects(async () => await readImages("test", await folderOf({})), FileError, `${images}"`);
  const halved = (await packed(IMAGES)).slice(0, 20);
  const cases: [Record<string, Uint8Array>, string][] = [
    [{ [images]: IMAGES }, `${labels}"`],
    [{ [images]: IMAGES, [labels]: idx([3], [1, 2, 3]) }, "holds 2 images"],
    [{ [`${images}.gz`]: halved, [labels]: LABELS }, "cannot be unpacked"],
    [{ [images]: idx([12], new Uint8Array(12)), [labels]: LABELS }, "in 1 dimensions"],
  ];
  for (const [files, message] of cases) {
    await assertRejects(async () => await readImages("test", await folderOf(files)), FileError, message);
  }
});

Deno.test("headers that lie are refused before anything is made of them", () => {
  const short = IMAGES.slice(0, -1), other = IMAGES.slice();
  other[2] = 13; // floating-point numbers
  assertThrows(() => parseIdx("a", short, 3), FileError, "2 × 2 × 3 but has 11");
  assertThrows(() => parseIdx("a", other, 3), FileError, "type 13");
  assertThrows(() => parseIdx("a", Uint8Array.of(1, 2, 3), 3), FileError, "no IDX file");
  assertThrows(() => parseIdx("a", new TextEncoder().encode("a,b\n1,2\n3,4\n5,6\n"), 3), FileError, "no IDX file");
  const huge = idx([2, 2, 3], new Uint8Array(12));
  new DataView(huge.buffer).setUint32(4, 2 ** 32 - 1);
  assertThrows(() => parseIdx("a", huge, 3), FileError, "4294967295");
});
