import { WebSocket } from "ws";
import type { House } from "./house.ts";

export interface Frame {
  readonly type: string;
  readonly payload: Record<string, unknown>;
}

/** A connected WebSocket client that keeps what it was told. */
export interface Listener {
  readonly socket: WebSocket;
  readonly frames: readonly Frame[];
  /** The payload of the next frame of a type that this was not asked about yet. */
  readonly seen: (
    type: string,
    fits?: (payload: Record<string, unknown>) => boolean,
  ) => Promise<Record<string, unknown>>;
  /** The close code, once it is closed. */
  readonly closed: Promise<number>;
}

/** Connects; rejects with the HTTP status where the server refuses. */
export async function listen(
  house: House,
  token: string | undefined,
  headers: Record<string, string> = {},
  protocols: readonly string[] = ["writ"],
  options: { readonly autoPong?: boolean } = {},
): Promise<Listener> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`ws://127.0.0.1:${String(house.port)}/ws`, [...protocols], {
    headers: { ...authorization, ...headers },
    ...options,
  });
  const frames: Frame[] = [];
  const unread: Frame[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (data: Buffer) => {
    const frame = JSON.parse(data.toString("utf8")) as Frame;
    frames.push(frame);
    unread.push(frame);
    for (const look of waiting) look();
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  socket.on("error", () => {});
  return { socket, frames, closed, seen };

  function seen(type: string, fits: (payload: Frame["payload"]) => boolean = () => true): Promise<Frame["payload"]> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const at = unread.findIndex((frame) => frame.type === type && fits(frame.payload));
        if (at === -1) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(unread.splice(at, 1)[0]?.payload ?? {});
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`no ${type} among ${frames.map((frame) => frame.type).join(", ")}`));
      }, 10_000);
      waiting.add(look);
      look();
    });
  }
}
