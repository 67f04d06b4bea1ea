export { verifyLogFile, verifyLogFileOnAllCores } from "./log-file.ts";
export type { LogFileOptions } from "./log-file.ts";
export { parseArguments } from "./arguments.ts";
export type { VerifyArguments } from "./arguments.ts";
export { isDatabaseAddress, nameOfDatabase } from "./database-address.ts";
export { kindOfFile } from "./input-files.ts";
export { runVerify } from "./main.ts";
export type { LogCopy, VerifyIo } from "./main.ts";
