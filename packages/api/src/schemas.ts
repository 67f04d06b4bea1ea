import { z } from "zod";
import { ACTION_NAMES, EFFECTS } from "@writ/kernel";
import { PAGE_DEFAULT, PAGE_MAX, TEXT_BYTES_MAX, WAIT_MS_MAX } from "./bounds.ts";

/**
 * Requests of the wire as closed zod schemas: unknown keys, wrong types and values out of bounds are refused.
 * They are built on first use, because a command that only prints help should not pay for them.
 */
export const requests = lazily(() => {
  const id = z
    .string()
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/, "must be a lower-case UUIDv7");
  const digest = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits");
  const text = z.string().min(1).max(TEXT_BYTES_MAX).refine(fitsBytes, `must be at most ${TEXT_BYTES_MAX} bytes`);
  const whole = (min: number, max: number) =>
    z
      .string()
      .regex(/^-?\d{1,16}$/, "must be a whole number")
      .transform(Number)
      .pipe(z.int().min(min).max(max));
  const limit = whole(1, PAGE_MAX).default(PAGE_DEFAULT);
  const path = z.string().min(1).max(4096);
  const note = z.string().max(4096);
  const name = z.string().min(1).max(1024);
  // No column holds a NUL, so nothing that is looked up has one.
  const looked = (max: number) => z.string().max(max).refine(withoutNul, "must not hold a NUL character");
  const decimal = z.string().regex(/^-?\d{1,30}(\.\d{1,18})?$/, "must be a decimal number as text, such as `12.50`");
  const amount = z.union([decimal, z.int().transform(String)]);
  const effects = z.array(z.enum(EFFECTS)).max(EFFECTS.length);

  const process = z.strictObject({
    argv: z
      .array(z.string().max(24 * 1024))
      .min(1)
      .max(1024),
    cwd: path,
    environment: z.array(z.string().min(1).max(256)).max(256).default([]),
    stdin: z
      .strictObject({
        sha256: digest,
        bytes: z
          .int()
          .min(0)
          .max(2 ** 40),
      })
      .nullable()
      .default(null),
  });
  const scope = z.strictObject({
    write: z.array(path).max(64).default([]),
    read: z.array(path).max(64).default([]),
    network: z.enum(["none", "host"]).default("none"),
  });
  const limits = z.strictObject({
    time_ms: z.int().min(1).max(86_400_000).optional(),
    output_bytes: z
      .int()
      .min(0)
      .max(2 ** 30)
      .optional(),
    processes: z.int().min(1).max(4096).optional(),
  });
  const run = z
    .string()
    .max(128)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:@/+-]*$/, "must be letters, digits and `._:@/+-`");
  const common = { id: id.optional(), run: run.optional(), effects: effects.optional() };
  const statement = z.strictObject({
    ...common,
    action: text,
    kind: z.enum(ACTION_NAMES).exclude(["process.exec"]).optional(),
    tool: z.string().min(1).max(256).optional(),
    args: z.json().optional(),
    target: z.string().min(1).max(4096).optional(),
    amount: amount.optional(),
    position: amount.optional(),
    rationale: text.optional(),
    evidence: z
      .union([
        z
          .string()
          .min(1)
          .max(4096)
          .transform((one) => [one]),
        z.array(z.string().min(1).max(4096)).max(64),
      ])
      .optional(),
  });
  const command = z.strictObject({
    ...common,
    process,
    scope: scope.optional(),
    limits: limits.optional(),
    live: z.boolean().optional(),
  });

  const commandCheck = command.omit({ id: true });
  const statementCheck = statement.omit({ id: true });

  return {
    id,
    command,
    statement,
    propose: z.union([command, statement]),
    commandCheck,
    statementCheck,
    check: z.union([commandCheck, statementCheck]),
    nothing: z.strictObject({}),
    confirm: z.strictObject({ digest: digest.optional(), note: note.optional() }),
    reject: z.strictObject({ note: note.optional() }),
    complete: z.strictObject({ outcome: z.enum(["done", "failed"]), detail: note.optional() }),
    run: z.strictObject({ live: z.boolean().default(false) }),
    ticket: z.strictObject({ mode: z.enum(["dry", "live"]).default("dry") }),
    redeem: z.strictObject({ action_digest: digest }),
    listActions: z.strictObject({
      state: looked(32).optional(),
      status: looked(32).optional(),
      run: looked(128).optional(),
      after: looked(64).optional(),
      limit,
    }),
    wait: z.strictObject({
      wait: z.enum(["answered", "settled"]).optional(),
      timeout_ms: whole(0, WAIT_MS_MAX).default(WAIT_MS_MAX),
    }),
    index: whole(0, Number.MAX_SAFE_INTEGER),
    governance: z.strictObject({
      mode: z.string().max(64).nullish(),
      posture: z.string().max(64).nullish(),
      role: z.string().max(64).nullish(),
      reasoning_mode: z.string().max(64).nullish(),
      reasoning_depth: z.string().max(64).nullish(),
      response_style: z.string().max(64).nullish(),
      output_format: z.string().max(64).nullish(),
      narrative_strength: z.union([z.number().min(0).max(1), z.string().max(8)]).nullish(),
      expertise_level: z.string().max(64).nullish(),
      interaction_mode: z.string().max(64).nullish(),
      domain: z.string().max(256).nullish(),
      communication_pref: z.string().max(64).nullish(),
      goal: z.string().max(256).nullish(),
    }),
    exportLog: z.strictObject({
      run: looked(128).min(1).optional(),
      since: whole(1, Number.MAX_SAFE_INTEGER).optional(),
      closed: z
        .enum(["true", "false"])
        .default("false")
        .transform((text) => text === "true"),
    }),
    recordReplay: z.strictObject({
      root_tag: name,
      chain_id: name,
      key_id: name,
      root_chain_digest: z.string().max(1024).default(""),
      ticket_id: z.string().max(1024).default(""),
      run_id: z.string().max(1024).default(""),
      guard_profile: z.string().max(1024).default(""),
      observed_at: z.string().max(1024).default(""),
      require_fresh: z.boolean().default(true),
    }),
    useScopedTicket: z.strictObject({ ticket: text, contract: text, runtime: name }),
    seal: z.strictObject({ receipt: z.json(), fence: z.int().min(1) }),
    listEntries: z.strictObject({
      after: whole(-1, Number.MAX_SAFE_INTEGER).default(-1),
      limit,
      run: looked(128).optional(),
      kind: looked(64).optional(),
    }),
    createToken: z.strictObject({
      role: z.enum(["operator", "agent", "viewer"]),
      principal: z
        .string()
        .regex(/^[A-Za-z0-9._:-]{1,64}$/)
        .optional(),
      label: z.string().max(256).optional(),
    }),
    activatePolicies: z.strictObject({
      folder: path.startsWith("/", "must be an absolute path").optional(),
      digest: digest.optional(),
      replaces: digest.optional(),
      dry_run: z.boolean().default(false),
    }),
    recover: z.strictObject({ ticket_id: id.optional() }),
    erase: z.strictObject({
      subject: z.string().min(1).max(128),
      ground: z.string().min(1).max(1024),
      dry_run: z.boolean().default(false),
    }),
    retain: z.strictObject({
      kind: z.string().min(1).max(64),
      days: z.int().min(7).max(36_500),
      ground: z.string().min(1).max(1024),
      hold_runs: z.array(z.string().min(1).max(256)).max(256).default([]),
      hold_subjects: z.array(z.string().min(1).max(256)).max(256).default([]),
      dry_run: z.boolean().default(false),
    }),
  };
});

function withoutNul(text: string): boolean {
  return !text.includes("\0");
}

function fitsBytes(text: string): boolean {
  // No UTF-16 unit takes more than three bytes.
  return text.length * 3 <= TEXT_BYTES_MAX || new TextEncoder().encode(text).byteLength <= TEXT_BYTES_MAX;
}

/** A value made at its first call and kept. */
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
