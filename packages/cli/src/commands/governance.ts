import type { GovernanceView } from "@writ/engine";
import { withSession, type CommonOptions } from "../command.ts";
import { refuseInsideAgent } from "../terminal/ask.ts";

type Setting = "mode" | "posture";

/** `writ mode [name]`, `writ posture [name]`: shows the setting, or changes it. */
export async function setting(field: Setting, value: string | undefined, options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    if (value !== undefined && process.env["WRIT_TOKEN"] === undefined) refuseInsideAgent(process.env);
    const governance =
      value === undefined
        ? await client.get<GovernanceView>("/api/governance")
        : await client.post<GovernanceView>("/api/governance", { [field]: value });
    output.result(governance, () => [`${governance.mode} · ${governance.posture}`]);
    return 0;
  });
}
