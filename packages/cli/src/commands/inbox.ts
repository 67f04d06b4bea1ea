import type { WireAction } from "@writ/server";
import { idPart } from "../route-part.ts";
import { withSession, type CommonOptions } from "../command.ts";
import { actionLines, inboxLine } from "../terminal/action-text.ts";

/** `writ inbox`: what waits for an answer. */
export async function inbox(
  options: CommonOptions & { readonly state?: string; readonly limit?: string; readonly after?: string },
): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const query = { state: options.state ?? "held", limit: options.limit, after: options.after };
    const page = await client.get<{ readonly actions: readonly WireAction[]; readonly next: string | null }>(
      "/api/actions",
      query,
    );
    output.result(page, () => [
      ...(page.actions.length === 0 ? ["nothing waits"] : page.actions.map(inboxLine)),
      ...(page.next === null ? [] : [`more: writ inbox --after ${page.next}`]),
    ]);
    return 0;
  });
}

/** `writ show <id>`: one action, whole. */
export async function show(id: string, options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const action = await client.get<WireAction>(`/api/actions/${idPart(id)}`);
    output.result(action, () => actionLines(action));
    return 0;
  });
}
