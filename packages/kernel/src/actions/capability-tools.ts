import type { ActionType } from "./action-types.ts";
import type { PlannerProfile } from "./planner-profile.ts";

const tools = (text: string): readonly string[] => text.split(" ");

/** The tools that do what a capability names, the first choice first (spec kernel.md §11.5). */
export const CAPABILITY_TOOLS = {
  http_probe: tools("curl httpx"),
  http_fingerprint: tools("httpx whatweb curl"),
  content_discovery: tools("katana ffuf feroxbuster gobuster dirsearch"),
  crawler_route_discovery: tools("katana hakrawler gau httpx"),
  historical_url_collection: tools("gau katana hakrawler"),
  passive_subdomain_discovery: tools("subfinder assetfinder amass"),
  subdomain_permutation: tools("dnsgen dnsx subfinder"),
  dns_resolution: tools("dnsx dig nslookup"),
  dns_enumeration: tools("subfinder assetfinder amass dnsx"),
  parameter_mining: tools("arjun katana curl"),
  service_enumeration: tools("httpx naabu nmap masscan"),
  tls_posture_check: tools("httpx-pd testssl.sh curl"),
  transport_tls_handshake: tools("openssl httpx-pd testssl.sh"),
  secret_exposure_scan: tools("gitleaks trufflehog katana rg"),
  template_detection: tools("nuclei httpx"),
  injection_validation: tools("curl ffuf nuclei"),
  web_misconfig_check: tools("httpx nuclei nikto"),
  packet_observation: tools("mitmdump tcpdump"),
  auth_bruteforce: tools("hydra"),
  wireless_assessment: tools("aircrack-ng iw"),
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type Capability = keyof typeof CAPABILITY_TOOLS;

export const CAPABILITIES = Object.keys(CAPABILITY_TOOLS) as readonly Capability[];

/** Where the kind of action chooses otherwise. */
const ACTION_TOOLS: { readonly [Type in ActionType]?: { readonly [Name in Capability]?: readonly string[] } } = {
  enumeration_probe: { content_discovery: tools("katana gau ffuf feroxbuster") },
  fingerprint_probe: { http_probe: tools("httpx curl") },
};

export function isCapability(text: string): text is Capability {
  return Object.hasOwn(CAPABILITY_TOOLS, text);
}

/** The tools a kind of action prefers for a capability, else none. */
export function actionTools(actionType: ActionType, capability: Capability): readonly string[] {
  return ACTION_TOOLS[actionType]?.[capability] ?? [];
}

/** Families of tasks, with the widest profile whose tools their planner sees. */
export const TASK_FAMILIES = {
  recon: "core",
  subdomain_expansion: "core",
  dns: "core",
  content_discovery: "core",
  historical_url_mining: "core",
  secret_hunt: "extended",
  tls_assessment: "extended",
  network_service: "extended",
  auth: "core",
  auth_flow: "specialized",
  authz: "core",
  logic: "core",
  client_input: "core",
  input_tamper: "core",
  redirect_trust: "core",
  traffic_capture: "specialized",
  wireless: "lab",
} as const satisfies Readonly<Record<string, PlannerProfile>>;
export type TaskFamily = keyof typeof TASK_FAMILIES;

export function isTaskFamily(text: string): text is TaskFamily {
  return Object.hasOwn(TASK_FAMILIES, text);
}
