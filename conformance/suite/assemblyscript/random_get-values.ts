// random_get: two draws of crypto.getRandomValues differ.
import { holds } from "./check";

const a = new Uint8Array(32);
const b = new Uint8Array(32);
crypto.getRandomValues(a);
crypto.getRandomValues(b);
let same = true;
for (let i = 0; i < 32; i++) same = same && a[i] == b[i];
holds("the draws differ", !same);
