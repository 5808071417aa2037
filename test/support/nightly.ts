/** What of a suite is left to `.ci/nightly`: long, and about what seldom changes. */

/** True in a run of everything. */
export const isWhole = process.env["NOVA_TEST_WHOLE"] !== undefined;
