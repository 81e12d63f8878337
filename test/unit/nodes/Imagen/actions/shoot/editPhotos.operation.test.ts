import { photo, readBinary, type InputItem } from '../../../../../support/engine';
import { minutesPassed, useClock } from '../../../../../support/clock';
import { byId, fromList, jsonOf, linksOf } from '../../../../../support/imagen';
import {
	api,
	apiCreatesProject,
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	apiKnowsTheName,
	apiListsProfiles,
	apiReportsStatus,
	apiStarts,
	count,
	JPG_PROFILE,
	requests,
	storageAwaits,
	storageGives,
	storageTakes,
	useImagenApi,
} from '../../../../../support/imagenApi';
import {
	apiFinishes,
	apiStartsShoot,
	apiTakesPhotos,
	EDIT_REQUEST,
	shoot,
	shot,
} from '../../../../../support/shoots';

useImagenApi();
useClock();

describe('from photos to results', () => {
	test('a profile and photos are enough for Shoot to return the edits, each linked to its photo', async () => {
		apiStartsShoot('p-1', ['1.NEF', '2.NEF']);
		apiReportsStatus('edit', 'p-1', 'Pending', 'In Progress');
		apiFinishes('edit', 'p-1', ['2.xmp', '1.xmp']);
		const result = await shoot({ results: 'edited' }, { items: [shot('1.NEF'), shot('2.NEF')] });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toEqual([
			{
				project_uuid: 'p-1',
				result: 'edited',
				file_name: '2.xmp',
				bytes: 13,
				source_file_name: '2.NEF',
				matched_by: 'name',
			},
			{
				project_uuid: 'p-1',
				result: 'edited',
				file_name: '1.xmp',
				bytes: 13,
				source_file_name: '1.NEF',
				matched_by: 'name',
			},
		]);
		expect(linksOf(result.output[0])).toEqual([[1], [0]]);
		expect(String(await readBinary(result.output[0][0].binary!.data))).toBe('edit of 2.xmp');
	});

	test('Shoot waits for a list of results that still fills, until every photo has its result', async () => {
		apiStartsShoot('p-1', ['1.NEF', '2.NEF', '3.NEF']);
		apiReportsStatus('edit', 'p-1', 'Pending', 'Completed');
		apiGivesDownloadLinks('edit', 'p-1', []);
		apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
		apiGivesDownloadLinks('edit', 'p-1', ['1.xmp', '2.xmp']);
		apiGivesDownloadLinks('edit', 'p-1', ['1.xmp', '2.xmp', '3.xmp']);
		for (const name of ['1.xmp', '2.xmp', '3.xmp']) storageGives('p-1', name, 'x');
		const items = [shot('1.NEF'), shot('2.NEF'), shot('3.NEF')];
		const result = await shoot({ results: 'edited' }, { items });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result).map(({ file_name }) => file_name)).toEqual(['1.xmp', '2.xmp', '3.xmp']);
	});

	/** A list of results that lacks one, however often it is asked for within a minute and a half. */
	function apiLacksTheResultOf2() {
		apiStartsShoot('p-1', ['1.NEF', '2.NEF']);
		apiReportsStatus('edit', 'p-1', 'Pending', 'Completed');
		for (let poll = 0; poll < 6; poll++) apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
	}

	test('Shoot ends in an error that names the photo whose result does not come', async () => {
		apiLacksTheResultOf2();
		const { error } = await shoot({ results: 'edited' }, { items: [shot('1.NEF'), shot('2.NEF')] });
		expect(error?.message).toBe("The edit of project p-1 has no result for '2.NEF'");
		expect(error?.description).toContain('The other results are not lost');
	});

	test('a photo whose result does not come is an error item of its own with Continue On Fail', async () => {
		apiLacksTheResultOf2();
		storageGives('p-1', '1.xmp', 'x');
		const result = await shoot(
			{ results: 'edited' },
			{ items: [shot('1.NEF'), shot('2.NEF')], onError: 'continueRegularOutput' },
		);
		expect(jsonOf(result)).toMatchObject([
			{ file_name: '1.xmp', source_file_name: '1.NEF' },
			{ file_name: '2.NEF', error: "The edit of project p-1 has no result for '2.NEF'" },
		]);
		expect(linksOf(result.output[0])).toEqual([[0], [1]]);
	});

	test('results that have names of their own are taken for those of the photos when they are as many', async () => {
		apiStartsShoot('p-1', ['1.NEF', '2.NEF']);
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiFinishes('edit', 'p-1', ['A.xmp', 'B.xmp']);
		const result = await shoot({ results: 'edited' }, { items: [shot('1.NEF'), shot('2.NEF')] });
		expect(jsonOf(result)).toMatchObject([{ file_name: 'A.xmp' }, { file_name: 'B.xmp' }]);
	});

	test('Shoot returns edits and exports with one edit and one export', async () => {
		apiStartsShoot('p-1', ['1.NEF']);
		apiReportsStatus('edit', 'p-1', 'Completed');
		apiReportsStatus('export', 'p-1', 'Pending');
		apiStarts('export', 'p-1');
		apiFinishes('export', 'p-1', ['1.jpg']);
		apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
		storageGives('p-1', '1.xmp', 'xmp');
		const result = await shoot({ results: 'both' }, { items: [shot('1.NEF')] });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([
			{ result: 'edited', file_name: '1.xmp', source_file_name: '1.NEF' },
			{ result: 'exported', file_name: '1.jpg', source_file_name: '1.NEF' },
		]);
		expect([count('POST /projects/p-1/edit'), count('POST /projects/p-1/export')]).toEqual([1, 1]);
	});

	test('Shoot with Results: None goes on as soon as the edit is started, with the project and its photos', async () => {
		apiStartsShoot('p-1', ['1.NEF'], 'Anna');
		const result = await shoot({ options: { projectName: 'Anna' } }, { items: [shot('1.NEF')] });
		expect(jsonOf(result)).toEqual([
			{
				project_uuid: 'p-1',
				project_name: 'Anna',
				image_type: 'RAW',
				profile_key: 14715,
				status: 'In Progress',
				sent: true,
				number_of_photos: 1,
				bytes: 5,
				photos: [{ file_name: '1.NEF', bytes: 5, item: 0, edited: [], exported: [] }],
			},
		]);
	});

	test("Shoot's one item per shoot lists what each photo became, with all files", async () => {
		apiStartsShoot('p-1', ['1.NEF', '2.NEF']);
		apiFinishes('edit', 'p-1', ['1.xmp', '2.xmp']);
		const options = { shootOutput: 'shoot', outputBinaryField: 'result' };
		const result = await shoot({ results: 'edited', options }, { items: [shot('1.NEF'), shot('2.NEF')] });
		expect(jsonOf(result)).toMatchObject([
			{
				status: 'Completed',
				photos: [
					{ file_name: '1.NEF', item: 0, edited: ['1.xmp'], exported: [] },
					{ file_name: '2.NEF', item: 1, edited: ['2.xmp'], exported: [] },
				],
				files: [{ binary_field: 'result_0' }, { binary_field: 'result_1' }],
			},
		]);
		expect(Object.keys(result.output[0][0].binary!)).toEqual(['result_0', 'result_1']);
		expect(linksOf(result.output[0])).toEqual([[0, 1]]);
	});

	test('an execution of Shoot records its project and where it stands', async () => {
		apiStartsShoot('p-1', ['1.NEF']);
		apiFinishes('edit', 'p-1', ['1.xmp']);
		const { run } = await shoot({ results: 'edited' }, { items: [shot('1.NEF')] });
		expect(run.data.resultData.metadata).toEqual({
			imagen_project: 'p-1',
			imagen_state: 'edit Completed, 1 file',
		});
	});

	test("an edit that takes too long ends Shoot's wait with what to do, and what was paid stays", async () => {
		apiStartsShoot('p-1', ['1.NEF']);
		apiReportsStatus('edit', 'p-1', ...Array<string>(5).fill('In Progress'));
		const result = await shoot(
			{ results: 'edited', options: { timeoutMinutes: 0.4 } },
			{ items: [shot('1.NEF')] },
		);
		expect(result.error?.message).toContain('still In Progress after 0.4 minutes');
		expect(minutesPassed()).toBeCloseTo(0.4);
	});
});

