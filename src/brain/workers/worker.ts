/** A worker: it advances its part of a brain, and swaps spikes with the others when those of a step are listed. */

import { serve } from "./serve.ts";

serve((exchange) => ({ integrate: (step) => exchange.swap(step) }));
