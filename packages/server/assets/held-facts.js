import { duration, quoted, size } from "./visible-text.js";

/** What a person must know to answer, as `[name, text, style]`: everything the digest binds, nothing in other words. */
export function factsOf(action) {
  const { contract } = action;
  if (contract === null) return [["Exactly", "its content was erased"], ...circumstances(action)];
  const shape = contract.shape.kind === "process" ? command(action) : statement(contract.shape);
  return [...shape, ...circumstances(action)].filter(([, text]) => text !== null && text !== "");
}

function command({ contract: { shape, scope, limits }, live }) {
  const { argv, cwd, environment, stdin } = shape;
  return [
    ["Exactly", argv.map(quoted).join(" "), "exact"],
    ["In", cwd, "code"],
    ["Run", live ? "live" : "dry: nothing is started"],
    ["May write", scope.write.join("\n") || "nothing", "code"],
    ["May read", scope.read.join("\n"), "code"],
    ["Network", scope.network === "none" ? "none" : `${scope.network}: everything this machine reaches`],
    ["Variables", environment.join(" "), "code"],
    ["Input", stdin === null ? "none" : `${size(stdin.bytes)}, SHA-256 ${stdin.sha256}`, "code"],
    ["At most", `${duration(limits.time_ms)}, ${size(limits.output_bytes)} of output, ${limits.processes} processes`],
  ];
}

function statement({ text, tool, target, args, amount, position, rationale, evidence }) {
  return [
    ["Exactly", text, "exact"],
    ["Tool", tool, "code"],
    ["Arguments", args === null ? null : JSON.stringify(args, undefined, 2), "code"],
    ["Target", target, "code"],
    ["Amount", amount === null ? null : position === null ? amount : `${amount} of a position of ${position}`],
    ["Reason given", rationale],
    ["Evidence", evidence.join("\n")],
  ];
}

function circumstances({ principal, contract, effects, rules, hold, run, digest, proposed_at: proposedAt }) {
  const chain = [principal, ...(contract?.on_behalf_of ?? [])].map(({ type, id }) => `${type} ${id}`);
  const given = hold.approvals_given.map(({ approver }) => approver.id).join(", ");
  return [
    ["Asked by", chain.join(" for ")],
    ["Effects", effects.join(", ") || "none known"],
    [
      "Held by",
      rules
        .filter(({ vote }) => vote === "hold")
        .map(({ id, text }) => `${id}: ${text}`)
        .join("\n"),
    ],
    ["Approvals", `${hold.approvals_given.length} of ${hold.approvals_required}${given && ` (${given})`}`],
    ["Asked", instant(proposedAt)],
    ["Expires", instant(hold.expires_at)],
    ["Of run", run, "code"],
    ["Digest", digest, "code"],
  ];
}

function instant(text) {
  return new Date(text).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}
