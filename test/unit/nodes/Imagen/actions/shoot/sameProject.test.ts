import { useClock } from '../../../../../support/clock';
import {
	api,
	apiCreatesProject,
	apiDescribes,
	apiGivesDownloadLinks,
	apiGivesUploadLinks,
	apiListsProfiles,
	apiReportsStatus,
	apiStarts,
	connectionReset,
	JPG_PROFILE,
	storageTakes,
	useImagenApi,
} from '../../../../../support/imagenApi';
import { byId } from '../../../../../support/imagen';
import { apiStartsShoot, shoot, shot } from '../../../../../support/shoots';

useImagenApi();
useClock();

const NAME_TO_SET =
	"Before you run this node again, set 'Project Name' to 'Project 7' and 'If Name Exists' to Use Existing";

const apiNames = (uuid: string, name: string) => apiDescribes(uuid, { project_uuid: uuid, name });

describe('an error of Edit shoot after the edit was started', () => {
	test('says how the next run uses the project, where Imagen has named it: otherwise it would be billed again', async () => {
		apiStartsShoot('p-1', ['1.NEF', '2.NEF']);
		apiNames('p-1', 'Project 7');
		apiReportsStatus('edit', 'p-1', 'Completed');
		for (let poll = 0; poll < 6; poll++) apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
		const { error } = await shoot({ results: 'edited' }, { items: [shot('1.NEF'), shot('2.NEF')] });
		expect(error?.message).toBe("The edit of project 'Project 7' has no result for '2.NEF'");
		expect(error?.description).toContain(NAME_TO_SET);
	});

	test('says so above the list, where it lists several photos', async () => {
		const names = ['1.NEF', '2.NEF', '3.NEF'];
		apiStartsShoot('p-1', names);
		apiNames('p-1', 'Project 7');
		apiReportsStatus('edit', 'p-1', 'Completed');
		for (let poll = 0; poll < 6; poll++) apiGivesDownloadLinks('edit', 'p-1', ['1.xmp']);
		const { error } = await shoot({ results: 'edited' }, { items: names.map((name) => shot(name)) });
		const [above, list] = String(error?.description).split('<ul>');
		expect(above).toContain(NAME_TO_SET);
		expect(list).toContain('2.NEF');
	});

	test('says so where the API refuses a request', async () => {
		apiStartsShoot('p-1', ['1.NEF']);
		apiNames('p-1', 'Project 7');
		api()
			.get('/projects/p-1/edit/status')
			.reply(401, { error: { message: 'Unauthorized' } });
		const { error } = await shoot({ results: 'edited' }, { items: [shot('1.NEF')] });
		expect(error?.description).toContain(NAME_TO_SET);
	});

	test('says so in the error item of each photo with Continue On Fail', async () => {
		apiStartsShoot('p-1', ['1.NEF']);
		apiNames('p-1', 'Project 7');
		apiReportsStatus('edit', 'p-1', 'Failed');
		const items = [shot('1.NEF')];
		const { output } = await shoot({ results: 'edited' }, { items, onError: 'continueRegularOutput' });
		expect(output[0][0].json.message).toContain(NAME_TO_SET);
	});

	test('names the other operation where the node has no name to set for each of two projects', async () => {
		apiListsProfiles();
		for (const [uuid, file] of [
			['p-1', '1.NEF'],
			['p-2', '2.jpg'],
		]) {
			apiCreatesProject(uuid);
			apiNames(uuid, `Project of ${uuid}`);
			apiGivesUploadLinks(uuid, [file]);
			storageTakes(uuid, file);
			apiReportsStatus('edit', uuid, 'Pending');
			apiStarts('edit', uuid);
		}
		apiReportsStatus('edit', 'p-1', 'Failed');
		apiReportsStatus('edit', 'p-2', 'Completed');
		const options = { ifMixed: 'split', jpegProfile: byId(JPG_PROFILE.profile_key) };
		const items = [shot('1.NEF'), shot('2.jpg')];
		const { error } = await shoot({ results: 'edited', options }, { items });
		expect(error?.description).toContain(
			"Get the results of project 'Project of p-1' with Download edited photos: another run of this node makes a new project, which is billed.",
		);
	});

	test('says nothing of it where the node is set to use the project', async () => {
		apiStartsShoot('p-1', ['1.NEF'], 'Anna');
		apiReportsStatus('edit', 'p-1', 'Failed');
		const parameters = { results: 'edited', projectName: 'Anna', ifNameExists: 'useExisting' };
		const { error } = await shoot(parameters, { items: [shot('1.NEF')] });
		expect(error?.description).not.toContain('Before you run this node again');
	});

	test('that is about its export does not advise to start the edit again', async () => {
		apiStartsShoot('p-1', ['1.NEF']);
		apiNames('p-1', 'Project 7');
		apiReportsStatus('edit', 'p-1', 'Completed');
		api()
			.persist()
			.get('/projects/p-1/export/status')
			.reply(200, { data: { status: 'Pending' } });
		api().post('/projects/p-1/export').replyWithError(connectionReset());
		const { error } = await shoot({ results: 'exported' }, { items: [shot('1.NEF')] });
		expect(error?.message).toContain('It is unclear whether Imagen AI has started the export');
		expect(error?.description).toContain("run Start export with 'If Already Started' set to Start Again");
		expect(error?.description).not.toContain('add the option');
	});
});

test('an edit that Imagen refused is not said to be there', async () => {
	apiListsProfiles();
	apiCreatesProject('p-1');
	apiNames('p-1', 'Project 7');
	apiGivesUploadLinks('p-1', ['1.NEF']);
	storageTakes('p-1', '1.NEF');
	apiReportsStatus('edit', 'p-1', 'Pending');
	api()
		.post('/projects/p-1/edit')
		.reply(422, { error: { message: 'no' } });
	const { error } = await shoot({ results: 'edited' }, { items: [shot('1.NEF')] });
	expect(error?.description).not.toContain('Before you run this node again');
});