test('Shoot that is to give up after something that is no number is refused before anything is sent', async () => {
	const result = await shoot(
		{ results: 'edited', options: { timeoutMinutes: '30 min' } },
		{ items: [shot('1.NEF')] },
	);
	expect(result.error?.message).toBe("'Give Up After (Minutes)' is '30 min', which is not a number");
	expect(requests()).toEqual([]);
});

describe('several shoots', () => {
	test('Group By makes a project for each group, and all are waited for together', async () => {
		apiListsProfiles();
		for (const [uuid, name, file] of [
			['p-a', 'Anna', '1.NEF'],
			['p-b', 'Ben', '1.NEF'],
		]) {
			apiTakesPhotos(uuid, [file], name);
			apiReportsStatus('edit', uuid, 'Pending');
			apiStarts('edit', uuid, EDIT_REQUEST);
			apiFinishes('edit', uuid, ['1.xmp']);
		}
		const items = [shot('1.NEF', { client: 'Anna' }), shot('1.NEF', { client: 'Ben' })];
		const result = await shoot({ results: 'edited', options: { groupBy: '={{ $json.client }}' } }, { items });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([
			{ project_uuid: 'p-a', project_name: 'Anna' },
			{ project_uuid: 'p-b', project_name: 'Ben' },
		]);
		const lines = requests();
		expect(lines.indexOf('POST /projects/p-b/edit')).toBeLessThan(
			lines.indexOf('GET /projects/p-a/edit/get_temporary_download_links'),
		);
	});

	test('If Mixed: Split makes a project for RAW and one for JPEG, each with its profile', async () => {
		apiListsProfiles();
		apiTakesPhotos('p-raw', ['1.NEF'], 'Anna RAW');
		apiReportsStatus('edit', 'p-raw', 'Pending');
		apiStarts('edit', 'p-raw', EDIT_REQUEST);
		apiTakesPhotos('p-jpg', ['2.jpg'], 'Anna JPEG');
		apiReportsStatus('edit', 'p-jpg', 'Pending');
		apiStarts('edit', 'p-jpg', { ...EDIT_REQUEST, profile_key: JPG_PROFILE.profile_key });
		const options = { ifMixed: 'split', projectName: 'Anna', jpegProfile: byId(JPG_PROFILE.profile_key) };
		const result = await shoot({ options }, { items: [shot('1.NEF'), shot('2.jpg')] });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([
			{ project_uuid: 'p-raw', image_type: 'RAW', profile_key: 14715 },
			{ project_uuid: 'p-jpg', image_type: 'JPG', profile_key: 99 },
		]);
	});

	test('a shoot that cannot be edited does not hold up the others with Continue On Fail', async () => {
		apiStartsShoot('p-b', ['1.NEF'], 'Ben');
		const items = [shot('1.txt', { client: 'Anna' }), shot('1.NEF', { client: 'Ben' })];
		const result = await shoot(
			{ options: { groupBy: '={{ $json.client }}' } },
			{ items, onError: 'continueErrorOutput' },
		);
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-b' }]);
		expect(jsonOf(result, 1)).toMatchObject([{ client: 'Anna', error: expect.stringContaining("'1.txt'") }]);
	});

	const stored = { fileName: '2.NEF', mimeType: 'image/x-nikon-nef', data: 'filesystem-v2' };
	const lost = { ...stored, id: 'filesystem-v2:workflows/1/executions/1/binary_data/lost' };

	test.each<[what: string, spoilt: InputItem, error: RegExp]>([
		['whose group cannot be read', shot('2.NEF'), /node doesn.t exist/],
		[
			'whose bytes are gone',
			{ json: { client: 'Ben' }, binary: { data: lost } },
			/no longer has the file '2.NEF'/,
		],
	])('a photo %s does not hold up the others with Continue On Fail', async (_what, spoilt, error) => {
		apiStartsShoot('p-anna', ['1.NEF'], 'Anna');
		const items = [spoilt, shot('1.NEF', { client: 'Anna' })];
		const groupBy = '={{ $json.client ?? $("Gone").item.json.client }}';
		const result = await shoot({ options: { groupBy } }, { items, onError: 'continueErrorOutput' });
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-anna', sent: true }]);
		expect(jsonOf(result, 1)).toMatchObject([{ error: expect.stringMatching(error) }]);
		expect(linksOf(result.output[1])).toEqual([[0]]);
	});
});

