import { Imagen } from '../../../../../../nodes/Imagen/Imagen.node';
import { useClock } from '../../../../../support/clock';
import { byId, jsonOf, NODE_TYPE, runImagenWorkflow } from '../../../../../support/imagen';
import {
	api,
	apiCreatesProject,
	apiDescribes,
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	apiKnowsTheName,
	apiListsProfiles,
	apiStarts,
	apiReportsStatus,
	count,
	RAW_PROFILE,
	connectionReset,
	requests,
	storageAwaits,
	storageTakes,
	useImagenApi,
} from '../../../../../support/imagenApi';
import {
	apiCountsPhotos,
	apiFindsProject,
	apiFinishes,
	apiStartsShoot,
	apiTakesPhotos,
	apiUploads,
	EDIT_REQUEST,
	shoot,
	shot,
} from '../../../../../support/shoots';

useImagenApi();
useClock();

const items = [shot('1.NEF'), shot('2.NEF')];
const names = ['1.NEF', '2.NEF'];
const retry = { items, retryOnFail: true, maxTries: 3 };
const useExisting = { projectName: 'Anna', ifNameExists: 'useExisting' };

/** The edit is asked for once, and this comes of it. */
const apiAnswersTheEdit = (uuid: string) => api().post(`/projects/${uuid}/edit`);

describe('an edit whose answer does not come', () => {
	test.each([
		['a broken connection', () => apiAnswersTheEdit('p-1').replyWithError(connectionReset())],
		['a time-out', () => apiAnswersTheEdit('p-1').replyWithError(connectionReset('ECONNABORTED'))],
		['a server error', () => apiAnswersTheEdit('p-1').reply(502, 'Bad gateway')],
		['a web page', () => apiAnswersTheEdit('p-1').reply(200, '<!doctype html><h1>One moment</h1>')],
	])("Shoot's edit that %s left without an answer is found by its status", async (_why, apiFails) => {
		apiListsProfiles();
		apiTakesPhotos('p-1', names);
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiFails();
		apiReportsStatus('edit', 'p-1', 'Pending', 'In Progress');
		const result = await shoot({}, retry);
		expect(jsonOf(result)).toMatchObject([{ status: 'In Progress', sent: true }]);
		expect(count('POST /projects/p-1/edit')).toBe(1);
	});

	test("Shoot's edit without an answer is not sent again by three tries, and nothing else is repeated", async () => {
		apiListsProfiles();
		apiTakesPhotos('p-1', names);
		apiAnswersTheEdit('p-1').replyWithError(connectionReset());
		api().get('/projects/p-1/edit/status').times(40).optionally().reply(200, { status: 'Pending' });
		for (let tries = 1; tries < 3; tries++) apiListsProfiles();
		const { error } = await shoot({}, retry);
		expect(error?.message).toContain('It is unclear whether Imagen AI has started the edit of project p-1');
		expect(error?.description).toContain('Nothing was sent a second time');
		expect(count('POST /projects/p-1/edit')).toBe(1);
		expect(count('POST /projects/')).toBe(1);
		expect(count('PUT 1.NEF')).toBe(1);
	});

	test("Shoot's edit without an answer is found by the second try when it shows late", async () => {
		apiListsProfiles();
		apiTakesPhotos('p-1', names);
		apiAnswersTheEdit('p-1').replyWithError(connectionReset());
		// One look before it is sent, six within the minute of grace.
		apiReportsStatus('edit', 'p-1', ...Array<string>(6).fill('Pending'));
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Completed');
		const result = await shoot({}, retry);
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([{ status: 'Completed' }]);
		expect(count('POST /projects/p-1/edit')).toBe(1);
	});
});

