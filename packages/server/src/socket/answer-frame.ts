import { SOCKET_FRAME_BYTES_MAX } from "@writ/api";
import { parseJson } from "@writ/canon";

/** Answers a client's frame. A malformed one is answered and the connection stays (spec command.md §22, A-37). */
export function answerFrame(data: unknown): string {
  const [type, payload] = answer(data);
  return JSON.stringify({ type, payload });
}

const DEPTH_MAX = 16;

function answer(data: unknown): readonly [type: string, payload: object] {
  if (typeof data !== "string") return refused("frames are JSON text");
  try {
    const frame = parseJson(data, { maxBytes: SOCKET_FRAME_BYTES_MAX, maxDepth: DEPTH_MAX });
    if (typeof frame !== "object" || frame === null || Array.isArray(frame)) return refused("a frame is an object");
    const { action } = frame as { readonly action?: unknown };
    if (action === "ping") return ["pong", {}];
    return refused(`Unknown action: ${typeof action === "string" ? action.slice(0, 64) : "none"}`);
  } catch (error) {
    return refused(error instanceof Error ? error.message : "the frame is not valid");
  }
}

function refused(message: string): readonly [string, object] {
  return ["error", { message }];
}
