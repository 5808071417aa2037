/** GitHub's real payloads, as its community collected them. */
import collected from "@octokit/webhooks-examples";

export type GithubExamples = { readonly name: string; readonly examples: readonly object[] };

/** By event; the package's own types are those of another kind of module. */
export const GITHUB_EXAMPLES = collected as unknown as readonly GithubExamples[];
