/** Sentences about what machines report: checks, workflows, deployments, commit states. */
import { bold, code } from "./quote.ts";
import { outcome } from "./github-outcome.ts";
import { actor, commit, firstLine, named, refName, words, type Post, type Sentence, type Told } from "./github-post.ts";

/** How it ended, or where it stands while it has not. */
const state = (post: Post, path: string): string =>
  outcome(post.text(`${path}.conclusion`) || post.text(`${path}.status`) || post.action);

const on = (post: Post, path: string): string => {
  const branch = post.text(`${path}.head_branch`);
  return `${branch === "" ? "" : ` on ${code(branch)}`} at ${commit(post.text(`${path}.head_sha`))}`;
};

/** What runs, what became of it, and who set it off. */
const run =
  (kind: string, path: string, nameAt: string): Sentence =>
  (post): Told => {
    const name = post.text(`${path}.${nameAt}`);
    const by = post.action === "rerequested" ? "asked for again by" : "set off by";
    return {
      lead: `The ${kind}${name === "" ? "" : ` ${bold(name)}`} ${state(post, path)}${on(post, path)} (${by} ${actor(post)})`,
      url: post.text(`${path}.html_url`),
    };
  };

const aboutCheckRun: Sentence = (post) => ({
  ...run("check run", "check_run", "name")(post),
  title: post.text("check_run.output.title"),
  body: post.text("check_run.output.summary"),
});

const aboutCheckSuite: Sentence = (post) => ({
  ...run("check suite", "check_suite", "app.name")(post),
  title: firstLine(post.text("check_suite.head_commit.message")),
  url: post.text("repository.html_url"),
});

const aboutWorkflowRun: Sentence = (post) => ({
  ...run(`workflow run #${Number(post.text("workflow_run.run_number")) || "?"}`, "workflow_run", "name")(post),
  title: post.text("workflow_run.display_title") || firstLine(post.text("workflow_run.head_commit.message")),
});

/** What is deployed where. */
const deployment = (post: Post): string =>
  `${code(refName(post.text("deployment.ref")) || "?")} to ${named(post.text("deployment.environment"), "an environment")}`;

const aboutStatus: Sentence = (post) => ({
  lead: `The check ${code(post.text("context") || "default")} of the commit ${commit(post.text("sha"))} ${outcome(post.text("state"))} (reported by ${actor(post)})`,
  title: firstLine(post.text("commit.commit.message")),
  body: post.text("description"),
  url: post.text("target_url") || post.text("commit.html_url"),
});

export const BUILDS: Readonly<Record<string, Sentence>> = {
  check_run: aboutCheckRun,
  check_suite: aboutCheckSuite,
  workflow_run: aboutWorkflowRun,
  workflow_job: run("workflow job", "workflow_job", "name"),
  deployment: (post) => ({
    lead: `${actor(post)} asked to deploy ${deployment(post)}`,
    body: post.text("deployment.description"),
    url: post.text("repository.html_url"),
  }),
  deployment_status: (post) => ({
    lead: `The deployment of ${deployment(post)} ${outcome(post.text("deployment_status.state"))} (reported by ${actor(post)})`,
    body: post.text("deployment_status.description"),
    url: post.text("deployment_status.target_url") || post.text("repository.html_url"),
  }),
  deployment_review: (post) => ({
    lead: `A review of a deployment to ${named(post.text("environment"), "an environment")} was ${words(post.action)} (by ${actor(post)})`,
    title: post.text("workflow_run.display_title"),
    url: post.text("workflow_run.html_url"),
  }),
  status: aboutStatus,
  page_build: (post) => ({
    lead: `The build of GitHub Pages ${outcome(post.text("build.status"))} (set off by ${actor(post)})`,
    body: post.text("build.error.message"),
    url: post.text("repository.html_url"),
  }),
  workflow_dispatch: (post) => ({
    lead: `${actor(post)} started the workflow ${code(post.text("workflow") || "?")} on ${code(refName(post.text("ref")) || "?")}`,
    url: post.text("repository.html_url"),
  }),
  repository_dispatch: (post) => ({
    lead: `${actor(post)} sent the event ${code(post.action || "?")} for ${code(post.text("branch") || "?")}`,
    url: post.text("repository.html_url"),
  }),
};
