import { useClock } from '../../../../../support/clock';
import { jsonOf, runImagen } from '../../../../../support/imagen';
import {
	apiCreatesProject,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiReportsStatus,
	apiStarts,
	count,
	storageAwaits,
	storageTakes,
	useImagenApi,
} from '../../../../../support/imagenApi';
import { EDIT_REQUEST, shoot, shot } from '../../../../../support/shoots';

useImagenApi();
useClock();

const names = ['1.NEF', '2.NEF', '3.NEF', '4.NEF', '5.NEF'];
const putsOf = () => names.map((name) => count(`PUT ${name}`));

/** All photos arrive but the third, which arrives with its second try. */
function storageRefusesTheThirdOnce(): void {
	apiGivesUploadLinks('p-1', names);
	storageTakes('p-1', ...names.filter((name) => name !== '3.NEF'));
	storageAwaits('p-1', '3.NEF').reply(400, '<Error><Code>BadDigest</Code></Error>');
	apiGivesUploadLinks('p-1', ['3.NEF'], 2);
	storageAwaits('p-1', '3.NEF', 2).reply(200);
}

describe('Retry On Fail after one of five photos was refused', () => {
	const retry = { retryOnFail: true, maxTries: 3 };

	test.each([undefined, 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'uploads only that one, in Upload after another node created the project (On Error: %s)',
		async (onError) => {
			storageRefusesTheThirdOnce();
			// n8n tries again where the first item is an error: with Continue, that of a file that is no photo.
			const first = onError ? ['.DS_Store'] : [];
			const items = [...first, ...names].map((name) => shot(name, { project_uuid: 'p-1' }));
			const options = { ifNotPhoto: 'fail' };
			const result = await runImagen('photo.upload', { options }, { items, onError, ...retry });
			expect(putsOf()).toEqual([1, 1, 2, 1, 1]);
			expect(jsonOf(result)).toContainEqual(expect.objectContaining({ number_of_photos: 5 }));
		},
	);

	test.each([undefined, 'continueRegularOutput', 'continueErrorOutput'] as const)(
		'uploads only that one, in Shoot, and edits all (On Error: %s)',
		async (onError) => {
			apiListsProfiles();
			apiListsProfiles();
			apiCreatesProject('p-1');
			storageRefusesTheThirdOnce();
			apiReportsStatus('edit', 'p-1', 'Pending', 'Pending');
			apiStarts('edit', 'p-1', EDIT_REQUEST);
			const items = ['.DS_Store', ...names].map((name) => shot(name));
			const result = await shoot({}, { items, onError, ...retry });
			expect(putsOf()).toEqual([1, 1, 2, 1, 1]);
			expect(jsonOf(result)).toMatchObject([{ project_uuid: 'p-1', sent: true, number_of_photos: 5 }]);
		},
	);
});
