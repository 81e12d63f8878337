import type { INode, INodeParameters } from 'n8n-workflow';

import { forgetRecentRecords } from '../../../../nodes/Imagen/memory';
import { photo, readBinary, type WorkflowJson } from '../../../support/engine';
import { useClock } from '../../../support/clock';
import { byId, linksOf, NODE_TYPE, runImagenWorkflow } from '../../../support/imagen';
import {
	apiCreatesProject,
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiStarts,
	apiReportsStatus,
	requests,
	storageGives,
	storageTakes,
	useImagenApi,
} from '../../../support/imagenApi';
import { photoBytes } from '../../../support/photoBytes';

useImagenApi();
useClock();

beforeEach(forgetRecentRecords);

/** A workflow of nodes in a row, as n8n exports it; what is not set stays as the panel has it. */
function inARow(steps: Record<string, INodeParameters>): WorkflowJson {
	const node = (name: string, type: string, parameters: INodeParameters): INode => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters,
	});
	const names = ['Photos', ...Object.keys(steps)];
	return {
		nodes: [
			node('Photos', 'n8n-nodes-base.manualTrigger', {}),
			...Object.entries(steps).map(([name, parameters]) => node(name, NODE_TYPE, parameters)),
		],
		connections: Object.fromEntries(
			names
				.slice(0, -1)
				.map((name, index) => [name, { main: [[{ node: names[index + 1], type: 'main', index: 0 }]] }]),
		),
	};
}

test('photos in, edited photos out: seven nodes in a row need no wiring between them', async () => {
	apiCreatesProject('p-1', { name: 'Shoot' });
	apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF']);
	storageTakes('p-1', '1.NEF', '2.NEF');
	apiListsProfiles();
	apiReportsStatus('edit', 'p-1', 'PENDING', 'IN PROGRESS', 'COMPLETED', 'COMPLETED');
	apiStarts('edit', 'p-1');
	apiReportsStatus('export', 'p-1', 'PENDING', 'IN PROGRESS', 'COMPLETED', 'COMPLETED');
	apiStarts('export', 'p-1');
	apiGivesDownloadLinks('export', 'p-1', ['1.jpg', '2.jpg']);
	storageGives('p-1', '1.jpg', 'first');
	storageGives('p-1', '2.jpg', 'second');

	const { output, error } = await runImagenWorkflow(
		inARow({
			Create: { resource: 'project', operation: 'create', name: 'Shoot' },
			Upload: { resource: 'photo', operation: 'upload' },
			Start: { resource: 'edit', operation: 'start', profile: byId(14715) },
			Wait: { resource: 'edit', operation: 'wait' },
			Export: { resource: 'export', operation: 'start' },
			'Wait for Export': { resource: 'export', operation: 'wait' },
			Download: { resource: 'export', operation: 'download' },
		}),
		{ items: [photo('1.NEF', Buffer.from('raw 1')), photo('2.NEF', Buffer.from('raw 2'))] },
	);

	expect(error).toBeUndefined();
	const files = output('Download')[0];
	expect(files.map(({ json }) => json)).toEqual([
		{ project_uuid: 'p-1', project_name: 'Shoot', file_name: '1.jpg', source_file_name: '1.NEF', bytes: 5 },
		{ project_uuid: 'p-1', project_name: 'Shoot', file_name: '2.jpg', source_file_name: '2.NEF', bytes: 6 },
	]);
	expect((await readBinary(files[1].binary!.data)).toString()).toBe('second');
	expect(linksOf(files)).toEqual([
		[0, 0],
		[0, 1],
	]);

	const steps = requests().filter((line, index, all) => line !== all[index - 1]);
	expect(steps.filter((line) => line.startsWith('POST'))).toEqual([
		'POST /projects/',
		'POST /projects/p-1/get_temporary_upload_links',
		'POST /projects/p-1/edit',
		'POST /projects/p-1/export',
	]);
});

test('two projects go through the same nodes side by side', async () => {
	for (const [uuid, name, file] of [
		['p-1', 'RAW', '1.NEF'],
		['p-2', 'JPEG', '2.jpg'],
	]) {
		apiCreatesProject(uuid, { name });
		apiGivesUploadLinks(uuid, [file]);
		storageTakes(uuid, file);
		apiReportsStatus('edit', uuid, 'Pending', 'Completed');
		apiStarts('edit', uuid);
		apiGivesDownloadLinks('edit', uuid, [`edited ${file}`]);
		storageGives(uuid, `edited ${file}`, file);
	}
	apiListsProfiles();

	const { output, error } = await runImagenWorkflow(
		inARow({
			Create: { resource: 'project', operation: 'create', name: '={{ $json.kind }}' },
			Upload: { resource: 'photo', operation: 'upload' },
			Start: {
				resource: 'edit',
				operation: 'start',
				profile: byId('={{ $json.image_type === "RAW" ? 14715 : 99 }}'),
			},
			Download: { resource: 'edit', operation: 'download' },
		}),
		{
			items: [
				photo('1.NEF', photoBytes('1.NEF'), { kind: 'RAW' }),
				photo('2.jpg', photoBytes('2.jpg'), { kind: 'JPEG' }),
			],
		},
	);

	expect(error).toBeUndefined();
	expect(output('Download')[0].map(({ json }) => json)).toMatchObject([
		{ project_uuid: 'p-1', file_name: 'edited 1.NEF' },
		{ project_uuid: 'p-2', file_name: 'edited 2.jpg' },
	]);
});
