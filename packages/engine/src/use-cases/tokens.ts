import type { Context } from "../context.ts";
import type { TokenCreated, TokenView } from "../documents.ts";
import { engineError, invalidRequest, type EngineError } from "../errors.ts";
import { LABEL_MAX, optionalText, requireOneOf, requireUuid } from "../limits.ts";
import type { Caller } from "../port.ts";
import { checkPrincipalId, principalText } from "../principal.ts";
import { requireOperator } from "../rights.ts";
import { settleAll } from "../settle-all.ts";
import { isToken, lookupOf, newToken, isTokenOf } from "../token-text.ts";
import type { TokenFact } from "../views/fold-fact.ts";

/** Live tokens of one tenant. */
const TOKENS_MAX = 10_000;

export interface TokenOptions {
  readonly role: "operator" | "agent" | "viewer";
  readonly principal?: string;
  readonly label?: string;
}

/** Makes a token; its text is answered here and kept nowhere. */
export async function createToken(context: Context, caller: Caller, options: TokenOptions): Promise<TokenCreated> {
  requireOperator(caller, "create tokens");
  if (caller.auth === "trial") throw outlivesTrial();
  const role = requireOneOf("role", options.role, ["operator", "agent", "viewer"]);
  const label = optionalText("label", options.label, LABEL_MAX);
  const tokenId = context.journal.newId();
  const principal = principalFor(role, options.principal ?? `${role}-${tokenId.slice(-12)}`);
  await context.refresh();
  if (
    context.views.projection.tokens(caller.tenant).filter(({ revoked_at }) => revoked_at === null).length >= TOKENS_MAX
  ) {
    throw invalidRequest("role", `a tenant has at most ${TOKENS_MAX} tokens; revoke some`);
  }
  const token = newToken(role, context.random);
  const draft = {
    kind: "x.token.created",
    data: { token_id: tokenId, role, principal: principalText(principal), ...token.stored },
    ...(label !== undefined && { private: { label } }),
  } as const;
  const written = await context.journal.write({ tenant: caller.tenant, caller }, [draft], [`token:${tokenId}`]);
  if (!written.ok) throw invalidRequest("token_id", "ids are used once");
  return { token: token.text, ...tokenView(requireToken(context, caller, tokenId)) };
}

function outlivesTrial(): EngineError {
  return engineError({
    code: "FORBIDDEN",
    message: "trial mode creates no tokens",
    reason: "a token would outlive the trial, and everybody on this machine could have made it",
    next: "run `writ token create` as the user of the log",
  });
}

/** Viewers are people too; their rights keep them from answering. */
function principalFor(role: TokenOptions["role"], given: string) {
  const type = role === "agent" ? "agent" : "operator";
  const id = given.startsWith(`${type}:`) ? given.slice(type.length + 1) : given;
  checkPrincipalId(id);
  return { type, id } as const;
}

export async function listTokens(context: Context, caller: Caller): Promise<readonly TokenView[]> {
  requireOperator(caller, "list tokens");
  await context.refresh();
  const { projection } = context.views;
  return projection.tokens(caller.tenant).map(tokenView);
}

/** Revoking twice is as revoking once. What the token proposed and has not happened is decided again, and denied. */
export async function revokeToken(context: Context, caller: Caller, tokenId: string): Promise<TokenView> {
  requireOperator(caller, "revoke tokens");
  requireUuid("token_id", tokenId);
  await context.refresh();
  const token = requireToken(context, caller, tokenId);
  if (token.revoked_at === null) {
    const { role, principal, salt, hash } = token;
    const draft = {
      kind: "x.token.revoked",
      data: { token_id: tokenId, role, principal: principalText(principal), salt, hash },
    } as const;
    await context.journal.write({ tenant: caller.tenant, caller }, [draft], [`token:${tokenId}:revoked`]);
    await settleAll(context, caller.tenant);
  }
  return tokenView(requireToken(context, caller, tokenId));
}

function requireToken({ views }: Context, caller: Caller, tokenId: string): TokenFact {
  const token = views.projection.token(caller.tenant, tokenId);
  if (token !== undefined) return token;
  throw engineError({
    code: "TOKEN_NOT_FOUND",
    message: `there is no token \`${tokenId}\``,
    reason: "no token of this tenant has this id",
    next: "list the tokens to find the id",
  });
}

function tokenView({ token_id, role, principal, label, created_at, revoked_at }: TokenFact): TokenView {
  return { token_id, role, principal, label, created_at, revoked_at };
}

/** The caller a token stands for. Costs two digests, however many tokens there are. */
export async function authenticate(context: Context, text: string): Promise<Caller | undefined> {
  if (!isToken(text)) return undefined;
  await context.refresh();
  for (const token of context.views.projection.tokensByLookup(lookupOf(text))) {
    const matches = isTokenOf(text, token.salt, token.hash);
    if (!matches || token.revoked_at !== null) continue;
    const { tenant, principal, role, token_id } = token;
    return { tenant, principal, onBehalfOf: [], rights: role, auth: "token", credential: token_id };
  }
  return undefined;
}