describe('Retry On Fail', () => {
	test('Retry On Fail of Shoot uploads only what has not arrived', async () => {
		apiListsProfiles();
		apiCreatesProject('p-1');
		apiGivesUploadLinks('p-1', names);
		storageTakes('p-1', '1.NEF');
		storageAwaits('p-1', '2.NEF').reply(400);
		apiListsProfiles();
		apiReportsStatus('edit', 'p-1', 'Pending', 'Pending');
		apiUploads('p-1', ['2.NEF']);
		apiStarts('edit', 'p-1', EDIT_REQUEST);
		const result = await shoot({}, retry);
		expect(result.error).toBeUndefined();
		expect([count('POST /projects/'), count('PUT 1.NEF'), count('PUT 2.NEF')]).toEqual([1, 1, 2]);
	});

	test('Retry On Fail of Shoot takes the project whose creation had no answer', async () => {
		apiListsProfiles();
		api().post('/projects/', { name: 'Anna' }).replyWithError(connectionReset());
		apiListsProfiles();
		apiKnowsTheName('Anna');
		apiFindsProject('Anna', 'p-1');
		apiDescribes('p-1', { number_of_images: 0, created_at: new Date().toISOString() });
		apiUploads('p-1', names);
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiStarts('edit', 'p-1', EDIT_REQUEST);
		const result = await shoot({ options: { projectName: 'Anna' } }, retry);
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-1' }]);
	});

	test('no shoot of the input is uploaded or paid for when the project of a later one cannot be had', async () => {
		apiListsProfiles();
		apiCreatesProject('p-anna', { name: 'Anna' });
		apiKnowsTheName('Ben');
		const items = [shot('1.NEF', { client: 'Anna' }), shot('2.NEF', { client: 'Ben' })];
		const { error } = await shoot({ options: { groupBy: '={{ $json.client }}' } }, { items });
		expect(error?.message).toBe("A project named 'Ben' already exists");
		expect(requests().filter((line) => /edit|upload/.test(line))).toEqual([]);
	});

	test('Retry On Fail of Shoot keeps the projects of nameless shoots apart', async () => {
		apiListsProfiles();
		apiCreatesProject('p-raw');
		apiUploads('p-raw', ['1.NEF']);
		apiReportsStatus('edit', 'p-raw', 'Pending');
		apiStarts('edit', 'p-raw', EDIT_REQUEST);
		apiCreatesProject('p-jpg');
		apiUploads('p-jpg', ['2.jpg']);
		apiReportsStatus('edit', 'p-jpg', 'Pending');
		apiStarts('edit', 'p-jpg', { ...EDIT_REQUEST, profile_key: 99 });
		const options = { ifMixed: 'split', jpegProfile: byId(99) };
		const result = await shoot({ options }, { items: [shot('1.NEF'), shot('2.jpg')] });
		expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-raw' }, { project_uuid: 'p-jpg' }]);
	});
});

describe('a shoot that is run again with Use Existing', () => {
	const apiHasTheProject = () => {
		apiListsProfiles();
		apiKnowsTheName('Anna');
		apiFindsProject('Anna', 'p-1');
	};

	test('a shoot that is run again with Use Existing gets the results of an edit that is done, and sends nothing', async () => {
		apiHasTheProject();
		apiReportsStatus('edit', 'p-1', 'Completed');
		// By the list it is known that the edit is of these photos.
		apiGivesDownloadLinks('edit', 'p-1', ['1.xmp', '2.xmp']);
		apiFinishes('edit', 'p-1', ['1.xmp', '2.xmp']);
		const result = await shoot({ results: 'edited', options: useExisting }, { items });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([{ source_file_name: '1.NEF' }, { source_file_name: '2.NEF' }]);
		expect([count('PUT 1.NEF'), count('POST /projects/p-1/edit')]).toEqual([0, 0]);
	});

	test('a shoot that is run again with Use Existing uploads the photos again when the edit was not started, and starts it', async () => {
		apiHasTheProject();
		apiReportsStatus('edit', 'p-1', 'Pending', 'Pending');
		apiUploads('p-1', names);
		apiCountsPhotos('p-1', 2);
		apiStarts('edit', 'p-1', EDIT_REQUEST);
		const result = await shoot({ options: useExisting }, { items });
		expect(jsonOf(result)).toMatchObject([{ sent: true }]);
	});

	test('a shoot that is run again with Use Existing is stopped before it pays for photos of another shoot', async () => {
		apiHasTheProject();
		apiReportsStatus('edit', 'p-1', 'Pending');
		apiCountsPhotos('p-1', 12);
		const { error } = await shoot({ options: useExisting }, { items });
		expect(error?.message).toBe("Project 'Anna' has 12 photos, but the shoot has 2");
		expect(count('POST /projects/p-1/edit')).toBe(0);
	});

	test('a shoot that would pay for photos of another shoot is stopped by every try of Retry On Fail', async () => {
		apiKnowsTheName('Anna');
		apiFindsProject('Anna', 'p-1');
		for (let tries = 1; tries <= 3; tries++) {
			apiListsProfiles();
			apiReportsStatus('edit', 'p-1', 'Pending');
			apiCountsPhotos('p-1', 12);
		}
		const { error } = await shoot({ options: useExisting }, retry);
		expect(error?.message).toContain('has 12 photos');
		expect(count('POST /projects/p-1/edit')).toBe(0);
	});

	test("a shoot that is run again with Use Existing does not take another shoot's results for its own", async () => {
		apiHasTheProject();
		apiReportsStatus('edit', 'p-1', 'Completed');
		for (let look = 0; look < 6; look++) apiGivesDownloadLinks('edit', 'p-1', ['X.xmp']);
		const { error } = await shoot({ results: 'edited', options: useExisting }, { items });
		expect(error?.message).toBe(
			"2 photos are not in the edit of project 'Anna', which was started before: '1.NEF', '2.NEF'",
		);
		expect(count('PUT 1.NEF')).toBe(0);
	});

	test.each([
		['Fail stops', 'fail', 0],
		['Start Again sends and pays once more', 'startAgain', 1],
	])(
		'a shoot whose edit was sent before obeys If Already Sent: %s',
		async (_what, ifAlreadyStarted, sent) => {
			apiHasTheProject();
			apiReportsStatus('edit', 'p-1', ...Array<string>(1 + sent).fill('Completed'));
			if (sent) {
				apiUploads('p-1', names);
				apiCountsPhotos('p-1', 2);
				apiStarts('edit', 'p-1', EDIT_REQUEST);
			}
			const { error } = await shoot({ options: { ...useExisting, ifAlreadyStarted } }, { items });
			expect(Boolean(error)).toBe(!sent);
			expect(count('POST /projects/p-1/edit')).toBe(sent);
		},
	);
});

