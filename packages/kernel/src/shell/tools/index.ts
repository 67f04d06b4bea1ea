import type { Tool, ToolTable } from "../tool.ts";
import { ARCHIVE_TOOLS } from "./archive.ts";
import { BUILD_TOOLS } from "./build.ts";
import { BUILTINS } from "./builtins.ts";
import { CLOUD_TOOLS } from "./cloud.ts";
import { DATABASE_TOOLS } from "./database.ts";
import { FILE_TOOLS } from "./files.ts";
import { GIT_TOOLS } from "./git.ts";
import { NETWORK_TOOLS } from "./network.ts";
import { PACKAGE_TOOLS } from "./packages.ts";
import { SYSTEM_TOOLS } from "./system.ts";
import { TEXT_TOOLS } from "./text.ts";
import { WRAPPERS } from "./wrappers.ts";

const TABLES: readonly ToolTable[] = [
  BUILTINS,
  TEXT_TOOLS,
  FILE_TOOLS,
  DATABASE_TOOLS,
  ARCHIVE_TOOLS,
  GIT_TOOLS,
  NETWORK_TOOLS,
  PACKAGE_TOOLS,
  BUILD_TOOLS,
  CLOUD_TOOLS,
  SYSTEM_TOOLS,
  WRAPPERS,
];

let index: ReadonlyMap<string, Tool> | undefined;

/** The grammar of a program, by its name without a folder. */
export function findTool(name: string): Tool | undefined {
  index ??= new Map(
    TABLES.flatMap((table) =>
      Object.entries(table).flatMap(([names, tool]) => names.split(" ").map((one) => [one, tool] as const)),
    ),
  );
  return index.get(name);
}
