/** Words of typed execution (spec kernel.md §24); every set is closed. */
export const OPERATION_MODES = ["dry_run", "observe", "emergency_readonly", "read_only", "apply"] as const;
export const NETWORK_EGRESS = [
  "local_subprocess",
  "no_network",
  "outbound_http",
  "outbound_ssh",
  "plugin_undeclared",
] as const;
export const IDENTITY_NEEDS = ["api_token_optional", "none", "plugin_declared", "ssh_identity"] as const;
export const BACKEND_POSTURES = ["fixture_only", "live_backend", "mock"] as const;
export const RAW_SHELLS: ReadonlySet<string> = new Set(["local_shell", "raw_shell", "shell", "ssh", "subprocess"]);

/** What each kind of backend is: it reaches the network in one way and takes one kind of identity. */
export interface BackendClass {
  readonly egress: (typeof NETWORK_EGRESS)[number];
  readonly identity: (typeof IDENTITY_NEEDS)[number];
  readonly posture: (typeof BACKEND_POSTURES)[number];
}

export const BACKEND_CLASSES: Readonly<Record<string, BackendClass>> = {
  http_api: { egress: "outbound_http", identity: "api_token_optional", posture: "live_backend" },
  local_shell_readonly: { egress: "local_subprocess", identity: "none", posture: "live_backend" },
  mock: { egress: "no_network", identity: "none", posture: "mock" },
  ssh_readonly: { egress: "outbound_ssh", identity: "ssh_identity", posture: "live_backend" },
  static_fixture: { egress: "no_network", identity: "none", posture: "fixture_only" },
};

/** The backend class of that name, if it is one. */
export function backendClass(name: string): BackendClass | undefined {
  return Object.hasOwn(BACKEND_CLASSES, name) ? BACKEND_CLASSES[name] : undefined;
}
