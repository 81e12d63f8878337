import { SandboxControl } from '../sandbox/control.mts';
import { clearResults, findFiles } from './demo/files.mts';
import { showProgress } from './demo/progress.mts';
import { billingTable, fileTable, findProblems, stepTable } from './demo/report.mts';
import { describeError } from './n8n/client.mts';
import { tail } from './n8n/run.mts';
import { root } from './root.mts';
import { interruption, spinStep } from './terminal.mts';
import { loadWorkflow, openWorkbench, type Workbench } from './workbench.mts';

const interrupted = interruption();
try {
	await clearResults(root);
	const workbench = await openWorkbench({ step: spinStep, workFolder: root });
	const problems = await demo(workbench).finally(workbench.close);
	if (problems.length > 0) throw new Error(problems.join('\n'));
} catch (error) {
	console.error(`\n✖ ${(error as Error).message}`);
	process.exitCode = 1;
}

/** Runs the workflow, prints what came of it and returns what is wrong with that. */
async function demo({ client, credential, n8n, sandbox }: Workbench): Promise<string[]> {
	const control = new SandboxControl(sandbox.controlUrl);
	const workflow = await client.createWorkflow(await loadWorkflow('demo', credential));
	const progress = showProgress(control);
	const execution = await client
		.executionEnd(await client.run(workflow, 'Start'), { watch: progress.update, signal: interrupted })
		.finally(progress.end);
	if (execution.error) return [describeError(execution.error), `The end of n8n's log:\n${tail(n8n.logFile)}`];

	const files = await findFiles(root);
	const billing = await control.billing();
	console.log(`\n${stepTable(execution)}\n\n${fileTable(files)}\n\n${billingTable(billing)}\n`);
	return findProblems(files, billing);
}
