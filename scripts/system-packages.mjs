import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** What the system tests use besides Node and git: the program, and the Debian package that brings it. */
const needed = [
  ["bwrap", "bubblewrap"],
  ["strace", "strace"],
  ["chromium", "chromium"],
  ["python3", "python3"],
];

/**
 * Installs missing system packages where that needs no question: on Debian, as root. Elsewhere it names them;
 * the tests that need them then say so and count as skipped.
 */
export function ensureSystemPackages() {
  const wanted = missing();
  if (wanted.length > 0 && process.getuid?.() === 0 && onPath("apt-get")) install(wanted);
  const left = missing();
  if (left.length === 0) return;
  process.stderr.write(`writ: not installed: ${left.join(", ")}; the tests that need them are skipped\n`);
}

/** The packages whose program is not there. */
function missing() {
  return needed.filter(([program]) => !onPath(program)).map(([, pack]) => pack);
}

/** Each by itself: a name that this system does not know keeps none of the others back. */
function install(packages) {
  process.stderr.write(`writ: installing ${packages.join(", ")} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  for (const pack of packages) {
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", pack], quiet);
  }
}

function onPath(program) {
  return (process.env.PATH ?? "").split(":").some((folder) => folder !== "" && existsSync(`${folder}/${program}`));
}
