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
  const missing = needed.filter(([program]) => !onPath(program)).map(([, pack]) => pack);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !onPath("apt-get")) {
    process.stderr.write(`writ: not installed: ${missing.join(", ")}; the tests that need them are skipped\n`);
    return;
  }
  process.stderr.write(`writ: installing ${missing.join(", ")} …\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], quiet);
}

function onPath(program) {
  return (process.env.PATH ?? "").split(":").some((folder) => folder !== "" && existsSync(`${folder}/${program}`));
}
