// A linter of front matter as sites of many pages run it: gray-matter, Ajv compiled
// once, all errors of a file, files read without waiting for one another.
// Usage: node gray_matter.mjs NODE_MODULES REPOSITORY

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { packagesOf, recordsOf, validators } from "./schemas.mjs";

const [modules, root] = process.argv.slice(2);
const require = packagesOf(modules);
const matter = require("gray-matter");
// The parser that gray-matter itself brings; dates, and keys such as `on`, stay text.
const yaml = createRequire(require.resolve("gray-matter"))("js-yaml");
const engines = { yaml: (text) => yaml.safeLoad(text, { schema: yaml.JSON_SCHEMA }) };

async function lint(path, validate) {
  const { data } = matter(await readFile(path, "utf8"), { engines });
  if (validate(data)) return [];
  return validate.errors.map((e) => `${path}: ${e.instancePath}: ${e.message}`);
}

const found = [];
for (const [tree, validate] of Object.entries(
  validators(require, root, { allErrors: true }),
)) {
  const paths = recordsOf(root, tree);
  for (let first = 0; first < paths.length; first += 100) {
    const some = paths.slice(first, first + 100);
    found.push(...(await Promise.all(some.map((path) => lint(path, validate)))));
  }
}
const lines = found.flat();
if (lines.length) console.log(lines.join("\n"));
process.exitCode = lines.length ? 1 : 0;
