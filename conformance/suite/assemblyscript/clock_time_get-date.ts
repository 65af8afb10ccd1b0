// clock_time_get: Date.now is of this century, performance.now never runs back.
import { holds } from "./check";

holds("after 2020", Date.now() > 1577836800000);
let last = performance.now();
for (let i = 0; i < 100; i++) {
  const now = performance.now();
  holds("performance.now never runs back", now >= last);
  last = now;
}
