/** What the running service says of itself, as findings. Built by doctoring.ts. */
import { ill, warning, well, type Finding } from "./finding.ts";

type Health = { readonly ok: boolean; readonly detail: string };

/** As `nova status` tells it. */
export type ServiceSeen = {
  readonly version: string;
  readonly url: string;
  readonly adapters: readonly {
    readonly platform: string;
    readonly transport: Health;
    readonly admission: Health;
    readonly auth: Health;
  }[];
  readonly report: { readonly failedParts: number; readonly unknownParts: number };
};

export function judgeService(
  seen: ServiceSeen,
  { pid, version }: { pid: number; version: string },
): readonly Finding[] {
  return [
    seen.version === version
      ? well("service", `It runs at ${seen.url} (process ${pid}).`)
      : warning(
          "service",
          `It runs as version ${seen.version}; this is ${version}.`,
          "Restart it to run what is installed.",
        ),
    ...seen.adapters.map(channel),
    ...undelivered(seen.report),
  ];
}

function channel({ platform, transport, admission, auth }: ServiceSeen["adapters"][number]): Finding {
  const wrong = [transport, admission, auth].filter(({ ok }) => !ok).map(({ detail }) => detail);
  if (wrong.length === 0) return well(platform, "It is open.");
  return ill(platform, `${wrong.join("; ")}.`, `Check the settings of ${platform}; \`nova start --help\` lists them.`);
}

function undelivered({ failedParts, unknownParts }: ServiceSeen["report"]): readonly Finding[] {
  if (failedParts + unknownParts === 0) return [];
  return [
    warning(
      "delivery",
      `Of the last day's replies, ${failedParts} parts did not arrive and ${unknownParts} may not have.`,
      "`nova trace` shows which turns they belong to.",
    ),
  ];
}
