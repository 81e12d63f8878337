import { NodeHelpers, type INodeParameters } from 'n8n-workflow';

import { Imagen } from '../../../../../../nodes/Imagen/Imagen.node';
import { jsonOf } from '../../../../../support/imagen';
import {
	apiGivesDownloadLinks,
	apiListsProfiles,
	apiReportsStatus,
	requests,
	useImagenApi,
} from '../../../../../support/imagenApi';
import { apiFindsProject, apiHasNoProject, EDIT_REQUEST, preview, shot } from '../../../../../support/shoots';

useImagenApi();

test('a preview lists projects and photos, and sends nothing that changes anything', async () => {
	apiListsProfiles();
	apiHasNoProject('Anna');
	const result = await preview(
		{ aiTools: { straighten: true }, options: { projectName: 'Anna' } },
		{ items: [shot('1.NEF'), shot('2.NEF')] },
	);
	expect(result.error).toBeUndefined();
	expect(jsonOf(result)).toEqual([
		{
			project_name: 'Anna',
			project: 'will be created',
			edits_billed: 1,
			photos_billed: 2,
			image_type: 'RAW',
			number_of_photos: 2,
			bytes: 10,
			profile_key: 14715,
			profile_name: 'Warm weddings',
			results: 'edited',
			edit: { ...EDIT_REQUEST, straighten: true },
			photos: [
				{ file_name: '1.NEF', bytes: 5, item: 0 },
				{ file_name: '2.NEF', bytes: 5, item: 1 },
			],
		},
	]);
	expect(requests().every((line) => line.startsWith('GET '))).toBe(true);
});

test.each<[string, string, { ifNameExists?: string; ifAlreadyStarted?: string }, number]>([
	['fail', 'Completed', {}, 0],
	['go on without paying', 'Completed', { ifNameExists: 'useExisting' }, 0],
	['fail on a look', 'Completed', { ifNameExists: 'useExisting', ifAlreadyStarted: 'fail' }, 0],
	['pay', 'Pending', { ifNameExists: 'useExisting' }, 1],
	['pay again', 'Completed', { ifNameExists: 'useExisting', ifAlreadyStarted: 'startAgain' }, 1],
	['pay for a project of its own', 'Completed', { ifNameExists: 'addTimestamp' }, 1],
])('a preview says that a project of the name would have it %s', async (_what, status, options, billed) => {
	apiListsProfiles();
	apiFindsProject('Anna', 'p-1');
	apiReportsStatus('edit', 'p-1', status);
	if (options.ifNameExists === 'useExisting' && status === 'Completed' && !options.ifAlreadyStarted)
		apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
	const result = await preview({ options: { projectName: 'Anna', ...options } }, { items: [shot('1.NEF')] });
	expect(jsonOf(result)).toMatchObject([{ edits_billed: billed, photos_billed: billed }]);
});

test.each([
	[0.05, 0.1],
	[0.335, 0.67],
	[0, 0],
])('at a price per photo of %d, two photos cost %d', async (pricePerPhoto, estimated_cost) => {
	apiListsProfiles();
	const result = await preview({ options: { pricePerPhoto } }, { items: [shot('1.NEF'), shot('2.NEF')] });
	expect(jsonOf(result)).toMatchObject([{ photos_billed: 2, estimated_cost }]);
});

test('before it runs, the panel says that Preview shoot is free, and of Edit shoot that it is billed', () => {
	const noticesOf = (operation: string) =>
		(new Imagen().description.hints ?? [])
			.filter(({ displayCondition }) => displayCondition?.includes(`"shoot.${operation}"`))
			.map(({ message }) => message);
	expect(noticesOf('preview')).toEqual(['Free: nothing is uploaded or billed.']);
	expect(noticesOf('editPhotos')).toEqual([
		expect.stringMatching(/^Imagen bills each photo when this runs\./),
	]);
});

test('a shoot that is switched to Preview, to see its bill, and back keeps all that was set', () => {
	const { description } = new Imagen();
	// As n8n's editor does when another operation is chosen.
	const switchTo = (operation: string, parameters: INodeParameters) =>
		NodeHelpers.getNodeParameters(
			description.properties,
			{ ...parameters, operation },
			true,
			false,
			null,
			description,
		) ?? {};
	const set = {
		resource: 'shoot',
		results: 'exported',
		projectName: 'Anna',
		ifNameExists: 'useExisting',
		aiTools: { straighten: true },
		photoOptions: { parallelUploads: 5, verifyMd5: true },
		resultOptions: { shootOutput: 'shoot' },
		options: { timeoutMinutes: 60 },
	};
	const shoot = switchTo('editPhotos', set);
	expect(shoot).toMatchObject(set);
	expect(switchTo('editPhotos', switchTo('preview', shoot))).toEqual(shoot);
});

test('a preview refuses what Edit shoot would refuse: two values of Results', async () => {
	apiListsProfiles();
	const items = [shot('1.NEF'), shot('2.NEF')].map((item, index) => ({
		...item,
		json: { results: ['edited', 'none'][index], client: String(index) },
	}));
	const result = await preview(
		{ results: '={{ $json.results }}', options: { groupBy: '={{ $json.client }}' } },
		{ items },
	);
	expect(result.error?.message).toBe("'Results' is Edited Photos for one shoot and None for another");
});
