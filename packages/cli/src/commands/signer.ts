import { openFileSigner, serveSigner } from "@writ/ledger";
import { outputFor, type CommonOptions } from "../command.ts";
import { resolveHomes } from "../homes.ts";
import { firstSignal } from "../terminal/first-signal.ts";

/** `writ signer`: holds the key and the memory of what was signed in a process of its own, until Ctrl-C. */
export async function signer(
  options: CommonOptions & { readonly socket: string; readonly origin: string },
): Promise<number> {
  const homes = resolveHomes(process.env, options.home);
  const stopped = firstSignal();
  const signing = await openFileSigner({
    keyHome: homes.keys,
    dataHome: homes.data,
    origin: options.origin,
    create: true,
  });
  const server = await serveSigner({ signer: signing, socketPath: options.socket });
  const { origin, socket } = options;
  outputFor(options).result({ origin, socket }, () => [`signing for ${origin} on ${socket}`]);
  await stopped;
  await server.close();
  return 0;
}
