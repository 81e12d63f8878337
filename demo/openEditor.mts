import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { getPort } from 'get-port-please';
import { editedFolder, exportedFolder } from './demoFiles.mts';
import { owner } from '../test/support/n8n/n8nClient.mts';
import { root } from '../test/support/root.mts';
import { interruption, spinStep } from '../test/support/terminal.mts';
import { loadWorkflow, openStudio } from '../test/support/studio.mts';

const interrupted = interruption();
for (const folder of [editedFolder, exportedFolder]) await mkdir(join(root, folder), { recursive: true });

const studio = await openStudio({
	step: spinStep,
	workFolder: root,
	userFolder: join(root, '.n8n-user'),
	port: await getPort({ port: 5678, host: '127.0.0.1' }),
});
try {
	const { client, credential, n8n, sandbox } = studio;
	const workflow = await loadWorkflow('demo', credential);
	const { id } = (await client.findWorkflow(workflow.name)) ?? (await client.createWorkflow(workflow));
	console.log(`
  Editor    ${n8n.url}/workflow/${id}
  Email     ${owner.email}
  Password  ${owner.password}
  Sandbox   ${sandbox.apiUrl} (in the credential "${credential.name}")
  Log       ${n8n.logFile} (shows how far a shoot is)

Ctrl-C ends both. What you save stays in .n8n-user.
`);
	if (!interrupted.aborted) await once(interrupted, 'abort');
} finally {
	await studio.close();
}
