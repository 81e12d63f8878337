import { clearResults, findFiles, outputFolders, type WorkflowName } from './demoFiles.mts';
import { showProgress } from './executionProgress.mts';
import { billingTable, fileTable, findProblems, stepTable } from './resultTables.mts';
import { describeError } from '../test/support/n8n/n8nClient.mts';
import { tail } from '../test/support/n8n/runCommand.mts';
import { root } from '../test/support/root.mts';
import { interruption, spinStep } from '../test/support/terminal.mts';
import { loadWorkflow, openStudio, type Studio } from '../test/support/studio.mts';

const interrupted = interruption();
try {
	await clearResults(root);
	const studio = await openStudio({ step: spinStep, workFolder: root });
	const problems = await demos(studio).finally(async () => await studio.close());
	if (problems.length > 0) throw new Error(problems.join('\n'));
} catch (error) {
	console.error(`\n✖ ${(error as Error).message}`);
	process.exitCode = 1;
}

/** Runs the single operations, and then the same in one node. */
async function demos(studio: Studio): Promise<string[]> {
	const problems: string[] = [];
	for (const name of Object.keys(outputFolders) as WorkflowName[])
		problems.push(...(await demo(studio, name)));
	return problems;
}

/** Runs a workflow, prints its results and returns what is wrong with them. */
async function demo({ client, control, credential, n8n }: Studio, name: WorkflowName): Promise<string[]> {
	await control.reset();
	const workflow = await client.createWorkflow(await loadWorkflow(name, credential));
	console.log(`\n${workflow.name}`);
	const progress = showProgress(control);
	const execution = await client
		.executionEnd(await client.run(workflow, 'Start'), { watch: progress.update, signal: interrupted })
		.finally(progress.end);
	if (execution.error) return [describeError(execution.error), `The end of n8n's log:\n${tail(n8n.logFile)}`];

	const files = await findFiles(root, name);
	const billing = await control.billing();
	console.log(`\n${stepTable(execution)}\n\n${fileTable(files)}\n\n${billingTable(billing)}\n`);
	console.log(`Saved in ${outputFolders[name]}\n`);
	return findProblems(files, billing);
}
