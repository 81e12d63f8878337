import type { INodeExecutionData } from 'n8n-workflow';

import { photo } from '../../../../../support/engine';
import { useClock } from '../../../../../support/clock';
import { projectItem, runImagen } from '../../../../../support/imagen';
import {
	apiDescribes,
	apiGivesUploadLinks,
	apiListsProfiles,
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
		/^Uploaded 1 photo \(0\.2 MB\) to 1 project in \d+ s\. 1 file skipped\. Imagen bills them when the edit is started\.$/,
	);
});

test('Shoot ends with a sum: photos, project, time, what is billed, and where the results are', async () => {
	apiStartsShoot('p-1', ['1.NEF', '2.NEF']);
	apiFinishes('edit', 'p-1', ['1.xmp', '2.xmp']);
	const result = await shoot({ results: 'edited' }, { items: [shot('1.NEF'), shot('2.NEF')] });
	expect(result.error).toBeUndefined();
	expect(hintsOf(result)).toEqual([
		expect.stringMatching(
			/^Edited 2 photos of project p-1 in .+\. 2 photos billed\. The files are in the items' field 'data'\.$/,
		),
	]);
});

test('Download ends with a sum: files, size, time, and where they are', async () => {
	apiFinishes('edit', 'p-1', ['1.xmp', '2.xmp']);
	const result = await runImagen('edit.download', {}, { items: [projectItem('p-1')] });
	expect(result.error).toBeUndefined();
	expect(hintsOf(result)).toEqual([
		expect.stringMatching(
			/^Downloaded 2 files \(0\.0 MB\) in .+\. The files are in the items' field 'data'\.$/,
		),
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

test('Preview ends with a sum that says what Edit Photos would be billed for', async () => {
	apiListsProfiles();
	const result = await preview({}, { items: [shot('1.NEF'), shot('2.NEF')] });
	expect(hintsOf(result)).toEqual([
		expect.stringMatching(
			/^Checked 2 photos of 1 shoot in .+\. Nothing was uploaded or billed\. Edit Photos would be billed for 2 photos\.$/,
		),
	]);
});
