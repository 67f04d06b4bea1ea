import { loadRecipes, type CapabilityRecipe, type RecipeStep, type Recipes } from "./recipes.ts";

const probe = (tool: string, line: string): RecipeStep => ({
  tool,
  role: "probe",
  args: line.split(" "),
  input: "none",
});
/** Reads what the step before it found from its standard input, so that no file is named. */
const validate = (tool: string, line: string): RecipeStep => ({
  tool,
  role: "validate",
  args: line.split(" "),
  input: "previous_output",
});

const SHIPPED: readonly CapabilityRecipe[] = [
  {
    name: "historical_then_validate",
    capability: "historical_url_collection",
    actionType: "enumeration_probe",
    steps: [probe("gau", "--subs {target_host}"), validate("httpx", "-silent -status-code -title")],
  },
  {
    name: "crawl_then_validate",
    capability: "crawler_route_discovery",
    actionType: "enumeration_probe",
    steps: [probe("katana", "-u {target} -jc -kf -silent"), validate("httpx", "-silent -status-code -title")],
  },
  {
    name: "subdomains_then_resolve",
    capability: "passive_subdomain_discovery",
    actionType: "enumeration_probe",
    steps: [probe("subfinder", "-silent -d {target_host}"), validate("dnsx", "-silent")],
  },
];

/** The recipes of spec kernel.md §11.5, checked when this file is loaded. */
export const RECIPES: Recipes = loadRecipes(SHIPPED);
