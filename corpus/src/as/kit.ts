// Work with AssemblyScript's library: maps, strings, arguments, standard input.

function sieve(limit: i32): i32 {
  const crossed = new Uint8Array(limit + 1);
  let primes = 0;
  for (let n = 2; n <= limit; n++) {
    if (crossed[n]) continue;
    primes++;
    for (let m: i64 = i64(n) * n; m <= limit; m += n) crossed[i32(m)] = 1;
  }
  return primes;
}

function words(): void {
  const buffer = new ArrayBuffer(65536);
  let text = "";
  for (let n = process.stdin.read(buffer); n > 0; n = process.stdin.read(buffer)) {
    text += String.UTF8.decode(buffer.slice(0, n));
  }
  const count = new Map<string, i32>();
  const all = text.split("\n").join(" ").split(" ");
  for (let i = 0; i < all.length; i++) {
    const word = all[i];
    if (word.length) count.set(word, (count.has(word) ? count.get(word) : 0) + 1);
  }
  const keys = count.keys().sort();
  for (let i = 0; i < keys.length; i++) console.log(keys[i] + " " + count.get(keys[i]).toString());
}

function garbage(): void {
  let kept = new Array<string>();
  let total = 0;
  for (let i = 0; i < 20000; i++) {
    const s = i.toString().repeat(20);
    total += s.length;
    if (i % 1000 == 0) kept.push(s);
  }
  console.log(total.toString() + " " + kept[kept.length - 1]);
}

const job = process.argv.length > 1 ? process.argv[1] : "";
if (job == "sieve") console.log(sieve(200000).toString());
else if (job == "words") words();
else if (job == "garbage") garbage();
else if (job == "clock") console.log((Date.now() > 1577836800000).toString());
else if (job == "random") console.log((Math.random() != Math.random()).toString());
else if (job == "arguments") console.log(process.argv.slice(2).join("|"));
else if (job == "exit") process.exit(5);
else if (job == "abort") throw new Error("on purpose");
else {
  console.error("kit: unknown job");
  process.exit(2);
}
