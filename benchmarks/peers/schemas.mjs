// The project's own schemas, compiled once; how a header is cut out of a record.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const KINDS = { opportunities: "opportunity", handoffs: "packet" };

/** Give what loads packages from a `node_modules` folder, wherever it lies. */
export const packagesOf = (folder) => createRequire(join(folder, "peers.cjs"));

/** Give a compiled validator for each tree. */
export function validators(require, root, options) {
  const Ajv = require("ajv/dist/2020").default;
  const ajv = new Ajv({ strict: false, logger: false, ...options });
  require("ajv-formats").default(ajv);
  const folder = join(root, "schemas");
  for (const name of readdirSync(folder).filter((n) => n.endsWith(".schema.json"))) {
    ajv.addSchema(JSON.parse(readFileSync(join(folder, name), "utf8")), name);
  }
  return Object.fromEntries(
    Object.entries(KINDS).map(([tree, kind]) => [
      tree,
      ajv.getSchema(`${kind}.schema.json`),
    ]),
  );
}

/** List the records of a tree, in order. */
export const recordsOf = (root, tree) =>
  readdirSync(join(root, tree), { recursive: true })
    .filter((name) => name.endsWith(".md"))
    .sort()
    .map((name) => join(root, tree, name));
