/**
 * What stands in the place of a tool's result when there is none, each with its code: to have failed is not to have found
 * nothing. Written by tool-guard.ts for models, read by the offline model for people.
 */
export const TOOL_FAILED =
  "tool_failed: The tool failed, which is not the same as having found nothing. Say that this could not be looked up; never guess its result.";
export const TOOL_TIMEOUT =
  "tool_timeout: The tool did not answer in time, which is not the same as having found nothing. Say that this could not be looked up; never guess its result.";
export const NOTHING_FOUND =
  "nothing_found: The tool found nothing. That is an answer: say so, and put nothing else in its place.";

/** The same for people, who have no use for codes and instructions; any other result as it is. */
export function forPeople(result: string): string {
  switch (result) {
    case TOOL_FAILED:
      return "The tool failed that this needs, so I could not look it up. Try it again later.";
    case TOOL_TIMEOUT:
      return "The tool that this needs did not answer in time, so I could not look it up. Try it again later.";
    default:
      return result.trim();
  }
}
