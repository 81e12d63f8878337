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
	// A credential of the reader's own finds it again.
	sandbox: { port: await getPort({ port: 5679, host: '127.0.0.1' }) },
	// n8n leaves out the nodes that the template folder-inbox needs, unless it is told otherwise.
	env: { NODES_EXCLUDE: '[]' },
});
try {
	const { client, credential, n8n, sandbox } = studio;
	const workflow = await loadWorkflow('demo', credential);
	const { id } = (await client.findWorkflow(workflow.name)) ?? (await client.createWorkflow(workflow));
	console.log(`
  Editor    ${n8n.url}/workflow/${id}
  Email     ${owner.email}
  Password  ${owner.password}
  Sandbox   ${sandbox.apiUrl} with the API key ${sandbox.apiKey} (in the credential "${credential.name}")
  Log       ${n8n.logFile} (shows how far a shoot is)

Ctrl-C ends both. What you save in n8n stays in .n8n-user; the sandbox forgets its projects.
`);
	if (!interrupted.aborted) await once(interrupted, 'abort');
} finally {
	await studio.close();
}
