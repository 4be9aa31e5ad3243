/** Labelled images as IDX files, the format of MNIST and Fashion-MNIST: plain, or packed with gzip. */

import { FileError, show } from "../state/errors.ts";

/** Labelled images of one size. */
export interface Images {
  /** Pixels, 0–255, image by image, row by row. */
  pixels: Uint8Array;
  labels: Uint8Array;
  width: number;
  height: number;
}

/** Names that the two files of a set go by; either may end in `.gz`. */
const FILES = {
  train: ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
  test: ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"],
} as const;

/** Largest file that is read, unpacked: more is no such set. */
const MOST_BYTES = 2 ** 31;

/**
 * Reads a set of labelled images.
 * @param where the place of a file by its name: a path, or a URL
 * @throws {FileError} for a file that is missing or no IDX file, and for sets that do not fit together
 */
export async function readImages(set: keyof typeof FILES, where: (name: string) => string | URL): Promise<Images> {
  const [imagesName, labelsName] = FILES[set];
  const images = parseIdx(imagesName, await readFile(imagesName, where), 3);
  const labels = parseIdx(labelsName, await readFile(labelsName, where), 1);
  const [count, height, width] = images.shape;
  if (labels.shape[0] !== count) {
    throw new FileError(`"${imagesName}" holds ${count} images, "${labelsName}" ${labels.shape[0]} labels`);
  }
  return { pixels: images.data, labels: labels.data, width, height };
}

/** The bytes of a file or of its packed form. */
async function readFile(name: string, where: (name: string) => string | URL): Promise<Uint8Array> {
  for (const variant of [name, `${name}.gz`]) {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = await Deno.readFile(where(variant));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) continue;
      throw new FileError(`Cannot read "${where(variant)}": ${error instanceof Error ? error.message : error}`);
    }
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? await unpack(variant, bytes) : bytes;
  }
  throw new FileError(
    `Cannot find "${where(name)}", packed or not; give the folder that holds the four IDX files of the set`,
  );
}

async function unpack(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    throw new FileError(`"${name}" cannot be unpacked: it is damaged`);
  }
}

/** Data type of unsigned bytes in the header. */
const UNSIGNED_BYTE = 8;

/**
 * An IDX file of unsigned bytes.
 * @param dimensions how many it must have
 * @throws {FileError} when it is none
 */
export function parseIdx(name: string, bytes: Uint8Array, dimensions: number): { shape: number[]; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), header = 4 + 4 * dimensions;
  if (bytes.length < header || view.getUint16(0) !== 0) throw new FileError(`"${name}" is no IDX file`);
  const [type, found] = [view.getUint8(2), view.getUint8(3)];
  if (type !== UNSIGNED_BYTE || found !== dimensions) {
    throw new FileError(
      `"${name}" holds type ${show(type)} in ${found} dimensions; expected unsigned bytes (8) in ${dimensions}`,
    );
  }
  const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(4 + 4 * k));
  const count = shape.reduce((a, b) => a * b, 1);
  if (count > MOST_BYTES || bytes.length !== header + count) {
    throw new FileError(`"${name}" says ${shape.join(" × ")} but has ${bytes.length - header} bytes of data`);
  }
  return { shape, data: bytes.subarray(header) };
}
