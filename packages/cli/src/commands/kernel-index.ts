import { WritError } from "@writ/canon";
import { boundaryReport, parseDomainProfile, surfaceNamed, SURFACES, type Surface } from "@writ/kernel/governance";
import { outputFor, type CommonOptions } from "../command.ts";
import { readExact } from "./kernel-files.ts";

/** `writ kernel surfaces [name]`: the surface index, or one surface of it. */
export function surfaces(name: string | undefined, options: CommonOptions): Promise<number> {
  if (name === undefined) {
    outputFor(options).result({ surfaces: SURFACES }, () => SURFACES.flatMap(linesOf));
    return Promise.resolve(0);
  }
  const found = surfaceNamed(name);
  if (found === undefined) throw unknownSurface(name);
  outputFor(options).result(found, () => linesOf(found));
  return Promise.resolve(0);
}

/** `writ kernel boundary [--profile <file>]`: who owns what; 1 when a profile does not keep to it. */
export function boundary(options: CommonOptions & { readonly profile?: readonly string[] }): Promise<number> {
  const profiles = options.profile?.map((file) => parseDomainProfile(readExact(file)));
  const report = boundaryReport(profiles);
  const { kernel_owns, profile_owns, runtime_owns, sclite_owns } = report.boundary;
  outputFor(options).result(report, () => [
    `kernel   ${kernel_owns.join(" ")}`,
    `profile  ${profile_owns.join(" ")}`,
    `runtime  ${runtime_owns.join(" ")}`,
    `library  ${sclite_owns.join(" ")}`,
    ...report.profile_conformance.map(({ profile, status, forbidden_ownership, unknown_consumes }) =>
      [`${status}  ${profile}`, ...forbidden_ownership.map(owned), ...unknown_consumes.map(unknown)].join("  "),
    ),
  ]);
  return Promise.resolve(report.summary.profile_conformance_passed ? 0 : 1);
}

const owned = (name: string): string => `owns ${name}`;
const unknown = (name: string): string => `consumes ${name}`;

function linesOf({ name, status, modules, claim, non_claims }: Surface): readonly string[] {
  return [`${name}  ${status}`, `  ${claim}`, `  modules: ${modules.join(" ")}`, `  ${non_claims.join(" ")}`];
}

function unknownSurface(name: string): WritError {
  return new WritError({
    code: "USAGE",
    message: `there is no surface \`${name}\``,
    reason: `the surfaces are ${SURFACES.map((surface) => surface.name).join(", ")}`,
    next: "writ kernel surfaces",
  });
}