test('a second execution of Shoot right after the first does not pay again though the status lags behind', async () => {
	apiStartsShoot('p-1', names, 'Anna');
	await shoot({ options: useExisting }, { items });
	apiListsProfiles();
	apiKnowsTheName('Anna');
	apiFindsProject('Anna', 'p-1');
	apiReportsStatus('edit', 'p-1', 'Pending');
	const second = await shoot({ options: useExisting }, { items });
	expect(second.error).toBeUndefined();
	expect(jsonOf(second)).toMatchObject([{ project_uuid: 'p-1', sent: false }]);
	expect([count('PUT 1.NEF'), count('POST /projects/p-1/edit')]).toEqual([1, 1]);
});

test('two executions of Shoot at the same moment pay for one edit', async () => {
	for (let execution = 1; execution <= 2; execution++) {
		apiListsProfiles();
		apiKnowsTheName('Anna');
		apiFindsProject('Anna', 'p-1');
		apiUploads('p-1', names);
		apiCountsPhotos('p-1', 2);
	}
	apiReportsStatus('edit', 'p-1', ...Array<string>(4).fill('Pending'));
	apiAnswersTheEdit('p-1').delay(100).reply(200, {});
	api().get('/projects/p-1/edit/status').optionally().times(3).reply(200, { status: 'In Progress' });
	const run = async () => await shoot({ options: useExisting }, { items });
	const results = await Promise.all([run(), run()]);
	expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
	expect(results.map((result) => jsonOf(result)[0].sent).sort()).toEqual([false, true]);
	expect(count('POST /projects/p-1/edit')).toBe(1);
});

test('two branches of one run with the same shoot pay for one edit', async () => {
	apiStartsShoot('p-1', names, 'Anna');
	apiListsProfiles();
	apiKnowsTheName('Anna');
	apiFindsProject('Anna', 'p-1');
	apiReportsStatus('edit', 'p-1', 'Pending');
	const branch = (name: string) => ({
		id: name,
		name,
		type: NODE_TYPE,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {
			resource: 'shoot',
			operation: 'editPhotos',
			profile: byId(RAW_PROFILE.profile_key),
			results: 'none',
			...useExisting,
		},
	});
	const start = { ...branch('Start'), type: 'n8n-nodes-base.manualTrigger', parameters: {} };
	const to = (node: string) => ({ node, type: 'main' as const, index: 0 });
	const { error, output } = await runImagenWorkflow(
		{
			nodes: [start, branch('A'), branch('B')],
			connections: { Start: { main: [[to('A'), to('B')]] } },
		},
		{ items, nodeTypes: { [NODE_TYPE]: new Imagen() } },
	);
	expect(error).toBeUndefined();
	expect(['A', 'B'].map((name) => output(name)[0][0].json.project_uuid)).toEqual(['p-1', 'p-1']);
	expect(count('POST /projects/p-1/edit')).toBe(1);
});
