import { useClock } from '../../../../../support/clock';
import { byId, credential, jsonOf, linksOf, runImagen } from '../../../../../support/imagen';
import {
	api,
	apiListsProfiles,
	JPG_PROFILE,
	RAW_PROFILE,
	requests,
	useImagenApi,
} from '../../../../../support/imagenApi';
import { listSearch } from '../../../../../support/engine';
import { Imagen } from '../../../../../../nodes/Imagen/Imagen.node';

useImagenApi();
useClock();

describe('Get many profiles', () => {
	test('Get many profiles lists the profiles of the account in one request', async () => {
		apiListsProfiles();
		const result = await runImagen('profile.getAll', { returnAll: true });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toEqual([RAW_PROFILE, JPG_PROFILE]);
		expect(linksOf(result.output[0])).toEqual([[0], [0]]);
		expect(requests()).toEqual(['GET /profiles']);
	});

	test.each([
		['bare', { profiles: [RAW_PROFILE] }],
		['as a list', [RAW_PROFILE]],
		['as a wrapped list', { data: [RAW_PROFILE] }],
	])('Get many profiles reads profiles that the API gives %s', async (_form, body) => {
		api().get('/profiles').reply(200, body);
		expect(jsonOf(await runImagen('profile.getAll'))).toEqual([RAW_PROFILE]);
	});

	test('Get many profiles returns keys as numbers and the image type as RAW or JPG, however the API writes them', async () => {
		apiListsProfiles([{ ...JPG_PROFILE, profile_key: '99', image_type: 'jpeg', plan: 'pro' }]);
		expect(jsonOf(await runImagen('profile.getAll'))).toEqual([{ ...JPG_PROFILE, plan: 'pro' }]);
	});

	test.each([
		[{ imageType: 'RAW' }, [14715]],
		[{ imageType: 'JPG' }, [99]],
		[{ profileType: 'Talent' }, [99]],
		[{ name: ' WEDD ' }, [14715]],
		[{ imageType: 'RAW', profileType: 'Talent' }, []],
		[{ name: '' }, [14715, 99]],
	])('Get many profiles with the filters %j returns %j', async (filters, keys) => {
		apiListsProfiles();
		const result = await runImagen('profile.getAll', { filters });
		expect(jsonOf(result).map(({ profile_key }) => profile_key)).toEqual(keys);
	});

	test('Get many profiles returns no more than the limit, for each item by its own filters', async () => {
		apiListsProfiles();
		const result = await runImagen(
			'profile.getAll',
			{ limit: 1, filters: { imageType: '={{ $json.type }}' } },
			{ items: [{ json: { type: 'JPG' } }, { json: { type: '' } }] },
		);
		expect(jsonOf(result)).toEqual([JPG_PROFILE, RAW_PROFILE]);
		expect(linksOf(result.output[0])).toEqual([[0], [1]]);
	});
});

describe('Get', () => {
	test('Get profile returns the profile of each key, all from one request', async () => {
		apiListsProfiles();
		const result = await runImagen(
			'profile.get',
			{ profile: byId('={{ $json.key }}') },
			{ items: [{ json: { key: 99 } }, { json: { key: ' 14715 ' } }] },
		);
		expect(jsonOf(result)).toEqual([JPG_PROFILE, RAW_PROFILE]);
		expect(linksOf(result.output[0])).toEqual([[0], [1]]);
	});

	test.each([
		['7', 'There is no profile 7 in this Imagen account'],
		['Warm weddings', "'Profile' is empty or not a profile key"],
		['', "'Profile' is empty or not a profile key"],
	])('Get profile for the key %j says: %s', async (key, message) => {
		apiListsProfiles();
		const { error } = await runImagen('profile.get', { profile: byId(`={{ "${key}" }}`) });
		expect(error).toMatchObject({ message, context: { itemIndex: 0 } });
	});

	test('Get profile goes on with the other items where one fails and the node continues on fail', async () => {
		apiListsProfiles();
		const result = await runImagen(
			'profile.get',
			{ profile: byId('={{ $json.key }}') },
			{ items: [{ json: { key: 7 } }, { json: { key: 99 } }], onError: 'continueErrorOutput' },
		);
		expect(jsonOf(result)).toEqual([JPG_PROFILE]);
		expect(jsonOf(result, 1)).toEqual([
			{
				key: 7,
				error: 'There is no profile 7 in this Imagen account',
				message: expect.stringContaining("Choose a profile from the list in 'Profile'"),
			},
		]);
	});
});

test("the panel's list shows the profiles by name, and finds them by a part of it", async () => {
	const list = { node: new Imagen(), credentials: [credential], method: 'searchProfiles' };
	apiListsProfiles();
	expect(await listSearch(list)).toEqual({
		results: [
			{ name: 'Clean studio (JPEG, Talent)', value: '99' },
			{ name: 'Warm weddings (RAW, Personal)', value: '14715' },
		],
	});
	apiListsProfiles();
	const found = await listSearch({ ...list, filter: 'raw' });
	expect(found.results.map(({ value }) => value)).toEqual(['14715']);
});

test('where the list of profiles fails, the panel says what to do', async () => {
	api().get('/profiles').reply(401, { error: 'Bad key' });
	const list = { node: new Imagen(), credentials: [credential], method: 'searchProfiles' };
	await expect(listSearch(list)).rejects.toThrow(
		"Imagen AI could not list the profiles: Bad key. Check the API key in the Imagen AI credential, and that 'Environment' is the one the key is for.",
	);
});
