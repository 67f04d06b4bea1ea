export { verifyLogFile, verifyLogFileOnAllCores } from "./log-file.ts";
export type { LogFileOptions } from "./log-file.ts";
export { runVerify } from "./main.ts";
export type { VerifyIo } from "./main.ts";
