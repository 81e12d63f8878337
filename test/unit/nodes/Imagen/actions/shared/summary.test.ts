import type { INodeExecutionData } from 'n8n-workflow';

import { sizeText } from '../../../../../../nodes/Imagen/actions/shared/summary';
import { photo } from '../../../../../support/engine';
import { useClock } from '../../../../../support/clock';
import { byId, projectItem, runImagen } from '../../../../../support/imagen';
import {
	apiDescribes,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiReportsStatus,
	apiStarts,
	storageTakes,
	useImagenApi,
} from '../../../../../support/imagenApi';
import { apiFinishes, apiStartsShoot, preview, shoot, shot } from '../../../../../support/shoots';

useImagenApi();
useClock();

type Result = Awaited<ReturnType<typeof runImagen>>;
const hintsOf = ({ run }: Result) =>
	(run.data.resultData.runData.Node[0].hints ?? []).map(({ message }) => message);

const withProject = (item: INodeExecutionData) => ({ ...item, json: { project_uuid: 'p-1' } });

test('Upload ends with a sum: photos, size, project, time, what was skipped, and when they are billed', async () => {
	apiGivesUploadLinks('p-1', ['1.NEF']);
	storageTakes('p-1', '1.NEF');
	const items = [photo('1.NEF', Buffer.alloc(200_000, 1)), photo('notes.txt', Buffer.from('x'))];
	const result = await runImagen('photo.upload', {}, { items: items.map(withProject) });
	expect(result.error).toBeUndefined();
	expect(hintsOf(result).at(-1)).toMatch(
		/^Uploaded 1 photo \(200\.0 kB\) to 1 project in \d+ s\. 1 file skipped\. Imagen bills the uploaded photo when the edit is started\.$/,
	);
});

test('Shoot ends with a sum: photos, project, time, what is billed, and where the results are', async () => {
	apiStartsShoot('p-1', ['1.NEF', '2.NEF']);
	apiFinishes('edit', 'p-1', ['1.xmp', '2.xmp']);
	const result = await shoot({ results: 'edited' }, { items: [shot('1.NEF'), shot('2.NEF')] });
	expect(result.error).toBeUndefined();
	expect(hintsOf(result)).toEqual([
		expect.stringMatching(
			/^Edited 2 photos of project p-1 in .+\. 2 photos billed\. The files are in the field 'data'\.$/,
		),
	]);
});

test('Download ends with a sum: files, size, time, and where they are', async () => {
	apiFinishes('edit', 'p-1', ['1.xmp', '2.xmp']);
	const result = await runImagen('edit.download', {}, { items: [projectItem('p-1')] });
	expect(result.error).toBeUndefined();
	expect(hintsOf(result)).toEqual([
		expect.stringMatching(/^Downloaded 2 files \(26 bytes\) in .+\. The files are in the field 'data'\.$/),
	]);
});

test('Shoot says in its sum how a shoot that Imagen has named is run again without paying', async () => {
	apiStartsShoot('p-1', ['1.NEF']);
	apiDescribes('p-1', { project_uuid: 'p-1', name: 'Project 7' });
	const result = await shoot({ results: 'none' }, { items: [shot('1.NEF')] });
	expect(result.error).toBeUndefined();
	expect(hintsOf(result).at(-1)).toContain(
		"To run this again without paying, set 'Project Name' to 'Project 7' and 'If Name Exists' to Use Existing.",
	);
});

test('Preview shoot ends with a sum that says what Edit shoot would be billed for', async () => {
	apiListsProfiles();
	const result = await preview({}, { items: [shot('1.NEF'), shot('2.NEF')] });
	expect(hintsOf(result)).toEqual([
		expect.stringMatching(
			/^Checked 2 photos of 1 shoot in .+\. Nothing was uploaded or billed\. With Edit shoot, Imagen would bill you for 2 photos\.$/,
		),
	]);
});

test('what is uploaded to a project that was edited before is not said to be billed with its edit', async () => {
	apiDescribes('p-1', { project_uuid: 'p-1', status: 'Completed' });
	apiGivesUploadLinks('p-1', ['1.NEF']);
	storageTakes('p-1', '1.NEF');
	const result = await runImagen('photo.upload', {}, { items: [withProject(shot('1.NEF'))] });
	expect(result.error).toBeUndefined();
	expect(hintsOf(result).at(-1)).toContain(
		'The edit of p-1 was started before: photos that are new now are not in it.',
	);
});

test.each([
	[12, '12 bytes'],
	[1_384, '1.4 kB'],
	[345_600_000, '345.6 MB'],
])('%d bytes are said as people read them: %s', (bytes, text) => {
	expect(sizeText(bytes)).toBe(text);
});

describe('Start ends with a sum', () => {
	const start = async () =>
		await runImagen(
			'edit.start',
			{ profile: byId(14715) },
			{ items: [projectItem('p-1', { project_name: 'G1' })] },
		);

	test('that says what was started, and that Imagen bills the photos', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1');
		const result = await start();
		expect(result.error).toBeUndefined();
		expect(hintsOf(result).at(-1)).toMatch(
			/^Started the edit of 1 project in .+\. Imagen bills each photo of the project\.$/,
		);
	});

	test('that says that nothing was sent where the edit was started before', async () => {
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'In Progress');
		const result = await start();
		expect(result.error).toBeUndefined();
		expect(hintsOf(result)).toEqual(["The edit of 'G1' was already started: nothing was sent or billed."]);
	});
});

test('Wait ends with a sum: projects, time, what the jobs came to, and how to get the results', async () => {
	apiReportsStatus('edit', 'p-1', 'Completed');
	const result = await runImagen('edit.wait', {}, { items: [projectItem('p-1')] });
	expect(hintsOf(result)).toEqual([
		expect.stringMatching(
			/^Waited for the edit of 1 project in .+\. Status: Completed\. Download edited photos returns the results\.$/,
		),
	]);
});
