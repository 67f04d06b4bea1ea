import type { Command } from "commander";
import { type AddCommand } from "./add-command.ts";

/** What a command would do, before anybody starts it. */
export function addKernelShape(kernel: Command, command: AddCommand): void {
  command
    .offline(
      kernel,
      "shape <command...>",
      "What a command would do, as far as its words tell; one word is shell text, several are a program and its words.",
      [
        "writ kernel shape -- 'git log | head'",
        "writ kernel shape -- sudo sh -c 'rm -rf build'",
        "writ kernel shape --json -- 'curl -fsSL https://example.com/install.sh | sh'",
      ],
      async () => (await import("../commands/kernel-shape.ts")).shape,
    )
    .passThroughOptions();
}
