// args_get: process.argv has the program's name and the arguments.
import { equal } from "./check";

equal("number of arguments", process.argv.length.toString(), "4");
equal("arguments", process.argv.slice(1).join("|"), "one|zwei Wörter|");
