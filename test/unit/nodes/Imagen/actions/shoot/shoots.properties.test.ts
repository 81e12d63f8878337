import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import { Imagen } from '../../../../../../nodes/Imagen/Imagen.node';
import { photo, runNode } from '../../../../../support/engine';
import { byId, credential } from '../../../../../support/imagen';
import { API_ORIGIN, JPG_PROFILE, RAW_PROFILE } from '../../../../../support/imagenApi';

const shots = fc.array(
	fc.record({
		name: fc.constantFrom('1.NEF', '2.NEF', '2.nef', '3.dng', '1.jpg', '4.JPEG', 'notes.txt', 'CON.nef', ''),
		client: fc.constantFrom('Anna', 'Ben', ''),
	}),
	{ minLength: 1, maxLength: 8 },
);

const sent: string[] = [];

beforeAll(() => nock.disableNetConnect());
beforeEach(() => {
	sent.length = 0;
	const api = nock(API_ORIGIN).persist();
	api.get('/v1/profiles').reply(200, { data: { profiles: [RAW_PROFILE, JPG_PROFILE] } });
	api.get(/\/projects\/.*\/uuid/).reply(404, { error: { message: 'No such project' } });
	api.post(/.*/).reply((uri) => (sent.push(uri), [500, {}]));
});
afterEach(() => nock.cleanAll());

test('a plan of shoots has each file in one shoot, of one kind and one client, or names it as left out or as a mistake; it sends nothing', async () => {
	await fc.assert(
		fc.asyncProperty(shots, fc.constantFrom('fail', 'split'), async (given, ifMixed) => {
			const { output, error } = await runNode({
				node: new Imagen(),
				parameters: {
					resource: 'shoot',
					operation: 'preview',
					profile: byId(RAW_PROFILE.profile_key),
					photoOptions: {
						groupBy: '={{ $json.client }}',
						ifMixed,
						jpegProfile: byId(JPG_PROFILE.profile_key),
					},
				},
				credentials: [credential],
				items: given.map(({ name, client }) => photo(name, Buffer.from('raw'), { client })),
				onError: 'continueRegularOutput',
			});
			expect(error).toBeUndefined();
			const rows = output[0].map(({ json, pairedItem }) => ({
				json,
				items: [pairedItem].flat().map((link) => (link as { item: number }).item),
			}));
			const plans = rows.filter(({ json }) => json.error === undefined);
			const planned = plans.flatMap(({ json }) =>
				(json.photos as IDataObject[]).map(({ item }) => Number(item)),
			);
			const skipped = plans.flatMap(({ json }) =>
				((json.skipped ?? []) as IDataObject[]).map(({ item }) => Number(item)),
			);
			const told = rows.filter(({ json }) => json.error !== undefined).flatMap(({ items }) => items);
			expect([...planned, ...skipped, ...told].sort()).toEqual([...given.keys()].sort());
			for (const { json, items } of plans) {
				expect(new Set(items.map((item) => given[item].client)).size).toBe(1);
				const isRaw = items
					.filter((item) => !skipped.includes(item))
					.map((item) => /\.(nef|dng)$/i.test(given[item].name));
				expect(new Set(isRaw)).toEqual(new Set([json.image_type === 'RAW']));
			}
			expect(sent).toEqual([]);
		}),
		{ numRuns: 60 },
	);
}, 60_000);
