import { openFileSigner, serveSigner } from "@writ/ledger";

/**
 * A process of its own for the signer's system tests: `serve <keyHome> <socket> <origin>` serves until it is killed;
 * `race <keyHome> <count> <origin>` signs heads of its own making and prints what was signed.
 */
const [mode = "", keyHome = "", where = "", origin = ""] = process.argv.slice(2);
const signer = await openFileSigner({ keyHome, origin, create: true });

if (mode === "serve") {
  await serveSigner({ signer, socketPath: where });
  process.stdout.write("ready\n");
}
if (mode === "hold") {
  signer.sign({ size: Number(where), root: new Uint8Array(32).fill(7) });
  process.stdout.write("ready\n");
  // Keeps signing, and with it the memory's lock.
  setInterval(() => signer.sign({ size: Number(where), root: new Uint8Array(32).fill(7) }), 50);
}
if (mode === "race") {
  for (let size = 1; size <= Number(where); size++) process.stdout.write(`${size} ${attempt(size)}\n`);
  await signer.close();
}

/** Each process signs roots of its own, so that no head of one fits the other. */
function attempt(size: number): string {
  try {
    signer.sign({ size, root: new Uint8Array(32).fill(process.pid % 251) });
    return "signed";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "untyped";
  }
}
