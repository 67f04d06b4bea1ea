export * from "./bounds.ts";
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
export { openApiDocument } from "./openapi.ts";
export { ROUTES, type Role, type Route } from "./routes.ts";
export { requests } from "./schemas.ts";
