// fd_write: console.log writes lines to standard output, what is for standard error does not go there.
console.log("first");
process.stderr.write("not here\n");
process.stdout.write("second, ✓");
