// A quick script in Node: js-yaml, and Ajv compiled once.
// Usage: node ajv.mjs NODE_MODULES REPOSITORY

import { readFileSync } from "node:fs";
import { packagesOf, recordsOf, validators } from "./schemas.mjs";

const [modules, root] = process.argv.slice(2);
const require = packagesOf(modules);
const yaml = require("js-yaml");
let bad = 0;
for (const [tree, validate] of Object.entries(validators(require, root))) {
  for (const path of recordsOf(root, tree)) {
    const text = readFileSync(path, "utf8");
    const header = text.slice(4, text.indexOf("\n---\n", 4) + 1);
    if (!validate(yaml.load(header, { schema: yaml.JSON_SCHEMA }))) {
      const [{ instancePath, message }] = validate.errors;
      console.log(`${path}: ${instancePath}: ${message}`);
      bad += 1;
    }
  }
}
process.exitCode = bad ? 1 : 0;
