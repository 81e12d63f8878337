import { photo } from '../../../../support/engine';
import { jsonOf, projectItem, runImagen } from '../../../../support/imagen';
import { api, useImagenApi } from '../../../../support/imagenApi';

useImagenApi();

/** n8n takes any of its words in a message, such as EACCES in this name, for a code that it has a text of its own for. */
const NAME = 'LakeAccess';

test('an error of the node keeps our words, whatever a name in it reminds n8n of', async () => {
	const items = [photo(`${NAME}.png`, Buffer.from('png'), { project_uuid: 'p-1' })];
	const { error } = await runImagen('photo.upload', {}, { items });
	expect(error?.message).toBe(
		`There are no photos to upload to project p-1, because 1 file was skipped: '${NAME}.png' (a .png file, which Imagen does not edit)`,
	);
});

test('an error of the API keeps our words, whatever a name in it reminds n8n of', async () => {
	api().post('/projects/').reply(400, { error: 'ENOENT: no disk' });
	const { error } = await runImagen('project.create', { name: NAME });
	expect(error?.message).toBe(`Imagen AI could not create project '${NAME}': ENOENT: no disk`);
});

test('an error in the item of a node that continues on fail keeps our words', async () => {
	api().get(`/projects/${NAME}/edit/status`).reply(404, { error: 'no' });
	const options = { items: [projectItem(NAME)], onError: 'continueRegularOutput' as const };
	expect(jsonOf(await runImagen('edit.getStatus', {}, options))).toMatchObject([
		{ error: `Imagen AI could not get the edit status of project ${NAME}: no` },
	]);
});
