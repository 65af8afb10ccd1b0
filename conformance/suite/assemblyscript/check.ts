// A check that fails says what was expected and what came, and ends the program.

export function equal(what: string, got: string, want: string): void {
  if (got == want) return;
  process.stderr.write(what + ": expected " + want + ", got " + got + "\n");
  process.exit(1);
}

export function holds(what: string, condition: bool): void {
  equal(what, condition.toString(), "true");
}
