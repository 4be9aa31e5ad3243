/**
 * What learning by gradients reaches on the same images: a perceptron with a hidden layer, or none (which is logistic
 * regression), trained by Adam (Kingma & Ba 2015) on the cross-entropy. TensorFlow.js computes it.
 */

import { type LayersModel, type Tensor, tensorflow } from "../std/tensorflow/mod.ts";
import { InputError } from "../state/errors.ts";
import { RandomStream } from "../state/random.ts";
import type { Images } from "./idx.ts";

/** How a perceptron is made and trained. */
export interface PerceptronOptions {
  seed: number;
  classes: number;
  /** Hidden units; 0: none. */
  hidden: number;
  /** Rate of Adam. */
  rate?: number;
}

/** Images of one training step. */
export const BATCH = 32;
/** Images of one step of answering. */
const MANY = 500;

/** A perceptron on pixels. */
export class Perceptron implements Disposable {
  #steps = 0;

  private constructor(
    readonly model: LayersModel,
    readonly optimizer: { dispose(): void },
    readonly tensor: (values: Float32Array, shape: [number, number]) => Tensor,
    readonly options: PerceptronOptions,
  ) {}

  /** One that has learnt nothing. */
  static async create({ width, height }: Images, options: PerceptronOptions): Promise<Perceptron> {
    const library = tensorflow().catch((error: Error) => {
      throw new InputError(
        `perceptrons are trained by TensorFlow.js, which a checkout fetches by npm once (${error.message}); ` +
          "leave their arms out with --arms",
      );
    });
    const { core, layers } = await library, { hidden, classes, seed, rate = 1e-3 } = options;
    const sizes = hidden > 0 ? [hidden, classes] : [classes];
    const model = layers.sequential({
      layers: sizes.map((units, k) =>
        layers.layers.dense({
          units,
          activation: k + 1 < sizes.length ? "relu" : "softmax",
          ...k === 0 && { inputShape: [width * height] },
          kernelInitializer: layers.initializers.glorotUniform({ seed: seed + 1000 * k + 1 }),
        })
      ),
    });
    const optimizer = core.train.adam(rate);
    model.compile({ optimizer, loss: "categoricalCrossentropy" });
    return new Perceptron(model, optimizer, core.tensor2d, options);
  }

  /** Learns from labelled images, each pass in another order; it may be called again with others. */
  async learn(images: Images, samples: readonly number[], passes: number): Promise<void> {
    const { seed, classes } = this.options;
    for (let pass = 0; pass < passes; pass++) {
      const order = new RandomStream(seed, `perceptron:${this.#steps++}`).permutation(samples.length);
      const shown = [...order].map((k) => samples[k]), target = new Float32Array(shown.length * classes);
      shown.forEach((k, row) => target[row * classes + images.labels[k]] = 1);
      const x = this.#pixels(images, shown), y = this.tensor(target, [shown.length, classes]);
      await this.model.fit(x, y, { epochs: 1, batchSize: BATCH, shuffle: false, verbose: 0 });
      x.dispose();
      y.dispose();
    }
  }

  /**
   * The class of each image.
   * @param gone hidden units that stay silent
   * @throws {InputError} when there are none that could
   */
  answers(images: Images, samples: readonly number[], gone?: Uint32Array): number[] {
    return gone ? this.#without(gone, () => this.#answers(images, samples)) : this.#answers(images, samples);
  }

  /** Does something while nothing that some hidden units say is heard. */
  #without<T>(gone: Uint32Array, something: () => T): T {
    const { hidden, classes } = this.options;
    if (hidden === 0) throw new InputError("a perceptron without hidden units has none that could be silent");
    const output = this.model.layers.at(-1)!, [kernel, bias] = output.getWeights();
    const values = kernel.dataSync(), heard = Float32Array.from(values);
    for (const unit of gone) heard.fill(0, unit * classes, (unit + 1) * classes);
    const whole = this.tensor(Float32Array.from(values), [hidden, classes]),
      part = this.tensor(heard, [hidden, classes]);
    output.setWeights([part, bias]);
    try {
      return something();
    } finally {
      output.setWeights([whole, bias]);
      whole.dispose();
      part.dispose();
    }
  }

  #answers(images: Images, samples: readonly number[]): number[] {
    const { classes } = this.options, list: number[] = [];
    for (let first = 0; first < samples.length; first += MANY) {
      const part = samples.slice(first, first + MANY), x = this.#pixels(images, part);
      const output = this.model.predict(x, { batchSize: MANY }), values = output.dataSync();
      for (let row = 0; row < part.length; row++) {
        const own = values.subarray(row * classes, (row + 1) * classes);
        list.push(own.indexOf(Math.max(...own)));
      }
      x.dispose();
      output.dispose();
    }
    return list;
  }

  #pixels({ pixels, width, height }: Images, samples: readonly number[]): Tensor {
    const size = width * height, values = new Float32Array(samples.length * size);
    samples.forEach((k, row) => {
      for (let i = 0; i < size; i++) values[row * size + i] = pixels[k * size + i] / 255;
    });
    return this.tensor(values, [samples.length, size]);
  }

  [Symbol.dispose](): void {
    this.model.dispose();
    this.optimizer.dispose();
  }
}
