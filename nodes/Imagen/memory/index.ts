/**
 * All that these nodes remember, by how long it lasts. Nothing is remembered in any other place.
 *
 * | What                                           | Kept in                               | Retry On Fail | Other branch | Other execution      | Restart of n8n | Other worker |
 * | ---------------------------------------------- | ------------------------------------- | ------------- | ------------ | -------------------- | -------------- | ------------ |
 * | The ledger, latest version of a photo          | execution: `executionRecords`         | yes           | yes          | if retried by hand   | if saved       | if saved     |
 * | Project of this run of the node                | execution: `persistedRetryState`      | yes           | no           | if retried by hand   | if saved       | if saved     |
 * | Versions made, links of Finalize               | execution: `transientRetryState`      | yes           | no           | no                   | no             | no           |
 * | Calls of a tool that are tried again            | execution: `doRun`                    | yes           | no           | no                   | no             | no           |
 * | Names of photos from links, looks at them      | execution: `transientRetryState`      | yes           | no           | no                   | no             | no           |
 * | What is being done to a photo                  | execution: `serialize`                | yes           | yes          | no                   | no             | no           |
 * | What a paused execution waits for              | execution: `savePausedWait`           | -             | -            | -                    | yes            | yes          |
 * | The ledger of the last day                     | process: `recentRecord`               | yes           | yes          | yes                  | no             | no           |
 * | The same                                       | workflow: `recentRecord`              | -             | -            | if ended before      | if not by hand | if ended before |
 * | Uploads under way                              | process: `uploadsUnderWay`            | yes           | yes          | yes                  | no             | no           |
 * | Waits resumed, polls of a trigger in progress  | process: `firstSeen`, `unlessRunning` | -             | -            | yes                  | no             | no           |
 * | Callbacks that are held                        | process: `holdCall`                   | -             | -            | yes                  | no             | no           |
 * | Callbacks done and pending, of calls under way | process: `processRecords`             | -             | -            | yes                  | no             | no           |
 * | Callbacks done and pending                     | workflow: `callRecords`               | -             | -            | yes, if not by hand  | yes            | yes          |
 * | Projects known to a trigger                    | workflow: `knownProjects`             | -             | -            | yes, if not by hand  | as last stored | as last stored |
 *
 * "If saved": n8n saves an execution with these memories when it pauses and when it ends, not while it runs. "As last stored": n8n stores
 * the static data of a polling trigger when the workflow is activated and when an execution starts.
 */
export * from './execution';
export * from './process';
export * from './recent';
export * from './workflow';
