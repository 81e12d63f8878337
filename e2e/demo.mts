import { SandboxControl } from '../sandbox/control.mts';
import { clearResults, findFiles } from './demo/files.mts';
import { showProgress } from './demo/progress.mts';
import { billingTable, fileTable, findProblems, stepTable } from './demo/report.mts';
import { describeError } from './n8n/client.mts';
import { tail } from './n8n/run.mts';
import { root } from './root.mts';
import { interruption, spinStep } from './terminal.mts';
import { loadWorkflow, openWorkbench, type Workbench } from './workbench.mts';

const interrupted = interruption().then(() => ['Interrupted.']);
await clearResults(root);
const workbench = await openWorkbench({ step: spinStep, workFolder: root });
try {
	const problems = await Promise.race([demo(workbench), interrupted]);
	for (const problem of problems) console.error(`✖ ${problem}`);
	process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
	await workbench.close();
}
// An interrupted demo still waits for its answers.
process.exit();

/** Runs the workflow, prints what came of it and returns what is wrong with that. */
async function demo({ client, credential, n8n, sandbox }: Workbench): Promise<string[]> {
	const control = new SandboxControl(sandbox.controlUrl);
	const workflow = await client.createWorkflow(await loadWorkflow('demo', credential));
	const progress = showProgress(control);
	const execution = await client
		.executionEnd(await client.run(workflow, 'Start'), progress.update)
		.finally(progress.end);
	if (execution.error) return [describeError(execution.error), `The end of n8n's log:\n${tail(n8n.logFile)}`];

	const files = await findFiles(root);
	const billing = await control.billing();
	console.log(`\n${stepTable(execution)}\n\n${fileTable(files)}\n\n${billingTable(billing)}\n`);
	return findProblems(files, billing);
}
