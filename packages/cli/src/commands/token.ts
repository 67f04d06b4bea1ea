import type { TokenCreated, TokenView } from "@writ/engine";
import { idPart } from "../route-part.ts";
import { withSession, type CommonOptions } from "../command.ts";
import { refuseInsideAgent } from "../terminal/ask.ts";

/** `writ token create <role>`: a new token, whose text is shown this once. */
export async function create(
  role: string,
  options: CommonOptions & { readonly principal?: string; readonly label?: string },
): Promise<number> {
  if (process.env["WRIT_TOKEN"] === undefined) refuseInsideAgent(process.env);
  return withSession(options, async ({ client, output }) => {
    const { principal, label } = options;
    const created = await client.post<TokenCreated>("/api/tokens", { role, principal, label });
    output.result(created, () => [
      created.token,
      `${created.principal.type} ${created.principal.id}, token ${created.token_id}; it is shown this once`,
    ]);
    return 0;
  });
}

/** `writ token list`. */
export async function list(options: CommonOptions): Promise<number> {
  return withSession(options, async ({ client, output }) => {
    const found = await client.get<{ readonly tokens: readonly TokenView[] }>("/api/tokens");
    output.result(found, () => (found.tokens.length === 0 ? ["no tokens"] : found.tokens.map(tokenLine)));
    return 0;
  });
}

/** `writ token revoke <id>`: effective at once. */
export async function revoke(id: string, options: CommonOptions): Promise<number> {
  if (process.env["WRIT_TOKEN"] === undefined) refuseInsideAgent(process.env);
  return withSession(options, async ({ client, output }) => {
    const token = await client.post<TokenView>(`/api/tokens/${idPart(id)}/revoke`);
    output.result(token, () => [`revoked ${token.token_id}`]);
    return 0;
  });
}

function tokenLine(token: TokenView): string {
  const state = token.revoked_at === null ? "active" : `revoked ${token.revoked_at}`;
  return `${token.token_id}  ${token.role.padEnd(8)} ${token.principal.type}:${token.principal.id}  ${state}  ${token.label ?? ""}`;
}
