/** What a client needs, without the schemas: importing it costs a fraction of a millisecond. */
export { classify } from "./classify.ts";
export {
  createClient,
  failureOf,
  withQuery,
  type Client,
  type Query,
  type Transport,
  type WireAnswer,
  type WireRequest,
} from "./client.ts";
export { ERROR_TABLE, type ErrorClass, type ExitCode } from "./errors.ts";
