import type { RequestDecoration } from "./decoration.ts";
import { secretMark } from "./secret-reference.ts";

/** Tools that take the decoration of requests. */
export const DECORATED_TOOLS: ReadonlySet<string> = new Set(
  "curl ffuf httpx httpx-pd katana feroxbuster gobuster".split(" "),
);

/**
 * The arguments with the decoration added, unless they already have it (spec kernel.md §12). Secrets are marks that
 * `injectSecrets` fills when the command is sent.
 */
export function decorateArguments(
  tool: string,
  args: readonly string[],
  { headers, cookies, basic_auth: basic }: RequestDecoration,
): readonly string[] {
  if (!DECORATED_TOOLS.has(tool)) return args;
  return [
    ...args,
    ...headers
      .filter(({ name }) => !hasHeader(args, name))
      .flatMap(({ name, value, secret_ref: reference }) => headerOf(tool, name, value ?? secretMark(reference ?? ""))),
    ...cookies
      .filter(({ name }) => !hasCookie(args, name))
      .flatMap(({ name, secret_ref: reference }) => cookieOf(tool, name, secretMark(reference))),
    ...(basic === null || hasBasicAuth(tool, args)
      ? []
      : basicOf(tool, basic.username, secretMark(basic.password_ref))),
  ];
}

function headerOf(tool: string, name: string, value: string): readonly string[] {
  return tool === "httpx" ? ["--headers", name, value] : ["-H", `${name}: ${value}`];
}

function cookieOf(tool: string, name: string, value: string): readonly string[] {
  if (tool === "httpx") return ["--cookies", name, value];
  return [tool === "gobuster" ? "-c" : "-b", `${name}=${value}`];
}

function basicOf(tool: string, user: string, password: string): readonly string[] {
  if (tool === "curl") return ["-u", `${user}:${password}`];
  return tool === "httpx" ? ["--auth", user, password] : [];
}

function hasHeader(args: readonly string[], name: string): boolean {
  const wanted = name.toLowerCase();
  return args.some((argument, index) => {
    const text = argument.toLowerCase();
    return (
      text.startsWith(`${wanted}:`) ||
      text.startsWith(`-h${wanted}:`) ||
      (text === wanted && args[index - 1] === "--headers")
    );
  });
}

function hasCookie(args: readonly string[], name: string): boolean {
  return args.some(
    (argument, index) =>
      argument.split(/[\s;]+/).some((part) => part.startsWith(`${name}=`)) ||
      (argument === name && args[index - 1] === "--cookies"),
  );
}

function hasBasicAuth(tool: string, args: readonly string[]): boolean {
  const flag = tool === "curl" ? /^(?:-u|--user)(?:$|=)/ : /^--auth(?:$|=)/;
  return args.some((argument) => flag.test(argument));
}
