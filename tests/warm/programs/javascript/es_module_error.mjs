// test: {"status": "error"}
import {nothing} from "./missing.mjs";
console.log(nothing);
