/** What comes when: images in tasks of some classes each, one task after the other. */

import { RandomStream } from "../state/random.ts";
import type { Images } from "./idx.ts";
import { classesOf } from "./labels.ts";

/** One task: its classes, the images that are shown, in their order, and those of them that have labels for the read-out. */
export interface Phase {
  classes: number[];
  shown: number[];
  labelled: number[];
}

/**
 * Tasks of a class-incremental stream: classes, and the images of each, in orders of the seed's.
 * @param classes that come at a time
 * @param perClass images of each class at most
 */
export function phasesOf(
  images: Images,
  seed: number,
  classes: number,
  perClass: number,
  labelledPerClass: number,
): Phase[] {
  const { labels } = images, known = classesOf(images);
  const all = [...new RandomStream(seed, "classes").permutation(known.length)].map((c) => known[c]);
  const order = [...new RandomStream(seed, "stream").permutation(labels.length)];
  const kept = new Set(all.flatMap((c) => order.filter((k) => labels[k] === c).slice(0, perClass)));
  const each = Math.min(classes, all.length);
  return Array.from({ length: Math.ceil(all.length / each) }, (_, t) => {
    const own = all.slice(t * each, (t + 1) * each),
      shown = order.filter((k) => own.includes(labels[k]) && kept.has(k));
    return {
      classes: own,
      shown,
      labelled: own.flatMap((c) => shown.filter((k) => labels[k] === c).slice(0, labelledPerClass)),
    };
  });
}
