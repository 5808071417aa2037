/** What is told of the scope that something came in by. */
import { expect, test } from "vitest";
import { endpointScope, entranceOf } from "#core";

test.each([
  [endpointScope("alerts", "12"), "alerts"],
  [endpointScope("build-7", "1"), "build-7"],
  ["site", "site"],
  ["example.org", "example.org"],
  ["", ""],
])("of the scope %j people and models are told %j", (scope, told) => expect(entranceOf(scope)).toBe(told));
