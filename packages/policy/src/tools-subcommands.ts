import type { Effect } from "./governance-vocabulary.ts";

/** `subcommands` in words to what they do. The first row that names the subcommand holds. */
type Rows = readonly (readonly [subcommands: string, ...effects: Effect[]])[];

const PACKAGES: Rows = [
  ["ls list why root prefix bin help version-list explain licenses"],
  ["publish", "external_access", "outbound", "state_change"],
  ["unpublish deprecate dist-tag owner access team org", "destructive", "external_access", "outbound", "state_change"],
  [
    "install i ci add update upgrade up link dedupe rebuild import fetch create init install-test it audit",
    "execution",
    "external_access",
    "state_change",
  ],
  ["uninstall remove rm un prune", "destructive", "execution", "state_change"],
  ["view info show search outdated ping", "external_access"],
  ["login adduser token logout whoami profile", "external_access", "sensitive_data", "state_change"],
  ["config set pkg cache version pack shrinkwrap", "execution", "state_change"],
  ["run run-script test t start stop restart exec x dlx", "execution"],
];

const SYSTEM_PACKAGES: Rows = [
  ["list show search info policy files depends cache-search"],
  [
    "install update upgrade full-upgrade dist-upgrade add reinstall -S -Syu",
    "execution",
    "external_access",
    "state_change",
  ],
  [
    "remove purge autoremove erase del uninstall -R -Rs -Rn -Rns -Rsn clean autoclean",
    "destructive",
    "execution",
    "state_change",
  ],
];

const TABLES: { readonly [program: string]: Rows } = {
  ...each("npm yarn pnpm bun", PACKAGES),
  ...each("apt apt-get apt-cache dnf yum apk pacman zypper brew snap flatpak port", SYSTEM_PACKAGES),
  ...each("pip pip3 uv poetry gem composer bundle conda", [
    ["list show freeze check help tree"],
    ["install download update upgrade add sync lock create require", "execution", "external_access", "state_change"],
    ["uninstall remove", "destructive", "execution", "state_change"],
    ["publish push upload", "external_access", "outbound", "state_change"],
    ["search index", "external_access"],
  ]),
  twine: [["upload", "external_access", "outbound", "state_change"], ["check"]],
  cargo: [
    ["tree metadata locate-project pkgid help"],
    ["publish yank owner", "external_access", "outbound", "state_change"],
    ["search info", "external_access"],
    ["login logout", "external_access", "sensitive_data", "state_change"],
    ["clean", "destructive", "state_change"],
    ["install update add fetch build test run check bench doc clippy", "execution", "external_access", "state_change"],
  ],
  go: [
    ["version help list doc"],
    ["get install mod work", "execution", "external_access", "state_change"],
    ["build test run generate vet", "execution", "state_change"],
    ["clean", "destructive", "state_change"],
  ],
  ...each("docker podman", [
    ["ps images logs inspect version info top stats port history diff events"],
    ["pull search", "external_access", "state_change"],
    ["push", "external_access", "outbound", "state_change"],
    ["rm rmi kill prune down system volume network image container", "destructive", "state_change"],
    ["login logout", "external_access", "sensitive_data", "state_change"],
    ["cp commit tag save load import export rename update", "state_change"],
    ["run exec build create start stop restart", "execution", "external_access", "state_change"],
  ]),
  ...each("kubectl oc helm", [
    [
      "get describe logs top version explain api-resources cluster-info list status history search diff auth",
      "external_access",
    ],
    ["delete drain cordon uninstall", "destructive", "external_access", "state_change"],
    ["exec run attach debug port-forward cp proxy", "execution", "external_access", "outbound"],
    [
      "apply create patch scale rollout edit label annotate set expose replace install upgrade taint",
      "external_access",
      "state_change",
    ],
  ]),
  ...each("terraform tofu pulumi", [
    ["version help"],
    ["fmt", "state_change"],
    ["validate graph", "execution"],
    ["plan preview refresh", "execution", "external_access"],
    ["show output console", "sensitive_data"],
    ["destroy taint state", "destructive", "execution", "external_access", "state_change"],
    ["init get apply up import", "execution", "external_access", "state_change"],
  ]),
  ...each("systemctl service rc-service launchctl", [
    ["status list-units is-active is-enabled list-unit-files show cat is-failed"],
    ["start stop restart reload kill", "execution", "state_change"],
    ["enable disable mask unmask daemon-reload edit set-property", "execution", "privilege_escalation", "state_change"],
    ["poweroff reboot halt", "destructive", "execution"],
  ]),
};

/** Only asking for the version or help; nothing else on the line. */
const ASKING = new Set(["--version", "-V", "-v", "--help", "-h", "version", "help"]);

/**
 * Effects of a program that is many programs, or undefined when `program` is none. The first argument names the
 * subcommand. Where it is an option, whose value may follow, or an unknown word, whatever comes after may be the
 * subcommand: then all that are named count, beside what an unknown one may do.
 */
export function subcommandEffects(program: string, args: readonly string[]): readonly Effect[] | undefined {
  const rows = Object.hasOwn(TABLES, program) ? TABLES[program] : undefined;
  if (rows === undefined) return undefined;
  if (isAsking(args)) return [];
  const spoken = effectsOf(rows, args[0] ?? "") ?? [
    ...unknownSubcommand(rows),
    ...args.flatMap((word) => effectsOf(rows, word) ?? []),
  ];
  return [...spoken, ...optionEffects(args), ...secrets(program, args)];
}

/** True when a lone argument asks for version or help. */
export function isAsking(args: readonly string[]): boolean {
  const [only] = args;
  return args.length === 1 && only !== undefined && ASKING.has(only);
}

function effectsOf(rows: Rows, subcommand: string): readonly Effect[] | undefined {
  const row = rows.find(([names]) => names.split(" ").includes(subcommand));
  return row?.slice(1) as readonly Effect[] | undefined;
}

/** Execution, with the reach and the changes of the program's other subcommands. */
function unknownSubcommand(rows: Rows): readonly Effect[] {
  const known = rows.flatMap(([, ...effects]) => effects);
  return ["execution", ...known.filter((effect) => effect === "external_access" || effect === "state_change")];
}

function optionEffects(args: readonly string[]): readonly Effect[] {
  const privileged = args.some((arg) => arg.startsWith("--privileged") || arg.startsWith("--cap-add"));
  return [
    ...(privileged ? (["privilege_escalation"] as const) : []),
    ...(args.includes("--push") ? (["outbound"] as const) : []),
  ];
}

function secrets(program: string, args: readonly string[]): readonly Effect[] {
  return program !== "npm" && args.some((arg) => /^secrets?(?:\/|$)/u.test(arg)) ? ["sensitive_data"] : [];
}

function each(programs: string, rows: Rows): { readonly [program: string]: Rows } {
  return Object.fromEntries(programs.split(" ").map((program) => [program, rows]));
}
