/** The door to fast Fourier transforms. */

// @ts-types="./mod.d.ts"
export { default as FFT } from "npm:fft.js@4.0.4";
