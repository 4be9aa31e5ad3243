/** A worker that answers bundles of samples, as src/evaluation/respond.ts sends them. */

import { decodeSnapshot } from "../snapshot/snapshot.ts";
import { InputError } from "../state/errors.ts";
import { Presenter } from "./presenter.ts";
import type { Answer, Order } from "./respond.ts";

let presenter: Promise<Presenter> | undefined;

async function answer(samples: readonly (ArrayLike<number> | undefined)[], first: number): Promise<Uint16Array> {
  const ready = await presenter!, { neurons } = ready.plan, spikes = new Uint16Array(samples.length * neurons);
  for (const [row, values] of samples.entries()) spikes.set(await ready.show(values, first + row), row * neurons);
  return spikes;
}

self.onmessage = async ({ data }: MessageEvent<Order>) => {
  if (data.kind === "brain") {
    presenter = Presenter.create(decodeSnapshot(data.snapshot), data.presentation);
    presenter.catch(() => {}); // told with the first answer
    return;
  }
  const said = await answer(data.samples, data.first).then(
    (spikes): Answer => ({ ok: true, spikes }),
    (error): Answer => ({ ok: false, message: error?.message ?? String(error), refused: error instanceof InputError }),
  );
  self.postMessage(said);
};
