/** brainsim */
export { Brain } from "./src/brain/brain.ts";
