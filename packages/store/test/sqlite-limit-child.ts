import { writeSync } from "node:fs";

import { openSqlite } from "@writ/store";

/** Writes rows until the system refuses, then says what each kind of call answers. */
const [path = ""] = process.argv.slice(2);
const database = openSqlite({ path });
await database.write((tx) => tx.script("CREATE TABLE t (k INTEGER PRIMARY KEY, b BLOB NOT NULL) STRICT"));
const say = (line: string) => writeSync(1, `${line}\n`);
const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error));

for (let k = 0, going = true; going; k++) {
  try {
    await database.write((tx) => tx.run("INSERT INTO t (k, b) VALUES (?, ?)", [k, new Uint8Array(4000)]));
    say(`ack ${k}`);
  } catch (error) {
    say(`first ${codeOf(error)}`);
    going = false;
  }
}
say(`write ${await database.write(async () => "fine").catch(codeOf)}`);
say(`read ${await database.read(async () => "fine").catch(codeOf)}`);
await database.close();
say("closed");