describe('before anything is created', () => {
	test('one error of Shoot lists every finding, with its item and file, before anything is created', async () => {
		apiListsProfiles();
		const items = [shot('1.NEF'), shot('1.NEF'), shot('notes.txt'), { json: {} }];
		const parameters = {
			profile: fromList(7),
			aiTools: { crop: true, portraitCrop: true },
			options: { ifNotPhoto: 'fail' },
		};
		const { error } = await shoot(parameters, { items });
		expect(error?.message).toBe("The photos can't be edited: there are 5 problems");
		for (const words of [
			'Nothing was created, sent or billed.',
			"Item 3: 'notes.txt' is a .txt file",
			"Item 2: '1.NEF' is in the input twice: it is identical to another photo, that of item 1",
			'Item 4: ',
			'There is no profile 7',
			"'Crop' and 'Portrait Crop' can't be used together",
		]) {
			expect(error?.description).toContain(words);
		}
		expect(requests()).toEqual(['GET /profiles']);
	});

	test.each([
		['RAW and JPEG photos in one shoot', {}, ['1.NEF', '2.jpg'], 'RAW and 1 JPEG'],
		['a profile of the other kind', {}, ['1.jpg'], 'edits RAW photos'],
		[
			'a profile by its name',
			{ profile: byId('={{ "Warm" }}') },
			['1.NEF'],
			"'Profile' is empty or not a profile key",
		],
		[
			'a mixed shoot without a profile for its JPEGs',
			{ options: { ifMixed: 'split' } },
			['1.NEF', '2.jpg'],
			"With 'If Mixed' set to Split Into Two Projects, Edit shoot needs a profile for the JPEGs",
		],
		[
			'an unknown profile for its JPEGs',
			{ options: { ifMixed: 'split', jpegProfile: fromList(7) } },
			['1.NEF', '2.jpg'],
			"Choose a profile from the list in 'Profile for JPEGs'",
		],
		[
			'HDR compression of JPEGs',
			{ profile: byId(99), aiTools: { hdrMerge: true, hdrOutputCompression: 'LOSSY' } },
			['1.jpg'],
			'RAW photos only',
		],
		[
			'a callback URL that Imagen cannot call',
			{ options: { callbackUrl: 'http://n8n.local/x' } },
			['1.NEF'],
			'or remove this option',
		],
	])('Shoot refuses %s before anything is created', async (_what, parameters, names, words) => {
		apiListsProfiles();
		const { error } = await shoot(parameters, { items: names.map((name) => shot(name)) });
		expect(`${error?.message} ${error?.description}`).toContain(words);
		expect(requests()).toEqual(['GET /profiles']);
	});

	test('the error of RAW and JPEG photos together says what Shoot itself can do', async () => {
		apiListsProfiles();
		const { error } = await shoot({}, { items: [shot('1.NEF'), shot('1.jpg')] });
		expect(error?.description).toBe(
			"Add the option 'If Mixed' and set it to Split Into Two Projects, RAW Only or JPEG Only. Nothing was created, sent or billed.",
		);
	});

	test('an error of the key says that nothing was done', async () => {
		api().get('/profiles').reply(401, { detail: 'Unauthorized' });
		const { error } = await shoot({}, { items: [shot('1.NEF')] });
		expect(error?.message).toContain('Unauthorized');
		expect(error?.description).toMatch(/^Check the API key .* Nothing was created, sent or billed\.$/);
	});

	test('an error of a name that is taken says that nothing was uploaded', async () => {
		apiListsProfiles();
		apiKnowsTheName('Anna');
		const { error } = await shoot({ options: { projectName: 'Anna' } }, { items: [shot('1.NEF')] });
		expect(error?.message).toBe("A project named 'Anna' already exists");
		expect(error?.description).toContain('Nothing was uploaded or billed.');
	});

	test('each item of a shoot that is refused has its own reason, or a line on the others', async () => {
		apiListsProfiles();
		const items = [shot('1.NEF'), shot('1.nef'), { json: {} }, shot('2.NEF'), shot('2.nef')];
		const result = await shoot({}, { items, onError: 'continueErrorOutput' });
		expect(jsonOf(result, 1)).toMatchObject([
			{ error: "3 items can't be edited", message: 'Nothing was created, sent or billed.' },
			{ error: expect.stringContaining("'1.nef' has the same name as another photo") },
			{ error: expect.stringContaining("has no file in 'data'") },
			{ error: "3 items can't be edited" },
			{ error: expect.stringContaining("'2.nef' has the same name as another photo") },
		]);
		expect(linksOf(result.output[1])).toEqual([[0], [1], [2], [3], [4]]);
	});

	test('what is wrong with the whole shoot stands in each of its items', async () => {
		apiListsProfiles();
		const parameters = { profile: fromList(7), aiTools: { crop: true, portraitCrop: true } };
		const items = [shot('1.NEF'), shot('2.NEF')];
		const result = await shoot(parameters, { items, onError: 'continueErrorOutput' });
		for (const { message } of jsonOf(result, 1)) {
			expect(message).toContain('There is no profile 7');
			expect(message).toContain("'Crop' and 'Portrait Crop' can't be used together");
		}
		expect(result.output[1]).toHaveLength(2);
	});

	test('Shoot refuses an input without photos before anything is created', async () => {
		apiListsProfiles();
		const { error } = await shoot({ binaryPropertyName: '*' }, { items: [{ json: {} }] });
		expect(error?.message).toContain('There are no photos to upload');
	});
});

