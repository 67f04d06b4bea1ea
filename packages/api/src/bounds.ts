/** Bounds of the wire, each with its reason. Over them the answer is 413 or 422, and nothing is kept. */

/** Free text of an action (spec command.md §21.6). */
export const TEXT_BYTES_MAX = 64 * 1024;
/** A whole request body: the text, its arguments and room for the JSON around them. */
export const BODY_BYTES_MAX = 1024 * 1024;
/** Nesting of a request body (spec command.md §21.6). */
export const BODY_DEPTH_MAX = 16;
/** Entries or actions in one page. */
export const PAGE_MAX = 500;
/** A page when the caller names no limit. */
export const PAGE_DEFAULT = 50;
/** How long one request may wait for an answer before the client asks again, in milliseconds. */
export const WAIT_MS_MAX = 60_000;
/** Bytes one WebSocket client may leave unread before it is cut off and must resynchronise. */
export const SOCKET_BUFFER_BYTES_MAX = 4 * 1024 * 1024;
/** One WebSocket frame from a client: frames are small commands. */
export const SOCKET_FRAME_BYTES_MAX = 64 * 1024;
/** Connections at once on one listener: each holds a descriptor, and the log needs some of its own. */
export const CONNECTIONS_MAX = 2048;
/** WebSocket clients at once. */
export const SOCKETS_MAX = 1024;
