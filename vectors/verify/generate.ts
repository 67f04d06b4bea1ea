import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { verifyCases } from "../../packages/verify/test/support/verify-cases.ts";

/** Writes the cases beside it, one file each: `node vectors/verify/generate.ts`. */
const folder = join(import.meta.dirname, "cases");
mkdirSync(folder, { recursive: true });
for (const one of verifyCases()) writeFileSync(join(folder, `${one.name}.json`), `${JSON.stringify(one, null, 1)}\n`);
