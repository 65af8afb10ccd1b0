// environ_get: process.env has the variables.
import { equal, holds } from "./check";

equal("variables", process.env.size.toString(), "2");
equal("LEVEL", process.env.get("LEVEL"), "7");
equal("GREETING", process.env.get("GREETING"), "grüß dich");
holds("UNSET is not set", !process.env.has("UNSET"));
