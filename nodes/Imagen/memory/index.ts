/**
 * All that these nodes remember, by how long it lasts. Nothing is remembered anywhere else.
 *
 * | What                                   | Kept in                     | Retry On Fail | other branch | other execution | restart    | other worker |
 * | -------------------------------------- | --------------------------- | ------------- | ------------ | --------------- | ---------- | ------------ |
 * | Paid starts, latest version of a photo | execution: `executionRecords` | yes         | yes          | no              | if paused  | if paused    |
 * | Project created, photos uploaded       | execution: `persistedRetryState` | yes      | no           | retried by hand | if saved   | if saved     |
 * | Versions made, links of Finalize       | execution: `transientRetryState` | yes      | no           | no              | no         | no           |
 * | Whose turn it is with a photo          | execution: `serialize`      | yes           | yes          | no              | no         | no           |
 * | What a paused Wait waits for           | execution: `saveParkedWait` | -             | -            | -               | yes        | yes          |
 * | Paid starts of the last ten minutes    | process: `recentStart`      | yes           | yes          | yes             | no         | no           |
 * | Callbacks handled, looks under way     | process: `firstSeen`, `unlessRunning` | -   | -            | yes             | no         | no           |
 * | Callbacks handled, ends reported       | workflow: `triggerRecords`  | -             | -            | yes             | yes        | yes          |
 *
 * "If paused": n8n stores an execution when it pauses and when it ends, not while it runs.
 */
export * from './execution';
export * from './process';
export * from './workflow';
