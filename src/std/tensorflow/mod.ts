/**
 * The door to TensorFlow.js (Smilkov et al. 2019), on WebAssembly and one thread: networks that benchmarks are compared
 * with. It is fetched by npm when it is first asked for, and neither a compiled program nor anything else carries it.
 */

const VERSION = "4.22.0", CORE = `npm:@tensorflow/tfjs-core@${VERSION}`;
const LAYERS = `npm:@tensorflow/tfjs-layers@${VERSION}`, WASM = `npm:@tensorflow/tfjs-backend-wasm@${VERSION}`;

/** Numbers in the memory of TensorFlow.js. */
export interface Tensor {
  dataSync(): Float32Array;
  dispose(): void;
}

/** A layered network that is trained by gradients. */
export interface LayersModel {
  compile(options: { optimizer: unknown; loss: string }): void;
  fit(
    x: Tensor,
    y: Tensor,
    options: { epochs: number; batchSize: number; shuffle: false; verbose: 0 },
  ): Promise<unknown>;
  predict(x: Tensor, options: { batchSize: number }): Tensor;
  dispose(): void;
  layers: Layer[];
}

/** One layer: of all-to-all units, its kernel and its bias. */
export interface Layer {
  getWeights(): Tensor[];
  setWeights(weights: Tensor[]): void;
}

/** What is used of tfjs-core. */
export interface Core {
  setBackend(name: string): Promise<boolean>;
  tensor2d(values: Float32Array, shape: [number, number]): Tensor;
  train: { adam(rate: number): { dispose(): void } };
}

/** A layer of all-to-all units, as far as it is described here. */
export interface DenseOptions {
  units: number;
  activation: "relu" | "softmax";
  inputShape?: number[];
  kernelInitializer: unknown;
}

/** What is used of tfjs-layers. */
export interface Layers {
  sequential(options: { layers: unknown[] }): LayersModel;
  layers: { dense(options: DenseOptions): unknown };
  initializers: { glorotUniform(options: { seed: number }): unknown };
}

let loaded: Promise<{ core: Core; layers: Layers }> | undefined;

/**
 * Loads it.
 * @throws {Error} where it cannot be had: in a compiled program, or without the network when it was never fetched
 */
export function tensorflow(): Promise<{ core: Core; layers: Layers }> {
  return loaded ??= load();
}

async function load(): Promise<{ core: Core; layers: Layers }> {
  if (Deno.build.standalone) throw new Error("a compiled program does not carry it");
  const core: Core = await import(CORE);
  const wasm: { setWasmPaths(folder: string): void; setThreadsCount(threads: number): void } = await import(WASM);
  const layers: Layers = await import(LAYERS);
  wasm.setThreadsCount(1);
  wasm.setWasmPaths(new URL(".", import.meta.resolve(WASM)).href);
  if (!await core.setBackend("wasm")) throw new Error("TensorFlow.js found no WebAssembly");
  return { core, layers };
}
