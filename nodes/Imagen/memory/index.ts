/**
 * All that these nodes remember, by how long it lasts. Nothing is remembered in any other place.
 *
 * | What                                           | Kept in                               | Retry On Fail | Other branch | Other execution      | Restart of n8n | Other worker |
 * | ---------------------------------------------- | ------------------------------------- | ------------- | ------------ | -------------------- | -------------- | ------------ |
 * | Paid starts, latest version of a photo         | execution: `executionRecords`         | yes           | yes          | if retried by hand   | if saved       | if saved     |
 * | Projects created, whether photos arrived       | execution: `executionRecords`         | yes           | yes          | if retried by hand   | if saved       | if saved     |
 * | Project created, photos uploaded               | execution: `persistedRetryState`      | yes           | no           | if retried by hand   | if saved       | if saved     |
 * | Versions made, links of Finalize               | execution: `transientRetryState`      | yes           | no           | no                   | no             | no           |
 * | What is being done to a photo                  | execution: `serialize`                | yes           | yes          | no                   | no             | no           |
 * | What a paused Wait waits for                   | execution: `saveParkedWait`           | -             | -            | -                    | yes            | yes          |
 * | Paid starts of the last ten minutes            | process: `recentStart`                | yes           | yes          | yes                  | no             | no           |
 * | Callbacks handled, polls of a trigger in progress | process: `firstSeen`, `unlessRunning` | -             | -            | yes                  | no             | no           |
 * | Callbacks handled, ends reported               | workflow: `triggerRecords`            | -             | -            | yes, if not by hand  | yes            | yes          |
 *
 * "If saved": n8n saves an execution with these memories when it pauses and when it ends, not while it runs.
 */
export * from './execution';
export * from './process';
export * from './workflow';
