import { contractDigest, shapeProcess } from "@writ/kernel";

/** What an agent asked for, as exactly what would happen. Malformed input throws a `WritError` that says what to do. */
export const contract = shapeProcess({
  tenant: "acme",
  principal: { type: "agent", id: "claude" },
  onBehalfOf: [{ type: "operator", id: "anna" }],
  effects: ["state_change"],
  argv: ["npm", "test"],
  cwd: "/work/project",
  scope: { write: ["out"] },
});

/** The one name of this action. Any change of any field gives another one. */
export const digest = contractDigest(contract);
