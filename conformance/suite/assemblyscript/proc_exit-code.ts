// proc_exit: process.exit ends the program with its code.
console.log("leaving");
process.exit(17);
console.log("not reached");