describe('photos that cannot be uploaded', () => {
	const apiRefusesTheSecond = () => {
		apiListsProfiles();
		apiCreatesProject('p-1');
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF']);
		storageTakes('p-1', '1.NEF');
		storageAwaits('p-1', '2.NEF').reply(400, '<Error><Code>BadDigest</Code></Error>');
	};
	const items = [shot('1.NEF'), shot('2.NEF')];

	test('photos that cannot be uploaded are named, and no edit is started', async () => {
		apiRefusesTheSecond();
		const { error } = await shoot({}, { items });
		expect(error?.message).toBe("Imagen AI could not upload '2.NEF': BadDigest");
		expect(count('POST /projects/p-1/edit')).toBe(0);
	});

	const emptySecond = [shot('1.NEF'), photo('2.NEF', Buffer.alloc(0))];
	const apiTakesTheFirst = (name?: string) => {
		apiListsProfiles();
		apiCreatesProject('p-1', name ? { name } : {});
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF']);
		storageTakes('p-1', '1.NEF');
	};

	test('the only photo that is no photo is what the error is about, with what to do about it', async () => {
		apiTakesTheFirst();
		const { error } = await shoot({}, { items: emptySecond });
		expect(error?.message).toBe("'2.NEF' is empty (0 bytes) and wasn't uploaded");
		expect(error?.description?.split('<br>\n')).toEqual([
			'Copy the file again from where it came from.',
			"Run this node again (Execute step): it makes a new project. To leave the failed photos out, add the option 'Edit Without Failed Photos'.",
			'The other one is uploaded. No edit of project p-1 was started or billed.',
		]);
	});

	test('nobody is told to enter the project name that the node has already', async () => {
		apiTakesTheFirst('Anna');
		const { error } = await shoot({ projectName: 'Anna' }, { items: emptySecond });
		expect(error?.description).toContain(
			"To continue with this project, set 'If Name Exists' to Use Existing and run this node again (Execute step).",
		);
		expect(error?.description).not.toContain('Project Name');
	});

	test('photos that fail for different reasons have what to do beside their reasons', async () => {
		const page = photo('2.NEF', Buffer.from('<!doctype html><title>Sign in</title>'));
		const empty = ['3.NEF', '4.NEF'].map((name) => photo(name, Buffer.alloc(0)));
		apiListsProfiles();
		apiCreatesProject('p-1');
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF', '3.NEF', '4.NEF']);
		storageTakes('p-1', '1.NEF');
		const { error } = await shoot({}, { items: [shot('1.NEF'), page, ...empty] });
		expect(error?.message).toBe('3 of 4 photos could not be uploaded to project p-1');
		expect(error?.description).toContain(
			"<li>2 photos are empty (0 bytes) and weren't uploaded: '3.NEF' (item 3), '4.NEF' (item 4).<br>\nCopy the file again",
		);
		expect(error?.description).toContain(
			"<li>Item 2: '2.NEF' contains a web page and wasn't uploaded.<br>\nDownload the file again.",
		);
	});

	test('photos that cannot be uploaded are named in the first item, and not in every one', async () => {
		apiListsProfiles();
		apiCreatesProject('p-1');
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF', '3.NEF']);
		storageTakes('p-1', '1.NEF', '3.NEF');
		storageAwaits('p-1', '2.NEF').reply(400, '<Error><Code>BadDigest</Code></Error>');
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1', EDIT_REQUEST);
		apiFinishes('edit', 'p-1', ['1.xmp', '3.xmp']);
		const parameters = { results: 'edited', options: { editWithoutFailed: true } };
		const [first, second] = jsonOf(await shoot(parameters, { items: [...items, shot('3.NEF')] }));
		expect(first).toMatchObject({ photos_failed: ['2.NEF'] });
		expect(second).not.toHaveProperty('photos_failed');
	});

	test('photos that cannot be uploaded have their own reasons with Continue, the others a line', async () => {
		apiListsProfiles();
		apiCreatesProject('p-1');
		apiGivesUploadLinks('p-1', ['1.NEF', '2.NEF', '3.NEF']);
		storageTakes('p-1', '1.NEF');
		for (const name of ['2.NEF', '3.NEF'])
			storageAwaits('p-1', name).reply(400, '<Error><Code>BadDigest</Code></Error>');
		const three = { items: [...items, shot('3.NEF')], onError: 'continueRegularOutput' as const };
		const output = jsonOf(await shoot({}, three));
		expect(output.map(({ error }) => error)).toEqual([
			'2 of 3 photos could not be uploaded to project p-1',
			"Imagen AI could not upload '2.NEF': BadDigest",
			"Imagen AI could not upload '3.NEF': BadDigest",
		]);
		for (const { message } of output) {
			expect(message).toContain('The other one is uploaded. No edit was started or billed.');
		}
	});

	test('photos that cannot be uploaded are left out by Edit Without Failed Photos, and named in the output', async () => {
		apiRefusesTheSecond();
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1', EDIT_REQUEST);
		apiFinishes('edit', 'p-1', ['1.xmp']);
		const result = await shoot({ results: 'edited', options: { editWithoutFailed: true } }, { items });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([{ file_name: '1.xmp', photos_failed: ['2.NEF'] }]);
		const hints = result.run.data.resultData.runData.Node[0].hints;
		expect(hints).toMatchObject([
			{ message: expect.stringContaining("without 1 photo. Item 2: Imagen AI could not upload '2.NEF'") },
			{ message: expect.stringMatching(/^Edited 1 photo of project p-1 in .*1 photo billed, 1 failed\./) },
		]);
	});

	test('photos that cannot be uploaded become error items where the node continues on fail', async () => {
		apiRefusesTheSecond();
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1', EDIT_REQUEST);
		const result = await shoot(
			{ options: { editWithoutFailed: true } },
			{ items, onError: 'continueErrorOutput' },
		);
		expect(jsonOf(result)).toMatchObject([{ number_of_photos: 1, photos_failed: ['2.NEF'] }]);
		expect(linksOf(result.output[1])).toEqual([[1]]);
	});
});
