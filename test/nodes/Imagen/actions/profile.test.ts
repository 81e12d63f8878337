import {
	API_KEY,
	api,
	apiListsProfiles,
	JPG_PROFILE,
	RAW_PROFILE,
	requests,
	useImagenApi,
	wrapped,
} from '../../imagenApi';
import { byId, jsonOf, linksOf, runImagen } from '../../imagen';
import { useClock } from '../../clock';

jest.mock('../../../../nodes/Imagen/api/pause', () => jest.requireActual('../../clock'));

useImagenApi();
useClock();

describe('Get Many', () => {
	test('lists the profiles of the account, with the key in the header', async () => {
		apiListsProfiles();
		const result = await runImagen('profile.getAll', { returnAll: true });
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toEqual([RAW_PROFILE, JPG_PROFILE]);
		expect(linksOf(result.output[0])).toEqual([[0], [0]]);
		expect(requests()).toEqual(['GET /profiles']);
	});
});
